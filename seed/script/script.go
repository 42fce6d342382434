package script

import (
	"strings"
	"time"
)

// Script is a guide file that was read and checked.
type Script struct {
	File     string                       // as given to Parse, for messages
	Title    string                       // the first-level heading
	Meta     map[string]string            // codelab metadata, keys in lower case
	After    string                       // step of the quickstart that must be completed first, "" for none
	Scenario string                       // in which the guide begins, "" for the starter
	Vars     map[string]map[string]string // people that the learner creates, such as bob: field → value
	Bindings []Binding                    // bind: names for objects in the lab's view, for expressions
	Names    []Binding                    // names: what the text calls an object, with the learner's own name for it
	People   []Binding                    // people: the user of the lab that a person of Vars has become
	Sections []Section
}

// Section is a second-level heading with the text and the steps below it. Codelab calls it a step.
type Section struct {
	Title    string
	Duration time.Duration
	Line     int // of the heading
	Parts    []Part
}

// Part is either Markdown text (Step is nil) or a step. Parts have the order of the file.
type Part struct {
	Markdown string
	Step     *Step
}

// Step is one instruction of a guide together with its actions and checks.
type Step struct {
	ID        string   // such as 1.10; unique in the file
	As        string   // identity of the lab card, or a person of vars, who acts
	NewWindow bool     // start a fresh browser session for that identity
	At        Place    // the page on which the step begins
	Confirm   string   // what the learner confirms to complete the step, such as "I have read this"; "" when the check suffices
	Do        []Action // played in order
	Alone     []Block  // played instead of Do when the step is played alone; nil for Do
	Checks    []Action // see and not-see, judged after Do
	Shot      string   // name of the picture at the end of the step, "" for none
	Picture   Shot     // how that picture is taken, with its marks
	Done      string   // expression over the lab's view; "" when the step has none
	Awaits    string   // a sentence that says what Done waits for
	Misses    []Miss
	Hints     []string // from a small hint to the solution
	Line      int      // first line of the comment

	done *Check // compiled Done; nil when Done is ""
}

// Check returns the compiled expression Done; nil when the step has none.
func (s *Step) Check() *Check { return s.done }

// Steps lists all steps in the order of the file, which is the order of play.
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

// Step finds a step by its ID.
func (s *Script) Step(id string) (*Step, bool) {
	for _, step := range s.Steps() {
		if step.ID == id {
			return step, true
		}
	}
	return nil, false
}

// StepsUsing lists the IDs of the steps whose actions or checks use exactly this label. When a page renames the label,
// these steps fail and no others.
func (s *Script) StepsUsing(label string) []string {
	var ids []string
	for _, step := range s.Steps() {
		if step.Uses(label) {
			ids = append(ids, step.ID)
		}
	}
	return ids
}

// Uses reports whether the step looks for exactly this label. A not-see does not count: it passes without the label.
func (s *Step) Uses(label string) bool {
	for _, list := range [][]Action{s.Do, s.Checks} {
		for _, a := range list {
			if a.Verb == VerbNotSee {
				continue
			}
			for _, name := range a.labels() {
				if name == label {
					return true
				}
			}
		}
	}
	return false
}

// fold replaces each run of white space by one space, as browsers do when they show text.
func fold(s string) string { return strings.Join(strings.Fields(s), " ") }
