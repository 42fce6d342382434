package fault

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net/http"
	"slices"
	"time"

	"understudy/idp"
	"understudy/seed/base/problem"
	"understudy/seed/lab"
	"understudy/sp"
)

// change breaks a lab. It writes to target.state what the fault's checks need to know about the lab before the change. It
// returns a Conflict problem when the lab lacks what the change needs.
type change func(context.Context, target) error

// changes holds the change for each value that the YAML key change can have.
var changes = map[string]change{
	"foreign-certificate": setForeignCertificate,
	"expired-certificate": setExpiredCertificate,
	"wrong-acs":           setOtherACS,
	"wrong-audience":      setOldAudience,
	"clock-off":           moveOktaClock,
	"relay-state":         setRelayState,
	"deactivated-app":     deactivateApp,
	"revoked-token":       revokeTokens,
	"wrong-base-url":      breakBaseURL,
	"name-conflict":       renameGroupToTeam,
	"rate-limit":          disturbSCIM(rateLimit),
	"server-error":        disturbSCIM(serverError),
	"slow-directory":      disturbSCIM(slowResponse),
	"group-priority":      reverseGroupOrder,
}

// The faults of Sigma's directory. They last until Sigma's support was told, or the fault is undone.
var (
	rateLimit = lab.InjectedFault{
		Status: http.StatusTooManyRequests, RetryAfter: 4 * time.Second, Requests: lab.EveryRequest,
	}
	serverError  = lab.InjectedFault{Status: http.StatusInternalServerError, Requests: lab.EveryRequest}
	slowResponse = lab.InjectedFault{Delay: 2 * time.Second, Requests: lab.EveryRequest}
)

// actor is the actor of the changes in Okta's System Log.
func actor() idp.Actor { return idp.System(idp.Client{}) }

var errNoApp = problem.New(problem.Conflict, "Okta has no app for Sigma yet. Add the app first.")

// app is the app in Okta that signs people in to Sigma.
func (t target) app(ctx context.Context) (idp.App, error) {
	app, found, err := t.lab.SAMLApp(ctx)
	if err == nil && !found {
		err = errNoApp
	}
	return app, err
}

// provisionedApp is the app in Okta that provisions users to Sigma.
func (t target) provisionedApp(ctx context.Context) (idp.App, error) {
	app, found, err := t.lab.ProvisionedApp(ctx)
	if err == nil && !found {
		err = problem.New(problem.Conflict, "Provisioning is not set up yet. Set it up first.")
	}
	return app, err
}

// setCertificate replaces the identity provider's certificate in Sigma's settings. der is an X.509 certificate.
func (t target) setCertificate(ctx context.Context, der []byte) error {
	a, err := t.lab.Organization.Authentication(ctx)
	if err != nil {
		return err
	}
	return t.lab.Organization.SetAuthentication(ctx, sp.System(), sp.AuthenticationInput{
		Method: a.Method, IdPLoginURL: a.IdPLoginURL, SessionHours: a.SessionHours,
		GuestAccess: a.GuestAccess, TwoFactor: a.TwoFactor, SignRequests: a.SignRequests,
		IdPCertificate: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})),
	})
}

// certificate makes a self-signed X.509 certificate in DER form.
func certificate(key *rsa.PrivateKey, name string, from, until time.Time) ([]byte, error) {
	subject := pkix.Name{CommonName: name, Organization: []string{"Okta"}}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(from.UnixMilli()), Subject: subject, Issuer: subject, NotBefore: from, NotAfter: until,
	}
	return x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
}

// setForeignCertificate gives Sigma a valid certificate of a key that Okta does not have.
func setForeignCertificate(ctx context.Context, t target) error {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	now := t.lab.DB.Now()
	der, err := certificate(key, "another-org", now.AddDate(-1, 0, 0), now.AddDate(9, 0, 0))
	if err != nil {
		return err
	}
	return t.setCertificate(ctx, der)
}

// setExpiredCertificate gives Sigma a certificate of the app's own key that expired last midnight (UTC).
func setExpiredCertificate(ctx context.Context, t target) error {
	app, err := t.app(ctx)
	if err != nil {
		return err
	}
	key, _, err := t.lab.Org.SigningKey(ctx, app.ID)
	if err != nil {
		return err
	}
	midnight := t.lab.DB.Now().Truncate(24 * time.Hour)
	der, err := certificate(key, t.lab.Name, midnight.AddDate(-10, 0, 0), midnight)
	if err != nil {
		return err
	}
	return t.setCertificate(ctx, der)
}

// editGeneral changes fields of the app's General tab.
func (t target) editGeneral(ctx context.Context, set func(fields map[string]string)) error {
	app, err := t.app(ctx)
	if err != nil {
		return err
	}
	g := app.General
	g.Label = app.Label
	if g.Fields == nil {
		g.Fields = map[string]string{}
	}
	set(g.Fields)
	_, err = t.lab.Org.UpdateAppGeneral(ctx, actor(), app.ID, g)
	return err
}

// setOtherACS lets the app send its SAML responses to another Sigma organization.
func setOtherACS(ctx context.Context, t target) error {
	return t.editGeneral(ctx, func(fields map[string]string) {
		fields["sigma"] = t.sigmaURL(ctx, "") + "-test"
	})
}

