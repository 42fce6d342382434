package fault

import (
	"context"
	"io"
	"net/http"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"understudy/seed/base/problem"
	"understudy/seed/door"
	"understudy/seed/lab"
	"understudy/ui/kit"
	page "understudy/ui/lab"
)

// Mount registers the routes of the page /labs/{lab}/faults.
func (f *Faults) Mount(e *echo.Echo) {
	e.GET("/labs/:lab/faults", door.LabHandler(f.show))
	e.POST("/labs/:lab/faults/start", door.LabHandler(f.handleStart))
	e.POST("/labs/:lab/faults/undo", door.LabHandler(f.handleUndo))
	e.POST("/labs/:lab/faults/finish", door.LabHandler(f.handleFinish))
	e.POST("/labs/:lab/faults/report", door.LabHandler(f.handleReport))
}

func pagePath(lab string) string { return "/labs/" + lab + "/faults" }

func (f *Faults) show(r door.LabRequest) error {
	if r.QueryParam("notice") != "" { // an open page of the lab asks whether the fault is fixed
		notice, shown := f.notice(r.Ctx(), r.Lab)
		if !shown {
			return r.NoContent(http.StatusNoContent)
		}
		return r.Render(http.StatusOK, notice)
	}
	return f.render(r, http.StatusOK, nil)
}

// render shows the active fault, or the list of faults when none is active. failure is the problem of the last form; the
// page shows it.
func (f *Faults) render(r door.LabRequest, status int, failure error) error {
	view := page.FaultsPage{Page: r.Page(), Name: r.Lab.Name, Home: r.Home(), Base: pagePath(r.Lab.Name)}
	if failure != nil {
		view.Page.Errors = kit.ErrorsOf(failure)
	}
	fault, fixed, err := f.Status(r.Ctx(), r.Lab, r.Origin)
	switch {
	case err == nil:
		view.Active = &page.ActiveFault{
			Title: fault.Title, Topic: fault.Topic, Symptom: fault.Symptom, Try: fault.Try,
			Hints: fault.Hints, Cause: fault.Cause, Fix: fault.Fix, Fixed: fixed,
			// SCIM requests must not repeat every second.
			Live:    !fault.sendsRequests(),
			Product: r.FormValue("product"), Observed: r.FormValue("observed"), Reported: r.QueryParam("reported") != "",
		}
		for _, o := range observations {
			view.Active.Observations = append(view.Active.Observations, kit.Option{Value: o.id, Label: o.label})
		}
	case err != errNotActive: //nolint:errorlint // Status returns errNotActive unwrapped
		return err
	default:
		for _, fault := range f.faults {
			view.Faults = append(view.Faults, page.FaultItem{ID: fault.ID, Title: fault.Title, Topic: fault.Topic})
		}
	}
	return r.Render(status, view)
}

// change returns the context of a change of the lab. A step that the guide plays is part of the guide's own change.
func (f *Faults) change(r door.LabRequest) context.Context {
	if f.isGuide != nil && f.isGuide(r.Request()) {
		return f.registry.Joined(r.Ctx(), r.Lab.Name)
	}
	return r.Ctx()
}

func (f *Faults) handleStart(r door.LabRequest) error {
	return f.respond(r, f.Start(f.change(r), r.Lab.Name, r.FormValue("fault"), r.Origin))
}

func (f *Faults) handleUndo(r door.LabRequest) error {
	return f.respond(r, f.Undo(f.change(r), r.Lab.Name))
}

func (f *Faults) handleFinish(r door.LabRequest) error {
	return f.respond(r, f.Finish(f.change(r), r.Lab.Name))
}

func (f *Faults) handleReport(r door.LabRequest) error {
	err := f.Report(r.Ctx(), r.Lab, r.FormValue("product"), r.FormValue("observed"))
	if problem.Is(err, problem.Invalid) {
		return f.render(r, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return f.respond(r, err)
	}
	return r.Redirect(http.StatusSeeOther, pagePath(r.Lab.Name)+"?reported=yes")
}

// respond redirects to the page, or shows the page with a Conflict problem.
func (f *Faults) respond(r door.LabRequest, err error) error {
	if problem.Is(err, problem.Conflict) {
		return f.render(r, http.StatusConflict, err)
	}
	if err != nil {
		return err
	}
	return r.Redirect(http.StatusSeeOther, pagePath(r.Lab.Name))
}

// WithNotice adds a notice of the active fault to a panel of a lab's pages. panel returns nil for pages without a panel;
// they get no notice either.
func (f *Faults) WithNotice(
	panel func(*http.Request, *lab.Lab) templ.Component,
) func(*http.Request, *lab.Lab) templ.Component {
	return func(r *http.Request, l *lab.Lab) templ.Component {
		next := panel(r, l)
		if next == nil {
			return nil
		}
		return templ.ComponentFunc(func(ctx context.Context, out io.Writer) error {
			if notice, shown := f.notice(ctx, l); shown {
				if err := notice.Render(ctx, out); err != nil {
					return err
				}
			}
			return next.Render(ctx, out)
		})
	}
}

// notice looks whether the active fault is fixed now. Nothing is shown when no fault is active, or when it cannot be read.
func (f *Faults) notice(ctx context.Context, l *lab.Lab) (notice page.FaultNotice, shown bool) {
	active, found, err := f.Look(ctx, l, false)
	if err != nil || !found {
		return notice, false
	}
	fault, _ := f.find(active.ID)
	return page.FaultNotice{Symptom: fault.Symptom, Href: pagePath(l.Name), Fixed: !active.Fixed.IsZero(), Live: !fault.sendsRequests()}, true
}
