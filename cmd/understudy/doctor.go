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
	"understudy/seed/workshop"
)

// doctorCommand checks what a workshop needs on this machine.
type doctorCommand struct {
	dataFlags
	Addr string        `default:"127.0.0.1:8080" help:"Address and port that the server is going to have. With --lan, a phone is asked for at this port."`
	LAN  bool          `help:"Also wait until a phone or another computer opens a page of this machine."`
	Wait time.Duration `default:"2m" help:"How long to wait for it."`
}

// finding is what a check found: a problem comes with the command or deed that mends it.
type finding struct {
	what, found, mend string
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
		if f.mend != "" {
			word, problems = "PROBLEM", problems+1
		}
		fmt.Fprintf(os.Stdout, "%-8s %-8s %s\n", word, f.what, f.found)
		if f.mend != "" {
			fmt.Fprintf(os.Stdout, "%18s%s\n", "", f.mend)
		}
	}
	if problems > 0 {
		return fmt.Errorf("%d of %d checks found a problem", problems, len(findings))
	}
	return nil
}

func (c *doctorCommand) port() finding {
	listener, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return finding{"port", explainListen(c.Addr, err).Error(), "Give another with --addr, or end what has it: ss -ltnp"}
	}
	_ = listener.Close()
	return finding{what: "port", found: c.Addr + " is free"}
}

// enoughDisk is what 300 labs with their checkpoints need, with room to spare.
const enoughDisk = 4 << 30

func (c *doctorCommand) disk() finding {
	dir, err := c.directory()
	if err != nil {
		return finding{"disk", err.Error(), "Name a directory with --data"}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return finding{"disk", explainData(dir, err).Error(), "Name a directory that you can write with --data"}
	}
	probe := filepath.Join(dir, ".doctor")
	if err := os.WriteFile(probe, []byte("ok"), 0o600); err != nil {
		return finding{"disk", explainData(dir, err).Error(), "Name a directory that you can write with --data"}
	}
	_ = os.Remove(probe)
	free, known := freeDisk(dir)
	if known && free < enoughDisk {
		return finding{"disk", fmt.Sprintf("%s has %d MB left", dir, free>>20), "Free some, or name a directory elsewhere with --data: 300 labs need about 4 GB"}
	}
	return finding{what: "disk", found: dir + " can be written"}
}

func clock() finding {
	now := time.Now()
	if now.Year() < 2026 || now.Year() > 2060 {
		return finding{"clock", "it is " + now.Format(time.DateTime) + " here", "Set the clock: sudo timedatectl set-ntp true"}
	}
	return finding{what: "clock", found: now.Format(time.DateTime)}
}

func browser() finding {
	path, err := player.FindBrowser("")
	if err != nil {
		return finding{"browser", "no Chromium, Chrome or Edge; only pictures and the browser player need one", "Install one: sudo apt-get install chromium-headless-shell"}
	}
	return finding{what: "browser", found: path}
}

func network() finding {
	addresses, err := workshop.Addresses()
	if err != nil || len(addresses) == 0 {
		return finding{"network", "this machine is in no network", "Join one, or open a hotspot of your own: nmcli device wifi hotspot"}
	}
	if workshop.Public(addresses[0].Addr) {
		return finding{"network", addresses[0].String() + " can be reached from the internet", "Join a private network; or know what you do, and use --allow-public"}
	}
	return finding{what: "network", found: "attendees can reach " + addresses[0].String() + " (" + addresses[0].Interface + ")"}
}

// reach serves one page to the local network, at the port that the workshop will have, and waits until another device
// opens it.
func (c *doctorCommand) reach(ctx context.Context, out io.Writer) finding {
	addresses, err := workshop.Addresses()
	if err != nil || len(addresses) == 0 {
		return finding{"phone", "there is no network to reach this machine through", "Join one first"}
	}
	at, port, err := net.SplitHostPort(c.Addr)
	if ip, bad := netip.ParseAddr(at); err != nil || bad != nil || ip.IsLoopback() || ip.IsUnspecified() {
		at = addresses[0].String() // the workshop's own default
	}
	listener, err := net.Listen("tcp", net.JoinHostPort(at, port))
	if err != nil {
		return finding{"phone", explainListen(net.JoinHostPort(at, port), err).Error(), "A phone is waited for at the port that the workshop will have; free it, or give the workshop's own with --addr"}
	}
	ctx, cancel := context.WithTimeout(ctx, c.Wait)
	defer cancel()
	came := make(chan string, 1)
	server := &http.Server{ReadHeaderTimeout: 5 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		if err != nil || ofThisMachine(host, addresses) {
			_, _ = io.WriteString(w, `<!doctype html><html lang="en"><title>This machine</title><h1>This is the instructor's machine itself</h1><p>Open this page on another device: only that shows that attendees come through.</p>`)
			return
		}
		_, _ = io.WriteString(w, `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>It works</title><h1>It works</h1><p>This device reaches the instructor's machine.</p>`)
		select {
		case came <- host:
		default:
		}
	})}
	go func() { _ = server.Serve(listener) }() // ends with Shutdown
	defer func() {
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = server.Shutdown(grace) // the phone gets its page to the end
	}()
	url := "http://" + listener.Addr().String()
	if code, err := workshop.TerminalQR(url); err == nil {
		fmt.Fprintln(out, code)
	}
	fmt.Fprintf(out, "Open %s on a phone in the same network.\n", url)
	select {
	case host := <-came:
		return finding{what: "phone", found: "\x1b[32m" + host + " reached this machine\x1b[0m"}
	case <-ctx.Done():
		return finding{"phone", "nobody came to " + url, "Same network? Then the firewall: sudo ufw allow from " + network24(addresses[0].Addr) + " to any port " + port + "; or the access point keeps its guests apart (client isolation)"}
	}
}

// ofThisMachine tells requests that never went over the network.
func ofThisMachine(host string, own []workshop.Address) bool {
	ip, err := netip.ParseAddr(host)
	return err != nil || ip.IsLoopback() || slices.ContainsFunc(own, func(a workshop.Address) bool { return a.Addr == ip.Unmap() })
}

// network24 is the usual network of a home or conference address.
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
