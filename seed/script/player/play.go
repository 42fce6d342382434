package player

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"understudy/seed/script"
)

// A player's requests say that the pages are to stand alone, without the guide beside them: its text is about the controls
// that the player looks for, and it would be in every picture.
const (
	GuideHeader = "Understudy-Guide"
	GuideOff    = "off"
)

// Player names who performs a script.
type Player string

// The players that are programs. The third is a person with the guide.
const (
	PlayerHTTP    Player = "http"
	PlayerBrowser Player = "browser"
)

// Options say where and how a script is played.
type Options struct {
	URL    string // the server, such as http://127.0.0.1:8080
	Lab    string // the lab's name, "demo" when empty
	To     string // the last step to play, "" for all
	Player Player // PlayerHTTP when empty
	Log    io.Writer

	// KeepGoing plays on after a failed step: the rest of that step is done as
	// if nothing had been renamed, so that later steps find what they build on.
	KeepGoing bool
	// Rename shows labels altered, to prove that exactly the steps naming them
	// fail: each text or name that equals a key reads as its value. HTTP player only.
	Rename map[string]string
	// Guide leaves the guide beside the pages, for browsers that judge it. Only the browser player can.
	ShowGuide bool
	// Patience is how long a step's check may stay untrue after the step; 15 s when 0.
	CheckTimeout time.Duration
	// Pace is how long the player waits before each action, as a person would; 0 not at all.
	ActionDelay time.Duration
	// Before is called before each step.
	BeforeStep func(*script.Step)
	// Saw is called with what the pages of a step look like, before and after each action: has tells whether a page has a
	// control of a name, or shows it as text.
	PageSeen func(step *script.Step, has func(name string) bool)
	// Transport is shared by many players; nil makes one for this walk.
	Transport http.RoundTripper

	FailureDir string    // where the browser player leaves pictures of failures; walk-failures when empty
	ShotDir    string    // where it leaves the quickstart's pictures; none are taken when empty
	Pictures   *Pictures // the guide's pictures, with their callouts; the browser player takes them
	Browser    string    // path of the browser; looked for on PATH when empty
	Axe        string    // axe-core's source: judge every page by it
	AxeNarrow  bool      // judge at 320 px too, not only at 1280
	Theme      string    // the colour scheme that the browser prefers, light or dark; its own when empty
}

// Play performs a script against a running lab. The error says that it could
// not begin; how the steps went is in the report. Its browser sessions are its
// own, so a person at work in the same lab stays signed in.
func Play(ctx context.Context, s *script.Script, o Options) (Report, error) {
	began := time.Now()
	pl, err := newPlay(ctx, s, o)
	if err != nil {
		return Report{}, err
	}
	defer pl.close()
	if err := pl.prepare(ctx); err != nil {
		return Report{}, err
	}
	steps := s.Steps()
	for i, step := range steps {
		if err := ctx.Err(); err != nil {
			return pl.report, fmt.Errorf("the walk was stopped before step %s: %w", step.ID, err)
		}
		if o.BeforeStep != nil {
			o.BeforeStep(step)
		}
		if pl.early && step.ID == o.Pictures.FirstBrowserStep {
			if err := pl.goLive(ctx); err != nil {
				return pl.report, err
			}
		}
		result := pl.step(ctx, step)
		pl.record(step, result)
		if step.ID == pl.to || result.Status == Failed && !o.KeepGoing {
			pl.leaveOut(steps[i+1:])
			break
		}
	}
	pl.report.Took = time.Since(began)
	pl.report.Copied = pl.copied
	pl.logf("%s\n", pl.report.Summary())
	return pl.report, nil
}

// play is one performance of a script.
type play struct {
	Options
	script  *script.Script
	to      string
	client  *http.Client
	values  values
	copied  map[string]string
	windows map[string]window
	browser *browser
	noView  bool
	early   bool // before the first step that needs the browser
	report  Report
	section map[string]string
}

func newPlay(ctx context.Context, s *script.Script, o Options) (*play, error) {
	if o.Lab == "" {
		o.Lab = "demo"
	}
	if o.FailureDir == "" {
		o.FailureDir = "walk-failures"
	}
	if o.To != "" {
		if _, found := s.Step(o.To); !found {
			return nil, fmt.Errorf("%s has no step %s", s.File, o.To)
		}
	}
	if o.Transport == nil {
		own := http.DefaultTransport.(*http.Transport).Clone()
		if o.Pictures != nil {
			own.DialContext = o.Pictures.dial
		}
		o.Transport = own
	}
	pl := &play{
		Options: o, script: s, to: o.To, windows: map[string]window{}, copied: map[string]string{}, section: map[string]string{},
		client: &http.Client{Transport: o.Transport, Timeout: 30 * time.Second},
	}
	for _, section := range s.Sections {
		for _, part := range section.Parts {
			if part.Step != nil {
				pl.section[part.Step.ID] = section.Title
			}
		}
	}
	card, err := fetchCard(ctx, pl.client, o.URL, o.Lab)
	if err != nil {
		return nil, err
	}
	pl.values = newValues(s, card)
	switch o.Player {
	case "", PlayerHTTP:
	case PlayerBrowser:
		if pl.browser, err = startBrowser(ctx, o); err != nil {
			return nil, err
		}
		pl.early = o.Pictures != nil && o.Pictures.FirstBrowserStep != "" && o.Pictures.FirstBrowserStep != s.Steps()[0].ID
	default:
		return nil, fmt.Errorf("there is no player %q: http or browser", o.Player)
	}
	return pl, nil
}

