// Package address holds the URL at which the current request reached Okta or Sigma of a lab.
//
// A program in a container or behind a proxy does not know its own host name. So the HTTP front end takes the origin from
// each request, if the host is one that it knows, and puts an [Address] into the request's context ([With]); handlers and
// models read it ([From]). A server that was told its public address uses that one in every URL that people copy.
//
// A lab may be open in several windows, each with its own cookies, as if each were another browser. The window is part of
// the path: /okta/demo~2/ is window 2. Therefore an Address makes two kinds of URL:
//
//   - [Address.URL] is canonical and has no window. It is for URLs that people copy: Sign on URL, ACS, SCIM base URL.
//   - [Address.Path] keeps the window. It is for links, form actions, redirects and cookies.
//
// A lab can have public addresses, such as https://brightwater.okta.example: base URLs that its pages and messages show, while
// this server serves it elsewhere. [Address.URL] then begins with the public address, and [Address.Reach] leads a browser from
// such a URL to this server (public.go).
//
// [URLProblem] checks the URL of a peer that a person has typed, and [WithMessage] adds a SAML message to it (typed.go).
//
// [IsLocalPath] decides whether a path that a form or a query names stays on this server (localpath.go).
package address

import (
	"cmp"
	"context"
	"strconv"
	"strings"
)

// Address is where the current request reached one product of a lab.
type Address struct {
	Origin  string            // canonical scheme, host and port: "http://127.0.0.1:8080"; no trailing slash
	Reached string            // scheme, host and port as the browser has it, when they are not the canonical ones
	Prefix  string            // path of the product without window: "/okta/demo"; empty if the product has its own host
	Window  int               // number of the window; 0 is the path without "~"
	Lab     string            // name of the lab
	Browser string            // id of the browser from the front door's cookie; empty if unknown
	Peers   map[string]string // canonical base URLs of the other products of the lab, by name ("sigma")
	Public  string            // canonical base URL of the product, if it has a public address; empty means Origin and Prefix
	Aliases []Alias           // public addresses of the products of the lab

	Mail   string                 // base URL of the product for links in emails; empty means Base
	Serves func(host string) bool // whether this server answers under a host; nil if that is not known
}

// URL returns the canonical absolute URL of a path of the product, such as "/login".
func (a Address) URL(path string) string { return a.Base() + path }

// Base returns the canonical absolute URL of the product, without a trailing slash.
func (a Address) Base() string { return cmp.Or(a.Public, a.Origin+a.Prefix) }

// MailBase returns the base URL for links in emails. Somebody else may have sent the request for the email, so it follows the Host
// header only where that names this server.
func (a Address) MailBase() string { return cmp.Or(a.Public, a.Mail, a.Base()) }

// Path returns a path of the product in the current window, for links, form actions and redirects.
func (a Address) Path(path string) string { return a.WindowPrefix() + path }

// WindowPrefix returns the path of the product in the current window: "/okta/demo~2".
func (a Address) WindowPrefix() string {
	if a.Window == 0 || a.Prefix == "" {
		return a.Prefix
	}
	return a.Prefix + "~" + strconv.Itoa(a.Window)
}

// CookiePath limits a cookie to the product and the window: "/okta/demo~2/".
func (a Address) CookiePath() string { return a.WindowPrefix() + "/" }

// InWindow returns the address of the product in another window.
func (a Address) InWindow(window int) Address {
	a.Window = window
	return a
}

// Peer returns the canonical base URL of another product of the lab, such as "sigma", or "". The catalog app Sigma on
// AWS uses it in place of Sigma's real host.
func (a Address) Peer(name string) string { return a.Peers[name] }

// PeerInWindow returns the base URL at which a browser reaches another product in the current window, so that an IdP-initiated
// sign-in stays in it.
func (a Address) PeerInWindow(name string) string {
	peer := a.Reach(a.Peers[name])
	if peer == "" || a.Window == 0 || a.Prefix == "" {
		return peer
	}
	return peer + "~" + strconv.Itoa(a.Window)
}

// IsOwn reports whether an origin is this server's, by either of its names.
func (a Address) IsOwn(origin string) bool {
	return origin != "" && (origin == a.Origin || origin == a.Reached)
}

// Secure reports whether the request used TLS. If so, cookies get the attribute Secure.
func (a Address) Secure() bool { return strings.HasPrefix(cmp.Or(a.Reached, a.Origin), "https://") }

type contextKey struct{}

// With returns a context with the address. The HTTP front end calls it for each request.
func With(ctx context.Context, a Address) context.Context {
	return context.WithValue(ctx, contextKey{}, a)
}

// From returns the address of the current request, or the zero Address if ctx has none.
func From(ctx context.Context) Address {
	a, _ := ctx.Value(contextKey{}).(Address)
	return a
}
