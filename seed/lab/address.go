package lab

import (
	"context"

	"understudy/idp"
	"understudy/idp/provision"
	"understudy/seed/base/address"
	"understudy/sp"
)

// Path returns the path at which a half of the lab is reached in window 0, such as /okta/demo.
func (l *Lab) Path(h Half) string { return "/" + string(h) + "/" + l.Name }

// OktaContext returns a context for calls of the Okta half outside a request of it. origin is the scheme and host of this
// server as people type it.
func (l *Lab) OktaContext(ctx context.Context, origin string) context.Context {
	at := address.Address{Origin: origin, Prefix: l.Path(Okta), Lab: l.Name, Peers: map[string]string{"sigma": origin + l.Path(Sigma)}}
	at = l.InPublic(at, Okta, func(h Half) string { return origin + l.Path(h) })
	return provision.With(idp.With(address.With(ctx, at), l.Org), l.Runner)
}

// SigmaContext is [Lab.OktaContext] for the Sigma half.
func (l *Lab) SigmaContext(ctx context.Context, origin string) context.Context {
	at := address.Address{Origin: origin, Prefix: l.Path(Sigma), Lab: l.Name}
	at = l.InPublic(at, Sigma, func(h Half) string { return origin + l.Path(h) })
	return sp.With(address.With(ctx, at), l.Organization)
}
