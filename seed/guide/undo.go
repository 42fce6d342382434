package guide

import (
	"context"
	"slices"
	"time"

	"understudy/seed/lab"
	"understudy/seed/script"
)

// Undo takes a lab back to the state before its last done step. When a reset, a fault, a rebuild or a return to a
// checkpoint came later than that step, Undo reverts that instead.
func (g *Guide) Undo(ctx context.Context, name string) error {
	l, release, err := g.registry.Acquire(ctx, name)
	if err != nil {
		return err
	}
	defer release()
	ctx, done, err := g.registry.Exclusive(ctx, name)
	if err != nil {
		return err
	}
	defer done()
	target, ok, err := g.undoTarget(ctx, l)
	if err != nil {
		return err
	}
	if !ok {
		return errNothingToUndo
	}
	checkpoints, err := g.registry.Checkpoints(name)
	if err != nil {
		return err
	}
	if err := g.registry.RestoreCheckpoint(ctx, name, target.ID); err != nil {
		return err
	}
	return g.registry.DropCheckpoints(name, checkpoints[0].ID-1) // the next Undo must not lead to the undone state
}

// isSafetyCheckpoint reports whether a checkpoint was saved before a reset, a fault, a rebuild or a return to another
// checkpoint, and not after a step.
func isSafetyCheckpoint(c lab.Checkpoint) bool { return c.Step == "" && c.Label != beginningLabel }

// isBeginning reports whether a checkpoint was saved before the first step of this guide.
func (g *Guide) isBeginning(c lab.Checkpoint) bool {
	return g.isOwn(c) && c.Step == "" && c.Label == beginningLabel
}

// undoTarget returns the checkpoint to which Undo leads; ok is false when there is nothing to undo.
func (g *Guide) undoTarget(ctx context.Context, l *lab.Lab) (target lab.Checkpoint, ok bool, err error) {
	checkpoints, err := g.registry.Checkpoints(l.Name) // newest first
	if err != nil || len(checkpoints) == 0 {
		return target, false, err
	}
	if isSafetyCheckpoint(checkpoints[0]) {
		return checkpoints[0], true, nil
	}
	done, err := l.StepsDone(ctx, g.Name)
	if err != nil {
		return target, false, err
	}
	// Use the steps that the lab has recorded, not the order of the checkpoints: after a return to an earlier checkpoint,
	// the later checkpoints still exist.
	order := g.stepsByTime(done)
	for _, step := range slices.Backward(order) {
		for _, c := range checkpoints[1:] {
			if isCurrent := g.isOwn(checkpoints[0]) && checkpoints[0].Step == step; !isCurrent && g.isOwn(c) && c.Step == step {
				return c, true, nil
			}
		}
	}
	i := slices.IndexFunc(checkpoints[1:], func(c lab.Checkpoint) bool { return g.isBeginning(c) })
	if i < 0 || len(order) == 0 {
		return target, false, nil
	}
	return checkpoints[1+i], true, nil
}

// stepsByTime lists the ids of the done steps, in the order in which they were done.
func (g *Guide) stepsByTime(done map[string]time.Time) []string {
	order := slices.DeleteFunc(g.Steps(), func(id string) bool { _, known := done[id]; return !known })
	slices.SortStableFunc(order, func(a, b string) int { return done[a].Compare(done[b]) })
	return order
}

// Restart takes a lab back to the beginning of its current step, or of the section of that step. The lab as it is now is
// saved as a checkpoint.
func (g *Guide) Restart(ctx context.Context, name string, section bool) error {
	l, release, err := g.registry.Acquire(ctx, name)
	if err != nil {
		return err
	}
	defer release()
	ctx, done, err := g.registry.Exclusive(ctx, name)
	if err != nil {
		return err
	}
	defer done()
	p, err := g.Progress(ctx, l)
	if err != nil {
		return err
	}
	steps, err := l.StepsDone(ctx, g.Name)
	if err != nil {
		return err
	}
	checkpoints, err := g.registry.Checkpoints(name)
	if err != nil {
		return err
	}
	last := g.lastDoneBefore(steps, p.Current, section)
	i := slices.IndexFunc(checkpoints, func(c lab.Checkpoint) bool {
		return g.isBeginning(c) && last == "" || g.isOwn(c) && c.Step == last && last != ""
	})
	if i < 0 {
		return errCheckpointGone
	}
	return g.GoBack(ctx, name, checkpoints[i].ID)
}

// lastDoneBefore returns the step that was done last before current began. With section, it returns the step that was done
// last before any step of current's section. It is empty when there is none.
func (g *Guide) lastDoneBefore(done map[string]time.Time, current *script.Step, section bool) (last string) {
	currentSection := len(g.script.Sections) // all steps are done: no section matches
	if current != nil {
		currentSection = g.text[current.ID].Section
	}
	for _, id := range g.stepsByTime(done) {
		if section && g.text[id].Section == currentSection {
			break
		}
		last = id
	}
	return last
}

// GoBack takes a lab to one of its checkpoints, and shows the step that is to be done there. The lab as it is now is saved as a
// checkpoint first.
func (g *Guide) GoBack(ctx context.Context, name string, checkpoint int) error {
	ctx, done, err := g.registry.Exclusive(ctx, name)
	if err != nil {
		return err
	}
	defer done()
	if _, err := g.registry.SaveCheckpoint(ctx, name, "Before going back", ""); err != nil {
		return err
	}
	if err := g.registry.RestoreCheckpoint(ctx, name, checkpoint); err != nil {
		return err
	}
	return g.showOpenStep(ctx, name)
}
