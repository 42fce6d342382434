package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"

	"understudy/seed/workshop"
)

// workshopCommand serves a room: a lab for each attendee, and a console for instructors.
type workshopCommand struct {
	dataFlags
	Labs        int      `default:"40" help:"How many people can join."`
	Code        string   `placeholder:"WORDS" help:"What attendees type to join. Made up when it is not given."`
	Addr        string   `placeholder:"HOST:PORT" help:"Address and port to listen on. Default: this machine's address in the local network, port 8080."`
	Advertise   string   `placeholder:"URL" help:"What attendees are told, where it differs from the address: a host name, a reverse proxy."`
	AllowPublic bool     `help:"Serve on an address that the internet can reach, too."`
	AllowEgress []string `placeholder:"HOST:PORT" help:"Other servers that provisioning may reach, besides this one."`
	TrustProxy  bool     `help:"Believe X-Forwarded-Proto, -Host and -For, as a reverse proxy in front sets them."`
}

// room is what a workshop adds to a server.
type room struct {
	labs      int
	code      string
	advertise string
}

// Run implements the workshop command.
func (c *workshopCommand) Run(ctx context.Context) error {
	s, err := c.start(ctx)
	if err != nil {
		return err
	}
	if err := c.announce(ctx, s); err != nil {
		return errors.Join(err, s.close())
	}
	<-ctx.Done()
	return s.close()
}

func (c *workshopCommand) start(ctx context.Context) (*server, error) {
	if c.Labs < 1 || c.Labs > 2000 {
		return nil, fmt.Errorf("a workshop has between 1 and 2000 labs, not %d", c.Labs)
	}
	address, err := c.address(ctx)
	if err != nil {
		return nil, err
	}
	serve := serveCommand{
		dataFlags: c.dataFlags, Addr: address, TrustProxy: c.TrustProxy, AllowEgress: c.AllowEgress, IdleClose: defaultIdle,
		People: c.Labs, room: &room{labs: c.Labs, code: c.Code, advertise: c.Advertise},
	}
	return serve.start(ctx)
}

// address is where to listen: as asked for, or this machine's address in its network. Public addresses need a flag.
func (c *workshopCommand) address(ctx context.Context) (string, error) {
	address := c.Addr
	if address == "" {
		found, err := workshop.Addresses()
		if err != nil {
			return "", err
		}
		if len(found) == 0 {
			return "", errors.New("this machine is in no network; join one, or name an address with --addr")
		}
		address = netip.AddrPortFrom(found[0].Addr, 8080).String()
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return "", fmt.Errorf("--addr %s is no HOST:PORT", address)
	}
	if c.AllowPublic {
		return address, nil
	}
	return address, refusePublic(ctx, host)
}

// refusePublic refuses addresses that the internet can reach; all addresses of the machine, or of a name, if one of them can be.
func refusePublic(ctx context.Context, host string) error {
	var ips []netip.Addr
	ip, err := netip.ParseAddr(host)
	switch {
	case host == "" || err == nil && ip.IsUnspecified():
		found, err := workshop.Addresses()
		if err != nil {
			return err
		}
		for _, a := range found {
			ips = append(ips, a.Addr)
		}
	case err == nil:
		ips = append(ips, ip)
	default:
		if ips, err = net.DefaultResolver.LookupNetIP(ctx, "ip", host); err != nil {
			return fmt.Errorf("--addr: nobody knows the name %s; give an address of this machine", host)
		}
	}
	for _, ip := range ips {
		if workshop.Public(ip) {
			return fmt.Errorf("%s can be reached from the internet; a workshop is for a local network. Name a private address with --addr, or insist with --allow-public", ip)
		}
	}
	return nil
}

// reachable is the address that attendees are told. A workshop that listens on all of the machine's addresses is reached
// by the first of them; 0.0.0.0 and the loopback would lead a phone to itself.
func reachable(listening net.Addr) (string, error) {
	tcp, ok := listening.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() {
		return "http://" + printable(listening), nil
	}
	found, err := workshop.Addresses()
	if err != nil || len(found) == 0 {
		return "http://" + printable(listening), err
	}
	return "http://" + netip.AddrPortFrom(found[0].Addr, uint16(tcp.Port)).String(), nil
}

// announce prints what the instructor needs. The address that attendees get is never 0.0.0.0.
func (c *workshopCommand) announce(ctx context.Context, s *server) error {
	state, err := s.workshop.State(ctx)
	if err != nil {
		return err
	}
	code, err := workshop.TerminalQR(s.workshop.Address + "/?code=" + state.Code)
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stdout, "%s\nThe workshop is open. Attendees go to\n\n  %s\n\nand type the code\n\n  %s\n\n", code, s.workshop.Address, state.Code)
	fmt.Fprintf(os.Stdout, "  Instructor    %s/instructor\n  Projector     %s/instructor/projector\n", s.workshop.Address, s.workshop.Address)
	if password := s.workshop.Password(); password != "" {
		fmt.Fprintf(os.Stdout, "  Password      %s   (shown only now)\n", password)
	} else {
		fmt.Fprintln(os.Stdout, "  Password      as printed when the workshop was opened first")
	}
	others, err := workshop.Addresses()
	if err != nil {
		return err
	}
	if len(others) > 1 {
		fmt.Fprintln(os.Stdout, "\nThis machine has these addresses; choose with --addr, or tell another with --advertise:")
		for _, address := range others {
			fmt.Fprintf(os.Stdout, "  %-39s %s\n", address.Addr, address.Interface)
		}
	}
	fmt.Fprintln(os.Stdout, "\nStop with Ctrl-C. Everything is kept and goes on at the next start.")
	return nil
}
