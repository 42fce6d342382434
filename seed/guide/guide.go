// Package coach is the guide beside the work: it shows the walk's current step on every page of a lab, sees by the step's
// own check when it is done, says what is amiss where it is not, and takes a lab to any point of the walk and back.
package guide

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"understudy/seed/lab"
	"understudy/seed/script"
	"understudy/seed/script/player"
)

// Guide guides through one script in all labs of a registry.
type Guide struct {
	// TrustProxy believes X-Forwarded-Proto, as the front door's option of that name does. Set it before the coach is used.
	TrustProxy bool

	script   *script.Script
	steps    []*script.Step
	text     map[string]stepText // by step
	names    *regexp.Regexp      // what the guide calls by a name of its own
	registry *lab.Registry
	carrier  http.RoundTripper // dials this server, whatever name a person calls it by
	pass     string            // what our own player's requests carry
	stopped  context.Context   // done when the server stops
	open     func(context.Context) int

	mu   sync.Mutex
	labs map[string]*seen
}

// seen is what was judged of a lab at one version of it.
type seen struct {
	sync.Mutex
	lab      *lab.Lab
	version  uint64
	progress Progress
}

// New makes a coach. own is the server's listener: the coach plays steps through it. Live pages end when ctx does.
func New(ctx context.Context, guideScript *script.Script, registry *lab.Registry, own net.Addr) (*Guide, error) {
	g := &Guide{script: guideScript, steps: guideScript.Steps(), registry: registry, stopped: ctx, names: names(guideScript), labs: map[string]*seen{}}
	dialer := net.Dialer{Timeout: 5 * time.Second}
	g.pass = rand.Text()
	g.carrier = passing{pass: g.pass, next: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return dialer.DialContext(ctx, own.Network(), own.String())
	}}}
	var err error
	g.text, err = readTexts(guideScript)
	return g, err
}

// passHeader proves that a request comes from our own player. The pass is made anew at each start and never leaves here.
const passHeader = "Understudy-Pass"

type passing struct {
	pass string
	next http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (p passing) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set(passHeader, p.pass)
	if r.URL.Scheme == "https" { // a proxy in front ends TLS; we come from behind it
		r.Header.Set("X-Forwarded-Proto", "https")
		r.URL.Scheme = "http"
	}
	return p.next.RoundTrip(r)
}

// IsOwnRequest tells whether a request was sent by the coach's own player.
func (g *Guide) IsOwnRequest(r *http.Request) bool {
	return subtle.ConstantTimeCompare([]byte(r.Header.Get(passHeader)), []byte(g.pass)) == 1
}

// Progress is how far a lab has come.
type Progress struct {
	Done    map[string]bool
	Current *script.Step // the first step that is not done; nil when all are
	Missed  []string     // mistakes seen in the current step

	Spellings map[string]string // how the learner wrote what the guide calls by a name of its own
	Shelf     int               // how many values were copied
}

// Count is how many steps are done.
func (p Progress) Count() int { return len(p.Done) }

// Progress judges a lab as it is now. Steps that are done stay so, in whatever order they were done; a checkpoint is kept
// whenever one is done.
func (g *Guide) Progress(ctx context.Context, l *lab.Lab) (p Progress, err error) {
	s := g.seenOf(l)
	s.Lock()
	defer s.Unlock()
	// What was done in a lab that is reset meanwhile is not done in the one that comes after: that one is judged instead.
	for range looksAtMost {
		if p, err = g.look(l.Pinned(ctx), l, s); !errors.Is(err, lab.ErrReset) {
			break
		}
	}
	return p, err
}

// looksAtMost is how many resets in a row the guide sits out before it says that a lab cannot be judged now.
const looksAtMost = 3

// look judges a lab for Progress, which holds s.
func (g *Guide) look(ctx context.Context, l *lab.Lab, s *seen) (Progress, error) {
	if err := l.DB.Settle(ctx); err != nil { // what was noted a moment ago counts as well
		return Progress{}, err
	}
	version := l.DB.Version()
	if s.lab == l && s.version == version && s.progress.Done != nil {
		return s.progress, nil
	}
	before, err := l.StepsDone(ctx)
	if err != nil {
		return Progress{}, err
	}
	facts, shelf, err := g.facts(ctx, l)
	if err != nil {
		return Progress{}, err
	}
	p, fresh := g.judge(before, facts)
	p.Spellings, p.Shelf = g.script.LearnerNames(facts), shelf
	if len(before) == 0 {
		if err := g.begin(ctx, l, len(fresh) > 0); err != nil {
			return p, err
		}
	}
	if len(fresh) > 0 {
		if err := g.keep(ctx, l, fresh...); err != nil {
			return p, err
		}
		version++ // our own note of what is done is no reason to judge again
	}
	s.lab, s.version, s.progress = l, version, p
	return p, nil
}

