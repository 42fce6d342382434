package door

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"
)

// Egress is the rule which servers the requests of this server (SCIM) may reach: the halves of its own labs, and other servers
// only when they are allowed. A base URL that an attendee types must not give access to the network of a shared machine, nor to
// the server's other pages with the rights of this machine.
type Egress struct {
	Hosts Hosts    // the names of this server
	Allow []string // "host:port" or "host" of others
}

// Errors of requests that are not allowed.
var (
	ErrEgress = errors.New("this training server does not send requests to other servers; start it with --allow-egress to permit one")
	errPath   = fmt.Errorf("only addresses below /okta/ and /sigma/ of this server can be reached: %w", ErrEgress)
)

// Transport returns a transport that enforces the rule for each request. It uses no proxy.
func (e Egress) Transport() http.RoundTripper {
	return egressTransport{e, &http.Transport{
		DialContext:           e.dial,
		MaxIdleConnsPerHost:   16,
		IdleConnTimeout:       time.Minute,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: time.Minute, // Okta closes after 60 s without a response
	}}
}

type egressTransport struct {
	Egress
	next *http.Transport
}

// RoundTrip implements http.RoundTripper. A request to this server goes to its listener, whatever name it has: the name may not
// resolve here, and a reverse proxy may terminate TLS for it.
func (t egressTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if !t.isOwn(r) {
		return t.next.RoundTrip(r)
	}
	if !leadsToHalf(r) {
		return nil, fmt.Errorf("%s: %w", r.URL.Path, errPath)
	}
	own := r.Clone(r.Context())
	own.Host = cmp.Or(r.Host, r.URL.Host)
	if r.URL.Scheme == "https" {
		own.Header.Set("X-Forwarded-Proto", "https")
	}
	own.URL.Scheme, own.URL.Host = "http", listenerAddress(t.Hosts.Own)
	return t.next.RoundTrip(own)
}

// isOwn reports whether a request goes to this server. A host of a lab, such as demo.sigma.test, can be allowed as another
// server instead.
func (t egressTransport) isOwn(r *http.Request) bool {
	if t.Hosts.Own == nil {
		return false
	}
	if leadsHome(r) {
		return true
	}
	name, port := splitHost(r.URL.Host)
	port = defaultPort(port, r.URL.Scheme)
	if t.Hosts.isOwn(name, port) || t.Hosts.isAdvertised(name, port) {
		return true
	}
	return !t.allows(net.JoinHostPort(strings.Trim(name, "[]"), port)) && t.Hosts.Allows(r.URL.Host)
}

// leadsToHalf reports whether a request to this server is for a half of a lab.
func leadsToHalf(r *http.Request) bool {
	address := collapseSlashes(r.URL.EscapedPath())
	if path.Clean(r.URL.Path) != strings.TrimSuffix(collapseSlashes(r.URL.Path), "/") && address != "/" {
		return false // dot segments
	}
	_, found := routeByPath(address)
	if !found {
		_, found = routeByHost(hostname(r.URL.Host), address)
	}
	return found
}

// dial connects to the own listener or to an allowed server, so that no request can bypass the rule.
func (e Egress) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	var dialer net.Dialer
	if e.Hosts.Own != nil && addr == listenerAddress(e.Hosts.Own) || e.allows(addr) {
		return dialer.DialContext(ctx, network, addr)
	}
	return nil, fmt.Errorf("%s: %w", addr, ErrEgress)
}

// allows reports whether "host:port" is one of the allowed servers.
func (e Egress) allows(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	return err == nil && (slices.Contains(e.Allow, addr) || slices.Contains(e.Allow, host))
}

// listenerAddress returns an address at which the own listener, which may listen on all interfaces, can be dialled.
func listenerAddress(own net.Addr) string {
	tcp, ok := own.(*net.TCPAddr)
	if !ok {
		return own.String()
	}
	if tcp.IP.IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", fmt.Sprint(tcp.Port))
	}
	return tcp.String()
}
