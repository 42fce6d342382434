package lab

import (
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// half names one of the two systems of a lab.
type half string

const (
	okta  half = "okta"
	sigma half = "sigma"
)

// route is what the front door reads from a request's address.
type route struct {
	half   half
	lab    string
	window int
	prefix string // canonical path prefix of the half; "" in host form
	rest   string // escaped path within the half, beginning with "/"
}

// routeByPath reads /okta/{lab}~{window}/rest. A doubled prefix, which some SDKs make of a base URL with a path, is
// collapsed.
func routeByPath(path string) (route, bool) {
	first, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if half(first) != okta && half(first) != sigma {
		return route{}, false
	}
	segment, rest, slash := strings.Cut(rest, "/")
	name, window, ok := cutWindow(segment)
	if !ok {
		return route{}, false
	}
	r := route{half: half(first), lab: name, window: window, prefix: "/" + first + "/" + name}
	if slash {
		r.rest = "/" + rest
	}
	own := "/" + first + "/" + segment
	for strings.HasPrefix(r.rest, own+"/") || r.rest == own {
		r.rest = strings.TrimPrefix(r.rest, own)
	}
	return r, true
}

// cutWindow splits "demo~2" into the lab's name and the window; window 0 has no mark.
func cutWindow(segment string) (name string, window int, ok bool) {
	name, digits, marked := strings.Cut(segment, "~")
	if !marked {
		return name, 0, name != ""
	}
	window, err := strconv.Atoi(digits)
	return name, window, err == nil && name != "" && window >= 1 && window <= 99 && digits == strconv.Itoa(window)
}

// routeByHost reads {lab}.okta.{any domain} and {lab}.sigma.{any domain}.
func routeByHost(host, path string) (route, bool) {
	labels := strings.Split(strings.ToLower(host), ".")
	if len(labels) < 3 || (half(labels[1]) != okta && half(labels[1]) != sigma) || !validName.MatchString(labels[0]) {
		return route{}, false
	}
	return route{half: half(labels[1]), lab: labels[0], rest: path}, true
}

// collapse folds runs of slashes into one: base URLs that end in a slash make them.
func collapse(path string) string {
	for strings.Contains(path, "//") {
		path = strings.ReplaceAll(path, "//", "/")
	}
	return path
}

// origin is the scheme and host by which the client reached us. In a request whose line holds a whole URL, as sent to a
// proxy, that URL counts; forwarded headers count only behind a proxy that is trusted.
func origin(r *http.Request, trustProxy bool) (scheme, host string) {
	scheme, host = "http", r.Host
	if r.TLS != nil {
		scheme = "https"
	}
	if r.URL.IsAbs() {
		return r.URL.Scheme, r.URL.Host
	}
	if !trustProxy {
		return scheme, host
	}
	if proto := firstOf(r.Header.Get("X-Forwarded-Proto")); proto == "http" || proto == "https" {
		scheme = proto
	}
	if forwarded := firstOf(r.Header.Get("X-Forwarded-Host")); validHost(forwarded) {
		host = forwarded
	}
	return scheme, host
}

// Origin is the address of this server as the client of a request typed it, for what people copy. The request is one that
// the front door has handed on.
func Origin(r *http.Request, trustProxy bool) string {
	scheme, _ := origin(r, trustProxy)
	return scheme + "://" + r.Host
}

// clientIP is the address of the person or program at the other end.
func clientIP(r *http.Request, trustProxy bool) string {
	if trustProxy {
		if ip := net.ParseIP(firstOf(r.Header.Get("X-Forwarded-For"))); ip != nil {
			return ip.String()
		}
	}
	ip, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return ip
}

func firstOf(list string) string {
	first, _, _ := strings.Cut(list, ",")
	return strings.TrimSpace(first)
}

// validHost refuses what could smuggle more than a host and port into the addresses that we print.
func validHost(host string) bool {
	u, err := url.Parse("http://" + host + "/")
	return err == nil && host != "" && u.Host == host && u.User == nil && u.Path == "/"
}

func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return host
}
