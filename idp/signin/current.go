package signin

import (
	"net/http"
	"net/url"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"understudy/idp"
	"understudy/seed/base/address"
	"understudy/seed/base/problem"
	"understudy/ui/kit"
)

// The door's cookies. Each is scoped to the half and the window by its path.
const (
	sessionCookie = "okta_sid"    // whose browser this is
	stateCookie   = "okta_state"  // the old password was given; a new one is being chosen
	noticeCookie  = "okta_notice" // what the next page has to say
)

// keepSignedIn is how long a browser that was asked to "Keep me signed in" keeps the cookie. The session itself ends
// earlier when it is idle, as the org's policy says.
const keepSignedIn = 30 * 24 * time.Hour

// Current gives the session of the browser that sent the request; nil when nobody is signed in.
func Current(c echo.Context) (*idp.Session, error) {
	cookie, err := c.Cookie(sessionCookie)
	if err != nil || cookie.Value == "" {
		return nil, nil
	}
	ctx := c.Request().Context()
	session, err := idp.From(ctx).Session(ctx, cookie.Value)
	if problem.Is(err, problem.Unauthenticated) || problem.Is(err, problem.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &session, nil
}

// ToSignIn sends the browser to the sign-in page, from which it goes on to fromURI, a path and query within the half.
// again asks for credentials even from somebody who is signed in (SAML's ForceAuthn).
func ToSignIn(c echo.Context, fromURI string, again bool) error {
	query := url.Values{}
	if fromURI != "" {
		query.Set("fromURI", fromURI)
	}
	if again {
		query.Set("prompt", "login")
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

// FromURI gives the address at hand as something to come back to after sign-in: only a page that was asked for can be
// asked for again, so anything that was sent leads to the half's front page.
func FromURI(c echo.Context) string {
	if m := c.Request().Method; m != http.MethodGet && m != http.MethodHead {
		return ""
	}
	return c.Request().URL.RequestURI()
}

// Client tells what the request came from, for the System Log.
func Client(c echo.Context) idp.Client {
	req := c.Request()
	at := address.From(req.Context())
	return idp.Client{
		IP:         c.RealIP(),
		UserAgent:  req.UserAgent(),
		RequestID:  c.Response().Header().Get(echo.HeaderXRequestID),
		RequestURI: req.URL.Path,
		URL:        req.URL.Path, // the query may hold one-time tokens
		Window:     at.Window,
		Browser:    at.Browser,
	}
}

// Render answers with a page. Pages of the half show what only the person at hand may see, so none is kept.
func Render(c echo.Context, status int, page templ.Component) error {
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, echo.MIMETextHTMLCharsetUTF8)
	h.Set("Cache-Control", "no-cache, no-store")
	c.Response().WriteHeader(status)
	return page.Render(c.Request().Context(), c.Response())
}

// SetNotice leaves a sentence for the next page, such as "Group created".
func SetNotice(c echo.Context, sentence string) {
	setCookie(c, noticeCookie, url.QueryEscape(sentence), time.Minute)
}

// Notices gives the sentence that the page before left, once, as a page's result.
func Notices(c echo.Context) []kit.Status {
	cookie, err := c.Cookie(noticeCookie)
	if err != nil || cookie.Value == "" {
		return nil
	}
	clearCookie(c, noticeCookie)
	sentence, err := url.QueryUnescape(cookie.Value)
	if err != nil || len(sentence) > 500 {
		return nil
	}
	return []kit.Status{{Message: sentence}}
}

// setCookie sets a cookie of this half and window; it ends with the browser when it is for no time at all.
func setCookie(c echo.Context, name, value string, keep time.Duration) {
	a := address.From(c.Request().Context())
	c.SetCookie(&http.Cookie{
		Name: name, Value: value, Path: a.CookiePath(), MaxAge: int(keep.Seconds()),
		HttpOnly: true, Secure: a.Secure(), SameSite: http.SameSiteLaxMode,
	})
}

func clearCookie(c echo.Context, name string) {
	a := address.From(c.Request().Context())
	c.SetCookie(&http.Cookie{
		Name: name, Path: a.CookiePath(), MaxAge: -1,
		HttpOnly: true, Secure: a.Secure(), SameSite: http.SameSiteLaxMode,
	})
}
