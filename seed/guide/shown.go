package guide

import (
	"cmp"
	"context"

	"understudy/seed/base/problem"
	"understudy/seed/lab"
	"understudy/seed/script"
)

// The panel shows a step until the learner selects Next, also after the step is done. A learner who goes on without Next, and so
// completes the first open step, is shown that step with its check mark.

// chooseShown sets the step that the panel shows.
func (g *Guide) chooseShown(ctx context.Context, l *lab.Lab, p *Progress) error {
	position, chosen, err := l.GuidePosition(ctx, g.Name)
	if err != nil {
		return err
	}
	open := idOf(p.Current)
	switch {
	case chosen && position.Open == open:
		p.Shown, _ = g.script.Step(position.Step)
	case g.stepBefore(open) != "":
		p.Shown, _ = g.script.Step(g.stepBefore(open))
	default:
		p.Shown = p.Current
	}
	return nil
}

func idOf(step *script.Step) string {
	if step == nil {
		return ""
	}
	return step.ID
}

// show makes the panel show a step; empty for the end of the guide.
func (g *Guide) show(ctx context.Context, l *lab.Lab, step string) error {
	if step != "" {
		if _, known := g.script.Step(step); !known {
			return errNoStep
		}
	}
	p, err := g.Progress(ctx, l)
	if err != nil {
		return err
	}
	return l.SetGuidePosition(ctx, g.Name, lab.GuidePosition{Step: step, Open: idOf(p.Current)})
}

// errNotReady means that the learner confirmed a step before its check was met.
var errNotReady = problem.New(problem.Conflict, "Do the step first. The guide shows what is missing.")

// ConfirmStep records a step as done because the learner says so. It is refused when the guide can see the step itself, and while
// the learner has not opened the page that the step asks to look at.
func (g *Guide) ConfirmStep(ctx context.Context, l *lab.Lab, id string) error {
	step, err := g.openStep(ctx, id)
	if err != nil {
		return err
	}
	switch {
	case step.Confirm != "":
		if met, err := g.isMet(ctx, l, step); err != nil || !met {
			return cmp.Or(err, error(errNotReady))
		}
	case !step.MarkableByHand():
		return errStepHasCheck
	}
	return g.recordDone(ctx, l, id)
}

// isMet reports whether the check of a step is met now.
func (g *Guide) isMet(ctx context.Context, l *lab.Lab, step *script.Step) (bool, error) {
	if step.Check() == nil {
		return true, nil
	}
	if err := l.DB.Flush(ctx); err != nil {
		return false, err
	}
	view, err := l.View(ctx, g.script.ViewParts(step)...)
	if err != nil {
		return false, err
	}
	met, err := step.Evaluate(g.script.Facts(plain(view).(map[string]any)))
	return err == nil && met, nil
}
