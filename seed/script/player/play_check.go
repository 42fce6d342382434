package player

import (
	"cmp"
	"context"
	"errors"
	"time"

	"understudy/seed/script"
)

// errNotDone means that the step's done expression is false.
var errNotDone = errors.New("not true in the lab's view")

// awaitDone evaluates the step's done expression, if the server offers a view of the lab. Some effects of a step come
// later, such as provisioning. So awaitDone asks again, with growing pauses, until CheckTimeout.
func (pl *play) awaitDone(ctx context.Context, result *Result, step *script.Step, w window) {
	if step.Done == "" || pl.noView || result.Status == Failed {
		return
	}
	deadline := time.Now().Add(cmp.Or(pl.CheckTimeout, waitTimeout))
	for wait := firstPause; ; wait = min(2*wait, longestPause) {
		err := pl.evaluate(ctx, step)
		if errors.Is(err, errNoView) {
			pl.noView = true
			return
		}
		if err == nil {
			return
		}
		if !time.Now().Before(deadline) || pause(ctx, wait) != nil {
			pl.fail(ctx, result, step, w, script.Action{Verb: "done", Name: step.Done, Line: step.Line}, err)
			return
		}
	}
}

// evaluate evaluates the done expression once; nil means that it is true.
func (pl *play) evaluate(ctx context.Context, step *script.Step) error {
	view, err := fetchView(ctx, pl.client, pl.URL, pl.Lab, pl.script.ViewParts(step))
	if err != nil {
		return err
	}
	done, err := step.Evaluate(pl.script.Facts(view))
	if err == nil && !done {
		err = errNotDone
	}
	return err
}

// record adds a step's result to the report and writes it to the log.
func (pl *play) record(step *script.Step, result Result) {
	pl.report.Steps = append(pl.report.Steps, result)
	if pl.browser != nil {
		for _, v := range pl.browser.takeViolations() {
			v.Step = step.ID
			pl.report.Violations = append(pl.report.Violations, v)
			pl.logf("     axe  %s\n", v)
		}
	}
	word := map[Status]string{Passed: "ok", Failed: "FAIL", NotScripted: "none"}[result.Status]
	pl.logf("%-4s %-5s %-12s %s\n", word, result.ID, result.As, result.Took.Round(time.Millisecond))
	if result.Failure != nil {
		pl.logf("%v\n", result.Failure)
	}
	for _, note := range result.Notes {
		pl.logf("     note %s\n", note)
	}
}

// addNotPlayed adds the steps that were not played to the report, up to Options.To.
func (pl *play) addNotPlayed(rest []*script.Step) {
	if n := len(pl.report.Steps); pl.To != "" && pl.report.Steps[n-1].ID == pl.To {
		return
	}
	for _, step := range rest {
		result := Result{ID: step.ID, As: step.As, Section: pl.section[step.ID], Status: NotPlayed}
		pl.report.Steps = append(pl.report.Steps, result)
		if step.ID == pl.To {
			break
		}
	}
	if n := pl.report.Count(NotPlayed); n > 0 {
		pl.logf("%d not played\n", n)
	}
}
