package web

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"understudy/seed/base/address"
	"understudy/seed/base/problem"
	"understudy/sp"
)

// Viewer returns the member who is signed in by the request's session cookie. It returns the zero Viewer if there is no
// cookie or if the session has ended. The error is never Unauthenticated.
func Viewer(c echo.Context) (sp.Viewer, error) {
	cookie, err := c.Cookie(sp.SessionCookie)
	ctx := c.Request().Context()
	org := sp.From(ctx)
	if err != nil || cookie.Value == "" || org == nil { // no organization: the request was refused before its lab was opened
		return sp.Viewer{}, nil
	}
	viewer, err := org.Resume(ctx, cookie.Value)
	if problem.Is(err, problem.Unauthenticated) {
		return sp.Viewer{}, nil
	}
	return viewer, err
}

// StartSession sets the session cookie for the window of the address at. The cookie's lifetime counts from now (Max-Age), because the
// browser's clock may differ from the lab's clock.
func StartSession(c echo.Context, at address.Address, token string, s sp.Session) {
	c.SetCookie(&http.Cookie{
		Name: sp.SessionCookie, Value: token, Path: at.CookiePath(), MaxAge: int(s.ExpiresAt.Sub(s.CreatedAt).Seconds()),
		HttpOnly: true, Secure: at.Secure(), SameSite: http.SameSiteLaxMode,
	})
}

// ClearSession deletes the session cookie for the window of the address at.
func ClearSession(c echo.Context, at address.Address) {
	c.SetCookie(&http.Cookie{
		Name: sp.SessionCookie, Path: at.CookiePath(), MaxAge: -1, HttpOnly: true, Secure: at.Secure(), SameSite: http.SameSiteLaxMode,
	})
}

// Client says where a request came from, for the audit log. RequestURI has no query, which may hold typed text, and no
// token of an emailed link.
func Client(c echo.Context) sp.Client {
	path := c.Request().URL.Path
	if token := c.Param("token"); token != "" {
		path = strings.Replace(path, token, "...", 1)
	}
	at := address.From(c.Request().Context())
	return sp.Client{
		IP: c.RealIP(), UserAgent: c.Request().UserAgent(),
		RequestID: c.Response().Header().Get(echo.HeaderXRequestID), RequestURI: path,
		Window: at.Window, Browser: at.Browser,
	}
}
