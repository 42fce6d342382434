// Package walk is the quickstart as a program: one Markdown file in Google's
// codelab format whose instructions carry their script in HTML comments, and
// the players that perform that script against a running lab.
//
// Controls are named as a person names them, by visible label or accessible
// name, never by CSS selector. Both players read a page with the same rules
// (page.go, name.go), so a label that one of them finds, the other finds too.
package script

import (
	"strings"
	"time"

	"github.com/expr-lang/expr/vm"
)

// Script is a quickstart that was read and checked.
type Script struct {
	File     string
	Title    string
	Meta     map[string]string            // codelab metadata, keys in lower case
	After    string                       // the step of the quickstart that must have been done, "" for none
	Vars     map[string]map[string]string // people that the attendee makes up, such as bob
	Bindings []Binding
	Names    []Binding // how the guide's text calls what the learner makes: the name there, with an expression for the learner's own
	Sections []Section
}

// Section is one codelab step: a second-level heading with its duration.
type Section struct {
	Title    string
	Duration time.Duration
	Line     int
	Parts    []Part
}

// Part is a piece of a section in the order of the file: text, or a step's script.
type Part struct {
	Markdown string
	Step     *Step
}

// Step is one scripted instruction.
type Step struct {
	ID        string
	As        string // the identity who acts
	NewWindow bool   // begin a fresh browser session for that identity
	Do        []Action
	Checks    []Action // see and not-see, judged when everything is done
	Shot      string   // picture taken at the end of the step
	Picture   Shot     // how that picture is taken, with its callouts
	Done      string   // expression over the lab's view, "" when there is none
	Awaits    string   // what that expression waits for, as a sentence
	Misses    []Miss
	Hints     []string // from a nudge to the solution
	Line      int

	done *vm.Program
}

// Steps lists all steps in the order in which they are played.
func (s *Script) Steps() []*Step {
	var steps []*Step
	for _, section := range s.Sections {
		for _, part := range section.Parts {
			if part.Step != nil {
				steps = append(steps, part.Step)
			}
		}
	}
	return steps
}

// Step finds a step by its id.
func (s *Script) Step(id string) (*Step, bool) {
	for _, step := range s.Steps() {
		if step.ID == id {
			return step, true
		}
	}
	return nil, false
}

// StepsUsing lists the ids of the steps whose script names the label: those
// that must fail, and no others, when a page changes it.
func (s *Script) StepsUsing(label string) []string {
	var ids []string
	for _, step := range s.Steps() {
		if step.Uses(label) {
			ids = append(ids, step.ID)
		}
	}
	return ids
}

// Names tells whether the step looks for exactly this label.
func (s *Step) Uses(label string) bool {
	for _, list := range [][]Action{s.Do, s.Checks} {
		for _, a := range list {
			if a.Verb == VerbNotSee {
				continue
			}
			for _, name := range a.names() {
				if name == label {
					return true
				}
			}
		}
	}
	return false
}

// fold joins runs of white space into one blank, as browsers show text.
func fold(s string) string { return strings.Join(strings.Fields(s), " ") }