// keep notes steps as done, with the lab as it is after the last of them.
func (g *Guide) keep(ctx context.Context, l *lab.Lab, steps ...string) error {
	if err := l.MarkDone(ctx, steps...); err != nil {
		return err
	}
	last := steps[len(steps)-1]
	_, err := g.registry.SaveCheckpoint(ctx, l.Name, "After step "+last, last)
	return err
}

// ConfirmStep takes a person's word that a step is done, where nothing of the lab would show it.
func (g *Guide) ConfirmStep(ctx context.Context, l *lab.Lab, id string) error {
	step, known := g.script.Step(id)
	if !known {
		return errNoStep
	}
	if !step.MarkableByHand() {
		return errSeen
	}
	return g.keep(ctx, l, id)
}

func (g *Guide) seenOf(l *lab.Lab) *seen {
	g.mu.Lock()
	defer g.mu.Unlock()
	s := g.labs[l.Name]
	if s == nil {
		s = &seen{}
		g.labs[l.Name] = s
	}
	return s
}

// begin keeps the lab as it was before its first step, so that this one can be undone too.
func (g *Guide) begin(ctx context.Context, l *lab.Lab, stepsDone bool) error {
	kept, err := g.registry.Checkpoints(l.Name)
	if err != nil || len(kept) > 0 || stepsDone {
		return err
	}
	_, err = g.registry.SaveCheckpoint(ctx, l.Name, beginning, "")
	return err
}

const beginning = "The beginning"

// facts gives what is judged of a lab, and how much is on its shelf.
func (g *Guide) facts(ctx context.Context, l *lab.Lab) (facts script.Facts, shelf int, err error) {
	view, err := l.View(ctx)
	if err != nil {
		return nil, 0, err
	}
	text, err := json.Marshal(view)
	if err != nil {
		return nil, 0, err
	}
	var plain map[string]any
	if err := json.Unmarshal(text, &plain); err != nil {
		return nil, 0, err
	}
	return g.script.Facts(plain), len(view.Copied), nil
}

// judge tells which steps are done, and which of them newly. A step without a check of its own is done with the next one
// that has one.
func (g *Guide) judge(before map[string]time.Time, facts script.Facts) (p Progress, fresh []string) {
	p.Done = map[string]bool{}
	done := func(step *script.Step) bool {
		if _, known := before[step.ID]; known {
			return true
		}
		if step.Done == "" {
			return false
		}
		met, err := step.Evaluate(facts)
		return err == nil && met
	}
	following := false
	for _, step := range slices.Backward(g.steps) {
		met := done(step) || step.Done == "" && following
		if step.Done != "" {
			following = met
		}
		if !met {
			p.Current = step
			continue
		}
		p.Done[step.ID] = true
		if _, known := before[step.ID]; !known {
			fresh = append(fresh, step.ID)
		}
	}
	slices.Reverse(fresh)
	if p.Current != nil {
		p.Missed = p.Current.Mistakes(facts)
	}
	return p, fresh
}

// Bring rebuilds a lab as the guide has it just before a step; after the last one when step is empty. origin is how the
// person reaches this server, so that addresses in the lab are theirs. What was there before is kept as a checkpoint.
func (g *Guide) RebuildBefore(ctx context.Context, name, step, origin string) error {
	if step != "" {
		if _, known := g.script.Step(step); !known {
			return errNoStep
		}
	}
	if _, err := g.registry.SaveCheckpoint(ctx, name, "Before the guide rebuilt the lab", ""); err != nil {
		return err
	}
	if err := g.registry.Rewind(ctx, name); err != nil {
		return err
	}
	last := g.before(step)
	if last == "" {
		return nil
	}
	report, err := player.Play(ctx, g.script, player.Options{URL: origin, Lab: name, To: last, Transport: g.carrier,
		BeforeStep: func(*script.Step) { g.tick(ctx, name) }}) // each step leaves its moment, as a person's does
	if err != nil {
		return err
	}
	g.tick(ctx, name)
	if !report.OK() {
		return errors.New("the guide could not rebuild the lab: step " + strings.Join(report.FailedIDs(), ", ") + " did not work")
	}
	return nil
}

// tick judges a lab now. What cannot be judged at this moment is judged when somebody next looks.
func (g *Guide) tick(ctx context.Context, name string) {
	l, release, err := g.registry.Acquire(ctx, name)
	if err != nil {
		return
	}
	defer release()
	_, _ = g.Progress(ctx, l)
}

// before gives the step before one; the last step when the id is empty, nothing before the first.
func (g *Guide) before(id string) string {
	previous := ""
	for _, step := range g.steps {
		if step.ID == id {
			return previous
		}
		previous = step.ID
	}
	return previous
}

