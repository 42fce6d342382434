package web

import (
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"understudy/idp"
	"understudy/seed/base/address"
	"understudy/seed/base/problem"
)

// sessionCookie holds the token of the browser's session.
const sessionCookie = idp.SessionCookie

// keepSignedIn is how long a browser keeps the cookie after sign-in with "Keep me signed in". The session itself
// ends earlier when it is idle, as the org's policy says.
const keepSignedIn = 30 * 24 * time.Hour

// CurrentSession returns the session of the browser that sent the request, or nil when nobody is signed in.
func CurrentSession(c echo.Context) (*idp.Session, error) {
	token := SessionToken(c)
	if token == "" {
		return nil, nil
	}
	ctx := c.Request().Context()
	session, err := idp.From(ctx).Session(ctx, token)
	if problem.Is(err, problem.Unauthenticated) || problem.Is(err, problem.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &session, nil
}

// SessionToken returns the session token that the browser sent, valid or not; "" when it sent none.
func SessionToken(c echo.Context) string { return Cookie(c, sessionCookie) }

// SetSession gives the browser a new session. Without remember the cookie ends when the browser is closed.
func SetSession(c echo.Context, session idp.Session, remember bool) {
	var maxAge time.Duration
	if remember {
		maxAge = keepSignedIn
	}
	SetCookie(c, sessionCookie, session.Token, maxAge)
}

// ClearSession removes the session cookie from the browser. The session itself is ended by [idp.Org.EndSession].
func ClearSession(c echo.Context) { ClearCookie(c, sessionCookie) }

// LogoutPath is the address at which the browser continues a single logout, followed by its ID.
const LogoutPath = "/login/signout/apps/"

// RedirectToSignIn sends the browser to the sign-in page. After sign-in the browser returns to fromURI, a path and
// query within the half; "" leads to My Apps. With again the page asks for credentials even when the browser has a
// session (ForceAuthn, SAML core 3.4.1). A login_hint of the request is passed on.
func RedirectToSignIn(c echo.Context, fromURI string, again bool) error {
	return RedirectToSignInAs(c, fromURI, again, "")
}

// RedirectToSignInAs is [RedirectToSignIn] with the username that the page fills in; "" for the login_hint of the request.
func RedirectToSignInAs(c echo.Context, fromURI string, again bool, username string) error {
	query := url.Values{}
	if fromURI != "" {
		query.Set("fromURI", fromURI)
	}
	if again {
		query.Set("prompt", "login")
	}
	if username == "" {
		username = c.QueryParam(LoginHint)
	}
	if username != "" && len(username) <= maxHint {
		query.Set(LoginHint, username)
	}
	to := "/login/login.htm"
	if len(query) > 0 {
		to += "?" + query.Encode()
	}
	status := http.StatusFound
	if c.Request().Method != http.MethodGet {
		status = http.StatusSeeOther
	}
	return c.Redirect(status, address.From(c.Request().Context()).Path(to))
}

// LoginHint is the query parameter with the username that the sign-in page fills in.
const LoginHint = "login_hint"

// maxHint is the longest username that is passed on, in bytes.
const maxHint = 254
