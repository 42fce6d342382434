package sso

import (
	"context"

	"understudy/idp"
)

// Preview makes the response that a person's sign-on to an app from My Apps would carry now, in base64 as the form field
// SAMLResponse carries it. Nobody is signed on and nothing is recorded. Its errors are those of [idp.Org.SignOn], as
// sentences for an administrator.
func Preview(ctx context.Context, app idp.App, userID string) (message, relayState string, err error) {
	org := idp.From(ctx)
	r := idp.SignOnRequest{App: app, Settings: org.SAMLSettings(ctx, app)}
	on, err := org.PreviewSignOn(ctx, userID, r)
	if err != nil {
		return "", "", err
	}
	key, certificate, err := org.SigningKey(ctx, app.ID)
	if err != nil {
		return "", "", err
	}
	s := newSigner(key, certificate.Certificate)
	text, err := response(on, r, s)
	return encode(text), r.Settings.RelayState, err
}
