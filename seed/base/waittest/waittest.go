// Package waittest lets a test wait for a condition that no channel or event reports, such as the end of a foreign process, and
// bound what must end, without failing on a busy machine.
//
//   - waittest.go: Until waits for a condition, Ends for the end of a call; Periods is what a limit gives back meanwhile
//   - cpu_unix.go, cpu_other.go: CPU is the time that a call has used, whatever else the machine does
package waittest

import (
	"testing"
	"time"
)

// Deadline bounds a wait. It is generous, because a busy machine is slow; a test that passes never waits for it.
const Deadline = 2 * time.Minute

// interval is the time between two looks.
const interval = 5 * time.Millisecond

// Until waits until the condition holds. what completes the sentence "waited … for …"; the condition returns what it saw, too. After
// Deadline the test fails with both.
func Until(t testing.TB, what string, condition func() (seen any, holds bool)) {
	t.Helper()
	deadline := time.NewTimer(Deadline)
	defer deadline.Stop()
	next := time.NewTicker(interval)
	defer next.Stop()
	for { // until the condition holds, or the deadline
		seen, holds := condition()
		if holds {
			return
		}
		select {
		case <-next.C:
		case <-deadline.C:
			t.Fatalf("waited %s for %s; last saw %v", Deadline, what, seen)
		case <-t.Context().Done():
			t.Fatalf("the test ended while it waited for %s; last saw %v", what, seen)
		}
	}
}

// Ends calls f and waits until it returns. what completes the sentence "waited … for …". After Deadline the test fails, and f is left
// behind. Use it for a call that would otherwise wait forever, or for a client that does not finish; use CPU for a computation.
func Ends(t testing.TB, what string, f func()) {
	t.Helper()
	returned, ended := false, make(chan struct{})
	go func() {
		defer close(ended)
		f()
		returned = true
	}()
	deadline := time.NewTimer(Deadline)
	defer deadline.Stop()
	select {
	case <-ended:
		if !returned { // f has called FailNow
			t.FailNow()
		}
	case <-deadline.C:
		t.Fatalf("waited %s for %s", Deadline, what)
	}
}

// Periods returns how many periods have passed since a time, including the one that has begun. With it a test of a limit that refills
// allows for the time that a busy machine has taken.
func Periods(since time.Time, period time.Duration) int { return int(time.Since(since)/period) + 1 }
