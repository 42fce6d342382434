package guide

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"understudy/seed/base/problem"
	"understudy/seed/door"
	page "understudy/ui/lab"
)

var (
	errNoStep         = problem.New(problem.NotFound, "The guide has no such step.")
	errNoCheckpoint   = problem.New(problem.NotFound, "This lab has no such checkpoint.")
	errCheckpointGone = problem.New(problem.Conflict,
		"This lab no longer has that checkpoint. Choose another one under Go back.")
	errStepHasCheck  = problem.New(problem.Conflict, "The guide marks that step as done by itself.")
	errSectionClosed = problem.New(problem.Forbidden, "The instructor has not opened that section yet.")
	errNothingToUndo = problem.New(problem.Conflict, "There is no step to undo.")
)

// hiddenCookie has the value "hidden" in a browser in which the learner has hidden the panel.
const hiddenCookie = "understudy_guide"

// Mount adds the routes of the guides to a server.
func (s *Guides) Mount(e *echo.Echo) {
	e.GET("/labs/:lab/guide", s.with((*Guide).serveGuide))
	e.GET("/labs/:lab/shots/:name", s.with((*Guide).servePicture))
	e.POST("/labs/:lab/shots/:name", s.with((*Guide).preparePicture))
	e.GET("/labs/:lab/guide/panel", s.with((*Guide).servePanel))
	e.GET("/labs/:lab/guide/events", s.with((*Guide).serveEvents))
	e.POST("/labs/:lab/guide/show", s.with((*Guide).showPanel))
	e.POST("/labs/:lab/guide/done", s.with((*Guide).confirmStep))
	e.POST("/labs/:lab/guide/step", s.with((*Guide).turnTo))
	e.POST("/labs/:lab/guide/do", s.with((*Guide).doStep))
	e.POST("/labs/:lab/guide/undo", s.with((*Guide).undo))
	e.POST("/labs/:lab/guide/again", s.with((*Guide).restart))
	e.POST("/labs/:lab/guide/bring", s.with((*Guide).rebuild))
	e.POST("/labs/:lab/guide/choose", s.with((*Guide).choose))
	e.POST("/labs/:lab/guide/back", s.with((*Guide).goBack))
}

// visit is a request to one of the guide's pages.
type visit struct{ door.LabRequest }

func (v visit) base() string { return v.Home() + "/guide" }

// back returns the path of the page that contains the submitted form, or of the whole guide when the form does not name a
// local path.
func (v visit) back() string { return door.LocalPath(v.FormValue("back"), v.base()) }

// redirectBack answers a form with a redirect to the page that contains it. The panel there says what went wrong, if err is a
// conflict.
func (g *Guide) redirectBack(v visit, err error) error {
	if err == nil {
		g.forgetRefusal(v.Lab.Name)
	} else if err = g.refuse(v, err); err != nil {
		return err
	}
	return v.Redirect(http.StatusSeeOther, v.back())
}

// serveGuide serves the whole guide on one page, for a second screen, a phone or a printer.
func (g *Guide) serveGuide(v visit) error {
	from := viewer{Path: v.Request().URL.Path, Browser: v.Browser}
	panel, err := g.panelView(v.Ctx(), v.Lab, from)
	if err != nil {
		return err
	}
	p, err := g.Progress(v.Ctx(), v.Lab)
	if err != nil {
		return err
	}
	if panel.Step, panel.Mistakes = nil, nil; p.Current != nil && !g.isClosed(v.Ctx(), p.Current) {
		panel.Step = g.stepView(p.Current, p.LearnerNames)
		if panel.Step.Open, err = g.openButton(v.Ctx(), v.Lab, p, p.Current, from); err != nil {
			return err
		}
		for _, sentence := range p.Mistakes {
			panel.Mistakes = append(panel.Mistakes, g.useNames(sentence, g.namesIn(p.Current, p.LearnerNames)))
		}
	}
	view := page.GuidePage{
		Page: v.Page(), Name: v.Lab.Name, Home: "/labs/" + v.Lab.Name,
		Title: g.script.Title, Panel: panel, Sections: g.sectionViews(v.Ctx(), p, panel),
	}
	if view.Choice, err = g.choiceView(v); err != nil {
		return err
	}
	checkpoints, err := g.registry.Checkpoints(v.Lab.Name)
	if err != nil {
		return err
	}
	for _, c := range checkpoints {
		view.Checkpoints = append(view.Checkpoints, page.GuideCheckpoint{
			ID: strconv.Itoa(c.ID), Label: c.Label, At: c.At.UTC().Format("15:04:05 UTC"),
		})
	}
	return v.Render(http.StatusOK, view)
}

