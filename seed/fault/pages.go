package fault

import (
	"context"
	"io"
	"net/http"
	"slices"

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
	e.GET("/labs/:lab/faults", f.show)
	e.POST("/labs/:lab/faults/start", f.handleStart)
	e.POST("/labs/:lab/faults/undo", f.handleUndo)
	e.POST("/labs/:lab/faults/finish", f.handleFinish)
}

func pagePath(lab string) string { return "/labs/" + lab + "/faults" }

func (f *Faults) show(c echo.Context) error {
	return f.render(c, http.StatusOK, nil)
}

// render shows the active fault, or the list of faults when none is active. failure is the problem of the last form; the
// page shows it.
func (f *Faults) render(c echo.Context, status int, failure error) error {
	ctx := c.Request().Context()
	l, release, err := f.registry.Acquire(ctx, c.Param("lab"))
	if err != nil {
		return err
	}
	defer release()
	view := page.FaultsPage{
		Page: kit.Page{Lab: kit.NewLabBar(l.Name, 0)}, Name: l.Name, Home: "/labs/" + l.Name, Base: pagePath(l.Name),
	}
	if failure != nil {
		view.Page.Errors = kit.ErrorsOf(failure)
	}
	fault, fixed, err := f.Status(ctx, l, door.Origin(c))
	switch {
	case err == nil:
		view.Active = &page.ActiveFault{
			Title: fault.Title, Topic: fault.Topic, Symptom: fault.Symptom, Try: fault.Try,
			Hints: fault.Hints, Cause: fault.Cause, Fix: fault.Fix, Fixed: fixed,
			// The check "directory" sends SCIM requests, which must not repeat every second.
			Live: !slices.Contains(fault.Check, "directory"),
		}
	case err != errNone: //nolint:errorlint // Status returns errNone unwrapped
		return err
	default:
		for _, fault := range f.faults {
			view.Faults = append(view.Faults, page.FaultItem{ID: fault.ID, Title: fault.Title, Topic: fault.Topic})
		}
	}
	c.Response().Header().Set(echo.HeaderContentType, echo.MIMETextHTMLCharsetUTF8)
	c.Response().WriteHeader(status)
	return view.Render(ctx, c.Response())
}

func (f *Faults) handleStart(c echo.Context) error {
	return f.respond(c, f.Start(c.Request().Context(), c.Param("lab"), c.FormValue("fault"), door.Origin(c)))
}

func (f *Faults) handleUndo(c echo.Context) error {
	return f.respond(c, f.Undo(c.Request().Context(), c.Param("lab")))
}

func (f *Faults) handleFinish(c echo.Context) error {
	return f.respond(c, f.Finish(c.Request().Context(), c.Param("lab")))
}

// respond redirects to the page, or shows the page with a Conflict problem.
func (f *Faults) respond(c echo.Context, err error) error {
	if problem.Is(err, problem.Conflict) {
		return f.render(c, http.StatusConflict, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, pagePath(c.Param("lab")))
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
			// The page is shown without the notice when the active fault cannot be read.
			if active, found, err := l.ActiveFault(ctx); err == nil && found {
				if fault, known := f.find(active.ID); known {
					notice := page.FaultNotice{Symptom: fault.Symptom, Href: pagePath(l.Name), Fixed: !active.Fixed.IsZero()}
					if err := notice.Render(ctx, out); err != nil {
						return err
					}
				}
			}
			return next.Render(ctx, out)
		})
	}
}
