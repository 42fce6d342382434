package guide

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"understudy/seed/base/problem"
	"understudy/seed/lab"
	"understudy/seed/script"
	"understudy/seed/script/player"
	"understudy/ui/kit"
	page "understudy/ui/lab"
)

var (
	errNoStep        = problem.New(problem.NotFound, "The guide has no such step.")
	errNoBeginning   = problem.New(problem.Conflict, "That moment is no longer kept. Choose another under Go back, or bring the lab to a step.")
	errSeen          = problem.New(problem.Conflict, "The guide sees by itself when that step is done.")
	errClosed        = problem.New(problem.Forbidden, "The instructor has not opened that section yet.")
	errNothingToUndo = problem.New(problem.Conflict, "There is no step to undo.")
)

// cookie says that this browser hides the panel behind a button.
const cookie = "understudy_guide"

// Mount adds the guide's pages to those of the server.
func (g *Guide) Mount(e *echo.Echo) {
	e.GET("/labs/:lab/guide", g.with(g.guide))
	e.GET("/labs/:lab/shots/:name", g.with(g.shot))
	e.POST("/labs/:lab/shots/:name", g.with(g.makeShot))
	e.GET("/labs/:lab/guide/panel", g.with(g.panel))
	e.GET("/labs/:lab/guide/events", g.with(g.events))
	e.POST("/labs/:lab/guide/show", g.with(g.show))
	e.POST("/labs/:lab/guide/done", g.with(g.done))
	e.POST("/labs/:lab/guide/undo", g.with(g.undo))
	e.POST("/labs/:lab/guide/again", g.with(g.again))
	e.POST("/labs/:lab/guide/bring", g.with(g.bring))
	e.POST("/labs/:lab/guide/back", g.with(g.goBack))
}

// visit is a request to one of the guide's pages.
type visit struct {
	echo.Context
	lab *lab.Lab
}

func (g *Guide) with(f func(visit) error) echo.HandlerFunc {
	return func(ctx echo.Context) error {
		l, release, err := g.registry.Acquire(ctx.Request().Context(), ctx.Param("lab"))
		if err != nil {
			return err
		}
		defer release()
		return f(visit{ctx, l})
	}
}

func (v visit) ctx() context.Context { return v.Request().Context() }
func (v visit) base() string         { return "/labs/" + v.lab.Name + "/guide" }

// back is the page that a form of the panel was sent from; the guide's own page when it is not one of ours.
func (v visit) back() string {
	return lab.LocalPath(v.FormValue("back"), v.base())
}

// Panel gives the panel for the pages of a lab; nothing for the walk's players.
func (g *Guide) Panel(r *http.Request, l *lab.Lab) templ.Component {
	if r.Header.Get(player.GuideHeader) == player.GuideOff {
		return nil
	}
	k, err := r.Cookie(cookie)
	hidden := err == nil && k.Value == "hidden"
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		view, err := g.panelView(ctx, l, hidden)
		if err != nil { // the page itself matters more than what stands beside it
			return nil //nolint:nilerr // as said
		}
		return page.Guide(view).Render(ctx, w)
	})
}

// panelView is the panel as it is now.
func (g *Guide) panelView(ctx context.Context, l *lab.Lab, hidden bool) (page.GuideView, error) {
	v := page.GuideView{Base: "/labs/" + l.Name + "/guide", Hidden: hidden, Total: len(g.steps)}
	p, err := g.Progress(ctx, l)
	if err != nil {
		return v, err
	}
	v.Done = p.Count()
	if v.State, err = state(p); err != nil {
		return v, err
	}
	if v.Closed = g.closed(ctx, p.Current); !v.Closed && p.Current != nil {
		v.Step = g.stepView(p.Current, p.Spellings)
		for _, sentence := range p.Missed {
			v.Missed = append(v.Missed, g.respell(sentence, p.Spellings))
		}
	}
	shelf, err := l.Shelf(ctx)
	if err != nil {
		return v, err
	}
	for _, item := range shelf {
		v.Shelf = append(v.Shelf, page.ShelfItem{Label: item.Label, Value: item.Value, Use: uses[item.Label]})
	}
	checkpoint, ok, err := g.undoable(ctx, l)
	if ok {
		v.Undo = checkpoint.Label
	}
	return v, err
}

