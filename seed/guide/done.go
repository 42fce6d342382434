package guide

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"time"

	"understudy/seed/lab"
	"understudy/seed/script"
)

// Progress tells how far the learner of a lab has come.
type Progress struct {
	Done     map[string]bool // ids of the done steps
	Current  *script.Step    // the first step that is not done; nil when all are
	Mistakes []string        // explains the mistakes that the learner made in the current step

	LearnerNames map[string]string // the learner's names, by the name that the text uses
	Copied       int               // number of values on the clipboard
}

// Count returns the number of done steps.
func (p Progress) Count() int { return len(p.Done) }

// labProgress caches the progress of a lab. Evaluating all checks takes about twenty queries.
type labProgress struct {
	sync.Mutex
	lab      *lab.Lab
	version  uint64 // version of the lab's file at which progress was computed
	progress Progress
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
	if cached.lab == l && cached.version == version && cached.progress.Done != nil {
		return cached.progress, nil
	}
	before, err := l.StepsDone(ctx)
	if err != nil {
		return Progress{}, err
	}
	facts, copied, err := g.facts(ctx, l)
	if err != nil {
		return Progress{}, err
	}
	p, newlyDone := g.evaluate(before, facts)
	p.LearnerNames, p.Copied = g.script.LearnerNames(facts), copied
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
	cached.lab, cached.version, cached.progress = l, version, p
	return p, nil
}

// facts returns the values that the checks of the script ask about, and the number of values on the clipboard.
func (g *Guide) facts(ctx context.Context, l *lab.Lab) (facts script.Facts, copied int, err error) {
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

// evaluate tells which steps are done, and which of them are not recorded in before. A step without a check counts as
// done when the next step with a check is done.
func (g *Guide) evaluate(before map[string]time.Time, facts script.Facts) (p Progress, newlyDone []string) {
	p.Done = map[string]bool{}
	nextDone := false // whether the next step with a check is done
	for _, step := range slices.Backward(g.steps) {
		_, recorded := before[step.ID]
		done := recorded || step.Done == "" && nextDone
		if step.Done != "" {
			if !done {
				met, err := step.Evaluate(facts)
				done = err == nil && met
			}
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
	if p.Current != nil {
		p.Mistakes = p.Current.Mistakes(facts)
	}
	return p, newlyDone
}

// recordDone records steps as done and saves a checkpoint for the last of them.
func (g *Guide) recordDone(ctx context.Context, l *lab.Lab, steps ...string) error {
	if err := l.MarkDone(ctx, steps...); err != nil {
		return err
	}
	last := steps[len(steps)-1]
	_, err := g.registry.SaveCheckpoint(ctx, l.Name, "After step "+last, last)
	return err
}

// ConfirmStep records a step as done because the learner says so. It is refused when the guide can see the step itself.
func (g *Guide) ConfirmStep(ctx context.Context, l *lab.Lab, id string) error {
	step, err := g.openStep(ctx, id)
	if err != nil {
		return err
	}
	if !step.MarkableByHand() {
		return errStepHasCheck
	}
	return g.recordDone(ctx, l, id)
}

// beginningLabel is the label of the checkpoint before the first step.
const beginningLabel = "The beginning"

// saveBeginning saves a checkpoint of a fresh lab, so that the learner can undo the first step as well.
func (g *Guide) saveBeginning(ctx context.Context, l *lab.Lab) error {
	checkpoints, err := g.registry.Checkpoints(l.Name)
	if err != nil || len(checkpoints) > 0 {
		return err
	}
	_, err = g.registry.SaveCheckpoint(ctx, l.Name, beginningLabel, "")
	return err
}
