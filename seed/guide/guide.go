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
)

// Coach guides through one script in all labs of a registry.
type Coach struct {
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
func New(ctx context.Context, guideScript *script.Script, registry *lab.Registry, own net.Addr) (*Coach, error) {
	c := &Coach{script: guideScript, steps: guideScript.Steps(), registry: registry, stopped: ctx, names: names(guideScript), labs: map[string]*seen{}}
	dialer := net.Dialer{Timeout: 5 * time.Second}
	c.pass = rand.Text()
	c.carrier = passing{pass: c.pass, next: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return dialer.DialContext(ctx, own.Network(), own.String())
	}}}
	var err error
	c.text, err = readTexts(guideScript)
	return c, err
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

// Ours tells whether a request was sent by the coach's own player.
func (c *Coach) Ours(r *http.Request) bool {
	return subtle.ConstantTimeCompare([]byte(r.Header.Get(passHeader)), []byte(c.pass)) == 1
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
func (c *Coach) Progress(ctx context.Context, l *lab.Lab) (p Progress, err error) {
	s := c.seenOf(l)
	s.Lock()
	defer s.Unlock()
	// What was done in a lab that is reset meanwhile is not done in the one that comes after: that one is judged instead.
	for range looksAtMost {
		if p, err = c.look(l.Pinned(ctx), l, s); !errors.Is(err, lab.ErrReset) {
			break
		}
	}
	return p, err
}

// looksAtMost is how many resets in a row the guide sits out before it says that a lab cannot be judged now.
const looksAtMost = 3

// look judges a lab for Progress, which holds s.
func (c *Coach) look(ctx context.Context, l *lab.Lab, s *seen) (Progress, error) {
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
	facts, shelf, err := c.facts(ctx, l)
	if err != nil {
		return Progress{}, err
	}
	p, fresh := c.judge(before, facts)
	p.Spellings, p.Shelf = c.script.Spellings(facts), shelf
	if len(before) == 0 {
		if err := c.begin(ctx, l, len(fresh) > 0); err != nil {
			return p, err
		}
	}
	if len(fresh) > 0 {
		if err := c.keep(ctx, l, fresh...); err != nil {
			return p, err
		}
		version++ // our own note of what is done is no reason to judge again
	}
	s.lab, s.version, s.progress = l, version, p
	return p, nil
}

// keep notes steps as done, with the lab as it is after the last of them.
func (c *Coach) keep(ctx context.Context, l *lab.Lab, steps ...string) error {
	if err := l.MarkDone(ctx, steps...); err != nil {
		return err
	}
	last := steps[len(steps)-1]
	_, err := c.registry.SaveCheckpoint(ctx, l.Name, "After step "+last, last)
	return err
}

// Tick takes a person's word that a step is done, where nothing of the lab would show it.
func (c *Coach) Tick(ctx context.Context, l *lab.Lab, id string) error {
	step, known := c.script.Step(id)
	if !known {
		return errNoStep
	}
	if !step.Unseen() {
		return errSeen
	}
	return c.keep(ctx, l, id)
}

func (c *Coach) seenOf(l *lab.Lab) *seen {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.labs[l.Name]
	if s == nil {
		s = &seen{}
		c.labs[l.Name] = s
	}
	return s
}

// begin keeps the lab as it was before its first step, so that this one can be undone too.
func (c *Coach) begin(ctx context.Context, l *lab.Lab, stepsDone bool) error {
	kept, err := c.registry.Checkpoints(l.Name)
	if err != nil || len(kept) > 0 || stepsDone {
		return err
	}
	_, err = c.registry.SaveCheckpoint(ctx, l.Name, beginning, "")
	return err
}

const beginning = "The beginning"

// facts gives what is judged of a lab, and how much is on its shelf.
func (c *Coach) facts(ctx context.Context, l *lab.Lab) (facts script.Facts, shelf int, err error) {
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
	return c.script.Facts(plain), len(view.Copied), nil
}

// judge tells which steps are done, and which of them newly. A step without a check of its own is done with the next one
// that has one.
func (c *Coach) judge(before map[string]time.Time, facts script.Facts) (p Progress, fresh []string) {
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
	for _, step := range slices.Backward(c.steps) {
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
		p.Missed = p.Current.Missed(facts)
	}
	return p, fresh
}

// Bring rebuilds a lab as the guide has it just before a step; after the last one when step is empty. origin is how the
// person reaches this server, so that addresses in the lab are theirs. What was there before is kept as a checkpoint.
func (c *Coach) Bring(ctx context.Context, name, step, origin string) error {
	if step != "" {
		if _, known := c.script.Step(step); !known {
			return errNoStep
		}
	}
	if _, err := c.registry.SaveCheckpoint(ctx, name, "Before the guide rebuilt the lab", ""); err != nil {
		return err
	}
	if err := c.registry.Rewind(ctx, name); err != nil {
		return err
	}
	last := c.before(step)
	if last == "" {
		return nil
	}
	report, err := script.Play(ctx, c.script, script.Options{URL: origin, Lab: name, To: last, Transport: c.carrier,
		Before: func(*script.Step) { c.tick(ctx, name) }}) // each step leaves its moment, as a person's does
	if err != nil {
		return err
	}
	c.tick(ctx, name)
	if !report.OK() {
		return errors.New("the guide could not rebuild the lab: step " + strings.Join(report.FailedIDs(), ", ") + " did not work")
	}
	return nil
}

// tick judges a lab now. What cannot be judged at this moment is judged when somebody next looks.
func (c *Coach) tick(ctx context.Context, name string) {
	l, release, err := c.registry.Acquire(ctx, name)
	if err != nil {
		return
	}
	defer release()
	_, _ = c.Progress(ctx, l)
}

// before gives the step before one; the last step when the id is empty, nothing before the first.
func (c *Coach) before(id string) string {
	previous := ""
	for _, step := range c.steps {
		if step.ID == id {
			return previous
		}
		previous = step.ID
	}
	return previous
}

// after gives the step after one; nothing after the last.
func (c *Coach) after(id string) string {
	for i, step := range c.steps[:len(c.steps)-1] {
		if step.ID == id {
			return c.steps[i+1].ID
		}
	}
	return ""
}

// Undo takes a lab back to where it was before the last step that was done, or before the last reset, fault card or
// return.
func (c *Coach) Undo(ctx context.Context, name string) error {
	l, release, err := c.registry.Acquire(ctx, name)
	if err != nil {
		return err
	}
	defer release()
	target, ok, err := c.undoable(ctx, l)
	if err != nil {
		return err
	}
	if !ok {
		return errNothingToUndo
	}
	if err := c.registry.RestoreCheckpoint(ctx, name, target.ID); err != nil {
		return err
	}
	kept, err := c.registry.Checkpoints(name)
	if err != nil {
		return err
	}
	return c.registry.DropCheckpoints(name, kept[0].ID-1) // what is undone is no moment to go back to
}

// precaution tells the checkpoints that were kept before something else than a step: a reset, a fault card, going back.
func precaution(k lab.Checkpoint) bool { return k.Step == "" && k.Label != beginning }

// undoable gives the checkpoint to which undoing leads; ok is false when there is nothing to undo.
func (c *Coach) undoable(ctx context.Context, l *lab.Lab) (target lab.Checkpoint, ok bool, err error) {
	kept, err := c.registry.Checkpoints(l.Name)
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
	order := c.inTime(done)
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
func (c *Coach) inTime(done map[string]time.Time) []string {
	order := slices.DeleteFunc(c.Steps(), func(id string) bool { _, known := done[id]; return !known })
	slices.SortStableFunc(order, func(a, b string) int { return done[a].Compare(done[b]) })
	return order
}

// StartAgain takes a lab back to where its present step began, or the section of that step. What it was until now is kept
// as a checkpoint.
func (c *Coach) StartAgain(ctx context.Context, name string, section bool) error {
	l, release, err := c.registry.Acquire(ctx, name)
	if err != nil {
		return err
	}
	defer release()
	p, err := c.Progress(ctx, l)
	if err != nil {
		return err
	}
	done, err := l.StepsDone(ctx)
	if err != nil {
		return err
	}
	kept, err := c.registry.Checkpoints(name)
	if err != nil {
		return err
	}
	last := c.lastBefore(done, p.Current, section)
	i := slices.IndexFunc(kept, func(k lab.Checkpoint) bool { return k.Step == last && (last != "" || k.Label == beginning) })
	if i < 0 {
		return errNoBeginning
	}
	return c.GoBack(ctx, name, kept[i].ID)
}

// lastBefore is the step that was done last before the present one began, or before the first of its section was done;
// empty for none.
func (c *Coach) lastBefore(done map[string]time.Time, current *script.Step, section bool) (last string) {
	present := len(c.script.Sections) // through: there is no section to begin again
	if current != nil {
		present = c.text[current.ID].Section
	}
	for _, id := range c.inTime(done) {
		if section && c.text[id].Section == present {
			break
		}
		last = id
	}
	return last
}

// GoBack takes a lab to one of its checkpoints. What it was until now is kept as a checkpoint too.
func (c *Coach) GoBack(ctx context.Context, name string, checkpoint int) error {
	if _, err := c.registry.SaveCheckpoint(ctx, name, "Before going back", ""); err != nil {
		return err
	}
	return c.registry.RestoreCheckpoint(ctx, name, checkpoint)
}

// Sections lists the titles of the guide's sections.
func (c *Coach) Sections() (titles []string) {
	for _, section := range c.script.Sections {
		titles = append(titles, section.Title)
	}
	return titles
}

// Steps lists the ids of the guide's steps.
func (c *Coach) Steps() (ids []string) {
	for _, step := range c.steps {
		ids = append(ids, step.ID)
	}
	return ids
}

// SectionOf gives the title of the section that a step is in; empty for no step.
func (c *Coach) SectionOf(step string) string {
	text, known := c.text[step]
	if !known {
		return ""
	}
	return c.script.Sections[text.Section].Title
}

// Open lets the guide show only the first sections: as many as f says, all for 0. Set it before the coach is used.
func (c *Coach) Open(f func(context.Context) int) { c.open = f }

// closed tells whether a step's section is not open yet.
func (c *Coach) closed(ctx context.Context, step *script.Step) bool {
	if c.open == nil || step == nil {
		return false
	}
	n := c.open(ctx)
	return n > 0 && c.text[step.ID].Section >= n
}