// uses says what the values that the quickstart copies are for.
var uses = map[string]string{
	"Company Login URL":   "Okta: Default Relay State, with /finish-login behind it; and where you sign in",
	"Sign on URL":         "Sigma: Identity provider login URL",
	"Signing Certificate": "Sigma: Identity provider X509 certificate",
	"Directory Base URL":  "Okta: Base URL",
	"Bearer Token":        "Okta: API Token",
}

// stepView is a step as the panel and the whole guide show it, with the names that the learner chose.
func (g *Guide) stepView(step *script.Step, spellings map[string]string) *page.GuideStep {
	text := g.text[step.ID]
	v := &page.GuideStep{
		ID: step.ID, Section: g.script.Sections[text.Section].Title, Who: g.respell(g.who(step.As), spellings),
		Text: templ.Raw(g.respellHTML(text.HTML, spellings)), Next: g.after(step.ID), Unseen: step.MarkableByHand(),
		Awaits: g.respell(step.Awaits, spellings),
	}
	for _, hint := range step.Hints {
		v.Hints = append(v.Hints, g.respell(hint, spellings))
	}
	for _, control := range text.Controls {
		v.Controls = append(v.Controls, g.respell(control, spellings))
	}
	return v
}

// who names an identity as the guide's readers know it.
func (g *Guide) who(identity string) string {
	switch identity {
	case "okta-admin":
		return "Okta administrator"
	case "sigma-admin":
		return "Sigma administrator"
	}
	if name := g.script.Vars[identity]["first-name"]; name != "" {
		return name
	}
	return identity
}

// guide is the guide on a page of its own: for a second screen, a phone, or paper.
func (g *Guide) guide(v visit) error {
	panel, err := g.panelView(v.ctx(), v.lab, false)
	if err != nil {
		return err
	}
	p, err := g.Progress(v.ctx(), v.lab)
	if err != nil {
		return err
	}
	view := page.GuidePage{Page: kit.Page{Lab: kit.NewLabBar(v.lab.Name, 0)}, Name: v.lab.Name, Home: "/labs/" + v.lab.Name, Title: g.script.Title, Panel: panel}
	for i, section := range g.script.Sections {
		s := page.GuideSection{Title: section.Title, Minutes: int(section.Duration / time.Minute)}
		for _, step := range g.steps {
			if g.text[step.ID].Section == i && !g.closed(v.ctx(), step) {
				s.Steps = append(s.Steps, page.GuideLine{GuideStep: *g.stepView(step, p.Spellings), Done: p.Done[step.ID], Current: step == p.Current})
			}
		}
		view.Sections = append(view.Sections, s)
	}
	kept, err := g.registry.Checkpoints(v.lab.Name)
	if err != nil {
		return err
	}
	for _, k := range kept {
		view.Checkpoints = append(view.Checkpoints, page.GuideCheckpoint{ID: strconv.Itoa(k.ID), Label: k.Label, At: k.At.UTC().Format("15:04:05 UTC")})
	}
	return render(v, view)
}

// panel is the panel alone, for the script that keeps it fresh.
func (g *Guide) panel(v visit) error {
	view, err := g.panelView(v.ctx(), v.lab, false)
	if err != nil {
		return err
	}
	return render(v, page.Guide(view))
}

func render(v visit, content templ.Component) error {
	v.Response().Header().Set(echo.HeaderContentType, echo.MIMETextHTMLCharsetUTF8)
	v.Response().WriteHeader(http.StatusOK)
	return content.Render(v.ctx(), v.Response())
}

