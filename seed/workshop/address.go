package workshop

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
)

// Address is one of this machine's, with the name of the interface that has it: "wlan0".
type Address struct {
	netip.Addr
	Interface string
}

// Addresses lists the addresses of this machine under which others in its network can reach it, private ones first.
func Addresses() ([]Address, error) {
	interfaces, err := net.Interfaces()
	if err != nil {
		return nil, fmt.Errorf("this machine's addresses: %w", err)
	}
	var list []Address
	for _, i := range interfaces {
		addresses, err := i.Addrs()
		if err != nil || i.Flags&net.FlagUp == 0 {
			continue // one that is down, or has just gone
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

// rank puts private IPv4 addresses first, public ones last.
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

// shared are the addresses that providers of mobile networks and virtual private networks give out: not reached from the
// internet either (RFC 6598).
var shared = netip.MustParsePrefix("100.64.0.0/10")

// Public tells whether an address can be reached from the internet.
func Public(a netip.Addr) bool {
	a = a.Unmap()
	return a.IsGlobalUnicast() && !a.IsPrivate() && !shared.Contains(a)
}
