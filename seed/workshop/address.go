package workshop

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
)

// Address is a network address of this machine with the name of its interface: "wlan0".
type Address struct {
	netip.Addr
	Interface string
}

// Addresses lists the addresses under which other machines can reach this one, without loopback and link-local addresses.
// Private addresses come before public ones, and IPv4 before IPv6.
func Addresses() ([]Address, error) {
	interfaces, err := net.Interfaces()
	if err != nil {
		return nil, fmt.Errorf("list the network interfaces of this machine: %w", err)
	}
	var list []Address
	for _, i := range interfaces {
		addresses, err := i.Addrs()
		if err != nil || i.Flags&net.FlagUp == 0 {
			continue // the interface is down, or was removed after net.Interfaces
		}
		for _, a := range addresses {
			network, ok := a.(*net.IPNet)
			if !ok {
				continue
			}
			address, ok := netip.AddrFromSlice(network.IP)
			address = address.Unmap()
			if ok && !address.IsLoopback() && !address.IsLinkLocalUnicast() {
				list = append(list, Address{address, i.Name})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Address) int { return rank(a.Addr) - rank(b.Addr) })
	return list, nil
}

// rank orders addresses: private IPv4, private IPv6, public IPv4, public IPv6.
func rank(a netip.Addr) int {
	n := 0
	if a.Is6() {
		n++
	}
	if Public(a) {
		n += 2
	}
	return n
}

// notReachable are further addresses that the internet cannot reach: the shared address space of carriers and virtual private networks
// (RFC 6598), and those for documentation and measurements and of no use (RFC 5737, 2544, 3849, 9637, 1112, 6890), which laboratories use.
var notReachable = prefixes("100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
	"240.0.0.0/4", "2001:db8::/32", "3fff::/20")

func prefixes(texts ...string) (list []netip.Prefix) {
	for _, text := range texts {
		list = append(list, netip.MustParsePrefix(text))
	}
	return list
}

// Public reports whether the internet can reach an address.
func Public(a netip.Addr) bool {
	a = a.Unmap()
	return a.IsGlobalUnicast() && !a.IsPrivate() && !slices.ContainsFunc(notReachable, func(p netip.Prefix) bool { return p.Contains(a) })
}
