package door

import (
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"understudy/seed/base/address"
	"understudy/seed/lab"
)

// route is what the address of a request says: which half of which lab, in which window.
type route struct {
	half   lab.Half
	lab    string
	window int
	prefix string // canonical path prefix of the half; "" in host form
	rest   string // escaped path within the half, beginning with "/"
	public bool   // the request came to a public address of the lab
}

// routeByPath parses /okta/{lab}~{window}/rest. A repeated prefix is removed: some SDKs repeat the path of their base URL.
func routeByPath(path string) (route, bool) {
	first, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if !isHalf(first) {
		return route{}, false
	}
	segment, rest, slash := strings.Cut(rest, "/")
	name, window, ok := cutWindow(segment)
	if !ok {
		return route{}, false
	}
	r := route{half: lab.Half(first), lab: name, window: window, prefix: "/" + first + "/" + name}
	if slash {
		r.rest = "/" + rest
	}
	own := "/" + first + "/" + segment
	for strings.HasPrefix(r.rest, own+"/") || r.rest == own {
		r.rest = strings.TrimPrefix(r.rest, own)
	}
	return r, true
}

func isHalf(segment string) bool {
	return lab.Half(segment) == lab.Okta || lab.Half(segment) == lab.Sigma
}

// cutWindow splits "demo~2" into the lab's name and the window; window 0 has no suffix.
func cutWindow(segment string) (name string, window int, ok bool) {
	name, digits, marked := strings.Cut(segment, "~")
	if !marked {
		return name, 0, name != ""
	}
	window, err := strconv.Atoi(digits)
	return name, window, err == nil && name != "" && window >= 1 && window <= lab.MaxWindow && digits == strconv.Itoa(window)
}

// routeByHost parses {lab}.okta.{any domain} and {lab}.sigma.{any domain}.
func routeByHost(host, path string) (route, bool) {
	labels := strings.Split(strings.ToLower(host), ".")
	if len(labels) < 3 || !isHalf(labels[1]) || !lab.IsValidName(labels[0]) {
		return route{}, false
	}
	return route{half: lab.Half(labels[1]), lab: labels[0], rest: path}, true
}

// collapseSlashes replaces runs of slashes by one: base URLs that end in a slash cause them.
func collapseSlashes(path string) string {
	for strings.Contains(path, "//") {
		path = strings.ReplaceAll(path, "//", "/")
	}
	return path
}

// origin returns the scheme and host by which the client reached this server. A request line with a whole URL, as sent to a
// proxy, takes precedence; forwarded headers are believed only behind a trusted proxy.
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
	if proto := strings.ToLower(firstOf(r.Header.Get("X-Forwarded-Proto"))); proto == "http" || proto == "https" {
		scheme = proto
	}
	if forwarded := firstOf(r.Header.Get("X-Forwarded-Host")); isValidHost(forwarded) {
		host = forwarded
	}
	return scheme, host
}

// proxyHeaders are what reverse proxies add to a request. No handler sees them.
var proxyHeaders = []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip"}

// clientIP returns the IP address of the client, for logs and for limits. Without a trusted proxy it is the address of the
// connection. Behind one it is the rightmost address in X-Forwarded-For that is no proxy's: a client can send the header, too,
// but each proxy adds the address that it has seen at the end. Proxies are the sender of the connection and this machine.
func clientIP(r *http.Request, trustProxy bool) string {
	peer := r.RemoteAddr
	if ip, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		peer = ip
	}
	if !trustProxy {
		return peer
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		ip := parseHop(hop)
		if ip == nil {
			return peer
		}
		if !ip.IsLoopback() && ip.String() != peer {
			return ip.String()
		}
	}
	return peer
}

// parseHop parses an entry of X-Forwarded-For, which some proxies write with the port.
func parseHop(text string) net.IP {
	text = strings.TrimSpace(text)
	if host, _, err := net.SplitHostPort(text); err == nil {
		text = host
	}
	return net.ParseIP(strings.Trim(text, "[]"))
}

// isLoopback reports whether a client is on the machine that runs the server.
func isLoopback(client string) bool {
	ip := net.ParseIP(client)
	return ip != nil && ip.IsLoopback()
}

func firstOf(list string) string {
	first, _, _ := strings.Cut(list, ",")
	return strings.TrimSpace(first)
}

// isValidHost reports whether a Host header holds a host and port and nothing else: pages print it in addresses.
func isValidHost(host string) bool {
	u, err := url.Parse("http://" + host + "/")
	return err == nil && host != "" && u.Host == host && u.User == nil && u.Path == "/"
}

func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return host
}

// address returns the address from which the half's pages derive links and copyable values.
func (rt route) address(origin string) address.Address {
	a := address.Address{Origin: origin, Prefix: rt.prefix, Window: rt.window, Lab: rt.lab}
	if rt.half == lab.Okta {
		a.Peers = map[string]string{"sigma": peer(origin, rt, lab.Sigma)}
	}
	return a
}

// peer returns the canonical address of the lab's other half, in the form (path or host) of the request.
func peer(origin string, rt route, other lab.Half) string {
	if rt.prefix != "" {
		return origin + "/" + string(other) + "/" + rt.lab
	}
	return strings.Replace(origin, rt.lab+"."+string(rt.half)+".", rt.lab+"."+string(other)+".", 1)
}
