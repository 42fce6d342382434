package player

import (
	"context"
	"fmt"
	"maps"
	"math"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"understudy/seed/script"
)

// step plays one step: its actions, its checks (see and not-see), its done expression and its picture.
func (pl *play) step(ctx context.Context, step *script.Step) (result Result) {
	began := time.Now()
	result = Result{ID: step.ID, As: step.As, Section: pl.section[step.ID], Status: Passed}
	defer func() { result.Took = time.Since(began) }()
	pl.renameLabels(true)
	w, err := pl.window(step.As, step.NewWindow)
	if err == nil {
		err = pl.moment(ctx, step, nil)
	}
	if err != nil {
		pl.fail(ctx, &result, step, nil, script.Action{Verb: script.VerbAs, Name: step.As, Line: step.Line}, err)
		return result
	}
	for _, list := range [][]script.Action{step.Do, step.Checks} {
		for _, action := range list {
			if w, err = pl.actOrInstead(ctx, &result, step, w, action); err != nil {
				return result
			}
		}
	}
	pl.awaitDone(ctx, &result, step, w)
	if result.Status == Passed && !isScripted(step) {
		result.Status = NotScripted
	}
	if step.Shot != "" && result.Status != Failed {
		pl.picture(ctx, &result, step, w, step.FinalShot())
	}
	return result
}

// isScripted reports whether a step has anything that can fail: an action on a page or a check.
func isScripted(step *script.Step) bool {
	return step.Done != "" || len(step.Checks) > 0 || slices.ContainsFunc(step.Do, func(a script.Action) bool {
		return !slices.Contains([]script.Verb{script.VerbAs, script.VerbShot, script.VerbHold, script.VerbRelease}, a.Verb)
	})
}

// actOrInstead plays one action or, when it fails, what Options.Instead returns.
func (pl *play) actOrInstead(ctx context.Context, result *Result, step *script.Step, w window, action script.Action) (window, error) {
	if pl.Instead == nil {
		return pl.act(ctx, result, step, w, action)
	}
	for {
		var attempt Result
		next, err := pl.act(ctx, &attempt, step, w, action)
		if err == nil || ctx.Err() != nil {
			return next, err
		}
		again := false
		if action, again = pl.Instead(step, action, attempt.Failure); !again {
			return w, nil
		}
	}
}

// act plays one action and returns the window for the next one. An error means that the step cannot continue.
func (pl *play) act(
	ctx context.Context, result *Result, step *script.Step, w window, action script.Action,
) (window, error) {
	if err := pl.moment(ctx, step, &action); err != nil {
		pl.fail(ctx, result, step, w, action, err)
		return w, err
	}
	switch action.Verb {
	case script.VerbAs:
		next, err := pl.window(action.Name, false)
		if err != nil {
			pl.fail(ctx, result, step, w, action, err)
			return w, err
		}
		return next, nil
	case script.VerbShot:
		pl.picture(ctx, result, step, w, action.PictureShot())
		return w, nil
	case script.VerbHold, script.VerbRelease:
		if pl.Pictures != nil && pl.Pictures.Hold != nil {
			if err := pl.Pictures.Hold(ctx, action.Verb == script.VerbHold); err != nil {
				pl.fail(ctx, result, step, w, action, err)
				return w, err
			}
		}
		return w, nil
	}
	if pl.ActionDelay > 0 {
		if err := pause(ctx, pl.ActionDelay); err != nil {
			return w, err
		}
	}
	if action.Verb == script.VerbVisit {
		pl.setPageVariable(ctx, w)
	}
	ready, err := action.ReplaceVariables(pl.values.lookup)
	pl.reportPage(ctx, step, w)
	if err == nil {
		err = pl.addFrame(ctx, step, w, &ready)
	}
	if err == nil && (ready.Verb == script.VerbVisit || ready.Verb == script.VerbRequest) {
		ready.Name = pl.lab.Reach(ready.Name) // a learner, too, is led there
	}
	if err == nil {
		err = pl.perform(ctx, w, ready)
	}
	pl.reportPage(ctx, step, w)
	if err == nil {
		return w, nil
	}
	pl.fail(ctx, result, step, w, ready, err)
	if !pl.KeepGoing || len(pl.Rename) == 0 {
		return w, err
	}
	// The renamed labels may have caused the failure. The original labels let the rest of the step change what later steps need.
	pl.renameLabels(false)
	return w, pl.perform(ctx, w, ready)
}

// moment calls Pictures.Moment.
func (pl *play) moment(ctx context.Context, step *script.Step, action *script.Action) error {
	if pl.Pictures == nil || pl.Pictures.Moment == nil {
		return nil
	}
	return pl.Pictures.Moment(ctx, step, action)
}

// reportPage calls Options.PageSeen. A window without a page has nothing to report.
func (pl *play) reportPage(ctx context.Context, step *script.Step, w window) {
	if pl.PageSeen == nil {
		return
	}
	if p, err := w.read(ctx); err == nil {
		pl.PageSeen(step, p.has)
	}
}

