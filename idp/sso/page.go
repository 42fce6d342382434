package sso

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"understudy/idp"
	"understudy/idp/signin"
	"understudy/seed/base/address"
	"understudy/ui/okta"
)

// page is the delivery page: a form with the response that sends itself to the ACS (okta-wire 2.6).
func page(c echo.Context, r idp.SignOnRequest, message []byte, relay string) error {
	view := okta.DeliveryPage{
		Frame: signin.Frame(c, "Signing in to "+r.App.Label), App: r.App.Label,
		Action: action(c, r), SAMLResponse: encode(message), RelayState: relay,
	}
	view.Frame.Page.Scripts = append(view.Frame.Page.Scripts, "autosubmit.js")
	return signin.Render(c, http.StatusOK, okta.Deliver(view))
}

// action is where the form goes: the ACS, or, when we began by ourselves in a window, its alias in that window. What is
// signed as Destination stays canonical.
func action(c echo.Context, r idp.SignOnRequest) string {
	a := address.From(c.Request().Context())
	peer := a.Peer("sigma")
	if r.RequestID != "" || peer == "" {
		return r.Settings.ACS
	}
	if rest, ours := strings.CutPrefix(r.Settings.ACS, peer+"/"); ours {
		return a.PeerInWindow("sigma") + "/" + rest
	}
	return r.Settings.ACS
}

// metadata is the identity provider's metadata of an app (okta-wire 2.2). It needs no session.
func metadata(c echo.Context) error {
	app, err := appAt(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	_, key, err := idp.From(ctx).SigningKey(ctx, app.ID)
	if err != nil {
		return err
	}
	location := xmlText(address.From(ctx).URL(app.SSOPath()))
	settings := idp.From(ctx).SAMLSettings(ctx, app)
	text := `<?xml version="1.0" encoding="UTF-8"?><md:EntityDescriptor entityID="` + xmlText(app.Issuer()) + `" xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">` +
		`<md:IDPSSODescriptor WantAuthnRequestsSigned="false" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">` +
		`<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>` + key.Base64() +
		`</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>` +
		`<md:NameIDFormat>` + xmlText(settings.NameIDFormat) + `</md:NameIDFormat>` +
		`<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="` + location + `"/>` +
		`<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="` + location + `"/>` +
		`</md:IDPSSODescriptor></md:EntityDescriptor>`
	return c.Blob(http.StatusOK, "application/xml;charset=UTF-8", []byte(text))
}

var xmlReplacer = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

func xmlText(text string) string { return xmlReplacer.Replace(text) }
