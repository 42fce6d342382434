package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"understudy/seed/lab"
	"understudy/seed/scenario"
)

// BenchmarkBringToTheLastStep rebuilds a lab up to step 9.8, as "Bring me here" does.
func BenchmarkBringToTheLastStep(b *testing.B) {
	s := start(b)
	for range b.N {
		resp, err := http.PostForm(s.url+"/labs/demo/guide/bring", url.Values{"step": {"9.8"}})
		if err != nil || resp.StatusCode != http.StatusOK {
			b.Fatal(err, resp)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
	}
}

// BenchmarkResetOf300Labs resets all labs of a large workshop.
func BenchmarkResetOf300Labs(b *testing.B) {
	s := start(b)
	starter, err := scenario.Load(scenario.Starter)
	if err != nil {
		b.Fatal(err)
	}
	for n := range 300 {
		if err := s.Registry.Create(b.Context(), fmt.Sprintf("lab-%d", n), starter); err != nil {
			b.Fatal(err)
		}
		if _, release, err := s.Registry.Acquire(b.Context(), fmt.Sprintf("lab-%d", n)); err != nil {
			b.Fatal(err)
		} else {
			release()
		}
	}
	for b.Loop() {
		for n := range 300 {
			if err := s.Registry.ResetTo(b.Context(), fmt.Sprintf("lab-%d", n), "", lab.EndSessions); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkLiveUpdate measures the time from an action in one browser to the event at an open guide in another.
func BenchmarkLiveUpdate(b *testing.B) {
	s := start(b)
	resp, err := http.Get(s.url + "/labs/demo/guide/events")
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	told := make(chan time.Time)
	go func() {
		lines := bufio.NewScanner(resp.Body)
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), "data: ") {
				told <- time.Now()
			}
		}
		close(told)
	}()
	<-told
	var longest, all time.Duration
	steps := []string{"2.1", "0.1"} // each changes the state
	for n := range b.N {
		if resp, err := http.PostForm(s.url+"/labs/demo/guide/bring", url.Values{"step": {steps[n%2]}}); err != nil {
			b.Fatal(err)
		} else {
			_ = resp.Body.Close()
		}
		drain(told)
		began := time.Now()
		l, release, err := s.Registry.Acquire(b.Context(), "demo")
		if err != nil {
			b.Fatal(err)
		}
		if err := l.MarkDone(b.Context(), lab.Quickstart, []string{"10.5", "10.6"}[n%2]); err != nil {
			b.Fatal(err)
		}
		release()
		took := (<-told).Sub(began)
		all, longest = all+took, max(longest, took)
	}
	b.ReportMetric(float64(all.Milliseconds())/float64(b.N), "ms-mean")
	b.ReportMetric(float64(longest.Milliseconds()), "ms-longest")
}

// drain receives events until none arrives for 300 ms.
func drain(told <-chan time.Time) {
	for { // until no event arrives
		select {
		case <-told:
		case <-time.After(300 * time.Millisecond):
			return
		}
	}
}
