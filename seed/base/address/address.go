// Package address says where a half of a lab is reached, as the person or program that sent the request typed it.
//
// Two kinds of address are made from it. A canonical address ([Address.URL]) is what people copy: Sign on URL, ACS, SCIM
// base URL, account URL; it never carries a window. A windowed path ([Address.Path]) is for links, form actions,
// redirects and cookies of the page at hand: it keeps a person inside the browser identity that they work in.
package address

import (
	"context"
	"strconv"
)

// Address is where one half of one lab is reached by the current request.
type Address struct {
	Origin  string // scheme, host and port as reached: "http://127.0.0.1:8080"; no trailing slash
	Prefix  string // canonical path prefix of the half: "/okta/demo"; empty when the half is at the root of a host
	Window  int    // browser identity within the lab; 0 is the plain address
	Lab     string // name of the lab
	Browser string // what the front door knows the person's browser by; empty when it does not
	Peers   map[string]string
}

// URL gives the canonical absolute URL of a path of this half ("/login"), without a window.
func (a Address) URL(path string) string { return a.Origin + a.Prefix + path }

// Base gives the canonical absolute URL of the half itself, without a trailing slash.
func (a Address) Base() string { return a.Origin + a.Prefix }

// Path gives the windowed path of a path of this half, for links, form actions and redirects.
func (a Address) Path(path string) string { return a.WindowPrefix() + path }

// WindowPrefix gives the path prefix within the current window: "/okta/demo~2".
func (a Address) WindowPrefix() string {
	if a.Window == 0 || a.Prefix == "" {
		return a.Prefix
	}
	return a.Prefix + "~" + strconv.Itoa(a.Window)
}

// CookiePath scopes cookies to the half and window: "/okta/demo~2/".
func (a Address) CookiePath() string { return a.WindowPrefix() + "/" }

// InWindow gives the same half in another window.
func (a Address) InWindow(window int) Address {
	a.Window = window
	return a
}

// Peer gives the canonical base URL of another system that the lab knows by name ("sigma"), or "" if it knows none.
// It is how a catalog entry such as Sigma on AWS finds its host offline; it is configuration, not a call.
func (a Address) Peer(name string) string { return a.Peers[name] }

// PeerInWindow is [Address.Peer] in the current window: the alias that keeps IdP-initiated sign-on in its window.
func (a Address) PeerInWindow(name string) string {
	peer := a.Peers[name]
	if peer == "" || a.Window == 0 || a.Prefix == "" {
		return peer
	}
	return peer + "~" + strconv.Itoa(a.Window)
}

// Secure reports whether the person reached us over TLS, so that cookies can demand it.
func (a Address) Secure() bool { return len(a.Origin) > 8 && a.Origin[:8] == "https://" }

type contextKey struct{}

// With puts the address into the context of a request; the front door does this.
func With(ctx context.Context, a Address) context.Context {
	return context.WithValue(ctx, contextKey{}, a)
}

// From gives the address of the current request; the zero Address outside one.
func From(ctx context.Context) Address {
	a, _ := ctx.Value(contextKey{}).(Address)
	return a
}
