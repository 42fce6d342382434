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

// change breaks something, and notes in the bench's state what its check must know. A Conflict problem says what the lab
// lacks for it.
type change func(context.Context, bench) error

// changes are what cards can break, by name.
var changes = map[string]change{
	"foreign-certificate": pasteForeignCertificate,
	"expired-certificate": pasteExpiredCertificate,
	"wrong-acs":           setAddress("sigma", "-test"),
	"wrong-audience":      setOldAudience,
	"clock-off":           func(ctx context.Context, b bench) error { return b.lab.Org.SetClockSkew(ctx, 10*time.Minute) },
	"relay-state":         setRelayState,
	"deactivated-app":     deactivateApp,
	"revoked-token":       revokeTokens,
	"wrong-base-url":      spoilBaseURL,
	"name-conflict":       takeATeamsName,
	"rate-limit":          trouble(lab.InjectedFault{Status: http.StatusTooManyRequests, RetryAfter: 4 * time.Second, Requests: 3}),
	"server-error":        trouble(lab.InjectedFault{Status: http.StatusInternalServerError, Requests: 4}),
	"slow-directory":      trouble(lab.InjectedFault{Delay: 2 * time.Second, Requests: 3}),
	"group-priority":      turnGroupsRound,
}

// by is who breaks things, as Okta's System Log names them.
func by() idp.Actor { return idp.System(idp.Client{}) }

var errNoApp = problem.New(problem.Conflict, "Okta has no app for Sigma yet, so there is nothing to break.")

func (b bench) app(ctx context.Context) (idp.App, error) {
	app, found, err := b.lab.SAMLApp(ctx)
	if err == nil && !found {
		err = errNoApp
	}
	return app, err
}

func (b bench) provisioned(ctx context.Context) (idp.App, error) {
	app, found, err := b.lab.ProvisionedApp(ctx)
	if err == nil && !found {
		err = problem.New(problem.Conflict, "Provisioning is not set up yet, so there is nothing to break.")
	}
	return app, err
}

// paste puts a certificate into Sigma's settings and leaves the rest as it is.
func (b bench) paste(ctx context.Context, der []byte) error {
	a, err := b.lab.Organization.Authentication(ctx)
	if err != nil {
		return err
	}
	return b.lab.Organization.SetAuthentication(ctx, sp.System(), sp.AuthenticationInput{
		Method: a.Method, IdPLoginURL: a.IdPLoginURL, SessionHours: a.SessionHours, GuestAccess: a.GuestAccess, TwoFactor: a.TwoFactor, SignRequests: a.SignRequests,
		IdPCertificate: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})),
	})
}

func certificate(key *rsa.PrivateKey, name string, from, until time.Time) ([]byte, error) {
	subject := pkix.Name{CommonName: name, Organization: []string{"Okta"}}
	template := &x509.Certificate{SerialNumber: big.NewInt(from.UnixMilli()), Subject: subject, Issuer: subject, NotBefore: from, NotAfter: until}
	return x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
}

func pasteForeignCertificate(ctx context.Context, b bench) error {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	now := b.lab.DB.Now()
	der, err := certificate(key, "another-org", now.AddDate(-1, 0, 0), now.AddDate(9, 0, 0))
	if err != nil {
		return err
	}
	return b.paste(ctx, der)
}

func pasteExpiredCertificate(ctx context.Context, b bench) error {
	app, err := b.app(ctx)
	if err != nil {
		return err
	}
	key, _, err := b.lab.Org.SigningKey(ctx, app.ID)
	if err != nil {
		return err
	}
	midnight := b.lab.DB.Now().Truncate(24 * time.Hour)
	der, err := certificate(key, b.lab.Name, midnight.AddDate(-10, 0, 0), midnight)
	if err != nil {
		return err
	}
	return b.paste(ctx, der)
}

// general changes the settings of the app's General tab.
func (b bench) general(ctx context.Context, set func(fields map[string]string)) error {
	app, err := b.app(ctx)
	if err != nil {
		return err
	}
	g := app.General
	g.Label = app.Label
	if g.Fields == nil {
		g.Fields = map[string]string{}
	}
	set(g.Fields)
	_, err = b.lab.Org.UpdateAppGeneral(ctx, by(), app.ID, g)
	return err
}

func setAddress(field, ending string) change {
	return func(ctx context.Context, b bench) error {
		return b.general(ctx, func(fields map[string]string) { fields[field] = b.origin + "/sigma/" + b.lab.Name + ending })
	}
}

func setOldAudience(ctx context.Context, b bench) error {
	return b.general(ctx, func(fields map[string]string) {
		fields["audience"] = b.origin + "/sigma/" + b.lab.Name + sp.OldMetadataPath
	})
}