func (pl *play) close() {
	for _, w := range pl.windows {
		w.close()
	}
	if pl.browser != nil {
		pl.browser.close()
	}
	if own, ok := pl.Transport.(*http.Transport); ok && pl.Transport != http.DefaultTransport {
		own.CloseIdleConnections()
	}
}

func (pl *play) logf(format string, args ...any) {
	if pl.Log != nil {
		fmt.Fprintf(pl.Log, format, args...)
	}
}

// window gives the browser session of an identity, a fresh one if asked.
func (pl *play) window(who string, fresh bool) (window, error) {
	if w, open := pl.windows[who]; open {
		if !fresh {
			return w, nil
		}
		w.close()
		delete(pl.windows, who)
	}
	if pl.browser == nil || pl.early {
		pl.windows[who] = newHTTPWindow(pl.Transport, pl.Rename)
		return pl.windows[who], nil
	}
	w, err := pl.browser.window()
	if err != nil {
		return nil, err
	}
	pl.windows[who] = w
	return w, nil
}

// step plays one step to its end.
func (pl *play) step(ctx context.Context, step *script.Step) (result Result) {
	began := time.Now()
	result = Result{ID: step.ID, As: step.As, Section: pl.section[step.ID], Status: Passed}
	defer func() { result.Took = time.Since(began) }()
	pl.renamed(true)
	w, err := pl.window(step.As, step.NewWindow)
	if err != nil {
		pl.fail(ctx, &result, step, nil, script.Action{Verb: script.VerbAs, Name: step.As, Line: step.Line}, err)
		return result
	}
	for _, list := range [][]script.Action{step.Do, step.Checks} {
		for _, action := range list {
			if w, err = pl.act(ctx, &result, step, w, action); err != nil {
				return result
			}
		}
	}
	pl.judge(ctx, &result, step, w)
	if step.Shot != "" && result.Status == Passed {
		pl.picture(ctx, &result, step, w, step.FinalShot())
	}
	return result
}

// act plays one action and gives the window for the next. It returns an error
// when the step cannot go on.
func (pl *play) act(ctx context.Context, result *Result, step *script.Step, w window, action script.Action) (window, error) {
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
		if pl.Pictures != nil && pl.Pictures.Hold != nil && !pl.early {
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
		pl.noteAddress(ctx, w)
	}
	ready, err := action.ReplaceVariables(pl.values.lookup)
	pl.saw(ctx, step, w)
	if err == nil {
		err = pl.perform(ctx, w, ready)
	}
	pl.saw(ctx, step, w)
	if err == nil {
		return w, nil
	}
	pl.fail(ctx, result, step, w, ready, err)
	if !pl.KeepGoing || len(pl.Rename) == 0 {
		return w, err
	}
	pl.renamed(false)
	return w, pl.perform(ctx, w, ready)
}

func (pl *play) saw(ctx context.Context, step *script.Step, w window) {
	if pl.PageSeen == nil {
		return
	}
	if p, err := w.look(ctx); err == nil { // a window that shows nothing yet has nothing to see
		pl.PageSeen(step, p.has)
	}
}

// noteAddress lets a script go on from where the window is: {page}. A window that shows nothing yet has no address.
func (pl *play) noteAddress(ctx context.Context, w window) {
	delete(pl.values, script.PageVariable)
	if p, err := w.look(ctx); err == nil && p.url != nil {
		bare := *p.url
		bare.RawQuery, bare.Fragment = "", ""
		pl.values[script.PageVariable] = bare.String()
	}
}

func (pl *play) perform(ctx context.Context, w window, action script.Action) error {
	value, err := perform(ctx, w, action)
	if live, ok := w.(*browserWindow); ok && err == nil && action.Verb == script.VerbWait && pl.Pictures != nil {
		// What is waited for may be there at once or later; either way the picture shows the page as it is asked for again.
		err = live.reload(ctx)
	}
	if err == nil && action.Verb == script.VerbCopy {
		pl.values[action.Value], pl.copied[action.Value] = value, value
		err = pl.shelve(ctx, url.Values{"label": {action.Name}, "value": {value}})
	}
	if err == nil && action.Verb == script.VerbFill && slices.Contains(slices.Collect(maps.Values(pl.copied)), action.Value) {
		err = pl.shelve(ctx, url.Values{"into": {action.Name}})
	}
	return err
}

