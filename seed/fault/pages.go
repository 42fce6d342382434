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

// Mount adds the cards' pages to those of the server.
func (f *Faults) Mount(e *echo.Echo) {
	e.GET("/labs/:lab/faults", f.show)
	e.POST("/labs/:lab/faults/play", f.playForm)
	e.POST("/labs/:lab/faults/back", f.backForm)
	e.POST("/labs/:lab/faults/away", f.awayForm)
}

func basePath(name string) string { return "/labs/" + name + "/faults" }

// show is the list of cards, or the card that is in play.
func (f *Faults) show(c echo.Context) error {
	return f.render(c, http.StatusOK, nil)
}

func (f *Faults) render(c echo.Context, status int, refused error) error {
	ctx := c.Request().Context()
	l, release, err := f.registry.Acquire(ctx, c.Param("lab"))
	if err != nil {
		return err
	}
	defer release()
	view := page.Faults{Page: kit.Page{Lab: kit.NewLabBar(l.Name, 0)}, Name: l.Name, Home: "/labs/" + l.Name, Base: basePath(l.Name)}
	if refused != nil {
		view.Page.Errors = kit.ErrorsOf(refused)
	}
	card, mended, err := f.Look(ctx, l, door.Origin(c))
	switch {
	case err == nil:
		live := !slices.Contains(card.Check, "directory") // which asks the other side: not every second
		view.InPlay = &page.FaultInPlay{Title: card.Title, Topic: card.Topic, Symptom: card.Symptom, Try: card.Try, Hints: card.Hints, Cause: card.Cause, Mend: card.Mend,
			Mended: mended, Live: live}
	case err != errNone: //nolint:errorlint // returned as it is
		return err
	default:
		for _, card := range f.cards {
			view.Cards = append(view.Cards, page.FaultCard{ID: card.ID, Title: card.Title, Topic: card.Topic})
		}
	}
	c.Response().Header().Set(echo.HeaderContentType, echo.MIMETextHTMLCharsetUTF8)
	c.Response().WriteHeader(status)
	return view.Render(ctx, c.Response())
}

func (f *Faults) playForm(c echo.Context) error {
	err := f.Play(c.Request().Context(), c.Param("lab"), c.FormValue("card"), door.Origin(c))
	return f.answer(c, err)
}

func (f *Faults) backForm(c echo.Context) error {
	return f.answer(c, f.TakeBack(c.Request().Context(), c.Param("lab")))
}

func (f *Faults) awayForm(c echo.Context) error {
	return f.answer(c, f.PutAway(c.Request().Context(), c.Param("lab")))
}

// answer leads back to the page, which says so when something was refused.
func (f *Faults) answer(c echo.Context, err error) error {
	if problem.Is(err, problem.Conflict) {
		return f.render(c, http.StatusConflict, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, basePath(c.Param("lab")))
}

// Beside says on every page of a lab's halves that a card is in play there, before what else stands beside the page.
func (f *Faults) Beside(next func(*http.Request, *lab.Lab) templ.Component) func(*http.Request, *lab.Lab) templ.Component {
	return func(r *http.Request, l *lab.Lab) templ.Component {
		beside := next(r, l)
		if beside == nil {
			return nil
		}
		return templ.ComponentFunc(func(ctx context.Context, out io.Writer) error {
			if played, inPlay, err := l.ActiveFault(ctx); err == nil && inPlay { // the page itself matters more
				if card, known := f.card(played.ID); known {
					notice := page.FaultNotice{Symptom: card.Symptom, Href: basePath(l.Name), Mended: !played.Fixed.IsZero()}
					if err := notice.Render(ctx, out); err != nil {
						return err
					}
				}
			}
			return beside.Render(ctx, out)
		})
	}
}
