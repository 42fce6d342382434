package workshop

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
	"understudy/seed/door"
	"understudy/ui/kit"
	page "understudy/ui/lab"
)

func (w *Workshop) mountInstructor(e *echo.Echo) {
	w.mountContent(e)
	e.GET("/instructor", w.signInForm)
	e.POST("/instructor", w.signIn)
	e.GET("/instructor/console", w.instructorsOnly(w.console))
	e.GET("/instructor/events", w.instructorsOnly(w.events))
	e.GET("/instructor/projector", w.instructorsOnly(w.projector))
	e.GET("/instructor/cards", w.instructorsOnly(w.cards))
	e.GET("/instructor/results.csv", w.instructorsOnly(w.resultsCSV))
	e.GET("/instructor/results.json", w.instructorsOnly(w.resultsJSON))
	e.POST("/instructor/workshop", w.instructorsOnly(w.saveSettings))
	e.POST("/instructor/joining", w.instructorsOnly(w.saveJoining))
	e.POST("/instructor/extend", w.instructorsOnly(w.extendTimer))
	e.POST("/instructor/act", w.instructorsOnly(w.actOnLabs))
	e.POST("/instructor/wipe", w.instructorsOnly(w.wipe))
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

func (w *Workshop) signInForm(c echo.Context) error {
	return door.Render(c, http.StatusOK, page.InstructorSignInPage{})
}

func (w *Workshop) signIn(c echo.Context) error {
	guesser, err := w.guesser(c.Request())
	if err != nil {
		return err
	}
	token, err := w.SignInInstructor(c.Request().Context(), guesser, c.FormValue("password"))
	if problem.Is(err, problem.Invalid) {
		errors := kit.ErrorsOf(err)
		return door.Render(c, http.StatusUnprocessableEntity,
			page.InstructorSignInPage{Page: kit.Page{Errors: errors}, Errors: errors})
	}
	if err != nil {
		return err
	}
	setCookie(c, instructorCookie, token)
	if guesser.Known == "" {
		w.rememberBrowser(c, knownInstructor)
	}
	return c.Redirect(http.StatusSeeOther, "/instructor/console")
}

func (w *Workshop) console(c echo.Context) error { return w.showConsole(c, nil) }

// showConsole renders the console. failure is an Invalid or Conflict problem of the last action, which the page shows;
// other errors are returned.
func (w *Workshop) showConsole(c echo.Context, failure error) error {
	ctx := c.Request().Context()
	status := http.StatusOK
	switch problem.KindOf(failure) {
	case problem.Invalid:
		status = http.StatusBadRequest
	case problem.Conflict:
		status = http.StatusConflict
	default:
		if failure != nil {
			return failure
		}
	}
	state, err := w.State(ctx)
	if err != nil {
		return err
	}
	rows, err := w.Rows(ctx)
	if err != nil {
		return err
	}
	return door.Render(c, status, w.consoleView(state, rows, failure))
}

// actionOptions are the actions in the order of the console's form.
var actionOptions = []kit.Option{
	{Value: SendMessage, Label: "Send the message"},
	{Value: BringToStep, Label: "Bring to the step"},
	{Value: UndoStep, Label: "Undo the last step"},
	{Value: ResetLab, Label: "Reset the lab"},
	{Value: StartFault, Label: "Start the fault"},
	{Value: UndoFault, Label: "Undo the fault"},
	{Value: Lock, Label: "Lock"},
	{Value: Unlock, Label: "Unlock"},
	{Value: LowerHand, Label: "Lower the hand"},
	{Value: Remove, Label: "Remove the attendee and the lab"},
}

func (w *Workshop) consoleView(state State, rows []Row, failure error) page.ConsolePage {
	now := w.db.Now()
	view := page.ConsolePage{
		Page: kit.Page{Scripts: []string{"workshop.js"}, Errors: kit.ErrorsOf(failure)},
		Code: state.Code, Address: w.Address, Labs: state.Labs,
		JoiningClosed: state.JoiningClosed, PerAddress: strconv.Itoa(state.PerAddress),
		Banner: state.Banner, Frozen: state.Frozen, Timer: state.timeLeft(now),
		OpenSections: strconv.Itoa(state.Sections), Sections: []kit.Option{{Value: "0", Label: "All"}},
		Actions: actionOptions, Faults: []kit.Option{{Label: "A random fault"}},
	}
	for i, title := range w.Guide.Sections() {
		view.Sections = append(view.Sections, kit.Option{Value: strconv.Itoa(i + 1), Label: "Up to " + title})
	}
	for _, id := range w.Guide.Steps() {
		view.Steps = append(view.Steps, kit.Option{Value: id, Label: id})
	}
	for _, f := range w.Faults.All() {
		view.Faults = append(view.Faults, kit.Option{Value: f.ID, Label: f.Title})
	}
	for _, row := range rows {
		view.Rows = append(view.Rows, w.rowView(row, now))
	}
	return view
}

// stuckAfter is how long an attendee may work on one step before the console marks them as stuck.
const stuckAfter = 5 * time.Minute

// rowView is an attendee in the console. They are stuck when the guide found a mistake, or after stuckAfter.
func (w *Workshop) rowView(r Row, now time.Time) page.ConsoleRow {
	v := page.ConsoleRow{
		Lab: r.Lab, Nickname: r.Nickname, Home: "/labs/" + r.Lab, Seen: ago(now.Sub(r.Seen)),
		Done: r.Done, Total: len(w.Guide.Steps()), Current: r.Current,
		Missed: r.Missed, Problem: r.Problem, Locked: r.Locked,
	}
	since := r.Since
	if since.IsZero() {
		since = r.Joined
	}
	if r.Current != "" {
		v.Since = "for " + duration(now.Sub(since))
		v.Stuck = len(r.Missed) > 0 || now.Sub(since) > stuckAfter
		if v.Stuck && len(r.Missed) == 0 {
			v.Awaits = r.Awaits
		}
	}
	if !r.Hand.IsZero() {
		v.Hand = "for " + duration(now.Sub(r.Hand))
	}
	return v
}

// eventInterval is how often an event stream looks for changes.
const eventInterval = 80 * time.Millisecond

// events is a stream of server-sent events that tells open consoles and projectors to fetch their page again. An event
// comes when the workshop or one of its labs has changed. The first event comes at once, for changes that were made while
// the browser loaded the page.
func (w *Workshop) events(c echo.Context) error {
	ctx, cancel := context.WithCancel(c.Request().Context())
	defer cancel()
	defer context.AfterFunc(w.Stopped, cancel)()
	c.Response().Header().Set(echo.HeaderContentType, "text/event-stream")
	c.Response().Header().Set("X-Accel-Buffering", "no") // tells nginx not to hold events back
	c.Response().WriteHeader(http.StatusOK)
	tick := time.NewTicker(eventInterval)
	defer tick.Stop()
	for sent := uint64(0); ; {
		// One is added because both versions can be 0, and the first event must be sent.
		if version := w.Registry.Changes() + w.db.Version() + 1; version != sent {
			sent = version
			event := "event: workshop\ndata: " + strconv.FormatUint(version, 10) + "\n\n"
			if _, err := io.WriteString(c.Response(), event); err != nil {
				return nil //nolint:nilerr // the browser has closed the page
			}
			c.Response().Flush()
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// saveSettings changes the settings that apply to all labs.
func (w *Workshop) saveSettings(c echo.Context) error {
	ctx := c.Request().Context()
	sections, err := strconv.Atoi(c.FormValue("sections"))
	if err != nil || sections < 0 {
		sections = 0
	}
	changes := map[string]any{
		"banner": strings.TrimSpace(c.FormValue("banner")), "frozen": c.FormValue("frozen") == "true", "sections": sections,
	}
	if text := strings.TrimSpace(c.FormValue("minutes")); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n > 24*60 {
			return w.showConsole(c, problem.New(problem.Invalid,
				"Enter the minutes as a whole number from 0 to 1440. Nothing was changed."))
		}
		changes["timer_ms"] = int64(0)
		if n > 0 {
			changes["timer_ms"] = store.Millis(w.db.Now().Add(time.Duration(n) * time.Minute))
		}
	}
	for column, value := range changes {
		if err := w.setColumn(ctx, column, value); err != nil {
			return err
		}
	}
	return c.Redirect(http.StatusSeeOther, "/instructor/console")
}

// maxPerAddress is the largest number of labs that a network address may take, apart from 0, which is no limit.
const maxPerAddress = 2000

// saveJoining changes who may join.
func (w *Workshop) saveJoining(c echo.Context) error {
	number, err := strconv.Atoi(strings.TrimSpace(c.FormValue("perAddress")))
	if err != nil || number < 0 || number > maxPerAddress {
		return w.showConsole(c, problem.InvalidField("perAddress",
			"Enter the labs for one network address as a whole number from 0 to 2000. Nothing was changed."))
	}
	err = w.db.Write(c.Request().Context(), func(tx *store.Tx) error {
		return tx.Exec(`UPDATE workshop SET joining_closed = $1, per_address = $2`, c.FormValue("closed") == "true", number)
	})
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/instructor/console")
}

// timerExtension is what the button "5 more minutes" adds to the timer.
const timerExtension = 5 * time.Minute

// extendTimer adds time to the timer. A timer that has ended starts again from now. Without a timer, nothing happens.
func (w *Workshop) extendTimer(c echo.Context) error {
	ctx := c.Request().Context()
	err := w.db.Write(ctx, func(tx *store.Tx) error {
		state, err := readState(tx)
		if err != nil || state.Timer.IsZero() {
			return err
		}
		end := state.Timer
		if now := tx.Now(); end.Before(now) {
			end = now
		}
		return tx.Exec(`UPDATE workshop SET timer_ms = $1`, store.Millis(end.Add(timerExtension)))
	})
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/instructor/console")
}

// actOnLabs applies an action to the selected labs, or to all.
func (w *Workshop) actOnLabs(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	labs := form["lab"]
	if form.Get("all") == "true" {
		attendees, err := w.Attendees(c.Request().Context())
		if err != nil {
			return err
		}
		labs = nil
		for _, attendee := range attendees {
			labs = append(labs, attendee.Lab)
		}
	}
	if len(labs) == 0 {
		return w.showConsole(c, problem.New(problem.Invalid,
			"No attendee is selected. Select attendees, or select “All attendees”."))
	}
	if form.Get("action") == Remove && form.Get("sure") != "true" {
		return w.confirmRemoval(c, labs)
	}
	action := Action{
		Kind: form.Get("action"), Step: form.Get("step"), Fault: form.Get("fault"),
		Message: strings.TrimSpace(form.Get("message")),
	}
	if err := w.Act(c.Request().Context(), action, labs); err != nil {
		return w.showConsole(c, err)
	}
	return c.Redirect(http.StatusSeeOther, "/instructor/console")
}

// confirmRemoval asks before attendees and their labs are removed, and says how many and who they are.
func (w *Workshop) confirmRemoval(c echo.Context, labs []string) error {
	attendees, err := w.Attendees(c.Request().Context())
	if err != nil {
		return err
	}
	view := page.RemovalPage{}
	for _, attendee := range attendees {
		if slices.Contains(labs, attendee.Lab) {
			view.Attendees = append(view.Attendees, page.RemovalAttendee{Lab: attendee.Lab, Nickname: attendee.Nickname})
		}
	}
	return door.Render(c, http.StatusOK, view)
}

func (w *Workshop) wipe(c echo.Context) error {
	if c.FormValue("sure") != "true" {
		return w.showConsole(c, problem.New(problem.Invalid,
			"Select “Yes, remove all attendees and their labs” to confirm. Nothing was removed."))
	}
	if err := w.Wipe(c.Request().Context()); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/instructor/console")
}

// projector shows how to join, and how many attendees are at each section of the guide.
func (w *Workshop) projector(c echo.Context) error {
	ctx := c.Request().Context()
	state, err := w.State(ctx)
	if err != nil {
		return err
	}
	rows, err := w.Rows(ctx)
	if err != nil {
		return err
	}
	view := page.ProjectorPage{
		Page: kit.Page{Scripts: []string{"workshop.js"}}, Address: w.Address, Code: state.Code,
		Joined: len(rows), Labs: state.Labs, Banner: state.Banner, Timer: state.timeLeft(w.db.Now()),
	}
	if view.QR, view.Size, err = svgPath(w.Address + "/?code=" + state.Code); err != nil {
		return err
	}
	people := map[string]int{} // by section title; an attendee who has finished has no current step, so their title is empty
	for _, row := range rows {
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

// cards shows the cards of all attendees on one page for printing.
func (w *Workshop) cards(c echo.Context) error {
	ctx := c.Request().Context()
	attendees, err := w.Attendees(ctx)
	if err != nil {
		return err
	}
	view := page.CardsPage{}
	for _, attendee := range attendees {
		card, err := w.cardView(ctx, attendee, w.Address)
		if err != nil {
			return err
		}
		view.Cards = append(view.Cards, card)
	}
	return door.Render(c, http.StatusOK, view)
}
