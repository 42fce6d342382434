package guide

import (
	"context"
	"time"

	"understudy/seed/base/problem"
	"understudy/seed/lab"
	"understudy/seed/script"
	"understudy/seed/script/player"
)

// DoStep does one step for the learner, in the lab as it is and with the learner's names. When that fails, the lab is restored.
// origin is the scheme and host under which the learner reaches this server.
func (g *Guide) DoStep(ctx context.Context, name, id, origin string) error {
	step, err := g.openStep(ctx, id)
	if err != nil {
		return err
	}
	ctx, done, err := g.registry.Exclusive(ctx, name)
	if err != nil {
		return err
	}
	defer done()
	before, err := g.registry.SaveCheckpoint(ctx, name, "Before the guide did step "+id, "")
	if err != nil {
		return err
	}
	failure := g.playAlone(ctx, name, step, origin)
	if failure == nil {
		return nil
	}
	if err := g.registry.RestoreCheckpoint(ctx, name, before.ID); err != nil {
		return err
	}
	if err := g.registry.DropCheckpoints(name, before.ID-1); err != nil { // Undo must not lead to this checkpoint
		return err
	}
	names, err := g.learnerNames(ctx, name)
	if err != nil {
		return err
	}
	sentence := "The guide could not do step " + id + ". The lab is as it was before. "
	if who := g.passwordOf(step); who != "" {
		sentence += g.useNames("The guide uses its own password for "+who+". If you chose another password for "+who+
			", sign in as "+who+" and do the step yourself.", g.namesIn(step, names))
	} else {
		sentence += "Do the step yourself, or undo the steps before it."
		if step.Awaits != "" {
			sentence += " The step is completed when this is true: " + g.useNames(step.Awaits, g.namesIn(step, names))
		}
	}
	return &problem.Error{Kind: problem.Conflict, Err: failure, Message: sentence}
}

// passwordOf returns the person of the script whose password the learner may have chosen and the step enters; empty for none.
func (g *Guide) passwordOf(step *script.Step) string {
	for _, block := range step.PlayedAlone() {
		for _, action := range block.Do {
			for identity := range g.script.Vars {
				if action.Value == "{"+identity+".password}" || action.Value == "{"+identity+".new-password}" {
					return g.displayName(identity)
				}
			}
		}
	}
	return ""
}

// learnerNames returns the names that the learner chose.
func (g *Guide) learnerNames(ctx context.Context, name string) (map[string]string, error) {
	l, release, err := g.registry.Acquire(ctx, name)
	if err != nil {
		return nil, err
	}
	defer release()
	p, err := g.Progress(ctx, l)
	return p.LearnerNames, err
}

// playAlone plays a step and records that it is done.
func (g *Guide) playAlone(ctx context.Context, name string, step *script.Step, origin string) error {
	l, release, err := g.registry.Acquire(ctx, name)
	if err != nil {
		return err
	}
	defer release()
	p, err := g.Progress(ctx, l)
	if err != nil {
		return err
	}
	values, err := g.knownValues(ctx, l, p)
	if err != nil {
		return err
	}
	acting := l.Act()
	defer acting.End(ctx)
	err = player.PlayAlone(ctx, g.script, step, player.Options{URL: origin, Lab: name, Transport: g.transport, CheckTimeout: checkTimeout}, player.Alone{
		Values: values,
		Rename: func(text string) string { return g.useNames(text, g.namesIn(step, p.LearnerNames)) },
		Place: func(s *script.Step) string {
			path := p.Places[s.ID]
			return origin + "/" + s.At.Product() + "/" + name + path
		},
		SignIn: func(identity, product string) ([]player.Login, error) {
			who, err := g.personOf(ctx, l, identity, p.People)
			if err != nil {
				return nil, err
			}
			cookie, err := acting.As(ctx, lab.Half(product), who.Login)
			return []player.Login{{URL: origin + cookie.Path, Cookie: cookie}}, err
		},
	})
	if err != nil {
		return err
	}
	if step.Confirm != "" || step.MarkableByHand() {
		return g.recordDone(ctx, l, step.ID)
	}
	_, err = g.Progress(ctx, l)
	return err
}

// knownValues returns the variables of the script that the lab knows: the learner's people, and what was copied.
func (g *Guide) knownValues(ctx context.Context, l *lab.Lab, p Progress) (map[string]string, error) {
	values := map[string]string{}
	for identity, fields := range p.People {
		for field, value := range fields {
			values[identity+"."+field] = value
		}
	}
	items, err := l.Clipboard(ctx)
	if err != nil {
		return nil, err
	}
	for _, step := range g.steps {
		for _, action := range step.Do {
			for _, item := range items {
				if action.Verb == script.VerbCopy && action.Name == item.Label {
					values[action.Value] = item.Value
				}
			}
		}
	}
	return values, nil
}

// checkTimeout is how long the guide waits for the effects of a step that it did, such as provisioning.
const checkTimeout = 8 * time.Second
