package player

import (
	"fmt"
	"strings"
	"time"
)

// Status is how a step ended.
type Status string

// The ways in which a step ends.
const (
	Passed    Status = "passed"
	Failed    Status = "failed"
	NotPlayed Status = "not played"
)

// Report tells how a walk went.
type Report struct {
	Steps      []Result
	Violations []Violation // what axe found, when it was asked
	Copied     map[string]string
	Took       time.Duration
}

// Result is how one step went.
type Result struct {
	ID      string
	As      string
	Section string
	Status  Status
	Failure *Failure // what broke the step, nil when it passed
	Notes   []string // what could not be judged
	Took    time.Duration
}

// Failure says where a step broke and what the page offered there.
type Failure struct {
	Step    string
	At      string // file:line of the action
	Action  string // verb and control
	Err     error
	URL     string
	Title   string
	Offered []string
	Picture string // path of the screenshot, "" when there is none
}

func (f *Failure) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "step %s (%s): %s: %v", f.Step, f.At, f.Action, f.Err)
	if f.URL != "" {
		fmt.Fprintf(&b, "\n  on page   %s “%s”", f.URL, f.Title)
	}
	if len(f.Offered) > 0 {
		fmt.Fprintf(&b, "\n  it offers %s", strings.Join(f.Offered, ", "))
	}
	if f.Picture != "" {
		fmt.Fprintf(&b, "\n  picture   %s", f.Picture)
	}
	return b.String()
}

// Unwrap gives the reason alone.
func (f *Failure) Unwrap() error { return f.Err }

// Violation is one rule of axe that a page breaks.
type Violation struct {
	Step, URL, Rule, Help string
	Width                 int
	Targets               []string
}

func (v Violation) String() string {
	return fmt.Sprintf("%s at %d px, step %s: %s: %s: %s", v.URL, v.Width, v.Step, v.Rule, v.Help, strings.Join(v.Targets, ", "))
}

// Count tells how many steps ended in this way.
func (r Report) Count(status Status) int {
	n := 0
	for _, step := range r.Steps {
		if step.Status == status {
			n++
		}
	}
	return n
}

// FailedIDs lists the steps that failed.
func (r Report) FailedIDs() []string {
	var ids []string
	for _, step := range r.Steps {
		if step.Status == Failed {
			ids = append(ids, step.ID)
		}
	}
	return ids
}

// OK tells whether every step was played and passed.
func (r Report) OK() bool { return r.Count(Failed) == 0 && r.Count(NotPlayed) == 0 }

// Summary is the last line of a walk.
func (r Report) Summary() string {
	return fmt.Sprintf("%d passed, %d failed", r.Count(Passed), r.Count(Failed))
}
