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

// bench is a lab with what a card's change and check need to know of it.
type bench struct {
	lab    *lab.Lab
	origin string            // of this server, as people type it
	state  map[string]string // what the change noted of how it was before
}

func (b bench) okta(ctx context.Context) context.Context  { return b.lab.OktaContext(ctx, b.origin) }
func (b bench) sigma(ctx context.Context) context.Context { return b.lab.SigmaContext(ctx, b.origin) }

// probe tells whether something works. Its error is a fault of ours.
type probe func(context.Context, bench) (bool, error)

// probes are what cards can check, by name.
var probes = map[string]probe{
	"sign-on":       signOnWorks,
	"relay-state":   relayStateLeadsHome,
	"directory":     directoryAnswers,
	"settled":       nothingFailed,
	"account-types": accountTypesAreAsBefore,
}

// holds tells whether everything that a card checks is true.
func (b bench) holds(ctx context.Context, c Card) (bool, error) {
	for _, name := range c.Check {
		if ok, err := probes[name](ctx, b); err != nil || !ok {
			return false, err
		}
	}
	return true, nil
}

// signOnWorks has a response made for somebody who has the app, as if they chose its tile, and has Sigma judge it. It
// also asks whether Sigma's own sign-in page leads to that app. Nothing is done.
func signOnWorks(ctx context.Context, b bench) (bool, error) {
	app, found, err := b.lab.SAMLApp(ctx)
	if err != nil || !found {
		return false, err
	}
	people, err := b.lab.Org.AppUsers(ctx, app.ID, idp.AppUserQuery{Size: 100})
	if err != nil {
		return false, err
	}
	authentication, err := b.lab.Organization.Authentication(ctx)
	if err != nil {
		return false, err
	}
	if authentication.IdPLoginURL != b.origin+"/okta/"+b.lab.Name+app.SSOPath() {
		return false, nil
	}
	for _, person := range people.Items {
		message, relayState, err := idpsaml.Preview(b.okta(ctx), app, person.UserID, address.From(b.okta(ctx)).Peer)
		if problem.As(err) != nil { // this person cannot; another may
			continue
		}
		if err != nil {
			return false, err
		}
		checks, err := spsso.Validate(b.sigma(ctx), message, relayState)
		refused := slices.ContainsFunc(checks, func(c exchange.Check) bool { return c.Verdict == exchange.Failed })
		return err == nil && !refused && acsIsHere(b, ctx, app), err
	}
	return false, nil
}

// acsIsHere tells whether the browser would carry the response to this lab's Sigma.
func acsIsHere(b bench, ctx context.Context, app idp.App) bool {
	return b.lab.Org.SAMLSettings(app, address.From(b.okta(ctx)).Peer).ACS == b.origin+"/sigma/"+b.lab.Name+"/api/v2/saml2/assert"
}

func relayStateLeadsHome(ctx context.Context, b bench) (bool, error) {
	app, _, err := b.lab.SAMLApp(ctx)
	return err == nil && app.SignOn.DefaultRelayState == b.origin+"/sigma/"+b.lab.Name+"/finish-login", err
}

// directoryAnswers sends what Test API Credentials sends.
func directoryAnswers(ctx context.Context, b bench) (bool, error) {
	app, found, err := b.lab.ProvisionedApp(ctx)
	if err != nil || !found {
		return false, err
	}
	in, err := b.lab.Org.Integration(ctx, app.ID)
	if err != nil {
		return false, err
	}
	err = b.lab.Runner.TestCredentials(ctx, idp.Credentials{Enabled: true, BaseURL: in.BaseURL, Token: in.Token, ImportGroups: in.ImportGroups})
	if problem.As(err) != nil {
		return false, nil
	}
	return err == nil, err
}

// nothingFailed tells whether all that was to be pushed has arrived.
func nothingFailed(ctx context.Context, b bench) (bool, error) {
	app, found, err := b.lab.ProvisionedApp(ctx)
	if err != nil || !found {
		return false, err
	}
	pending, err := b.lab.Org.PendingJobs(ctx)
	if err != nil || pending > 0 {
		return false, err
	}
	failed, err := b.lab.Org.FailedJobs(ctx, app.ID)
	if err != nil || len(failed) > 0 {
		return false, err
	}
	people, err := b.lab.Org.AppUsers(ctx, app.ID, idp.AppUserQuery{Size: 1000})
	if err != nil {
		return false, err
	}
	for _, person := range people.Items {
		if person.SyncState == idp.SyncError || person.SyncState == idp.SyncSyncing {
			return false, nil
		}
	}
	pushes, err := b.lab.Org.PushMappings(ctx, app.ID, "")
	return err == nil && !slices.ContainsFunc(pushes, func(m idp.PushMapping) bool { return m.Error != "" }), err
}

// accountTypesAreAsBefore compares the account types that Okta gives with those that the change noted.
func accountTypesAreAsBefore(ctx context.Context, b bench) (bool, error) {
	types, err := accountTypes(ctx, b)
	if err != nil {
		return false, err
	}
	for user, before := range b.state {
		if types[user] != before {
			return false, nil
		}
	}
	return true, nil
}

// accountTypes are the account types that Okta gives through the app, by user.
func accountTypes(ctx context.Context, b bench) (map[string]string, error) {
	app, found, err := b.lab.ProvisionedApp(ctx)
	if err != nil || !found {
		return nil, err
	}
	people, err := b.lab.Org.AppUsers(ctx, app.ID, idp.AppUserQuery{Size: 1000})
	types := map[string]string{}
	for _, person := range people.Items {
		types[person.UserID] = person.Profile["userType"]
	}
	return types, err
}
