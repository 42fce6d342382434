package address

import (
	"net"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
)

// URLProblem says in a sentence what is wrong with a URL that a person has typed as the address of a peer; "" if nothing is.
func URLProblem(text string) string {
	u, err := url.Parse(text)
	switch {
	case err == nil && u.Scheme != "http" && u.Scheme != "https" || strings.HasPrefix(text, "//"):
		return "It must be a URL that begins with http:// or https://."
	case err != nil, strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7f }):
		return "It must be a valid URL that begins with http:// or https://. Copy the URL again."
	case u.Hostname() == "":
		return "The URL has no host name. Copy the URL again."
	case u.User != nil:
		return "The URL must not contain a user name or password. Remove what is before the @."
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return "The URL has a port that does not exist. Use a port from 1 to 65535."
		}
	}
	if name := messageParameter(text); name != "" {
		return "The URL contains a SAML message (" + name + "). Copy the URL from the settings of the peer, not from the address bar."
	}
	return ""
}

// messageParameters are the parameters with which the HTTP-Redirect binding carries a message (SAML bindings 3.4.4).
var messageParameters = []string{"SAMLRequest", "SAMLResponse", "RelayState", "SigAlg", "Signature"}

// messageParameter returns the first parameter of a URL that carries a part of a SAML message; "" if there is none. Somebody has
// copied such a URL from the address bar, in the middle of a sign-on.
func messageParameter(text string) string {
	_, query, _ := strings.Cut(text, "?")
	query, _, _ = strings.Cut(query, "#")
	for part := range strings.SplitSeq(query, "&") {
		if name := parameterName(part); slices.Contains(messageParameters, name) {
			return name
		}
	}
	return ""
}

func parameterName(part string) string {
	name, _, _ := strings.Cut(part, "=")
	if plain, err := url.QueryUnescape(name); err == nil {
		return plain
	}
	return name
}

// WithMessage adds the parameters of a SAML message to a URL, which may have a query and a fragment: other parameters stay byte for
// byte, those of another message are replaced. A browser does not send the fragment, so the parameters come before it.
func WithMessage(target, parameters string) string {
	target, fragment, hasFragment := strings.Cut(target, "#")
	target, query, _ := strings.Cut(target, "?")
	var parts []string
	for part := range strings.SplitSeq(query, "&") {
		if part != "" && !slices.Contains(messageParameters, parameterName(part)) {
			parts = append(parts, part)
		}
	}
	target += "?" + strings.Join(append(parts, parameters), "&")
	if hasFragment {
		target += "#" + fragment
	}
	return target
}

// Leads reports whether a URL leads to this server: under one of its names, at a public address of the lab, or to this machine.
func (a Address) Leads(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return false
	}
	name := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	ip := net.ParseIP(name)
	return a.IsOwn(u.Scheme+"://"+u.Host) || a.Reach(text) != text || a.Serves != nil && a.Serves(u.Host) ||
		name == "localhost" || strings.HasSuffix(name, ".localhost") || ip != nil && ip.IsLoopback()
}

// HalfProblem says in a sentence what is wrong with a URL that must lead to one product, "okta" or "sigma", when it leads to this
// server: the server's other pages, such as its control API, are no peers. It is "" for URLs of other servers, and without the
// address of a request.
func (a Address) HalfProblem(text, half string) string {
	u, err := url.Parse(a.Reach(text))
	if err != nil || !a.isThisServer(u) {
		return ""
	}
	name := map[string]string{"okta": "Okta", "sigma": "Sigma"}[half]
	first, _, _ := strings.Cut(strings.TrimPrefix(path.Clean("/"+u.Path), "/"), "/")
	if labels := strings.Split(strings.ToLower(u.Hostname()), "."); first != "okta" && first != "sigma" && len(labels) >= 3 {
		first = labels[1] // the lab's own host: demo.okta.test
	}
	if first == half {
		return ""
	}
	return "This address of the training server does not belong to " + name + ". Copy the URL again from the page of " + name + "."
}

// isThisServer reports whether a URL has a host and port under which this server answers.
func (a Address) isThisServer(u *url.URL) bool {
	for _, origin := range []string{a.Origin, a.Reached} {
		own, err := url.Parse(origin)
		if err != nil || own.Host == "" || portOf(own) != portOf(u) {
			continue
		}
		name := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
		ip, ownIP := net.ParseIP(name), net.ParseIP(own.Hostname())
		isLocal := name == "localhost" || strings.HasSuffix(name, ".localhost") || ip != nil && ip.IsLoopback()
		ownLocal := own.Hostname() == "localhost" || ownIP != nil && ownIP.IsLoopback()
		if sameHost(own, u) || isLocal && ownLocal || a.Serves != nil && a.Serves(u.Host) {
			return true
		}
	}
	return false
}