// setOldAudience sets the entity ID that Sigma used before metadata version 2.
func setOldAudience(ctx context.Context, t target) error {
	return t.editGeneral(ctx, func(fields map[string]string) {
		fields["audience"] = t.sigmaURL(ctx, sp.OldMetadataPath)
	})
}

// setRelayState sets a Default Relay State that only Sigma administrators may open.
func setRelayState(ctx context.Context, t target) error {
	app, err := t.app(ctx)
	if err != nil {
		return err
	}
	s := app.SignOn
	s.DefaultRelayState = t.sigmaURL(ctx, "/admin/people")
	_, err = t.lab.Org.UpdateAppSignOn(ctx, actor(), app.ID, s)
	return err
}

func moveOktaClock(ctx context.Context, t target) error {
	return t.lab.Org.SetClockSkew(ctx, 10*time.Minute)
}

func deactivateApp(ctx context.Context, t target) error {
	app, err := t.app(ctx)
	if err != nil {
		return err
	}
	return t.lab.Org.DeactivateApp(ctx, actor(), app.ID)
}

// revokeTokens revokes every valid bearer token of Sigma's directory and sends all profiles, so that the next push fails.
func revokeTokens(ctx context.Context, t target) error {
	if _, err := t.provisionedApp(ctx); err != nil {
		return err
	}
	directory, err := t.lab.Organization.Directory(ctx, sp.System())
	if err != nil {
		return err
	}
	for _, token := range directory.Tokens {
		if token.Problem != "" {
			continue
		}
		if err := t.lab.Organization.RevokeDirectoryToken(ctx, sp.System(), token.ID); err != nil {
			return err
		}
	}
	return t.pushAll(ctx)
}

func breakBaseURL(ctx context.Context, t target) error {
	app, err := t.provisionedApp(ctx)
	if err != nil {
		return err
	}
	in, err := t.lab.Org.Integration(ctx, app.ID)
	if err != nil {
		return err
	}
	_, err = t.lab.Org.SaveCredentials(ctx, actor(), app.ID, idp.Credentials{
		Enabled: true, BaseURL: in.BaseURL + "/v2", Token: in.Token, ImportGroups: in.ImportGroups,
	})
	if err != nil {
		return err
	}
	return t.pushAll(ctx)
}

// pushAll sends the profiles of all provisioned users, so that people notice the fault.
func (t target) pushAll(ctx context.Context) error {
	app, err := t.provisionedApp(ctx)
	if err != nil {
		return err
	}
	n, err := t.lab.Org.ForceSync(ctx, actor(), app.ID)
	if err == nil && n == 0 {
		err = problem.New(problem.Conflict, "Nobody has been provisioned to Sigma yet. Assign the app to somebody first.")
	}
	return err
}

// disturbSCIM lets Sigma's directory answer SCIM requests wrongly or late.
func disturbSCIM(injected lab.InjectedFault) change {
	return func(ctx context.Context, t target) error {
		if err := t.lab.InjectFault(ctx, injected); err != nil {
			return err
		}
		return t.pushAll(ctx)
	}
}

// renameGroupToTeam gives a pushed group the name of a team that was created in Sigma.
func renameGroupToTeam(ctx context.Context, t target) error {
	app, err := t.provisionedApp(ctx)
	if err != nil {
		return err
	}
	pushes, err := t.lab.Org.PushMappings(ctx, app.ID, "")
	if err != nil {
		return err
	}
	i := slices.IndexFunc(pushes, func(m idp.PushMapping) bool { return m.ExternalID != "" && m.Error == "" })
	if i < 0 {
		return problem.New(problem.Conflict, "No group is pushed to Sigma yet. Push a group first.")
	}
	teams, err := t.lab.Organization.Teams(ctx, sp.System(), sp.TeamQuery{Size: 100})
	if err != nil {
		return err
	}
	for _, team := range teams.Items {
		if slices.ContainsFunc(pushes, func(m idp.PushMapping) bool { return m.GroupName == team.Name }) {
			continue
		}
		group, err := t.lab.Org.Group(ctx, pushes[i].GroupID)
		if err != nil {
			return err
		}
		_, err = t.lab.Org.UpdateGroup(ctx, actor(), group.ID, team.Name, group.Description)
		return err
	}
	return problem.New(problem.Conflict, "Sigma has no team that was created in Sigma. Create a team there first.")
}

// reverseGroupOrder reverses the priority of the app's groups. It stores in target.state the account types, by user, that
// the reversal changes.
func reverseGroupOrder(ctx context.Context, t target) error {
	app, err := t.provisionedApp(ctx)
	if err != nil {
		return err
	}
	before, err := accountTypes(ctx, t)
	if err != nil {
		return err
	}
	groups, err := t.lab.Org.AppGroups(ctx, app.ID)
	if err != nil {
		return err
	}
	for _, g := range groups { // each group is moved to the front, so the last one ends up first
		if err := t.lab.Org.MoveAppGroup(ctx, actor(), app.ID, g.GroupID, 0); err != nil {
			return err
		}
	}
	after, err := accountTypes(ctx, t)
	if err != nil {
		return err
	}
	for user, kind := range before {
		if after[user] != kind {
			t.state[user] = kind
		}
	}
	if len(t.state) == 0 {
		return problem.New(problem.Conflict,
			"Nobody is in two groups of the app with different account types yet. Add such a person first.")
	}
	return nil
}
