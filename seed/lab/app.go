package lab

import (
	"context"

	"understudy/idp"
)

// SAMLApp returns the app that signs people on to the lab's Sigma: the first active SAML app, else the first inactive one;
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

// ProvisionedApp returns the first app with API integration enabled; found is false when there is none.
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
