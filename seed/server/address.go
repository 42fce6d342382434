package server

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"syscall"

	"understudy/seed/door"
	"understudy/seed/lab"
	"understudy/seed/workshop"
)

// PublicHosts returns the names under which the server answers. An address of --advertise must be a URL without a path.
func (c Config) PublicHosts(listening net.Addr) (door.Hosts, error) {
	hosts := door.Hosts{Own: listening, Allow: c.AllowHost}
	for _, text := range c.Advertise {
		u, err := url.Parse(strings.TrimSuffix(text, "/"))
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.String() != u.Scheme+"://"+u.Host {
			return hosts, fmt.Errorf("--advertise %s is not a public address; give one such as https://labs.example.org, without a path", text)
		}
		hosts.Advertise = append(hosts.Advertise, u.String())
	}
	return hosts, nil
}

// ExplainListen says in one sentence why a server cannot listen on an address.
func ExplainListen(addr string, err error) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("%s is in use by another program; stop it, or choose another port with --addr", addr)
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("this user is not allowed to listen on %s; choose a port above 1023 with --addr", addr)
	}
	return fmt.Errorf("cannot listen on %s: %w", addr, err)
}

// Printable returns an address that a browser on this machine can open. A listener on all interfaces gives the loopback
// address.
func Printable(a net.Addr) string {
	tcp, ok := a.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() {
		return a.String()
	}
	return net.JoinHostPort("127.0.0.1", fmt.Sprint(tcp.Port))
}

// attendeeURL returns the URL to show to attendees. For a listener on all interfaces the URL has the machine's first address,
// because other devices cannot reach this machine at 0.0.0.0 or at the loopback address.
func attendeeURL(listening net.Addr) (string, error) {
	tcp, ok := listening.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() {
		return "http://" + Printable(listening), nil
	}
	found, err := workshop.Addresses()
	if err != nil || len(found) == 0 {
		return "http://" + Printable(listening), err
	}
	return "http://" + netip.AddrPortFrom(found[0].Addr, uint16(tcp.Port)).String(), nil
}

// allowLogin returns the rule for user names; nil allows all. If other machines can connect to a, only reserved email domains
// (RFC 2606) and those of --allow-domain are allowed, so that nobody types the name and password of a real account.
func (c Config) allowLogin(a net.Addr) func(login string) error {
	if tcp, ok := a.(*net.TCPAddr); ok && tcp.IP.IsLoopback() {
		return nil
	}
	return lab.ReservedLogins(c.AllowDomain)
}

// ExplainData turns a file system error about the data directory into one sentence that names a way out.
func ExplainData(dir string, err error) error {
	path, ok := errors.AsType[*fs.PathError](err)
	switch {
	case !ok:
		return err
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("the data directory %s is not writable; choose another with --data, or use --ephemeral", dir)
	case errors.Is(err, fs.ErrExist) || isNotDirectory(err):
		return fmt.Errorf("the data directory %s is not a directory; choose another with --data", dir)
	}
	return fmt.Errorf("the data directory %s cannot be used (%w); choose another with --data", dir, path.Err)
}
