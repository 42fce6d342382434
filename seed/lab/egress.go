package lab

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"time"
)

// Egress says which servers the requests that we send ourselves (SCIM) may reach: always this one, else only what is
// allowed. On a shared machine a base URL that an attendee types must not become a way into the network.
type Egress struct {
	Own   net.Addr // our own listener
	Allow []string // "host:port" or "host" of others
	As    string   // a further "host:port" at which browsers know this server, "" for none
}

// ErrEgress says that provisioning may not reach a server.
var ErrEgress = errors.New("this training server does not send requests to other servers; start it with --allow-egress to permit one")

// Transport is what outgoing requests go through. It has no proxy and follows the rule at every connection, so that a
// name which resolves to somewhere else does not slip by.
func (e Egress) Transport() *http.Transport {
	return &http.Transport{
		DialContext:           e.dial,
		MaxIdleConnsPerHost:   16,
		IdleConnTimeout:       time.Minute,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: time.Minute, // Okta closes after 60 s without an answer
	}
}

func (e Egress) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	var dialer net.Dialer
	if e.isOwn(addr) {
		return dialer.DialContext(ctx, network, reachable(e.Own))
	}
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	if slices.Contains(e.Allow, addr) || slices.Contains(e.Allow, host) {
		return dialer.DialContext(ctx, network, addr)
	}
	return nil, fmt.Errorf("%s: %w", addr, ErrEgress)
}

// isOwn tells whether an address leads back to this server: our port on an address of this machine.
func (e Egress) isOwn(addr string) bool {
	own, ok := e.Own.(*net.TCPAddr)
	if !ok {
		return false
	}
	if e.As != "" && addr == e.As {
		return true
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil || port != fmt.Sprint(own.Port) {
		return false
	}
	ip := net.ParseIP(host)
	if ip == nil {
		return host == "localhost"
	}
	if ip.IsLoopback() || ip.Equal(own.IP) {
		return true
	}
	if !own.IP.IsUnspecified() {
		return false
	}
	interfaces, err := net.InterfaceAddrs()
	return err == nil && slices.ContainsFunc(interfaces, func(a net.Addr) bool {
		n, ok := a.(*net.IPNet)
		return ok && n.IP.Equal(ip)
	})
}

// reachable is how to dial our own listener, which may listen on all interfaces.
func reachable(own net.Addr) string {
	tcp := own.(*net.TCPAddr) // isOwn has seen to it
	if tcp.IP.IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", fmt.Sprint(tcp.Port))
	}
	return tcp.String()
}
