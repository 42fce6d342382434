package workshop

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
)

// Addresses lists the addresses of this machine under which others in its network can reach it, private ones first.
func Addresses() ([]netip.Addr, error) {
	interfaces, err := net.InterfaceAddrs()
	if err != nil {
		return nil, fmt.Errorf("this machine's addresses: %w", err)
	}
	var list []netip.Addr
	for _, i := range interfaces {
		network, ok := i.(*net.IPNet)
		if !ok {
			continue
		}
		address, ok := netip.AddrFromSlice(network.IP)
		address = address.Unmap()
		if ok && !address.IsLoopback() && !address.IsLinkLocalUnicast() {
			list = append(list, address)
		}
	}
	slices.SortStableFunc(list, func(a, b netip.Addr) int { return rank(a) - rank(b) })
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

// Public tells whether an address can be reached from the internet.
func Public(a netip.Addr) bool { return a.IsGlobalUnicast() && !a.IsPrivate() }
