package signin

import (
	"net/url"
	"strings"

	"understudy/seed/base/address"
)

// Home is where a person is who came for nothing in particular: My Apps.
const Home = "/app/UserHome"

// Local gives the path and query within the half that a fromURI stands for, and whether it stands for one: anything
// that would lead elsewhere is refused, however it is spelled. It takes paths within the half, and addresses and paths
// as links of the half carry them, with or without a window.
func Local(a address.Address, fromURI string) (string, bool) {
	if fromURI == "" || strings.ContainsAny(fromURI, "\\\r\n\t\x00") {
		return "", false
	}
	u, err := url.Parse(fromURI)
	if err != nil || u.Opaque != "" || u.User != nil {
		return "", false
	}
	path := u.EscapedPath()
	if u.IsAbs() || u.Host != "" {
		if u.Scheme+"://"+u.Host != a.Origin {
			return "", false
		}
		if path, err = withinHalf(a, path); err != nil {
			return "", false
		}
	} else if inside, err := withinHalf(a, path); err == nil {
		path = inside
	}
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") {
		return "", false
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	return path, true
}

// withinHalf takes the half's own prefix, in whatever window, off a path.
func withinHalf(a address.Address, path string) (string, error) {
	rest, ok := strings.CutPrefix(path, a.Prefix)
	if !ok {
		return "", errElsewhere
	}
	if window, after, _ := strings.Cut(rest, "/"); strings.HasPrefix(window, "~") && a.Prefix != "" {
		if strings.Trim(window[1:], "0123456789") != "" {
			return "", errElsewhere
		}
		rest = "/" + after
	}
	if rest == "" {
		rest = "/"
	}
	if rest[0] != '/' {
		return "", errElsewhere
	}
	return rest, nil
}
