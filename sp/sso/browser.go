package sso

import (
	"crypto/rand"
	"net/http"
	"regexp"
	"time"

	"github.com/labstack/echo/v4"

	"understudy/seed/base/address"
	"understudy/sp"
	"understudy/sp/web"
	"understudy/ui/sigma"
)

// browserCookie holds a secret of the browser that begins a sign-on. A response to a request is accepted only from this browser:
// otherwise somebody could sign other people in as themselves, by making their browsers post a response (login CSRF). The cookie
// is for all paths, because the ACS has no window number.
const browserCookie = "sigma_sso"

var validSecret = regexp.MustCompile(`^[A-Z2-7]{26}$`) // as rand.Text writes it

// markBrowser returns the secret of the browser, and keeps it for as long as a request can be answered.
func markBrowser(c echo.Context, at address.Address) string {
	secret := browserSecret(c)
	if secret == "" {
		secret = rand.Text()
	}
	c.SetCookie(&http.Cookie{Name: browserCookie, Value: secret, Path: "/", MaxAge: int(sp.RequestLifetime / time.Second),
		HttpOnly: true, Secure: at.Secure(), SameSite: http.SameSiteLaxMode})
	return secret
}

// browserSecret returns the secret in the request's cookie; empty if there is none.
func browserSecret(c echo.Context) string {
	cookie, err := c.Cookie(browserCookie)
	if err != nil || !validSecret.MatchString(cookie.Value) {
		return ""
	}
	return cookie.Value
}

// resubmitted is the form field of a response that comes again from a page of this site.
const resubmitted = "resubmitted"

// maySubmitAgain reports whether the browser may have withheld the cookie. Browsers do not send it with a form of another site,
// such as an identity provider on another host (SameSite=Lax).
func maySubmitAgain(c echo.Context) bool {
	return browserSecret(c) == "" && c.FormValue(resubmitted) == ""
}

// submitAgain answers with a page of this site that sends the same form, this time with the cookie.
func submitAgain(c echo.Context) error {
	ctx := c.Request().Context()
	at := address.From(ctx)
	site, err := sp.From(ctx).Site(ctx)
	if err != nil {
		return err
	}
	view := sigma.SSOForwardView{At: sigma.At(at.WindowPrefix()), Lab: at.Lab, Window: at.Window, Organization: site.Name,
		Action: at.Path(sp.ACSPath), SAMLResponse: c.FormValue("SAMLResponse"), RelayState: c.FormValue("RelayState"), Again: resubmitted}
	return web.Render(c, http.StatusOK, sigma.SSOForward(view))
}
