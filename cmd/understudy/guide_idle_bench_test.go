//go:build unix

package main

import (
	"context"
	"fmt"
	"net/http"
	"syscall"
	"testing"
	"time"

	"understudy/seed/scenario"
)

// BenchmarkIdleGuides measures the CPU use of 300 open guide pages, each of another lab, while nobody works.
func BenchmarkIdleGuides(b *testing.B) {
	s := start(b)
	starter, err := scenario.Load(scenario.Starter)
	if err != nil {
		b.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{}}
	ctx, stop := context.WithCancel(b.Context())
	defer stop()
	for n := range 300 {
		name := fmt.Sprintf("idle-%d", n)
		if err := s.Registry.Create(ctx, name, starter); err != nil {
			b.Fatal(err)
		}
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/labs/"+name+"/guide/events", nil)
		if err != nil {
			b.Fatal(err)
		}
		resp, err := client.Do(request)
		if err != nil {
			b.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
	}
	for b.Loop() {
		before := cpuTime(b)
		measured := time.NewTimer(5 * time.Second)
		<-measured.C // the period that is measured
		b.ReportMetric((cpuTime(b)-before).Seconds()/5*100, "percent-of-a-core")
	}
}

func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
