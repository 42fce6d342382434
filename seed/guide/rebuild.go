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
		URL: origin, Lab: name, To: last, Transport: g.transport,
		BeforeStep: func(*script.Step) { g.refreshProgress(ctx, name) }, // saves a checkpoint after each step
	})
	if err != nil {
		return err
	}
	g.refreshProgress(ctx, name)
	if !report.OK() {
		return fmt.Errorf("rebuild lab %s: step %s failed", name, strings.Join(report.FailedIDs(), ", "))
	}
	return nil
}

// refreshProgress computes the progress of a lab. It ignores errors, because the next call of Progress tries again.
func (g *Guide) refreshProgress(ctx context.Context, name string) {
	l, release, err := g.registry.Acquire(ctx, name)
	if err != nil {
		return
	}
	defer release()
	_, _ = g.Progress(ctx, l)
}