// sectionViews returns all sections for the whole guide. A section that is not open yet has no steps.
func (g *Guide) sectionViews(ctx context.Context, p Progress, panel page.GuideView) (sections []page.GuideSection) {
	for i, section := range g.script.Sections {
		s := page.GuideSection{Title: section.Title, Minutes: int(section.Duration / time.Minute)}
		for _, step := range g.steps {
			if g.text[step.ID].Section == i && !g.isClosed(ctx, step) {
				line := page.GuideLine{GuideStep: *g.stepView(step, p.LearnerNames), Done: p.Done[step.ID], Current: step == p.Current}
				if line.Current && panel.Step != nil {
					line.GuideStep = *panel.Step
				}
				s.Steps = append(s.Steps, line)
			}
		}
		sections = append(sections, s)
	}
	return sections
}

// showPanel shows or hides the panel in this browser.
func (g *Guide) showPanel(v visit) error {
	k := &http.Cookie{
		Name: hiddenCookie, Value: "hidden", Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		MaxAge: 30 * 24 * 3600, // seconds
	}
	if v.FormValue("shown") == "yes" {
		k.MaxAge = -1 // delete the cookie
	}
	v.SetCookie(k)
	return g.redirectBack(v, nil)
}

// confirmStep marks a step as done because the learner says so, and shows the next step.
func (g *Guide) confirmStep(v visit) error {
	step := v.FormValue("step")
	if err := g.ConfirmStep(v.Ctx(), v.Lab, step); err != nil {
		return g.redirectBack(v, err)
	}
	return g.redirectBack(v, g.show(v.Ctx(), v.Lab, g.stepAfter(step)))
}

// turnTo shows another step in the panel.
func (g *Guide) turnTo(v visit) error {
	step := v.FormValue("step")
	if step == page.GuideEnd {
		step = ""
	}
	return g.redirectBack(v, g.show(v.Ctx(), v.Lab, step))
}

// doStep does a step for the learner.
func (g *Guide) doStep(v visit) error {
	return g.redirectBack(v, g.DoStep(v.Ctx(), v.Lab.Name, v.FormValue("step"), v.Origin))
}

func (g *Guide) undo(v visit) error { return g.redirectBack(v, g.Undo(v.Ctx(), v.Lab.Name)) }

func (g *Guide) restart(v visit) error {
	return g.redirectBack(v, g.Restart(v.Ctx(), v.Lab.Name, v.FormValue("what") == "section"))
}

// rebuild rebuilds the lab as it is before a step. It never plays a step of a section that is not open yet.
func (g *Guide) rebuild(v visit) error {
	step := v.FormValue("step")
	if _, known := g.script.Step(step); !known && step != "" {
		return errNoStep
	}
	if last := g.stepBefore(step); last != "" {
		if _, err := g.openStep(v.Ctx(), last); err != nil {
			return err
		}
	}
	if err := g.RebuildBefore(v.Ctx(), v.Lab.Name, step, v.Origin); err != nil {
		return err
	}
	return v.Redirect(http.StatusSeeOther, v.base())
}

func (g *Guide) goBack(v visit) error {
	id, err := strconv.Atoi(v.FormValue("checkpoint"))
	if err != nil {
		return errNoCheckpoint
	}
	checkpoints, err := g.registry.Checkpoints(v.Lab.Name)
	if err != nil {
		return err
	}
	for _, c := range checkpoints {
		if step, known := g.script.Step(c.Step); known && g.isOwn(c) && c.ID == id {
			if _, err := g.openStep(v.Ctx(), step.ID); err != nil {
				return err
			}
		}
	}
	if err := g.GoBack(v.Ctx(), v.Lab.Name, id); err != nil {
		return err
	}
	return v.Redirect(http.StatusSeeOther, v.base())
}
