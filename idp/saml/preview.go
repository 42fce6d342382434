package saml

import (
	"context"

	"understudy/idp"
)

// Preview returns the response that the person's sign-on to the app from My Apps would carry now, in base64 as the form
// field SAMLResponse carries it, and its RelayState. Nobody is signed on and nothing is recorded.
//
// It fails with the errors of [idp.Org.PreviewSignOn], which are sentences for an administrator.
func Preview(ctx context.Context, app idp.App, userID string, peerURL idp.PeerURL) (message, relayState string, err error) {
	org := idp.From(ctx)
	r := idp.SignOnRequest{App: app, Settings: org.SAMLSettings(app, peerURL)}
	on, err := org.PreviewSignOn(ctx, userID, r)
	if err != nil {
		return "", "", err
	}
	key, certificate, err := org.SigningKey(ctx, app.ID)
	if err != nil {
		return "", "", err
	}
	text, err := Response(on, r, NewSigner(key, certificate.Certificate))
	return Encode(text), r.Settings.RelayState, err
}
