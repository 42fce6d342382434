package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"understudy/seed/base/address"
)

// HomePath is My Apps, the page after sign-in when no fromURI names another one.
const HomePath = "/app/UserHome"

// FromURI returns the path and query of the request as the address to return to after sign-in. A request with a form
// cannot be repeated after sign-in, so for such a request FromURI returns "".
func FromURI(c echo.Context) string {
	if m := c.Request().Method; m != http.MethodGet && m != http.MethodHead {
		return ""
	}
	return c.Request().URL.RequestURI()
}

// LocalPath returns the path and query within the half that a fromURI names. It accepts a path within the half, and a
// path or URL as pages of the half link to it, with or without a window.
//
// ok is false for everything else: a redirect to an address outside the half would be an open redirect.
func LocalPath(a address.Address, fromURI string) (path string, ok bool) {
	u, err := url.Parse(fromURI)
	if err != nil || address.HasStripped(fromURI) || u.Opaque != "" || u.User != nil {
		return "", false
	}
	path = u.EscapedPath()
	if u.IsAbs() || u.Host != "" {
		if !a.IsOwn(u.Scheme + "://" + u.Host) {
			return "", false
		}
		if path, err = withoutPrefix(a, path); err != nil {
			return "", false
		}
	} else if inside, err := withoutPrefix(a, path); err == nil {
		path = inside
	}
	if !address.IsLocalPath(path) {
		return "", false
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	return path, true
}

var errOutsideHalf = errors.New("address outside the Okta half")

// withoutPrefix removes the half's own prefix, with any window, from a path: "/okta/demo~2/admin" becomes "/admin".
func withoutPrefix(a address.Address, path string) (string, error) {
	rest, ok := strings.CutPrefix(path, a.Prefix)
	if !ok {
		return "", errOutsideHalf
	}
	if window, after, _ := strings.Cut(rest, "/"); strings.HasPrefix(window, "~") && a.Prefix != "" {
		if strings.Trim(window[1:], "0123456789") != "" {
			return "", errOutsideHalf
		}
		rest = "/" + after
	}
	if rest == "" {
		rest = "/"
	}
	if rest[0] != '/' {
		return "", errOutsideHalf
	}
	return rest, nil
}
