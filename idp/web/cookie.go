package web

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"understudy/seed/base/address"
)

// Cookie returns the value of a cookie that the browser sent; "" when it sent none.
func Cookie(c echo.Context, name string) string {
	cookie, err := c.Cookie(name)
	if err != nil {
		return ""
	}
	return cookie.Value
}

// SetCookie sets a cookie for this half and window. With a maxAge of 0 the cookie ends when the browser is closed.
func SetCookie(c echo.Context, name, value string, maxAge time.Duration) {
	a := address.From(c.Request().Context())
	c.SetCookie(&http.Cookie{
		Name: name, Value: value, Path: a.CookiePath(), MaxAge: int(maxAge.Seconds()),
		HttpOnly: true, Secure: a.Secure(), SameSite: http.SameSiteLaxMode,
	})
}

// ClearCookie removes a cookie of this half and window from the browser.
func ClearCookie(c echo.Context, name string) { SetCookie(c, name, "", -time.Second) }
