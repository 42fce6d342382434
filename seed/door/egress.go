package door

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"time"
)

// Egress is the rule which servers the requests of this server (SCIM) may reach: this server itself, and others only when they
// are allowed. A base URL that an attendee types must not give access to the network of a shared machine.
type Egress struct {
	Own   net.Addr // our own listener
	Allow []string // "host:port" or "host" of others
	As    string   // a further "host:port" at which browsers know this server, "" for none
}

// ErrEgress is returned for a request to a server that is not allowed.
var ErrEgress = errors.New("this training server does not send requests to other servers; start it with --allow-egress to permit one")

// Transport returns a transport that enforces the rule at every connection, so that a name which resolves to another address
// is refused, too. It uses no proxy.
func (e Egress) Transport() *http.Transport {
	return &http.Transport{
		DialContext:           e.dial,
		MaxIdleConnsPerHost:   16,
		IdleConnTimeout:       time.Minute,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: time.Minute, // Okta closes after 60 s without a response
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

// isOwn reports whether an address is this server: its port at an address of this machine.
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

// reachable returns an address at which the own listener, which may listen on all interfaces, can be dialled.
func reachable(own net.Addr) string {
	tcp := own.(*net.TCPAddr) // isOwn has checked this
	if tcp.IP.IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", fmt.Sprint(tcp.Port))
	}
	return tcp.String()
}
