package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"understudy/seed/base/keytest"
	"understudy/seed/base/waittest"
	"understudy/seed/lab"
	"understudy/seed/scenario"
)

// resident returns a kind of the memory that a process holds (VmRSS, RssAnon or RssFile), in megabytes.
func (p *process) resident(t testing.TB, kind string) float64 {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == kind+":" {
			kilobytes, err := strconv.Atoi(fields[1])
			if err != nil {
				t.Fatal(err)
			}
			return float64(kilobytes) / 1024
		}
	}
	t.Fatalf("the process reports no %s", kind)
	return 0
}

// opens requests a page of the server, which must be there.
func (p *process) opens(t testing.TB, path string) {
	t.Helper()
	resp, err := http.Get(p.url + path)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatal(err, resp)
	}
	_ = resp.Body.Close()
}

// A server that only started does not hold the memory that its start needed.
func TestIdleServerReturnsMemory(t *testing.T) {
	t.Parallel()
	p := serve(t, "--ephemeral")
	busy := p.resident(t, "RssFile") // at once: on a busy machine, the server may be idle again before the page has arrived
	p.opens(t, "/okta/demo/login/login.htm")
	busy = max(busy, p.resident(t, "RssFile"))
	waittest.Until(t, "the idle server to unmap what its start needed", func() (any, bool) {
		idle := p.resident(t, "RssFile")
		return fmt.Sprintf("%.1f MB of %.1f MB", idle, busy), idle < busy/2
	})
	p.opens(t, "/okta/demo/login/login.htm") // it still works
}

// BenchmarkMemory measures the memory of a server that nobody has used, and of a server with 300 labs whose first page was
// opened, each after it has become idle.
func BenchmarkMemory(b *testing.B) {
	dir := b.TempDir()
	createLabs(b, dir, 300)
	for b.Loop() {
		p := serve(b, "--data", dir, "--lab", "lab-0")
		b.ReportMetric(p.settled(b, 0), "MB-idle")
		for n := range 300 {
			p.opens(b, fmt.Sprintf("/okta/lab-%d/login/login.htm", n))
		}
		b.ReportMetric(p.resident(b, "VmRSS"), "MB-300-labs-busy")
		b.ReportMetric(p.settled(b, 2*idlePeriod), "MB-300-labs-idle")
		p.kill()
	}
}

func createLabs(b *testing.B, dir string, labs int) {
	b.Helper()
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	registry, err := lab.OpenRegistry(dir, lab.Config{Keys: lab.KeysFrom(keytest.Source())})
	if err != nil {
		b.Fatal(err)
	}
	starter, err := scenario.Load(scenario.Starter)
	if err != nil {
		b.Fatal(err)
	}
	for n := range labs {
		if err := registry.Create(ctx, fmt.Sprintf("lab-%d", n), starter); err != nil {
			b.Fatal(err)
		}
	}
	if err := registry.Close(); err != nil {
		b.Fatal(err)
	}
}

// settled returns the memory of the process, in megabytes, when it has not changed for four seconds after some time.
func (p *process) settled(b *testing.B, after time.Duration) (megabytes float64) {
	b.Helper()
	until := time.Now().Add(after)
	waittest.Until(b, "the memory of the idle server to stay the same", func() (any, bool) {
		now := p.resident(b, "VmRSS")
		if difference := now - megabytes; difference > 1 || difference < -1 {
			megabytes, until = now, maxTime(until, time.Now().Add(4*time.Second))
		}
		return now, !time.Now().Before(until)
	})
	return megabytes
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