// settling is how long further changes are waited for before a page is told, as one click often makes several.
const settling = 60 * time.Millisecond

// events tells open pages when the guide has something new to say.
func (g *Guide) events(v visit) error {
	ctx, cancel := context.WithCancel(v.ctx())
	defer cancel()
	defer context.AfterFunc(g.stopped, cancel)()
	h := v.Response().Header()
	h.Set(echo.HeaderContentType, "text/event-stream")
	h.Set("X-Accel-Buffering", "no")
	v.Response().WriteHeader(http.StatusOK)
	said := ""
	for {
		version := v.lab.DB.Version()
		p, err := g.Progress(ctx, v.lab)
		if err != nil {
			return nil //nolint:nilerr // the browser connects again
		}
		now, err := state(p)
		if err != nil {
			return err
		}
		if now != said {
			if _, err := fmt.Fprintf(v.Response(), "event: guide\ndata: %s\n\n", now); err != nil {
				return nil //nolint:nilerr // the page has gone
			}
			v.Response().Flush()
			said = now
		}
		if _, err := v.lab.DB.WaitChange(ctx, max(version, v.lab.DB.Version()-1)); err != nil {
			return nil //nolint:nilerr // the page has gone, or the server stops
		}
		select {
		case <-time.After(settling):
		case <-ctx.Done():
			return nil
		}
	}
}

// state tells one state of the guide from another: pages carry the one that they show, and are told of others.
func state(p Progress) (string, error) {
	text, err := json.Marshal(map[string]any{"done": p.Count(), "current": currentID(p), "missed": p.Missed, "shelf": p.Shelf, "names": slices.Sorted(maps.Values(p.Spellings))})
	return string(text), err
}

func currentID(p Progress) string {
	if p.Current == nil {
		return ""
	}
	return p.Current.ID
}

// show shows the panel in this browser, or hides it.
func (g *Guide) show(v visit) error {
	k := &http.Cookie{Name: cookie, Value: "hidden", Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: 30 * 24 * 3600}
	if v.FormValue("shown") == "yes" {
		k.MaxAge = -1
	}
	v.SetCookie(k)
	return v.Redirect(http.StatusSeeOther, v.back())
}

// done takes a person's word for a step.
func (g *Guide) done(v visit) error {
	if err := g.ConfirmStep(v.ctx(), v.lab, v.FormValue("step")); err != nil {
		return err
	}
	return v.Redirect(http.StatusSeeOther, v.back())
}

// undo takes back the last step.
func (g *Guide) undo(v visit) error {
	if err := g.Undo(v.ctx(), v.lab.Name); err != nil {
		return err
	}
	return v.Redirect(http.StatusSeeOther, v.back())
}

// again begins the present step or section anew.
func (g *Guide) again(v visit) error {
	if err := g.Restart(v.ctx(), v.lab.Name, v.FormValue("what") == "section"); err != nil {
		return err
	}
	return v.Redirect(http.StatusSeeOther, v.back())
}

// bring rebuilds the lab as it is before a step. Nothing of a section that an instructor has not opened is done for people.
func (g *Guide) bring(v visit) error {
	step := v.FormValue("step")
	if _, known := g.script.Step(step); !known && step != "" {
		return errNoStep
	}
	if last, known := g.script.Step(g.before(step)); known && g.closed(v.ctx(), last) {
		return errClosed
	}
	if err := g.RebuildBefore(v.ctx(), v.lab.Name, step, lab.Origin(v.Request(), g.TrustProxy)); err != nil {
		return err
	}
	return v.Redirect(http.StatusSeeOther, v.base())
}

// goBack takes the lab to a checkpoint.
func (g *Guide) goBack(v visit) error {
	id, err := strconv.Atoi(v.FormValue("checkpoint"))
	if err != nil {
		return errNoStep
	}
	if err := g.GoBack(v.ctx(), v.lab.Name, id); err != nil {
		return err
	}
	return v.Redirect(http.StatusSeeOther, v.base())
}
