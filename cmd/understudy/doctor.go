package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"time"

	"understudy/seed/script/player"
	"understudy/seed/server"
	"understudy/seed/workshop"
)

// doctorCommand checks whether this machine is ready for a workshop.
type doctorCommand struct {
	dataFlags
	Addr string        `default:"127.0.0.1:8080" help:"Address and port that the server will use."`
	LAN  bool          `help:"Also wait until a phone or another computer opens a page of this machine."`
	Wait time.Duration `default:"2m" help:"With --lan: how long to wait."`
}

// finding is the result of one check. If fix is not empty, there is a problem, and fix says what to do about it.
type finding struct {
	what, found, fix string
}

// Run implements the doctor command.
func (c *doctorCommand) Run(ctx context.Context) error {
	findings := []finding{c.port(), c.disk(), clock(), browser(), network()}
	if c.LAN {
		findings = append(findings, c.reach(ctx, os.Stdout))
	}
	problems := 0
	for _, f := range findings {
		word := "ok"
		if f.fix != "" {
			word, problems = "PROBLEM", problems+1
		}
		fmt.Fprintf(os.Stdout, "%-8s %-8s %s\n", word, f.what, f.found)
		if f.fix != "" {
			fmt.Fprintf(os.Stdout, "%18s%s\n", "", f.fix)
		}
	}
	if problems > 0 {
		return fmt.Errorf("%d of %d checks found a problem", problems, len(findings))
	}
	return nil
}

// port checks that the server's port is free.
func (c *doctorCommand) port() finding {
	listener, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return finding{"port", server.ExplainListen(c.Addr, err).Error(), "Choose another port with --addr, or stop the program that uses it (find it with: ss -ltnp)"}
	}
	_ = listener.Close()
	return finding{what: "port", found: c.Addr + " is free"}
}

// enoughDisk is the size in bytes of 300 labs with their checkpoints, plus a reserve.
const enoughDisk = 4 << 30

// disk checks that the data directory is writable and that its disk has space.
func (c *doctorCommand) disk() finding {
	dir, err := c.directory()
	if err != nil {
		return finding{"disk", err.Error(), "Choose a directory with --data"}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return finding{"disk", server.ExplainData(dir, err).Error(), "Choose a writable directory with --data"}
	}
	probe := filepath.Join(dir, ".doctor")
	if err := os.WriteFile(probe, []byte("ok"), 0o600); err != nil {
		return finding{"disk", server.ExplainData(dir, err).Error(), "Choose a writable directory with --data"}
	}
	_ = os.Remove(probe)
	free, known := freeDisk(dir)
	if known && free < enoughDisk {
		return finding{"disk", fmt.Sprintf("%d MB are free for %s", free>>20, dir),
			"Free disk space, or choose a directory on another disk with --data. 300 labs need about 4 GB"}
	}
	return finding{what: "disk", found: dir + " is writable"}
}

// clock checks that the machine's year is plausible. Certificates depend on the time.
func clock() finding {
	now := time.Now()
	if now.Year() < 2026 || now.Year() > 2060 {
		return finding{"clock", "the clock shows " + now.Format(time.DateTime), "Set the clock: sudo timedatectl set-ntp true"}
	}
	return finding{what: "clock", found: now.Format(time.DateTime)}
}

// browser checks that the pictures and the browser player can find a browser.
func browser() finding {
	path, err := player.FindBrowser("")
	if err != nil {
		return finding{"browser", "found no Chromium, Chrome or Edge; only pictures and the browser player need one",
			"Install one: sudo apt-get install chromium-headless-shell"}
	}
	return finding{what: "browser", found: path}
}

// network checks that the machine has an address in a private network.
func network() finding {
	addresses, err := workshop.Addresses()
	if err != nil || len(addresses) == 0 {
		return finding{"network", "this machine is not in a network", "Join one, or open a hotspot: nmcli device wifi hotspot"}
	}
	if workshop.Public(addresses[0].Addr) {
		return finding{"network", "the internet can reach " + addresses[0].String(),
			"Join a private network. If attendees have to come over the internet, use --allow-public"}
	}
	return finding{what: "network", found: "attendees can reach " + addresses[0].String() + " (" + addresses[0].Interface + ")"}
}

// reach serves one page to the local network, at the port of the workshop, and waits until another device opens it.
func (c *doctorCommand) reach(ctx context.Context, out io.Writer) finding {
	addresses, err := workshop.Addresses()
	if err != nil || len(addresses) == 0 {
		return finding{"phone", "there is no network", "Join one first"}
	}
	at, port, err := net.SplitHostPort(c.Addr)
	if ip, bad := netip.ParseAddr(at); err != nil || bad != nil || ip.IsLoopback() || ip.IsUnspecified() {
		at = addresses[0].String() // the default of the workshop command
	}
	listener, err := net.Listen("tcp", net.JoinHostPort(at, port))
	if err != nil {
		return finding{"phone", server.ExplainListen(net.JoinHostPort(at, port), err).Error(),
			"Stop the program that uses the port, or name the port of the workshop with --addr"}
	}
	ctx, cancel := context.WithTimeout(ctx, c.Wait)
	defer cancel()
	visited := make(chan string, 1)
	server := &http.Server{ReadHeaderTimeout: 5 * time.Second, Handler: reachPage(addresses, visited)}
	go func() { _ = server.Serve(listener) }() // ends with Shutdown
	defer func() {
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = server.Shutdown(grace) // lets the phone receive the whole page
	}()
	url := "http://" + listener.Addr().String()
	if code, err := workshop.TerminalQR(url); err == nil {
		fmt.Fprintln(out, code)
	}
	fmt.Fprintf(out, "Open %s on a phone in the same network.\n", url)
	select {
	case host := <-visited:
		return finding{what: "phone", found: "\x1b[32m" + host + " reached this machine\x1b[0m"}
	case <-ctx.Done():
		return finding{"phone", "no device opened " + url,
			"Check that the phone is in the same network. Open the firewall: sudo ufw allow from " + network24(addresses[0].Addr) +
				" to any port " + port + ". Turn off client isolation at the access point"}
	}
}

const (
	ownMachinePage = `<!doctype html><html lang="en"><title>This machine</title><h1>This is the instructor's machine itself</h1>` +
		`<p>Open this page on another device to check that attendees can reach this machine.</p>`
	otherDevicePage = `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>It works</title>` +
		`<h1>It works</h1><p>This device can reach the instructor's machine.</p>`
)

// reachPage answers each request. It sends the address of the first device that is not this machine to visited, which must
// have a buffer of one.
func reachPage(own []workshop.Address, visited chan<- string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		if err != nil || ofThisMachine(host, own) {
			_, _ = io.WriteString(w, ownMachinePage)
			return
		}
		_, _ = io.WriteString(w, otherDevicePage)
		select {
		case visited <- host:
		default:
		}
	})
}

// ofThisMachine reports whether a request comes from this machine itself.
func ofThisMachine(host string, own []workshop.Address) bool {
	ip, err := netip.ParseAddr(host)
	return err != nil || ip.IsLoopback() || slices.ContainsFunc(own, func(a workshop.Address) bool { return a.Addr == ip.Unmap() })
}

// network24 returns the /24 network of an IPv4 address (/64 for IPv6), the usual size at home and at conferences.
func network24(a netip.Addr) string {
	bits := 24
	if a.Is6() {
		bits = 64
	}
	prefix, err := a.Prefix(bits)
	if err != nil {
		return a.String()
	}
	return prefix.String()
}