func setRelayState(ctx context.Context, b bench) error {
	app, err := b.app(ctx)
	if err != nil {
		return err
	}
	s := app.SignOn
	s.DefaultRelayState = b.origin + "/sigma/" + b.lab.Name + "/admin/people"
	_, err = b.lab.Org.UpdateAppSignOn(ctx, by(), app.ID, s)
	return err
}

func deactivateApp(ctx context.Context, b bench) error {
	app, err := b.app(ctx)
	if err != nil {
		return err
	}
	return b.lab.Org.DeactivateApp(ctx, by(), app.ID)
}

func revokeTokens(ctx context.Context, b bench) error {
	if _, err := b.provisioned(ctx); err != nil {
		return err
	}
	directory, err := b.lab.Organization.Directory(ctx, sp.System())
	if err != nil {
		return err
	}
	for _, token := range directory.Tokens {
		if token.Problem != "" {
			continue
		}
		if err := b.lab.Organization.RevokeDirectoryToken(ctx, sp.System(), token.ID); err != nil {
			return err
		}
	}
	return b.push(ctx)
}

func spoilBaseURL(ctx context.Context, b bench) error {
	app, err := b.provisioned(ctx)
	if err != nil {
		return err
	}
	in, err := b.lab.Org.Integration(ctx, app.ID)
	if err != nil {
		return err
	}
	_, err = b.lab.Org.SaveCredentials(ctx, by(), app.ID, idp.Credentials{Enabled: true, BaseURL: in.BaseURL + "/v2", Token: in.Token, ImportGroups: in.ImportGroups})
	if err != nil {
		return err
	}
	return b.push(ctx)
}

// push sends everybody's profile, so that what is broken is felt.
func (b bench) push(ctx context.Context) error {
	app, err := b.provisioned(ctx)
	if err != nil {
		return err
	}
	n, err := b.lab.Org.ForceSync(ctx, by(), app.ID)
	if err == nil && n == 0 {
		err = problem.New(problem.Conflict, "Nobody has been provisioned to Sigma yet, so nobody would notice.")
	}
	return err
}

func trouble(t lab.InjectedFault) change {
	return func(ctx context.Context, b bench) error {
		if err := b.lab.InjectFault(ctx, t); err != nil {
			return err
		}
		return b.push(ctx)
	}
}

// takeATeamsName renames a pushed group to a team that Sigma has from elsewhere.
func takeATeamsName(ctx context.Context, b bench) error {
	app, err := b.provisioned(ctx)
	if err != nil {
		return err
	}
	pushes, err := b.lab.Org.PushMappings(ctx, app.ID, "")
	if err != nil {
		return err
	}
	i := slices.IndexFunc(pushes, func(m idp.PushMapping) bool { return m.ExternalID != "" && m.Error == "" })
	if i < 0 {
		return problem.New(problem.Conflict, "No group is pushed to Sigma yet.")
	}
	teams, err := b.lab.Organization.Teams(ctx, sp.System(), sp.TeamQuery{Size: 100})
	if err != nil {
		return err
	}
	for _, team := range teams.Items {
		if slices.ContainsFunc(pushes, func(m idp.PushMapping) bool { return m.GroupName == team.Name }) {
			continue
		}
		group, err := b.lab.Org.Group(ctx, pushes[i].GroupID)
		if err != nil {
			return err
		}
		_, err = b.lab.Org.UpdateGroup(ctx, by(), group.ID, team.Name, group.Description)
		return err
	}
	return problem.New(problem.Conflict, "Sigma has no team of its own, so no name is taken.")
}

// turnGroupsRound puts the app's groups into the opposite order, where that gives somebody another account type.
func turnGroupsRound(ctx context.Context, b bench) error {
	app, err := b.provisioned(ctx)
	if err != nil {
		return err
	}
	before, err := accountTypes(ctx, b)
	if err != nil {
		return err
	}
	groups, err := b.lab.Org.AppGroups(ctx, app.ID)
	if err != nil {
		return err
	}
	for _, g := range groups { // the last that is moved to the front is the first
		if err := b.lab.Org.MoveAppGroup(ctx, by(), app.ID, g.GroupID, 0); err != nil {
			return err
		}
	}
	after, err := accountTypes(ctx, b)
	if err != nil {
		return err
	}
	for user, kind := range before {
		if after[user] != kind {
			b.state[user] = kind
		}
	}
	if len(b.state) == 0 {
		return problem.New(problem.Conflict, "Nobody is in two groups of the app with different account types yet, so the order decides nothing.")
	}
	return nil
}
