package sso

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"understudy/idp"
	"understudy/idp/saml"
	"understudy/idp/web"
	"understudy/seed/base/address"
	"understudy/seed/base/exchange"
	"understudy/ui/kit"
	"understudy/ui/okta"
)

// deliveryPage responds with a form that holds the response and submits itself to the ACS (HTTP-POST binding, SAML
// bindings 3.5).
func deliveryPage(c echo.Context, r idp.SignOnRequest, message []byte, relay string) error {
	return postPage(c, "Signing in to ", okta.SAMLResponsePage{
		App: r.App.Label, Action: formAction(c, r), SAMLResponse: saml.Encode(message), RelayState: relay,
	})
}

// postPage responds with a page that posts a message to an app.
func postPage(c echo.Context, what string, view okta.SAMLResponsePage) error {
	form := url.Values{}
	for name, value := range map[string]string{"SAMLRequest": view.SAMLRequest, "SAMLResponse": view.SAMLResponse, "RelayState": view.RelayState} {
		if value != "" {
			form.Set(name, value)
		}
	}
	exchange.AddSent(c.Request().Context(), exchange.Sent{Method: http.MethodPost, URL: view.Action, Form: form})
	kit.SetContentSecurityPolicy(c.Response().Header(), kit.AnySite)
	view.Frame = web.SignInFrame(c, what+view.App)
	view.Frame.Page.Scripts = append(view.Frame.Page.Scripts, "autosubmit.js")
	return web.Render(c, http.StatusOK, okta.PostSAMLResponse(view))
}

// formAction returns where the form goes: the ACS. An IdP-initiated response goes to the alias of the ACS in the current
// window, so that the person stays in it. The signed Destination never names a window.
func formAction(c echo.Context, r idp.SignOnRequest) string {
	a := address.From(c.Request().Context())
	peer := a.Peer("sigma")
	if r.RequestID != "" || peer == "" {
		return a.Reach(r.Settings.ACS)
	}
	if rest, ours := strings.CutPrefix(r.Settings.ACS, peer+"/"); ours {
		return a.PeerInWindow("sigma") + "/" + rest
	}
	return a.Reach(r.Settings.ACS)
}
