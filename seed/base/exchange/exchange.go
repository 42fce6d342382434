// Package exchange lets a door that has judged a message between the halves say what it found, so that whoever keeps the
// message can keep that beside it. Without a keeper it costs nothing.
package exchange

import (
	"context"
	"sync"
)

// Verdict is how a check ended.
type Verdict string

// The verdicts, in the words of the pages.
const (
	Passed     Verdict = "passed"
	Failed     Verdict = "failed"
	NotChecked Verdict = "not checked" // an earlier check had failed
)

// Check is one check that a receiver made of a message.
type Check struct {
	Name     string  `json:"name"`
	Expected string  `json:"expected"`
	Received string  `json:"received"`
	Verdict  Verdict `json:"verdict"`
}

// Change is a record before and after a message was carried out, as JSON. Before is empty for a new record, After for
// one that is gone.
type Change struct {
	Kind   string `json:"kind"` // "member", "team"
	ID     string `json:"id"`
	Name   string `json:"name"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// Notes are what doors said of one message.
type Notes struct {
	mu      sync.Mutex
	checks  []Check
	changes []Change
}

type key struct{}

// Keep gives a context in which doors' notes are kept.
func Keep(ctx context.Context) (context.Context, *Notes) {
	n := &Notes{}
	return context.WithValue(ctx, key{}, n), n
}

// Kept gives what was noted.
func (n *Notes) Kept() ([]Check, []Change) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.checks, n.changes
}

// NoteChecks tells which checks a message went through, in their order.
func NoteChecks(ctx context.Context, checks []Check) {
	if n, ok := ctx.Value(key{}).(*Notes); ok {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.checks = checks
	}
}

// NoteChange tells which record a message changed. The change is only made when somebody keeps it.
func NoteChange(ctx context.Context, change func() Change) {
	if n, ok := ctx.Value(key{}).(*Notes); ok {
		c := change()
		n.mu.Lock()
		defer n.mu.Unlock()
		n.changes = append(n.changes, c)
	}
}