// after gives the step after one; nothing after the last.
func (g *Guide) after(id string) string {
	for i, step := range g.steps[:len(g.steps)-1] {
		if step.ID == id {
			return g.steps[i+1].ID
		}
	}
	return ""
}

// Undo takes a lab back to where it was before the last step that was done, or before the last reset, fault card or
// return.
func (g *Guide) Undo(ctx context.Context, name string) error {
	l, release, err := g.registry.Acquire(ctx, name)
	if err != nil {
		return err
	}
	defer release()
	target, ok, err := g.undoable(ctx, l)
	if err != nil {
		return err
	}
	if !ok {
		return errNothingToUndo
	}
	if err := g.registry.RestoreCheckpoint(ctx, name, target.ID); err != nil {
		return err
	}
	kept, err := g.registry.Checkpoints(name)
	if err != nil {
		return err
	}
	return g.registry.DropCheckpoints(name, kept[0].ID-1) // what is undone is no moment to go back to
}

// precaution tells the checkpoints that were kept before something else than a step: a reset, a fault card, going back.
func precaution(k lab.Checkpoint) bool { return k.Step == "" && k.Label != beginning }

// undoable gives the checkpoint to which undoing leads; ok is false when there is nothing to undo.
func (g *Guide) undoable(ctx context.Context, l *lab.Lab) (target lab.Checkpoint, ok bool, err error) {
	kept, err := g.registry.Checkpoints(l.Name)
	if err != nil || len(kept) == 0 {
		return target, false, err
	}
	if precaution(kept[0]) {
		return kept[0], true, nil
	}
	done, err := l.StepsDone(ctx)
	if err != nil {
		return target, false, err
	}
	// The lab itself knows what came before: it may have gone back in time, and its checkpoints stay.
	order := g.inTime(done)
	for _, step := range slices.Backward(order) {
		for _, k := range kept[1:] {
			if step != kept[0].Step && k.Step == step {
				return k, true, nil
			}
		}
	}
	i := slices.IndexFunc(kept[1:], func(k lab.Checkpoint) bool { return k.Label == beginning })
	if i < 0 || len(order) == 0 {
		return target, false, nil
	}
	return kept[1+i], true, nil
}

// inTime orders the steps that are done by when they were.
func (g *Guide) inTime(done map[string]time.Time) []string {
	order := slices.DeleteFunc(g.Steps(), func(id string) bool { _, known := done[id]; return !known })
	slices.SortStableFunc(order, func(a, b string) int { return done[a].Compare(done[b]) })
	return order
}

// Restart takes a lab back to where its present step began, or the section of that step. What it was until now is kept
// as a checkpoint.
func (g *Guide) Restart(ctx context.Context, name string, section bool) error {
	l, release, err := g.registry.Acquire(ctx, name)
	if err != nil {
		return err
	}
	defer release()
	p, err := g.Progress(ctx, l)
	if err != nil {
		return err
	}
	done, err := l.StepsDone(ctx)
	if err != nil {
		return err
	}
	kept, err := g.registry.Checkpoints(name)
	if err != nil {
		return err
	}
	last := g.lastBefore(done, p.Current, section)
	i := slices.IndexFunc(kept, func(k lab.Checkpoint) bool { return k.Step == last && (last != "" || k.Label == beginning) })
	if i < 0 {
		return errNoBeginning
	}
	return g.GoBack(ctx, name, kept[i].ID)
}

// lastBefore is the step that was done last before the present one began, or before the first of its section was done;
// empty for none.
func (g *Guide) lastBefore(done map[string]time.Time, current *script.Step, section bool) (last string) {
	present := len(g.script.Sections) // through: there is no section to begin again
	if current != nil {
		present = g.text[current.ID].Section
	}
	for _, id := range g.inTime(done) {
		if section && g.text[id].Section == present {
			break
		}
		last = id
	}
	return last
}

// GoBack takes a lab to one of its checkpoints. What it was until now is kept as a checkpoint too.
func (g *Guide) GoBack(ctx context.Context, name string, checkpoint int) error {
	if _, err := g.registry.SaveCheckpoint(ctx, name, "Before going back", ""); err != nil {
		return err
	}
	return g.registry.RestoreCheckpoint(ctx, name, checkpoint)
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

// SectionOf gives the title of the section that a step is in; empty for no step.
func (g *Guide) SectionOf(step string) string {
	text, known := g.text[step]
	if !known {
		return ""
	}
	return g.script.Sections[text.Section].Title
}

// Open lets the guide show only the first sections: as many as f says, all for 0. Set it before the coach is used.
func (g *Guide) LimitSections(f func(context.Context) int) { g.open = f }

// closed tells whether a step's section is not open yet.
func (g *Guide) closed(ctx context.Context, step *script.Step) bool {
	if g.open == nil || step == nil {
		return false
	}
	n := g.open(ctx)
	return n > 0 && g.text[step.ID].Section >= n
}
