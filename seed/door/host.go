package door

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

// Hosts are the names under which this server answers. A page of another site whose name leads to this server (DNS rebinding)
// must not count as a page of this server.
type Hosts struct {
	Own       net.Addr // our own listener; nil accepts every port at the names of this machine
	Advertise []string // public addresses, such as "https://labs.example.org"; the first is the canonical one
	Allow     []string // further names: "host", "host:port" or "*.domain"
}

// labHosts are the ends of the names that lead to a half of a lab: demo.okta.test.
var labHosts = []string{".okta.test", ".sigma.test", ".okta.localhost", ".sigma.localhost"}

// Allows reports whether the server answers for the value of a Host header.
func (h Hosts) Allows(host string) bool {
	if !isValidHost(host) {
		return false
	}
	name, port := splitHost(host)
	if hasEmptyLabel(name) {
		return false
	}
	return h.isAdvertised(name, port) || h.isOwn(name, port) || h.isNamed(name, port) ||
		slices.ContainsFunc(labHosts, func(end string) bool { return strings.HasSuffix(name, end) })
}

// hasEmptyLabel reports whether a name without the dot at its end begins with a dot or has two dots in a row.
func hasEmptyLabel(name string) bool { return slices.Contains(strings.Split(name, "."), "") }

// isAdvertised reports whether a host is that of a public address.
func (h Hosts) isAdvertised(name, port string) bool {
	return slices.ContainsFunc(h.Advertise, func(address string) bool {
		u, err := url.Parse(address)
		if err != nil {
			return false
		}
		n, p := splitHost(u.Host)
		return n == name && (p == port || defaultPort(p, u.Scheme) == defaultPort(port, u.Scheme))
	})
}

// isNamedOnly reports whether the server answers for a host only because Allow has it, perhaps with all names of its domain.
func (h Hosts) isNamedOnly(host string) bool {
	name, port := splitHost(host)
	return len(h.Allow) > 0 && h.isNamed(name, port) && !h.isAdvertised(name, port) && !h.isOwn(name, port)
}

// isNamed reports whether a host is in Allow.
func (h Hosts) isNamed(name, port string) bool {
	return slices.ContainsFunc(h.Allow, func(allowed string) bool {
		if domain, all := strings.CutPrefix(strings.ToLower(allowed), "*"); all {
			return strings.HasPrefix(domain, ".") && strings.HasSuffix(name, domain)
		}
		n, p := splitHost(allowed)
		return n == name && (p == "" || p == port)
	})
}

// isOwn reports whether a host is the listener's port at a name or an address of this machine.
func (h Hosts) isOwn(name, port string) bool {
	own, listening := h.Own.(*net.TCPAddr)
	if listening && defaultPort(port, "http") != fmt.Sprint(own.Port) {
		return false
	}
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return true
	}
	ip := net.ParseIP(strings.Trim(name, "[]"))
	switch {
	case ip == nil:
		return listening && own.IP.IsUnspecified() && slices.Contains(machine.names(), name)
	case ip.IsLoopback():
		return true
	case !listening || ip.IsUnspecified():
		return false
	}
	return ip.Equal(own.IP) || own.IP.IsUnspecified() && slices.ContainsFunc(machine.addresses(), ip.Equal)
}

// canonical returns the origin for the addresses that people copy and that emails contain: a public address if there is one.
// With hostForm, a request at the host of a lab keeps that host.
func (h Hosts) canonical(origin string, hostForm bool) string {
	if len(h.Advertise) == 0 || slices.Contains(h.Advertise, origin) {
		return origin
	}
	u, err := url.Parse(origin)
	if err != nil || !hostForm {
		return h.Advertise[0]
	}
	if name, port := splitHost(u.Host); !h.isAdvertised(name, port) {
		if _, isLabHost := routeByHost(name, "/"); isLabHost {
			return origin
		}
	}
	return h.Advertise[0]
}

// mailBase returns the base URL for links in emails: the public address, if there is one, or else the address of the request, with our
// own port where the name of a lab came with another one.
func (h Hosts) mailBase(reached string, rt route) string {
	path := "/" + string(rt.half) + "/" + rt.lab
	if len(h.Advertise) > 0 {
		return h.Advertise[0] + path
	}
	u, err := url.Parse(reached)
	own, listening := h.Own.(*net.TCPAddr)
	if err != nil || !listening {
		return reached + rt.prefix
	}
	name, port := splitHost(u.Host)
	foreignPort := defaultPort(port, u.Scheme) != fmt.Sprint(own.Port) && port != ""
	if foreignPort && !h.isNamed(name, port) && slices.ContainsFunc(labHosts, func(end string) bool { return strings.HasSuffix(name, end) }) {
		u.Host = net.JoinHostPort(name, fmt.Sprint(own.Port))
	}
	return u.Scheme + "://" + u.Host + rt.prefix
}

// refuseHost answers a request for a name that is not ours.
func (h Hosts) refuse(w http.ResponseWriter, host string) {
	if !isValidHost(host) {
		http.Error(w, "The Host header is not a valid host.", http.StatusBadRequest)
		return
	}
	http.Error(w, fmt.Sprintf("This server does not answer for the host %.255q.\nOpen it under its own address, or start it with "+
		"--advertise and its public address, or with --allow-host and the name.", host), http.StatusMisdirectedRequest)
}

// splitHost returns the name of a host in lower case, without the dot at its end, and its port, if it has one.
func splitHost(host string) (name, port string) {
	name = hostname(host)
	if name != host {
		port = host[strings.LastIndex(host, ":")+1:]
	}
	return strings.TrimSuffix(strings.ToLower(name), "."), port
}

func defaultPort(port, scheme string) string {
	switch {
	case port != "":
		return port
	case scheme == "https":
		return "443"
	}
	return "80"
}

// machine is this machine's names and addresses. A network can change while the server runs, so they are read again.
var machine machineNames

type machineNames struct {
	mu   sync.Mutex
	read time.Time
	ips  []net.IP
	name string
}

const machineNamesKept = 10 * time.Second

func (m *machineNames) refresh() {
	if time.Since(m.read) < machineNamesKept {
		return
	}
	m.read, m.ips = time.Now(), nil
	interfaces, err := net.InterfaceAddrs()
	if err != nil {
		return // the addresses are not known, so they are not answered for
	}
	for _, a := range interfaces {
		if n, ok := a.(*net.IPNet); ok {
			m.ips = append(m.ips, n.IP)
		}
	}
	m.name, _ = os.Hostname() // "" is no name of a request
}

func (m *machineNames) addresses() []net.IP {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.refresh()
	return m.ips
}

// names are the machine's name, and that name as multicast DNS announces it.
func (m *machineNames) names() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.refresh()
	name := strings.ToLower(m.name)
	return []string{name, strings.TrimSuffix(name, ".local") + ".local"}
}