// setPageVariable sets the variable {page} to the address of the window's page, without query and fragment. A window
// without a page has no such variable.
func (pl *play) setPageVariable(ctx context.Context, w window) {
	delete(pl.values, script.PageVariable)
	if p, err := w.read(ctx); err == nil && p.url != nil {
		bare := *p.url
		bare.RawQuery, bare.Fragment = "", ""
		pl.values[script.PageVariable] = bare.String()
	}
}

// perform performs an action whose variables are replaced, and tells the lab what was copied and pasted.
func (pl *play) perform(ctx context.Context, w window, action script.Action) error {
	if action.Verb == script.VerbRequest {
		return pl.request(ctx, action)
	}
	value, err := perform(ctx, w, action)
	if bw, ok := w.(*browserWindow); ok && err == nil && action.Verb == script.VerbWait && pl.Pictures != nil {
		// wait reloads the page only while it must. For pictures that look the same each time, the page is always reloaded.
		err = bw.reload(ctx)
	}
	if hw, ok := w.(*httpWindow); ok && err == nil {
		switch action.Verb {
		case script.VerbFill, script.VerbChoose, script.VerbTick, script.VerbUntick:
			hw.typed = append(hw.typed, action)
		}
	}
	if err == nil && action.Verb == script.VerbCopy {
		pl.values[action.Value], pl.copied[action.Value], pl.copiedFrom[value] = value, value, action.Name
		err = pl.postClipboard(ctx, url.Values{"label": {action.Name}, "value": {value}})
	}
	if err == nil && action.Verb == script.VerbFill && slices.Contains(slices.Collect(maps.Values(pl.copied)), action.Value) {
		err = pl.postClipboard(ctx, url.Values{"into": {action.Name}, "from": {pl.copiedFrom[action.Value]}})
	}
	return err
}

// postClipboard tells the lab what was copied or pasted, as the JavaScript of a page does for a person. The status of the response
// is ignored: a server without a clipboard is allowed.
func (pl *play) postClipboard(ctx context.Context, form url.Values) error {
	address, body := labAddress(pl.URL, pl.Lab)+"/clipboard", strings.NewReader(form.Encode())
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, body)
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := pl.client.Do(request)
	if err != nil {
		return err
	}
	return response.Body.Close()
}

// renameLabels applies Options.Rename to the pages of all open windows, or undoes it.
func (pl *play) renameLabels(on bool) {
	if len(pl.Rename) == 0 {
		return
	}
	for _, w := range pl.windows {
		if h, ok := w.(*httpWindow); ok {
			h.page.restore()
			h.rename = nil
			if on {
				h.rename = pl.Rename
				h.page.rename(h.rename)
			}
		}
	}
}

// fail marks the step as failed and records its first failure. w is nil when there is no window.
func (pl *play) fail(
	ctx context.Context, result *Result, step *script.Step, w window, action script.Action, err error,
) {
	result.Status = Failed
	if result.Failure != nil {
		return
	}
	failure := &Failure{
		Step: step.ID, At: fmt.Sprintf("%s:%d", pl.script.File, action.Line), Action: action.String(), Err: err,
	}
	result.Failure = failure
	if w == nil {
		return
	}
	if p, readErr := w.read(ctx); readErr == nil {
		failure.URL, failure.Title, failure.Offered = p.url.String(), p.title, p.describeControls(pl.mostControls())
	}
	if pl.browser != nil {
		file := filepath.Join(pl.FailureDir, "step-"+step.ID+".png")
		if w.screenshot(ctx, file) == nil {
			failure.Picture = file
		}
	}
}

// mostControls is how many controls of a page a failure lists. A program that looks for another control gets them all.
func (pl *play) mostControls() int {
	if pl.Instead != nil {
		return math.MaxInt
	}
	return 80
}

// picture takes one of the guide's pictures. The HTTP player reports only the address of the page. A picture that fails
// does not fail the step.
func (pl *play) picture(ctx context.Context, result *Result, step *script.Step, w window, shot script.Shot) {
	var err error
	wanted := pl.Pictures != nil && (pl.Pictures.Wanted == nil || pl.Pictures.Wanted(shot.Name))
	switch bw, inBrowser := w.(*browserWindow); {
	case !inBrowser && wanted && pl.browser == nil:
		var p *page
		if p, err = w.read(ctx); err == nil {
			pl.Pictures.Receive(Picture{Step: step.ID, As: result.As, Shot: shot, Address: p.url.String()})
		}
	case !inBrowser:
	case wanted:
		if shot.Animate {
			err = pl.addFrame(ctx, step, w, nil)
		}
		picture := bw.takePicture(ctx, pl.values, shot)
		if picture.Err == nil {
			picture.Err = err
		}
		if shot.Animate {
			picture.Frames, pl.frames = pl.frames, nil
		}
		picture.Step, err = step.ID, picture.Err
		pl.Pictures.Receive(picture)
	case pl.ShotDir != "":
		err = w.screenshot(ctx, filepath.Join(pl.ShotDir, shot.Name+".png"))
	}
	if err != nil {
		result.Notes = append(result.Notes, fmt.Sprintf("picture %s: %v", shot.Name, err))
	}
}
