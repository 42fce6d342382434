package lab

import (
	"context"

	"understudy/idp"
	"understudy/idp/provision"
	"understudy/seed/base/address"
	"understudy/sp"
)

// OktaContext is a context in which the Okta half knows where it is reached, as in a request that the front door hands to
// it. origin is of this server, as people type it.
func (l *Lab) OktaContext(ctx context.Context, origin string) context.Context {
	rt := route{half: okta, lab: l.Name, prefix: "/" + string(okta) + "/" + l.Name}
	return provision.With(idp.With(address.With(ctx, rt.address(origin)), l.Org), l.Runner)
}

// SigmaContext is the same for the Sigma half.
func (l *Lab) SigmaContext(ctx context.Context, origin string) context.Context {
	rt := route{half: sigma, lab: l.Name, prefix: "/" + string(sigma) + "/" + l.Name}
	return sp.With(address.With(ctx, rt.address(origin)), l.Organization)
}

// SAMLApp is the app that signs people on to the lab's Sigma: the first that does SAML, an active one before others;
// found is false when there is none.
func (l *Lab) SAMLApp(ctx context.Context) (app idp.App, found bool, err error) {
	apps, err := l.Org.Apps(ctx, idp.AppQuery{})
	for _, a := range apps {
		if a.SignOnMode == idp.SAML2 && (!found || app.Status != idp.AppActive && a.Status == idp.AppActive) {
			app, found = a, true
		}
	}
	return app, found, err
}

// ProvisionedApp is the app whose directory is provisioned; found is false when none is.
func (l *Lab) ProvisionedApp(ctx context.Context) (app idp.App, found bool, err error) {
	apps, err := l.Org.Apps(ctx, idp.AppQuery{})
	if err != nil {
		return app, false, err
	}
	for _, a := range apps {
		in, err := l.Org.Integration(ctx, a.ID)
		if err != nil {
			return app, false, err
		}
		if in.Enabled {
			return a, true, nil
		}
	}
	return app, false, nil
}
