package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"understudy/seed/door/limit"
	"understudy/seed/script"
	"understudy/seed/script/player"
)

// loadCommand simulates people who play the quickstart at once, each in their own lab, and reports response times and
// failures. The server runs in its own process, so that the players' memory is not counted as the server's.
type loadCommand struct {
	Labs int           `default:"300" help:"Number of simulated people; each gets a lab."`
	Pace time.Duration `default:"2s" help:"Pause before each action; 0 for none."`
	To   string        `placeholder:"STEP" help:"Last step to play. Default: all steps."`
}

// Run implements the load command.
func (c *loadCommand) Run(ctx context.Context) error {
	report, err := c.run(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stdout, report)
	if report.failed > 0 {
		return errors.New("some people did not finish")
	}
	return nil
}

// loadReport is the result of a load. Times are from sending a request to the response header.
type loadReport struct {
	people, failed    int
	pages             int
	p50, p95, longest time.Duration
	took              time.Duration
	memory            int // the server's peak resident memory in kB; 0 if the system does not report it
}

// String returns the report as one line.
func (r loadReport) String() string {
	return fmt.Sprintf("%d people, %d failed; %d pages in %s; page time: median %s, 95th percentile %s, longest %s; "+
		"peak memory of the server: %d MB",
		r.people, r.failed, r.pages, r.took.Round(time.Second), r.p50.Round(100*time.Microsecond),
		r.p95.Round(100*time.Microsecond), r.longest.Round(time.Millisecond), r.memory>>10)
}

// stopwatch measures the time from each request to its response header.
type stopwatch struct {
	next  http.RoundTripper
	mu    sync.Mutex
	times []time.Duration
}

// RoundTrip implements http.RoundTripper.
func (s *stopwatch) RoundTrip(r *http.Request) (*http.Response, error) {
	began := time.Now()
	response, err := s.next.RoundTrip(r)
	if strings.HasSuffix(r.URL.Path, "/view") || strings.HasSuffix(r.URL.Path, "/clipboard") { // asked by the player, not by a person
		return response, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.times = append(s.times, time.Since(began))
	return response, err
}

// run starts the server, creates the labs and lets all people play.
func (c *loadCommand) run(ctx context.Context) (report loadReport, err error) {
	guideScript, err := script.Quickstart()
	if err != nil {
		return report, err
	}
	server, err := startLoaded(ctx, c.Labs)
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	for n := range c.Labs {
		if err := server.create(ctx, loadLab(n)); err != nil {
			return report, err
		}
	}
	if err := server.prepared(ctx, c.Labs); err != nil {
		return report, err
	}
	// The client closes idle connections earlier than the server does. Otherwise a form could be sent on a connection that the
	// server is just closing. A browser retries such a request, Go's client does not.
	watch := &stopwatch{next: &http.Transport{MaxIdleConnsPerHost: c.Labs, IdleConnTimeout: limit.IdleTime / 2}}
	began := time.Now()
	var people sync.WaitGroup
	var mu sync.Mutex
	for n := range c.Labs {
		people.Go(func() {
			// The starts are spread over one pace.
			select {
			case <-time.After(c.Pace * time.Duration(n) / time.Duration(c.Labs)):
			case <-ctx.Done():
			}
			played, err := player.Play(ctx, guideScript, player.Options{URL: server.url, Lab: loadLab(n), To: c.To, ActionDelay: c.Pace, Transport: watch})
			if err == nil && played.OK() {
				return
			}
			mu.Lock()
			defer mu.Unlock()
			report.failed++
			if err != nil {
				fmt.Fprintf(os.Stderr, "%s: %v\n", loadLab(n), err)
			}
			for _, step := range played.Steps {
				if step.Failure != nil {
					fmt.Fprintf(os.Stderr, "%s: %v\n", loadLab(n), step.Failure)
				}
			}
		})
	}
	people.Wait()
	report.people, report.took, report.memory = c.Labs, time.Since(began), server.memory()
	slices.Sort(watch.times)
	report.pages = len(watch.times)
	if report.pages > 0 {
		report.p50, report.p95, report.longest = watch.times[report.pages/2], watch.times[report.pages*95/100], watch.times[report.pages-1]
	}
	return report, nil
}

// loadLab is the name of the n-th lab.
func loadLab(n int) string { return fmt.Sprintf("load-%d", n) }
