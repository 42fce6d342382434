package fault

import (
	"context"
	"slices"

	"understudy/idp"
	idpsaml "understudy/idp/saml"
	"understudy/seed/base/address"
	"understudy/seed/base/exchange"
	"understudy/seed/base/problem"
	"understudy/seed/lab"
	spsso "understudy/sp/sso"
)

// target is a lab in which a fault is started or checked.
type target struct {
	lab    *lab.Lab
	origin string            // base URL of this server
	state  map[string]string // what the change stored for the checks
}

func (t target) okta(ctx context.Context) context.Context  { return t.lab.OktaContext(ctx, t.origin) }
func (t target) sigma(ctx context.Context) context.Context { return t.lab.SigmaContext(ctx, t.origin) }

// oktaURL and sigmaURL return the address that people see of a path of the lab's Okta or Sigma: below the public address if the lab has one.
func (t target) oktaURL(ctx context.Context, path string) string {
	return address.From(t.okta(ctx)).URL(path)
}
func (t target) sigmaURL(ctx context.Context, path string) string {
	return address.From(t.sigma(ctx)).URL(path)
}

// peerURL returns the base URL of a system that Okta sends messages to, by its name.
func (t target) peerURL(ctx context.Context) idp.PeerURL { return address.From(t.okta(ctx)).Peer }

// check reports whether something works in a lab. An error means that the check itself failed.
type check func(context.Context, target) (bool, error)

// checks holds the check for each value that the YAML key check can have.
var checks = map[string]check{
	"sign-on":       signOnWorks,
	"relay-state":   relayStateIsRight,
	"directory":     directoryResponds,
	"service":       serviceWorks,
	"settled":       provisioningSettled,
	"account-types": accountTypesUnchanged,
}

// passes reports whether all checks of a fault pass.
func (t target) passes(ctx context.Context, f Fault) (bool, error) {
	for _, name := range f.Check {
		if ok, err := checks[name](ctx, t); err != nil || !ok {
			return false, err
		}
	}
	return true, nil
}

// signOnWorks makes a SAML response for a user of the app, as if they had selected the app's tile, and runs Sigma's checks
// on it. It also checks that Sigma's sign-in page leads to the app. Nobody is signed in, and nothing is sent.
func signOnWorks(ctx context.Context, t target) (bool, error) {
	app, found, err := t.lab.SAMLApp(ctx)
	if err != nil || !found {
		return false, err
	}
	people, err := t.lab.Org.AppUsers(ctx, app.ID, idp.AppUserQuery{Size: 100})
	if err != nil {
		return false, err
	}
	authentication, err := t.lab.Organization.Authentication(ctx)
	if err != nil {
		return false, err
	}
	if authentication.IdPLoginURL != t.oktaURL(ctx, app.SSOPath()) {
		return false, nil
	}
	for _, person := range people.Items {
		message, relayState, err := idpsaml.Preview(t.okta(ctx), app, person.UserID, t.peerURL(ctx))
		if problem.As(err) != nil { // this user may not use the app; try the next
			continue
		}
		if err != nil {
			return false, err
		}
		checks, err := spsso.Validate(t.sigma(ctx), message, relayState)
		refused := slices.ContainsFunc(checks, func(c exchange.Check) bool { return c.Verdict == exchange.Failed })
		return err == nil && !refused && t.acsIsRight(ctx, app), err
	}
	return false, nil
}

// acsIsRight reports whether the app's Assertion Consumer Service URL is the one of this lab's Sigma.
func (t target) acsIsRight(ctx context.Context, app idp.App) bool {
	return t.lab.Org.SAMLSettings(app, t.peerURL(ctx)).ACS == t.sigmaURL(ctx, "/api/v2/saml2/assert")
}

// relayStateIsRight reports whether the app's Default Relay State is the one of the quickstart.
func relayStateIsRight(ctx context.Context, t target) (bool, error) {
	app, _, err := t.lab.SAMLApp(ctx)
	return err == nil && app.SignOn.DefaultRelayState == t.sigmaURL(ctx, "/finish-login"), err
}

// directoryResponds sends the SCIM requests of the button Test API Credentials.
func directoryResponds(ctx context.Context, t target) (bool, error) {
	app, found, err := t.lab.ProvisionedApp(ctx)
	if err != nil || !found {
		return false, err
	}
	in, err := t.lab.Org.Integration(ctx, app.ID)
	if err != nil {
		return false, err
	}
	err = t.lab.Runner.TestCredentials(ctx, idp.Credentials{
		Enabled: true, BaseURL: in.BaseURL, Token: in.Token, ImportGroups: in.ImportGroups,
	})
	if problem.As(err) != nil {
		return false, nil
	}
	return err == nil, err
}

// serviceWorks reports whether Sigma's directory answers as it should, whatever the settings are.
func serviceWorks(ctx context.Context, t target) (bool, error) {
	disturbed, err := t.lab.HasInjectedFault(ctx)
	return !disturbed, err
}

// provisioningSettled reports whether every push has arrived: no job is pending or failed, and no user or group has an
// error.
func provisioningSettled(ctx context.Context, t target) (bool, error) {
	app, found, err := t.lab.ProvisionedApp(ctx)
	if err != nil || !found {
		return false, err
	}
	pending, err := t.lab.Org.PendingJobs(ctx)
	if err != nil || pending > 0 {
		return false, err
	}
	failed, err := t.lab.Org.FailedJobs(ctx, app.ID)
	if err != nil || len(failed) > 0 {
		return false, err
	}
	people, err := t.lab.Org.AppUsers(ctx, app.ID, idp.AppUserQuery{Size: 1000})
	if err != nil {
		return false, err
	}
	for _, person := range people.Items {
		if person.SyncState == idp.SyncError || person.SyncState == idp.SyncSyncing {
			return false, nil
		}
	}
	pushes, err := t.lab.Org.PushMappings(ctx, app.ID, "")
	return err == nil && !slices.ContainsFunc(pushes, func(m idp.PushMapping) bool { return m.Error != "" }), err
}

// accountTypesUnchanged compares the users' account types with those that the change stored in target.state.
func accountTypesUnchanged(ctx context.Context, t target) (bool, error) {
	types, err := accountTypes(ctx, t)
	if err != nil {
		return false, err
	}
	for user, before := range t.state {
		if types[user] != before {
			return false, nil
		}
	}
	return true, nil
}

// accountTypes reads the account types that Okta sends to Sigma, by user ID.
func accountTypes(ctx context.Context, t target) (map[string]string, error) {
	app, found, err := t.lab.ProvisionedApp(ctx)
	if err != nil || !found {
		return nil, err
	}
	people, err := t.lab.Org.AppUsers(ctx, app.ID, idp.AppUserQuery{Size: 1000})
	types := map[string]string{}
	for _, person := range people.Items {
		types[person.UserID] = person.Profile["userType"]
	}
	return types, err
}
