package guide

import (
	"context"
	"fmt"
	"strings"

	"understudy/seed/lab"
	"understudy/seed/script"
	"understudy/seed/script/player"
)

// RebuildBefore replaces a lab by the lab that the script produces up to a step, without the step itself. An empty step
// means all steps. origin is the scheme and host under which the learner reaches this server; the addresses in the lab
// use it. The replaced lab is saved as a checkpoint.
func (g *Guide) RebuildBefore(ctx context.Context, name, step, origin string) error {
	if step != "" {
		if _, known := g.script.Step(step); !known {
			return errNoStep
		}
	}
	ctx, done, err := g.registry.Exclusive(ctx, name)
	if err != nil {
		return err
	}
	defer done()
	if err := g.registry.ResetTo(ctx, name, "Before the guide rebuilt the lab", lab.KeepSessions); err != nil {
		return err
	}
	last := g.stepBefore(step)
	if last == "" {
		return nil
	}
	report, err := player.Play(ctx, g.script, player.Options{
		URL: origin, Lab: name, To: last, Transport: g.transport, Egress: g.egress,
		BeforeStep: func(next *script.Step) { g.recordPlayed(ctx, name, g.stepBefore(next.ID)) }, // saves a checkpoint after each step
	})
	if err != nil {
		return err
	}
	g.recordPlayed(ctx, name, last)
	if !report.OK() {
		return fmt.Errorf("rebuild lab %s: step %s failed", name, strings.Join(report.FailedIDs(), ", "))
	}
	return g.showOpenStep(ctx, name)
}

// showOpenStep makes the panel show the first step that is not done.
func (g *Guide) showOpenStep(ctx context.Context, name string) error {
	l, release, err := g.registry.Acquire(ctx, name)
	if err != nil {
		return err
	}
	defer release()
	p, err := g.Progress(ctx, l)
	if err != nil {
		return err
	}
	return g.show(ctx, l, idOf(p.Current))
}

// recordPlayed computes the progress of a lab after a step was played, and confirms the step if a learner has to. It ignores errors,
// because the next call of Progress tries again.
func (g *Guide) recordPlayed(ctx context.Context, name, played string) {
	l, release, err := g.registry.Acquire(ctx, name)
	if err != nil {
		return
	}
	defer release()
	p, err := g.Progress(ctx, l)
	step, known := g.script.Step(played)
	if err == nil && known && !p.Done[played] && step.Confirm != "" {
		_ = g.recordDone(ctx, l, played)
	}
}
