package player

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"

	"understudy/seed/base/address"
	"understudy/seed/script"
)

// Play plays a script against a running lab and reports how each step went. The error means that Play could not start, or
// was stopped; a failed step is not an error. Play uses separate browser sessions, so a person who works in the same
// lab stays signed in.
func Play(ctx context.Context, s *script.Script, o Options) (Report, error) {
	began := time.Now()
	pl, err := newPlay(ctx, s, o)
	if err != nil {
		return Report{}, err
	}
	defer pl.close()
	if o.From == "" {
		if err := pl.playAfter(ctx); err != nil {
			return Report{}, err
		}
	}
	steps := s.Steps()
	if first := slices.IndexFunc(steps, func(step *script.Step) bool { return step.ID == o.From }); first > 0 {
		if err := pl.resume(ctx, o.From); err != nil {
			return Report{}, err
		}
		steps = steps[first:]
	}
	if err := pl.playVariants(ctx, ""); err != nil {
		return pl.report, err
	}
	for i, step := range steps {
		if err := ctx.Err(); err != nil {
			return pl.report, fmt.Errorf("stopped before step %s: %w", step.ID, err)
		}
		if o.BeforeStep != nil {
			o.BeforeStep(step)
		}
		if pl.overHTTP && step.ID == o.Pictures.FirstBrowserStep {
			if err := pl.switchToBrowser(ctx); err != nil {
				return pl.report, err
			}
		}
		result := pl.step(ctx, step)
		pl.record(step, result)
		if result.Status != Failed {
			if err := pl.playVariants(ctx, step.ID); err != nil {
				return pl.report, err
			}
		}
		if step.ID == o.To || result.Status == Failed && !o.KeepGoing {
			pl.addNotPlayed(steps[i+1:])
			break
		}
	}
	pl.report.Took = time.Since(began)
	pl.report.Copied = pl.copied
	pl.logf("%s\n", pl.report.Summary())
	return pl.report, nil
}

// play is the state of one call of Play.
type play struct {
	Options
	script     *script.Script
	client     *http.Client // for the lab card, the view and the clipboard
	values     values
	lab        address.Address   // leads from the lab's public addresses to the server
	copied     map[string]string // variable → copied value
	copiedFrom map[string]string // copied value → label of the field that it was copied from
	windows    map[string]window // identity → window
	browser    *browser          // nil in the HTTP player
	noView     bool              // the server offers no view of the lab
	overHTTP   bool              // the browser player is still before Pictures.FirstBrowserStep
	frames     []Frame           // of the animated picture of this step
	report     Report
	section    map[string]string // step ID → title of its section
}

// newPlay checks the options, gets the lab card and starts the browser if the player needs one.
func newPlay(ctx context.Context, s *script.Script, o Options) (*play, error) {
	if o.Lab == "" {
		o.Lab = "demo"
	}
	if o.FailureDir == "" {
		o.FailureDir = "walk-failures"
	}
	for _, id := range []string{o.From, o.To} {
		if _, found := s.Step(id); id != "" && !found {
			return nil, fmt.Errorf("%s has no step %s", s.File, id)
		}
	}
	if o.Transport == nil {
		own := http.DefaultTransport.(*http.Transport).Clone()
		if o.Pictures != nil {
			own.DialContext = o.Pictures.dial
		}
		o.Transport = own
	}
	if o.Cookie != nil {
		o.Transport = withCookie{o.Transport, o.Cookie, o.URL}
	}
	pl := &play{
		Options: o, script: s, windows: map[string]window{}, copied: map[string]string{}, copiedFrom: map[string]string{}, section: map[string]string{},
		client: &http.Client{Transport: o.Transport, Timeout: requestTimeout},
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
	var identities []string
	for _, identity := range card.Identities {
		identities = append(identities, identity.ID)
	}
	if err := s.CheckPeople(identities); err != nil {
		return nil, err
	}
	pl.values, pl.lab = newValues(s, card), address.Address{Aliases: card.aliases()}
	switch o.Player {
	case "", PlayerHTTP:
	case PlayerBrowser:
		if pl.browser, err = startBrowser(ctx, o); err != nil {
			return nil, err
		}
		p := o.Pictures
		pl.overHTTP = p != nil && p.FirstBrowserStep != "" && p.FirstBrowserStep != s.Steps()[0].ID
	default:
		return nil, fmt.Errorf("unknown player %q: expected http or browser", o.Player)
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

// window returns the window of an identity. With fresh, it is a new one without cookies.
func (pl *play) window(identity string, fresh bool) (window, error) {
	if w, open := pl.windows[identity]; open {
		if !fresh {
			return w, nil
		}
		w.close()
		delete(pl.windows, identity)
	}
	if pl.browser == nil || pl.overHTTP {
		pl.windows[identity] = newHTTPWindow(pl.Transport, pl.Rename)
		return pl.windows[identity], nil
	}
	w, err := pl.browser.window()
	if err != nil {
		return nil, err
	}
	if pl.Cookie != nil {
		server, err := url.Parse(pl.URL)
		if err == nil {
			err = w.(*browserWindow).run(context.Background(), setCookie(server, pl.Cookie))
		}
		if err != nil {
			return nil, fmt.Errorf("give the browser the cookie %s: %w", pl.Cookie.Name, err)
		}
	}
	pl.windows[identity] = w
	return w, nil
}

// playAfter plays the quickstart up to the step that the script's key after names, over HTTP and in separate sessions.
func (pl *play) playAfter(ctx context.Context) error {
	if pl.script.After == "" {
		return nil
	}
	quickstart, err := script.Quickstart()
	if err != nil {
		return err
	}
	report, err := Play(ctx, quickstart, Options{
		URL: pl.URL, Lab: pl.Lab, To: pl.script.After, Transport: pl.Transport, CheckTimeout: pl.CheckTimeout,
		Pictures: pl.withoutPictures(),
	})
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

// withoutPictures returns the hooks of Pictures for steps before the guide's own: they take no pictures.
func (pl *play) withoutPictures() *Pictures {
	if pl.Pictures == nil {
		return nil
	}
	return &Pictures{Hold: pl.Pictures.Hold, Moment: pl.Pictures.Moment, Resolve: pl.Pictures.Resolve,
		Wanted: func(string) bool { return false }}
}

// switchToBrowser replaces the HTTP windows by browser windows with the same cookies and pages.
func (pl *play) switchToBrowser(ctx context.Context) error {
	pl.overHTTP = false
	for identity, w := range pl.windows {
		before, ok := w.(*httpWindow)
		if !ok {
			continue
		}
		delete(pl.windows, identity)
		next, err := pl.window(identity, false)
		if err != nil {
			return err
		}
		opened := next.(*browserWindow)
		for _, home := range []string{"okta", "sigma"} {
			address, err := url.Parse(pl.values[home] + "/")
			if err != nil {
				return err
			}
			for _, c := range before.client.Jar.Cookies(address) {
				if err := opened.run(ctx, setCookie(address, c)); err != nil {
					return fmt.Errorf("copy the session of %s to the browser: %w", identity, err)
				}
			}
		}
		if p := before.page; p != nil && p.url != nil {
			if err := opened.visit(ctx, p.url.String()); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeFile writes a picture and creates its folder when needed.
func writeFile(file string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, content, 0o644)
}