// shelve tells the lab what was copied or pasted, as the page's own script does for a person. Servers without a shelf are fine
// too.
func (pl *play) shelve(ctx context.Context, what url.Values) error {
	body := what.Encode()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, labAddress(pl.URL, pl.Lab)+"/clipboard", strings.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := pl.client.Do(request)
	if err != nil {
		return err
	}
	return answer.Body.Close()
}

// renamed switches the altered labels on or off in every open window.
func (pl *play) renamed(on bool) {
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

// fail records the first thing that went wrong in a step.
func (pl *play) fail(ctx context.Context, result *Result, step *script.Step, w window, action script.Action, err error) {
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
	if p, lookErr := w.look(ctx); lookErr == nil {
		failure.URL, failure.Title, failure.Offered = p.url.String(), p.title, p.offers()
	}
	if pl.browser != nil {
		file := filepath.Join(pl.FailureDir, "step-"+step.ID+".png")
		if w.shot(ctx, file) == nil {
			failure.Picture = file
		}
	}
}

// picture takes one of the quickstart's pictures.
func (pl *play) picture(ctx context.Context, result *Result, step *script.Step, w window, shot script.Shot) {
	var err error
	switch live, ok := w.(*browserWindow); {
	case !ok && pl.Pictures != nil && pl.browser == nil && (pl.Pictures.Wanted == nil || pl.Pictures.Wanted(shot.Name)):
		var p *page
		if p, err = w.look(ctx); err == nil {
			pl.Pictures.Receive(Picture{Step: step.ID, As: result.As, Shot: shot, Address: p.url.String()})
		}
	case !ok:
	case pl.Pictures != nil && (pl.Pictures.Wanted == nil || pl.Pictures.Wanted(shot.Name)):
		picture := live.photograph(ctx, pl.values, shot)
		picture.Step, err = step.ID, picture.Err
		pl.Pictures.Receive(picture)
	case pl.ShotDir != "":
		err = w.shot(ctx, filepath.Join(pl.ShotDir, shot.Name+".png"))
	}
	if err != nil {
		result.Notes = append(result.Notes, fmt.Sprintf("picture %s: %v", shot.Name, err))
	}
}

// judge evaluates the step's done expression, if the server offers a view. What a step causes can come a little later,
// as provisioning does, so the view is asked for again for a while.
func (pl *play) judge(ctx context.Context, result *Result, step *script.Step, w window) {
	if step.Done == "" || pl.noView || result.Status == Failed {
		return
	}
	deadline := time.Now().Add(cmp.Or(pl.CheckTimeout, waitAtMost))
	for wait := firstPause; ; wait = min(2*wait, longPause) {
		err := pl.done(ctx, step)
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

var errNotDone = errors.New("not true in the lab's view")

func (pl *play) done(ctx context.Context, step *script.Step) error {
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

func (pl *play) record(step *script.Step, result Result) {
	pl.report.Steps = append(pl.report.Steps, result)
	if pl.browser != nil {
		for _, v := range pl.browser.violations() {
			v.Step = step.ID
			pl.report.Violations = append(pl.report.Violations, v)
			pl.logf("     axe  %s\n", v)
		}
	}
	word := map[Status]string{Passed: "ok", Failed: "FAIL"}[result.Status]
	pl.logf("%-4s %-5s %-12s %s\n", word, result.ID, result.As, result.Took.Round(time.Millisecond))
	if result.Failure != nil {
		pl.logf("%v\n", result.Failure)
	}
	for _, note := range result.Notes {
		pl.logf("     note %s\n", note)
	}
}

// leaveOut lists the steps that were not played, unless they lie behind the
// one that was asked for.
func (pl *play) leaveOut(rest []*script.Step) {
	if n := len(pl.report.Steps); pl.to != "" && pl.report.Steps[n-1].ID == pl.to {
		return
	}
	for _, step := range rest {
		pl.report.Steps = append(pl.report.Steps, Result{ID: step.ID, As: step.As, Section: pl.section[step.ID], Status: NotPlayed})
		if step.ID == pl.to {
			break
		}
	}
	if n := pl.report.Count(NotPlayed); n > 0 {
		pl.logf("%d not played\n", n)
	}
}

// writeFile makes the folder of a picture on first use.
func writeFile(file string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, content, 0o644)
}

// prepare plays the quickstart as far as the script wants it to have been played, over HTTP and in sessions of its own.
func (pl *play) prepare(ctx context.Context) error {
	if pl.script.After == "" {
		return nil
	}
	quickstart, err := script.Quickstart()
	if err != nil {
		return err
	}
	report, err := Play(ctx, quickstart, Options{URL: pl.URL, Lab: pl.Lab, To: pl.script.After, Transport: pl.Transport, CheckTimeout: pl.CheckTimeout})
	for _, result := range report.Steps {
		if result.Failure != nil {
			err = errors.Join(err, result.Failure)
		}
	}
	if err != nil {
		return fmt.Errorf("bring lab %s to step %s of the quickstart: %w", pl.Lab, pl.script.After, err)
	}
	return nil
}
