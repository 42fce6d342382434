package main

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"understudy/seed/lab"
	"understudy/seed/scenario"
	"understudy/seed/script"
	"understudy/seed/script/player"
)

// start serves a temporary lab within the test's process.
func start(t testing.TB) *running {
	t.Helper()
	return startWith(t, serveCommand{})
}

// startWith is like start, with additional flags.
func startWith(t testing.TB, command serveCommand) *running {
	t.Helper()
	command.Addr, command.Ephemeral, command.Lab, command.IdleClose = "127.0.0.1:0", true, "demo", defaultIdle
	s, err := command.start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func quickstart(t testing.TB) *script.Script {
	t.Helper()
	guideScript, err := script.Quickstart()
	if err != nil {
		t.Fatal(err)
	}
	return guideScript
}

// play plays the whole quickstart. A failed step fails the test.
func play(t *testing.T, o player.Options) player.Report {
	t.Helper()
	report, err := player.Play(t.Context(), quickstart(t), o)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range report.Steps {
		if step.Failure != nil {
			t.Error(step.Failure)
		}
		for _, note := range step.Notes {
			t.Logf("step %s: %s", step.ID, note)
		}
	}
	if !report.OK() || len(report.Steps) < 26 {
		t.Errorf("%s of %d steps", report.Summary(), len(report.Steps))
	}
	return report
}

func TestHTTPPlayerWalksTheQuickstart(t *testing.T) {
	t.Parallel()
	play(t, player.Options{URL: start(t).url})
}

// After a reset the quickstart can be played again in the same lab.
func TestQuickstartPlaysAgainAfterAReset(t *testing.T) {
	t.Parallel()
	s := start(t)
	for range 2 {
		play(t, player.Options{URL: s.url})
		if err := s.Registry.ResetTo(t.Context(), "demo", "", lab.EndSessions); err != nil {
			t.Fatal(err)
		}
	}
}

// A changed label breaks exactly the steps that name it, so that a page and the guide cannot diverge unnoticed.
func TestAChangedLabelBreaksExactlyTheStepsThatNameIt(t *testing.T) {
	for _, label := range []string{"Browse App Catalog", "Sign on URL", "Authentication Method", "Assign Applications"} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			guideScript := quickstart(t)
			var want []string
			for _, step := range guideScript.Steps() {
				names := func(a script.Action) bool { return a.Name == label }
				if slices.ContainsFunc(step.Do, names) || slices.ContainsFunc(step.Checks, names) {
					want = append(want, step.ID)
				}
			}
			report, err := player.Play(t.Context(), guideScript, player.Options{URL: start(t).url, KeepGoing: true, Rename: map[string]string{label: "Renamed"}})
			if err != nil {
				t.Fatal(err)
			}
			if got := report.FailedIDs(); len(want) == 0 || !slices.Equal(got, want) {
				t.Errorf("steps %q failed, want %q", got, want)
			}
			for _, step := range report.Steps {
				if step.Failure != nil && !strings.Contains(strings.Join(step.Failure.Offered, " "), "Renamed") && !strings.Contains(step.Failure.Error(), label) {
					t.Errorf("the report names neither the old nor the new label: %v", step.Failure)
				}
			}
		})
	}
}

func TestWalkCommandEndsWithItsSummary(t *testing.T) {
	t.Parallel()
	out, err := program(t.Context(), "walk", "--to", "1.4").CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if last := lines[len(lines)-1]; last != "6 passed, 0 failed" {
		t.Errorf("the output ends with %q", last)
	}
	if text := refusal(t, 1, "walk", "--to", "77.7"); !strings.Contains(text, "no step 77.7") {
		t.Errorf("an unknown step: %q", text)
	}
}

func BenchmarkHTTPPlayerWalksTheQuickstart(b *testing.B) {
	s := start(b)
	guideScript := quickstart(b)
	for range b.N {
		report, err := player.Play(b.Context(), guideScript, player.Options{URL: s.url})
		if err != nil || !report.OK() {
			b.Fatal(err, report.FailedIDs())
		}
		b.StopTimer()
		if err := s.Registry.ResetTo(b.Context(), "demo", "", lab.EndSessions); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

// BenchmarkFiftyWalksAtOnce plays the whole quickstart in fifty labs at once.
func BenchmarkFiftyWalksAtOnce(b *testing.B) {
	const people = 50
	guideScript := quickstart(b)
	for range b.N {
		b.StopTimer()
		s := start(b)
		starter, err := scenario.Load(scenario.Starter)
		if err != nil {
			b.Fatal(err)
		}
		for n := range people {
			if err := s.Registry.Create(b.Context(), fmt.Sprintf("lab%d", n), starter); err != nil {
				b.Fatal(err)
			}
		}
		b.StartTimer()
		var walks sync.WaitGroup
		for n := range people {
			walks.Go(func() {
				report, err := player.Play(b.Context(), guideScript, player.Options{URL: s.url, Lab: fmt.Sprintf("lab%d", n)})
				if err != nil || !report.OK() {
					b.Error(err, report.FailedIDs())
					for _, step := range report.Steps {
						if step.Failure != nil {
							b.Error(step.Failure)
						}
					}
				}
			})
		}
		walks.Wait()
	}
	b.ReportMetric(float64(b.N*people)/b.Elapsed().Seconds(), "walks/s")
}
