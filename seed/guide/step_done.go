package guide

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"
	"weak"

	"understudy/seed/lab"
	"understudy/seed/script"
)

// Progress tells how far the learner of a lab has come.
type Progress struct {
	Guide    string          // name of the guide
	Total    int             // number of its steps
	Done     map[string]bool // ids of the done steps
	Current  *script.Step    // the first step that is not done; nil when all are
	Mistakes []string        // explains the mistakes that the learner made in the current step

	// Shown is the step that the panel shows; nil at the end of the guide. ShownMistakes explains the mistakes in it.
	Shown         *script.Step
	ShownMistakes []string
	// Ready tells that the check of the shown step is met, so that the learner can confirm the step.
	Ready bool

	LearnerNames map[string]string            // the learner's names, by the name that the text uses
	People       map[string]map[string]string // the people whom the learner created, by their name in the script; their fields
	Places       map[string]string            // path within its product on which a step begins, by step
	Copied       int                          // number of values on the clipboard
}

// Count returns the number of done steps.
func (p Progress) Count() int { return len(p.Done) }

// labProgress caches the progress of a lab, and what the guide remembers of the checks that are not met yet.
type labProgress struct {
	sync.Mutex
	lab        weak.Pointer[lab.Lab] // a closed lab does not stay in memory
	version    uint64                // version of the lab's file at which progress was computed
	progress   Progress
	judgements map[*script.Check]*judgement
	namesMark  uint64 // of the lab's file, before the learner's names and the clipboard were read
	namesRead  bool
}

// begin forgets everything and begins with a lab that was opened.
func (p *labProgress) begin(l *lab.Lab) {
	p.lab, p.progress, p.namesRead = weak.Make(l), Progress{}, false
	p.judgements = map[*script.Check]*judgement{}
}

// maxResetRetries limits how often Progress starts again because somebody reset the lab in the meantime.
const maxResetRetries = 3

// Progress decides which steps of a lab are done now. A step that was done once stays done. For newly done steps,
// Progress records them and saves a checkpoint.
func (g *Guide) Progress(ctx context.Context, l *lab.Lab) (p Progress, err error) {
	cached := g.progressOf(l)
	cached.Lock()
	defer cached.Unlock()
	// A reset replaces the lab. Steps that were done before the reset do not count afterwards, so evaluate again.
	for range maxResetRetries {
		if p, err = g.updateProgress(l.Pinned(ctx), l, cached); !errors.Is(err, lab.ErrReset) {
			break
		}
	}
	return p, err
}

// progressOf returns the cache of a lab.
func (g *Guide) progressOf(l *lab.Lab) *labProgress {
	g.mu.Lock()
	defer g.mu.Unlock()
	cached := g.labs[l.Name]
	if cached == nil {
		cached = &labProgress{}
		g.labs[l.Name] = cached
	}
	return cached
}

// updateProgress computes the progress unless the lab is unchanged. The caller holds the lock of cached.
func (g *Guide) updateProgress(ctx context.Context, l *lab.Lab, cached *labProgress) (Progress, error) {
	if err := l.DB.Flush(ctx); err != nil { // the lab writes traffic and visits in batches; write them first
		return Progress{}, err
	}
	version := l.DB.Version()
	if cached.lab.Value() != l {
		cached.begin(l)
	} else if cached.version == version && cached.progress.Done != nil {
		return cached.progress, nil
	}
	before, err := l.StepsDone(ctx, g.Name)
	if err != nil {
		return Progress{}, err
	}
	p, newlyDone, err := g.evaluate(g.newReading(ctx, l), before, cached)
	if err != nil {
		return Progress{}, err
	}
	if len(before) == 0 && len(newlyDone) == 0 {
		if err := g.saveBeginning(ctx, l); err != nil {
			return p, err
		}
	}
	if len(newlyDone) > 0 {
		if err := g.recordDone(ctx, l, newlyDone...); err != nil {
			return p, err
		}
		version++ // recordDone makes one change, which does not affect the progress
	}
	cached.version, cached.progress = version, p
	return p, nil
}

