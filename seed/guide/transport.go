package guide

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"net"
	"net/http"
	"time"
)

// tokenHeader identifies a request of the guide itself. The token is random, changes with each start of the server, and
// is sent to this server only.
const tokenHeader = "Understudy-Pass"

// ownTransport sends requests to this server and adds the token.
type ownTransport struct {
	token string
	next  http.RoundTripper
}

// newTransport connects to own, whatever host a request names: the learner's name for this server may not resolve here.
func newTransport(own net.Addr) (transport http.RoundTripper, token string) {
	dialer := net.Dialer{Timeout: 5 * time.Second}
	token = rand.Text()
	return ownTransport{token: token, next: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, own.Network(), own.String())
		},
	}}, token
}

// RoundTrip implements http.RoundTripper.
func (t ownTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set(tokenHeader, t.token)
	if r.URL.Scheme == "https" { // a reverse proxy terminates TLS; this request bypasses the proxy
		r.Header.Set("X-Forwarded-Proto", "https")
		r.URL.Scheme = "http"
	}
	return t.next.RoundTrip(r)
}

// IsOwnRequest reports whether a guide itself sent a request.
func (s *server) IsOwnRequest(r *http.Request) bool {
	return subtle.ConstantTimeCompare([]byte(r.Header.Get(tokenHeader)), []byte(s.token)) == 1
}
