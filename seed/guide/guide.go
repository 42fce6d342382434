package guide

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"sync"

	"understudy/seed/lab"
	"understudy/seed/script"
)

// Guide shows one script in all labs of a registry. It is safe for concurrent use.
type Guide struct {
	*server
	Name    string // as in lab.Guides: "quickstart"
	script  *script.Script
	steps   []*script.Step
	text    map[string]stepText // by step id
	windows map[string]int      // number of the window of the step's person, by step id
	names   *regexp.Regexp      // names that the text uses and the learner may choose differently; nil for none

	mu       sync.Mutex
	labs     map[string]*labProgress // by name of the lab
	refusals map[string]refusal      // by name of the lab
}

// server is what all guides of a server share.
type server struct {
	registry  *lab.Registry
	transport http.RoundTripper         // connects to this server, whatever host a URL names
	egress    http.RoundTripper         // of requests of scripts to other servers; nil refuses them
	token     string                    // identifies requests of the guides themselves
	stopped   context.Context           // done when the server stops
	openCount func(context.Context) int // number of open sections, 0 for all; nil for all
	all       *Guides
}

// newGuide makes the guide for a script. It fails when the text of a step cannot be rendered.
func (s *server) newGuide(name string, read *script.Script) (*Guide, error) {
	text, err := readTexts(read)
	if err != nil {
		return nil, err
	}
	return &Guide{
		server: s, Name: name, script: read, steps: read.Steps(), text: text, names: namePattern(read),
		windows: assignWindows(read.Steps()), labs: map[string]*labProgress{}, refusals: map[string]refusal{},
	}, nil
}

// Sections lists the titles of the guide's sections.
func (g *Guide) Sections() (titles []string) {
	for _, section := range g.script.Sections {
		titles = append(titles, section.Title)
	}
	return titles
}

// Steps lists the ids of the guide's steps.
func (g *Guide) Steps() (ids []string) {
	for _, step := range g.steps {
		ids = append(ids, step.ID)
	}
	return ids
}

// Awaits returns the sentence that says how a step is completed; empty when the step has no check.
func (g *Guide) Awaits(id string) string {
	if step, known := g.script.Step(id); known {
		return step.Awaits
	}
	return ""
}

// FirstStepReading returns the ID of the first step whose check reads a part of the view, such as sigma.tokens; empty if none does.
func (g *Guide) FirstStepReading(part string) string {
	for _, step := range g.steps {
		if step.Done != "" && slices.Contains(g.script.ViewParts(step), part) {
			return step.ID
		}
	}
	return ""
}

// SectionOf returns the title of the section that contains a step; empty when the guide has no such step.
func (g *Guide) SectionOf(step string) string {
	text, known := g.text[step]
	if !known {
		return ""
	}
	return g.script.Sections[text.Section].Title
}

// openStep returns a step of an open section. All code that leads a learner to a step, or shows its text or its result, calls openStep.
func (g *Guide) openStep(ctx context.Context, id string) (*script.Step, error) {
	step, known := g.script.Step(id)
	if !known {
		return nil, errNoStep
	}
	if g.isClosed(ctx, step) {
		return nil, errSectionClosed
	}
	return step, nil
}

// isClosed reports whether the instructor has not opened the section of a step yet.
func (g *Guide) isClosed(ctx context.Context, step *script.Step) bool {
	if g.openCount == nil || step == nil {
		return false
	}
	n := g.openCount(ctx)
	return n > 0 && g.text[step.ID].Section >= n
}

// isBefore reports whether a step comes before another one.
func (g *Guide) isBefore(id, other string) bool {
	for _, step := range g.steps {
		if step.ID == id || step.ID == other {
			return step.ID == id && id != other
		}
	}
	return false
}

// stepBefore returns the id of the step before a step: empty before the first, the last step when id is empty.
func (g *Guide) stepBefore(id string) string {
	previous := ""
	for _, step := range g.steps {
		if step.ID == id {
			return previous
		}
		previous = step.ID
	}
	return previous
}

// stepAfter returns the id of the step after a step; empty after the last.
func (g *Guide) stepAfter(id string) string {
	for i, step := range g.steps[:len(g.steps)-1] {
		if step.ID == id {
			return g.steps[i+1].ID
		}
	}
	return ""
}
