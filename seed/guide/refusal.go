package guide

import (
	"errors"

	"understudy/seed/base/problem"
)

// refusal says why the guide did not do what the learner asked for in a step. The panel shows it in that step, until the learner
// does something else in the guide. It is kept in memory only.
type refusal struct{ step, sentence string }

// refuse keeps a refusal for the step that the panel shows. It returns err if err is not for the learner.
func (g *Guide) refuse(v visit, err error) error {
	said := problem.As(err)
	if said == nil || said.Kind != problem.Conflict || errors.Is(err, errStepHasCheck) {
		return err
	}
	p, readErr := g.Progress(v.Ctx(), v.Lab)
	if readErr != nil {
		return readErr
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.refusals[v.Lab.Name] = refusal{idOf(p.Shown), said.Message}
	return nil
}

// forgetRefusal is called when the guide has done what the learner asked for.
func (g *Guide) forgetRefusal(name string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.refusals, name)
}

// refusalIn returns why the guide did not do what the learner asked for in a step; empty for no reason.
func (g *Guide) refusalIn(name, step string) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	if r := g.refusals[name]; r.step == step {
		return r.sentence
	}
	return ""
}
