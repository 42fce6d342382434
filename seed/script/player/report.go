package player

import (
	"fmt"
	"strings"
	"time"
)

// Status says how a step ended.
type Status string

// The statuses of a step.
const (
	Passed      Status = "passed"
	Failed      Status = "failed"
	NotPlayed   Status = "not played"
	NotScripted Status = "not scripted" // the step has no action and no check: a person does it
)

// Report says how the steps of a script went.
type Report struct {
	Steps      []Result
	Violations []Violation       // what axe-core found; none without Options.Axe
	Copied     map[string]string // variable → value that the script copied
	Took       time.Duration
}

// Result says how one step went.
type Result struct {
	ID      string
	As      string // identity
	Section string // title
	Status  Status
	Failure *Failure // nil unless Status is Failed
	Notes   []string // problems that do not fail the step, such as a picture that could not be taken
	Took    time.Duration
}

// Failure says where a step failed, why, and which controls the page had.
type Failure struct {
	Step    string
	At      string // file:line of the action in the guide
	Action  string // verb and control
	Err     error
	URL     string
	Title   string
	Offered []string // controls of the page, such as link “Home”
	Picture string   // path of a screenshot; "" in the HTTP player
}

// Error describes the failure in several lines: action and reason, page, its controls, the screenshot.
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

// Unwrap returns the reason without place and page.
func (f *Failure) Unwrap() error { return f.Err }

// Violation is one rule of axe-core that a page breaks.
type Violation struct {
	Step, URL  string   // URL holds the path alone
	Rule, Help string   // axe-core's ID of the rule and its explanation
	Width      int      // of the window, in CSS pixels
	Targets    []string // CSS selectors of the elements
}

func (v Violation) String() string {
	targets := strings.Join(v.Targets, ", ")
	return fmt.Sprintf("%s at %d px, step %s: %s: %s: %s", v.URL, v.Width, v.Step, v.Rule, v.Help, targets)
}

// Count counts the steps with this status.
func (r Report) Count(status Status) int {
	n := 0
	for _, step := range r.Steps {
		if step.Status == status {
			n++
		}
	}
	return n
}

// FailedIDs lists the IDs of the steps that failed.
func (r Report) FailedIDs() []string {
	var ids []string
	for _, step := range r.Steps {
		if step.Status == Failed {
			ids = append(ids, step.ID)
		}
	}
	return ids
}

// OK reports whether every step that has a script was played and passed.
func (r Report) OK() bool { return r.Count(Failed) == 0 && r.Count(NotPlayed) == 0 }

// Summary counts the steps that passed, failed and have no script, in one line.
func (r Report) Summary() string {
	text := fmt.Sprintf("%d passed, %d failed", r.Count(Passed), r.Count(Failed))
	if n := r.Count(NotScripted); n > 0 {
		text += fmt.Sprintf(", %d not scripted", n)
	}
	return text
}
