package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"

	"understudy/seed/server"
	"understudy/seed/workshop"
)

// workshopCommand serves a workshop: one lab for each attendee, and a console for instructors.
type workshopCommand struct {
	dataFlags
	contentFlags
	Labs      int      `default:"40" help:"Number of people who can join, one lab for each browser. The settings of the console limit the labs of one network address."`
	Code      string   `placeholder:"WORDS" help:"Join code that attendees type. Default: random words."`
	Addr      string   `placeholder:"HOST:PORT" help:"Address and port. Default: this machine's address in the local network, port 8080."`
	Advertise []string `placeholder:"URL" help:"Public address, such as that of a reverse proxy. Attendees see the first one. Default: --addr."`
	publicFlags
	AllowHost   []string `placeholder:"NAME" help:"Further name under which browsers reach this server, such as lab.example.org or *.example.org."`
	AllowPublic bool     `help:"Allow an address that the internet can reach."`
	AllowEgress []string `placeholder:"HOST:PORT" help:"Server that provisioning may call, besides this one."`
	tokenFlags
	TrustProxy bool `help:"Trust the X-Forwarded-Proto, -Host and -For headers of a reverse proxy."`

	Password     string `env:"UNDERSTUDY_INSTRUCTOR_PASSWORD" xor:"password" placeholder:"TEXT" help:"Instructor password. Default: the one of the last start, or random words. Other users of this machine can see it; prefer --password-file."`
	PasswordFile string `type:"existingfile" xor:"password" placeholder:"FILE" help:"File whose first line is the instructor password."`
}

// Run implements the workshop command.
func (c *workshopCommand) Run(ctx context.Context) error {
	s, err := c.start(ctx)
	if err != nil {
		return err
	}
	if err := c.announce(ctx, s); err != nil {
		return errors.Join(err, s.Close())
	}
	go s.use.returnMemory(ctx)
	<-ctx.Done()
	return s.Close()
}

// start starts the server and opens the workshop.
func (c *workshopCommand) start(ctx context.Context) (*running, error) {
	if c.Labs < 1 || c.Labs > 2000 {
		return nil, fmt.Errorf("a workshop has between 1 and 2000 labs, not %d", c.Labs)
	}
	address, err := c.listenAddress(ctx)
	if err != nil {
		return nil, err
	}
	password, err := readPassword(c.Password, c.PasswordFile)
	if err != nil {
		return nil, err
	}
	serve := serveCommand{
		dataFlags: c.dataFlags, tokenFlags: c.tokenFlags, contentFlags: c.contentFlags, publicFlags: c.publicFlags,
		Addr: address, TrustProxy: c.TrustProxy, AllowEgress: c.AllowEgress, IdleClose: defaultIdle,
		Advertise: c.Advertise, AllowHost: c.AllowHost, People: c.Labs, workshop: &server.Workshop{Labs: c.Labs, Code: c.Code, Password: password},
	}
	return serve.start(ctx)
}

// listenAddress returns the address to listen on: --addr, or this machine's address in the local network. A public address is an
// error without --allow-public.
func (c *workshopCommand) listenAddress(ctx context.Context) (string, error) {
	address := c.Addr
	if address == "" {
		found, err := workshop.Addresses()
		if err != nil {
			return "", err
		}
		if len(found) == 0 {
			return "", errors.New("this machine is not in a network; join a network, or set an address with --addr")
		}
		address = netip.AddrPortFrom(found[0].Addr, 8080).String()
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return "", fmt.Errorf("--addr %s is not of the form HOST:PORT", address)
	}
	if c.AllowPublic {
		return address, nil
	}
	return address, refusePublic(ctx, host)
}

// refusePublic returns an error if the internet can reach host. A name, or the unspecified address, is refused if one of its
// addresses is public.
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
			return fmt.Errorf("--addr: the host name %s cannot be resolved; use an address of this machine", host)
		}
	}
	for _, ip := range ips {
		if workshop.Public(ip) {
			return fmt.Errorf("the internet can reach %s, but a workshop is meant for a local network; "+
				"set a private address with --addr, or use --allow-public", ip)
		}
	}
	return nil
}

// announce prints the join code and address for attendees, and the addresses and the password for instructors.
func (c *workshopCommand) announce(ctx context.Context, s *running) error {
	state, err := s.Workshop.State(ctx)
	if err != nil {
		return err
	}
	code, err := workshop.TerminalQR(s.Workshop.Address + "/?code=" + state.Code)
	if err != nil {
		return err
	}
	address := s.Workshop.Address
	fmt.Fprintf(os.Stdout, "%s\nThe workshop is open. Attendees open\n\n  %s\n\nand enter the join code\n\n  %s\n\n",
		code, address, state.Code)
	fmt.Fprintf(os.Stdout, "  Instructor    %s/instructor\n  Projector     %s/instructor/projector\n", address, address)
	fmt.Fprint(os.Stdout, passwordText(s.Workshop), recoveryText(s.Workshop))
	others, err := workshop.Addresses()
	if err != nil {
		return err
	}
	if len(others) > 1 {
		fmt.Fprintln(os.Stdout, "\nThis machine has these addresses. Choose one with --addr, or show another one with --advertise:")
		for _, address := range others {
			note := ""
			if workshop.Public(address.Addr) {
				note = "   (the internet can reach it; it needs --allow-public)"
			}
			fmt.Fprintf(os.Stdout, "  %-39s %s%s\n", address.Addr, address.Interface, note)
		}
	}
	fmt.Fprintln(os.Stdout, "\nStop with Ctrl-C. The workshop is kept and continues at the next start.")
	return nil
}

// passwordText says which password instructors use.
func passwordText(w *workshop.Workshop) string {
	switch password := w.NewPassword(); {
	case password != "":
		return "  Password      " + password + "   (shown only once)\n"
	case w.ReplacedPassword():
		return "  Password      the one that was replaced in the console after the last start with this --password or --password-file;\n" +
			"                to replace it, write another one there\n"
	}
	return "  Password      the one that you have set, or that the first start has printed; replace it with --password-file\n"
}

// recoveryText says what was lost with a damaged file of the workshop, and how attendees get their labs back; "" if nothing was.
func recoveryText(w *workshop.Workshop) string {
	var b strings.Builder
	if kept := w.DamagedFile(); kept != "" {
		fmt.Fprintf(&b, "\nThe file of the workshop was damaged. It is kept as %s.\n"+
			"The workshop has started again: the password is new, and nicknames, PINs and settings are lost. The labs are kept.\n", kept)
	}
	if labs := w.Recovered(); len(labs) > 0 {
		b.WriteString("\nThese labs belong to nobody. Tell each person the nickname and the PIN with which they return to their lab:\n")
		for _, lab := range labs {
			fmt.Fprintf(&b, "  %-13s nickname %s, PIN %s\n", lab.Lab, lab.Nickname, lab.PIN)
		}
	}
	return b.String()
}