// evaluate tells which steps are done, and which of them are not recorded in before.
func (g *Guide) evaluate(r *reading, before map[string]time.Time, cached *labProgress) (p Progress, newlyDone []string, err error) {
	var checks []*script.Check
	for _, step := range g.steps {
		if _, recorded := before[step.ID]; !recorded && step.Done != "" {
			checks = append(checks, step.Check())
		}
	}
	if err := g.judge(r, cached, checks); err != nil {
		return p, nil, err
	}
	isMet := func(check *script.Check) bool { return cached.judgements[check].met }
	p, newlyDone = g.decide(before, isMet)
	if err := g.chooseShown(r.ctx, r.lab, &p); err != nil {
		return p, nil, err
	}
	mistakesIn := func(step *script.Step) ([]string, error) {
		if step == nil || p.Done[step.ID] {
			return nil, nil
		}
		mistakes := step.MistakeChecks()
		checks = append(checks, mistakes...)
		err := g.judge(r, cached, mistakes)
		if err != nil {
			return nil, err
		}
		return step.MistakesWhere(isMet), nil
	}
	if p.Mistakes, err = mistakesIn(p.Current); err != nil {
		return p, nil, err
	}
	if p.ShownMistakes, err = mistakesIn(p.Shown); err != nil {
		return p, nil, err
	}
	if step := p.Shown; step != nil && step.Confirm != "" && !p.Done[step.ID] {
		p.Ready = step.Done == "" || isMet(step.Check())
	}
	maps.DeleteFunc(cached.judgements, func(check *script.Check, _ *judgement) bool { return !slices.Contains(checks, check) })
	return p, newlyDone, g.readNames(r, cached, &p)
}

// decide tells which steps are done, and which of them are not recorded in before. A step without a check counts as done when
// the next step with a check is done. So does a step that the learner has to confirm, if its check is met.
func (g *Guide) decide(before map[string]time.Time, isMet func(*script.Check) bool) (p Progress, newlyDone []string) {
	p.Guide, p.Total, p.Done = g.Name, len(g.steps), map[string]bool{}
	nextDone := false // whether the next step with a check is done
	for _, step := range slices.Backward(g.steps) {
		_, done := before[step.ID]
		recorded := done
		switch {
		case step.Done == "":
			done = done || nextDone
		case step.Confirm != "":
			done = done || nextDone && isMet(step.Check())
			nextDone = done
		default:
			done = done || isMet(step.Check())
			nextDone = done
		}
		if !done {
			p.Current = step
			continue
		}
		p.Done[step.ID] = true
		if !recorded {
			newlyDone = append(newlyDone, step.ID)
		}
	}
	slices.Reverse(newlyDone)
	return p, newlyDone
}

// readNames reads the learner's names and the number of values on the clipboard, if they may have changed.
func (g *Guide) readNames(r *reading, cached *labProgress, p *Progress) error {
	p.LearnerNames, p.Copied = cached.progress.LearnerNames, cached.progress.Copied
	p.People, p.Places = cached.progress.People, cached.progress.Places
	if names := g.nameParts(); !cached.namesRead || r.changedSince(cached.namesMark, names) {
		facts, err := r.facts(names)
		if err != nil {
			return err
		}
		p.LearnerNames, p.People = g.script.LearnerNames(facts), g.script.LearnerPeople(facts)
		p.Places = map[string]string{}
		for _, step := range g.steps {
			if path, err := step.At.Path(facts); err == nil {
				p.Places[step.ID] = path
			}
		}
	}
	if clipboard := []string{"copied"}; !cached.namesRead || r.changedSince(cached.namesMark, clipboard) {
		if _, err := r.facts(clipboard); err != nil {
			return err
		}
		copied, _ := r.view["copied"].([]any)
		p.Copied = len(copied)
	}
	cached.namesMark, cached.namesRead = r.mark, true
	return nil
}

// recordDone records steps as done and saves a checkpoint for the last of them.
func (g *Guide) recordDone(ctx context.Context, l *lab.Lab, steps ...string) error {
	if err := l.MarkDone(ctx, g.Name, steps...); err != nil {
		return err
	}
	last := steps[len(steps)-1]
	_, err := g.registry.SaveGuideCheckpoint(ctx, l.Name, "After step "+last, g.Name, last)
	return err
}

// beginningLabel is the label of the checkpoint before the first step.
const beginningLabel = "The beginning"

// saveBeginning saves a checkpoint of a fresh lab, so that the learner can undo the first step as well.
func (g *Guide) saveBeginning(ctx context.Context, l *lab.Lab) error {
	checkpoints, err := g.registry.Checkpoints(l.Name)
	if err != nil || slices.ContainsFunc(checkpoints, g.isOwn) {
		return err
	}
	_, err = g.registry.SaveGuideCheckpoint(ctx, l.Name, beginningLabel, g.Name, "")
	return err
}

// isOwn reports whether a checkpoint belongs to this guide: to one of its steps, or to its beginning.
func (g *Guide) isOwn(c lab.Checkpoint) bool { return c.Guide == g.Name }
