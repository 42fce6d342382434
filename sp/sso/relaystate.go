package sso

import (
	"net/url"
	"path"
	"strings"

	"understudy/seed/base/address"
)

// localPath turns a RelayState, or the parameter next, into a path of this half without its prefix. It returns "/" for an
// address outside of this half, which prevents open redirects. It also returns "/" for the pages of sign-on, which would
// cause a redirect loop.
func localPath(a address.Address, value string) string {
	value = a.Reach(strings.TrimSpace(value))
	u, err := url.Parse(value)
	if err != nil || len(value) > 2000 || address.HasStripped(value) || u.Opaque != "" || u.User != nil {
		return "/"
	}
	if (u.IsAbs() || u.Host != "") && !a.IsOwn(u.Scheme+"://"+u.Host) || !address.IsLocalPath(u.Path) {
		return "/"
	}
	rest, ours := ownPath(a, u.EscapedPath())
	if !ours && (u.IsAbs() || u.Host != "") {
		return "/"
	}
	for _, page := range []string{"/login", "/logout", "/finish-login", "/api", "/scim"} {
		if rest == page || strings.HasPrefix(rest, page+"/") {
			return "/"
		}
	}
	if u.RawQuery != "" {
		rest += "?" + u.RawQuery
	}
	return rest
}

// ownPath removes the half's prefix, with or without a window number. ours reports whether the prefix was there.
func ownPath(a address.Address, escaped string) (rest string, ours bool) {
	cleaned := path.Clean(escaped)
	if cleaned == a.Prefix {
		return "/", true
	}
	if rest, found := strings.CutPrefix(cleaned, a.Prefix+"/"); found {
		return "/" + rest, true
	}
	if rest, found := strings.CutPrefix(cleaned, a.Prefix+"~"); found && a.Prefix != "" {
		window, rest, _ := strings.Cut(rest, "/")
		return "/" + rest, window != "" && strings.Trim(window, "0123456789") == ""
	}
	return cleaned, false
}
