package workshop

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"understudy/seed/base/problem"
	"understudy/seed/door"
	"understudy/ui/kit"
	page "understudy/ui/lab"
)

const (
	consolePath  = "/instructor/console"
	settingsPath = "/instructor/settings"
)

func (w *Workshop) mountInstructor(e *echo.Echo) {
	w.mountContent(e)
	e.GET("/instructor", w.signInForm)
	e.POST("/instructor", w.signIn)
	for path, handler := range map[string]echo.HandlerFunc{
		consolePath:                w.console,
		"/instructor/events":       w.events,
		"/instructor/projector":    w.projector,
		"/instructor/cards":        w.cards,
		"/instructor/log":          w.logPage,
		"/instructor/results":      w.resultsPage,
		"/instructor/results.csv":  w.resultsCSV,
		"/instructor/results.json": w.resultsJSON,
		settingsPath:               w.settingsPage,
	} {
		e.GET(path, w.instructorsOnly(handler))
	}
	for path, handler := range map[string]echo.HandlerFunc{
		"/instructor/act":      w.actOnLabs,
		"/instructor/undo":     w.undoEntry,
		"/instructor/cancel":   w.cancelEntry,
		"/instructor/banner":   w.saveBanner,
		"/instructor/freeze":   w.saveFreeze,
		"/instructor/sections": w.saveSections,
		"/instructor/timer":    w.saveTimer,
		"/instructor/extend":   w.extendTimer,
		"/instructor/joining":  w.saveJoining,
		"/instructor/prepare":  w.prepareCards,
		"/instructor/import":   w.importLab,
		"/instructor/password": w.savePassword,
		"/instructor/wipe":     w.wipe,
	} {
		e.POST(path, w.instructorsOnly(handler))
	}
}

var errNoInstructor = problem.New(problem.Unauthenticated, "This page is for instructors. Sign in at /instructor.")

// instructorsOnly is middleware that refuses requests without an instructor's token.
func (w *Workshop) instructorsOnly(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		yes, err := w.IsInstructor(c.Request().Context(), cookieValue(c.Request(), instructorCookie))
		if err == nil && !yes {
			err = errNoInstructor
		}
		if err != nil {
			return err
		}
		return next(c)
	}
}

// who is the name of the instructor who sent a request, for the log.
func (w *Workshop) who(c echo.Context) string {
	name, err := w.InstructorName(c.Request().Context(), cookieValue(c.Request(), instructorCookie))
	if err != nil || name == "" {
		return "An instructor"
	}
	return name
}

func (w *Workshop) signInForm(c echo.Context) error {
	return door.Render(c, http.StatusOK, page.InstructorSignInPage{})
}

func (w *Workshop) signIn(c echo.Context) error {
	name := c.FormValue("name")
	guesser, err := w.guesser(c.Request())
	if err != nil {
		return err
	}
	token, err := w.SignInInstructor(c.Request().Context(), guesser, c.FormValue("password"), name)
	if problem.Is(err, problem.Invalid) {
		errors := kit.ErrorsOf(err)
		return door.Render(c, http.StatusUnprocessableEntity,
			page.InstructorSignInPage{Page: kit.Page{Errors: errors}, Name: name, Errors: errors})
	}
	if err != nil {
		return err
	}
	setCookie(c, instructorCookie, token)
	if guesser.Known == "" {
		w.rememberBrowser(c, knownInstructor)
	}
	return c.Redirect(http.StatusSeeOther, consolePath)
}

// projector shows how to join, and how many attendees are at each section of the guide.
func (w *Workshop) projector(c echo.Context) error {
	ctx := c.Request().Context()
	state, err := w.State(ctx)
	if err != nil {
		return err
	}
	rows, err := w.knownRows(ctx)
	if err != nil {
		return err
	}
	view := page.ProjectorPage{
		Page: kit.Page{Scripts: []string{"projector.js"}}, Address: w.Address, Code: state.Code,
		Labs: state.Labs, Banner: state.Banner, Timer: state.timeLeft(w.db.Now()),
	}
	if view.QR, view.Size, err = svgPath(w.Address + "/?code=" + state.Code); err != nil {
		return err
	}
	people := map[string]int{} // by section title; an attendee who has finished has no current step, so their title is empty
	for _, row := range rows {
		if row.Prepared {
			continue
		}
		view.Joined++
		if row.Problem == "" {
			people[w.Guide.SectionOf(row.Current)]++
		}
	}
	for _, title := range w.Guide.Sections() {
		if n := people[title]; n > 0 {
			view.Bars = append(view.Bars, page.ProjectorBar{Title: title, People: n})
		}
	}
	if n := people[""]; n > 0 {
		view.Bars = append(view.Bars, page.ProjectorBar{Title: "Finished", People: n})
	}
	return door.Render(c, http.StatusOK, view)
}

// logPage shows the log of what instructors did.
func (w *Workshop) logPage(c echo.Context) error {
	entries, err := w.Entries(c.Request().Context())
	if err != nil {
		return err
	}
	return door.Render(c, http.StatusOK, page.LogPage{Lines: logLines(entries)})
}

// stateLabels say how far an action is.
var stateLabels = map[EntryState]string{
	Running: "running", Finished: "done", Cancelled: "cancelled", Undone: "undone", Interrupted: "interrupted, because the server stopped",
}

func logLines(entries []Entry) (lines []page.LogLine) {
	for _, e := range entries {
		lines = append(lines, page.LogLine{
			ID: strconv.FormatInt(e.ID, 10), At: e.At.Format("15:04:05 UTC"), Who: e.Who, What: e.What, Whom: e.Whom,
			State: stateLabels[e.State], Finished: e.Finished, Total: e.Total, Failures: e.Failures,
			Running: e.State == Running, CanUndo: e.CanUndo, Covered: e.Covered,
		})
	}
	return lines
}
