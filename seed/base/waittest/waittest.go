// Package waittest lets a test wait for a condition that no channel or event reports, such as the end of a foreign process. It has
// only this file.
package waittest

import (
	"testing"
	"time"
)

// Deadline bounds a wait. It is generous, because a busy machine is slow; a test that passes never waits for it.
const Deadline = 45 * time.Second

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
