package sso

import (
	"net/url"
	"regexp"
	"strconv"

	"github.com/labstack/echo/v4"

	"understudy/seed/base/address"
)

// refererWindow finds lab and window in the path of a page: "/sigma/demo~2/login".
var refererWindow = regexp.MustCompile(`^/(?:okta|sigma)/([^/~]+)~(\d{1,2})(?:/|$)`)

// addressInWindow returns the address of the half in the window that the person works in. The Sign on URL that an
// administrator copies has no window, so addressInWindow takes the window of the page that led to it (Referer). After the
// redirect the window is part of the path.
func addressInWindow(c echo.Context) address.Address {
	a := address.From(c.Request().Context())
	if a.Window != 0 || a.Prefix == "" {
		return a
	}
	from, err := url.Parse(c.Request().Referer())
	if err != nil || !a.IsOwn(from.Scheme+"://"+from.Host) {
		return a
	}
	m := refererWindow.FindStringSubmatch(from.Path)
	if m == nil || m[1] != a.Lab {
		return a
	}
	window, err := strconv.Atoi(m[2])
	if err != nil || window < 1 {
		return a
	}
	return a.InWindow(window)
}

// inOtherWindow returns the address of this request in the window that the person works in, if it is another one.
func inOtherWindow(c echo.Context) (to string, other bool) {
	a := addressInWindow(c)
	if a.Window == address.From(c.Request().Context()).Window {
		return "", false
	}
	to = a.Path(c.Request().URL.Path)
	if q := c.Request().URL.RawQuery; q != "" {
		to += "?" + q
	}
	return to, true
}
