package workshop

import (
	"context"
	"encoding/csv"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
	"understudy/ui/kit"
	page "understudy/ui/lab"
)

func (w *Workshop) mountInstructor(e *echo.Echo) {
	e.GET("/instructor", w.enterForm)
	e.POST("/instructor", w.enter)
	e.GET("/instructor/console", w.instructors(w.console))
	e.GET("/instructor/events", w.instructors(w.events))
	e.GET("/instructor/projector", w.instructors(w.projector))
	e.GET("/instructor/cards", w.instructors(w.cards))
	e.GET("/instructor/results.csv", w.instructors(w.resultsCSV))
	e.GET("/instructor/results.json", w.instructors(w.resultsJSON))
	e.POST("/instructor/workshop", w.instructors(w.saveRoom))
	e.POST("/instructor/extend", w.instructors(w.extend))
	e.POST("/instructor/act", w.instructors(w.doAct))
	e.POST("/instructor/wipe", w.instructors(w.wipe))
}

var errNoInstructor = problem.New(problem.Unauthenticated, "This page is for instructors. Sign in at /instructor.")

// instructors lets only instructors through.
func (w *Workshop) instructors(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		yes, err := w.IsInstructor(c.Request().Context(), cookieOf(c.Request(), instructorCookie))
		if err == nil && !yes {
			err = errNoInstructor
		}
		if err != nil {
			return err
		}
		return next(c)
	}
}

func (w *Workshop) enterForm(c echo.Context) error {
	return render(c, http.StatusOK, page.EnterPage{})
}

func (w *Workshop) enter(c echo.Context) error {
	token, err := w.Enter(c.Request().Context(), from(c.Request()), c.FormValue("password"))
	if problem.Is(err, problem.Invalid) {
		return render(c, http.StatusUnprocessableEntity, page.EnterPage{Page: kit.Page{Errors: kit.ErrorsOf(err)}, Errors: kit.ErrorsOf(err)})
	}
	if err != nil {
		return err
	}
	setCookie(c, instructorCookie, token)
	return c.Redirect(http.StatusSeeOther, "/instructor/console")
}

// stuckAfter is how long somebody may be at a step before they count as stuck.
const stuckAfter = 5 * time.Minute

func (w *Workshop) console(c echo.Context) error { return w.showConsole(c, nil) }

// showConsole is the console, with what could not be done.
func (w *Workshop) showConsole(c echo.Context, refused error) error {
	ctx := c.Request().Context()
	status := http.StatusOK
	switch problem.KindOf(refused) {
	case problem.Invalid:
		status = http.StatusBadRequest
	case problem.Conflict:
		status = http.StatusConflict
	default:
		if refused != nil {
			return refused
		}
	}
	room, err := w.State(ctx)
	if err != nil {
		return err
	}
	rows, err := w.Rows(ctx)
	if err != nil {
		return err
	}
	now := w.db.Now()
	view := page.RoomPage{
		Page: kit.Page{Scripts: []string{"workshop.js"}, Errors: kit.ErrorsOf(refused)}, Code: room.Code, Address: w.Address, Labs: room.Labs, Banner: room.Banner, Frozen: room.Frozen,
		Open: strconv.Itoa(room.Sections), Sections: []kit.Option{{Value: "0", Label: "All"}},
	}
	view.Timer = room.timeLeft(now)
	for i, title := range w.Guide.Sections() {
		view.Sections = append(view.Sections, kit.Option{Value: strconv.Itoa(i + 1), Label: "Up to " + title})
	}
	for _, id := range w.Guide.Steps() {
		view.Steps = append(view.Steps, kit.Option{Value: id, Label: id})
	}
	view.Cards = []kit.Option{{Label: "A drawn one"}}
	for _, card := range w.Faults.Cards() {
		view.Cards = append(view.Cards, kit.Option{Value: card.ID, Label: card.Title})
	}
	for _, row := range rows {
		view.Rows = append(view.Rows, w.row(row, now))
	}
	return render(c, status, view)
}

func (w *Workshop) row(r Row, now time.Time) page.RoomRow {
	v := page.RoomRow{
		Lab: r.Lab, Nickname: r.Nickname, Home: "/labs/" + r.Lab, Done: r.Done, Total: len(w.Guide.Steps()), Current: r.Current,
		Missed: r.Missed, Problem: r.Problem, Locked: r.Locked, Seen: ago(now.Sub(r.Seen)),
	}
	since := r.Since
	if since.IsZero() {
		since = r.Joined
	}
	if r.Current != "" {
		v.Since = "since " + ago(now.Sub(since))
		v.Stuck = len(r.Missed) > 0 || now.Sub(since) > stuckAfter
		if v.Stuck && len(r.Missed) == 0 {
			v.Awaits = r.Awaits
		}
	}
	if !r.Hand.IsZero() {
		v.Hand = ago(now.Sub(r.Hand))
	}
	return v
}

// watching is how often the room is looked at for open consoles.
const watching = 80 * time.Millisecond

// events tells open consoles that something in the room, or in one of its labs, has changed.
func (w *Workshop) events(c echo.Context) error {
	ctx, cancel := context.WithCancel(c.Request().Context())
	defer cancel()
	defer context.AfterFunc(w.Stopped, cancel)()
	c.Response().Header().Set(echo.HeaderContentType, "text/event-stream")
	c.Response().Header().Set("X-Accel-Buffering", "no")
	c.Response().WriteHeader(http.StatusOK)
	tick := time.NewTicker(watching)
	defer tick.Stop()
	// The first event is the present itself; a page that was rendered before it looks once more.
	for known := uint64(0); ; {
		if now := w.Registry.Changes() + w.db.Version() + 1; now != known {
			known = now
			if _, err := io.WriteString(c.Response(), "event: workshop\ndata: "+strconv.FormatUint(now, 10)+"\n\n"); err != nil {
				return nil //nolint:nilerr // the page has gone
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

// saveRoom changes what holds for everybody.
func (w *Workshop) saveRoom(c echo.Context) error {
	ctx := c.Request().Context()
	sections, err := strconv.Atoi(c.FormValue("sections"))
	if err != nil || sections < 0 {
		sections = 0
	}
	changes := map[string]any{"banner": strings.TrimSpace(c.FormValue("banner")), "frozen": c.FormValue("frozen") == "true", "sections": sections}
	if text := strings.TrimSpace(c.FormValue("minutes")); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n > 24*60 {
			return w.showConsole(c, problem.New(problem.Invalid, "Minutes are a number from 0 to 1440. Nothing was changed."))
		}
		changes["timer_ms"] = int64(0)
		if n > 0 {
			changes["timer_ms"] = store.Millis(w.db.Now().Add(time.Duration(n) * time.Minute))
		}
	}
	for column, value := range changes {
		if err := w.change(ctx, column, value); err != nil {
			return err
		}
	}
	return c.Redirect(http.StatusSeeOther, "/instructor/console")
}

// extension is by how much a section's timer is extended at a time.
const extension = 5 * time.Minute

// extend gives a section more time, counted from now when its time is up already.
func (w *Workshop) extend(c echo.Context) error {
	ctx := c.Request().Context()
	err := w.db.Write(ctx, func(tx *store.Tx) error {
		room, err := state(tx)
		if err != nil || room.Timer.IsZero() {
			return err
		}
		until := room.Timer
		if now := tx.Now(); until.Before(now) {
			until = now
		}
		return tx.Exec(`UPDATE workshop SET timer_ms = $1`, store.Millis(until.Add(extension)))
	})
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/instructor/console")
}

// doAct does something to the ticked labs, or to all.
func (w *Workshop) doAct(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	labs := form["lab"]
	if form.Get("all") == "true" {
		seats, err := w.Seats(c.Request().Context())
		if err != nil {
			return err
		}
		labs = nil
		for _, seat := range seats {
			labs = append(labs, seat.Lab)
		}
	}
	if len(labs) == 0 {
		return w.showConsole(c, problem.New(problem.Invalid, "Nobody is selected. Tick attendees, or All of them."))
	}
	if err := w.Act(c.Request().Context(), Order{Action: form.Get("action"), Step: form.Get("step"), Message: strings.TrimSpace(form.Get("message")), Card: form.Get("card")}, labs); err != nil {
		return w.showConsole(c, err)
	}
	return c.Redirect(http.StatusSeeOther, "/instructor/console")
}

func (w *Workshop) wipe(c echo.Context) error {
	if c.FormValue("sure") != "true" {
		return w.showConsole(c, problem.New(problem.Invalid, "Tick “Yes, remove everybody” to wipe. Nothing was removed."))
	}
	if err := w.Wipe(c.Request().Context()); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/instructor/console")
}

// projector is the page for the wall.
func (w *Workshop) projector(c echo.Context) error {
	ctx := c.Request().Context()
	room, err := w.State(ctx)
	if err != nil {
		return err
	}
	rows, err := w.Rows(ctx)
	if err != nil {
		return err
	}
	view := page.ProjectorPage{Page: kit.Page{Scripts: []string{"workshop.js"}}, Address: w.Address, Code: room.Code, Joined: len(rows), Labs: room.Labs, Banner: room.Banner}
	view.Timer = room.timeLeft(w.db.Now())
	if view.QR, view.Size, err = svgPath(w.Address + "/?code=" + room.Code); err != nil {
		return err
	}
	at := map[string]int{}
	for _, row := range rows {
		at[w.Guide.SectionOf(row.Current)]++
	}
	for _, title := range append(w.Guide.Sections(), "") {
		if n := at[title]; n > 0 && title == "" {
			view.Bars = append(view.Bars, page.ProjectorBar{Title: "Through", People: n})
		} else if n > 0 {
			view.Bars = append(view.Bars, page.ProjectorBar{Title: title, People: n})
		}
	}
	return render(c, http.StatusOK, view)
}

// cards are all attendees' cards, for paper.
func (w *Workshop) cards(c echo.Context) error {
	ctx := c.Request().Context()
	seats, err := w.Seats(ctx)
	if err != nil {
		return err
	}
	view := page.CardsPage{}
	for _, seat := range seats {
		card, err := w.cardView(ctx, seat, w.Address)
		if err != nil {
			return err
		}
		view.Cards = append(view.Cards, card)
	}
	return render(c, http.StatusOK, view)
}

// result is one attendee's line of the results.
type result struct {
	Lab      string    `json:"lab"`
	Nickname string    `json:"nickname"`
	Joined   time.Time `json:"joined"`
	Done     int       `json:"done"`
	Total    int       `json:"total"`
	Current  string    `json:"current"`
}

func (w *Workshop) results(c echo.Context) ([]result, error) {
	rows, err := w.Rows(c.Request().Context())
	list := make([]result, 0, len(rows))
	for _, r := range rows {
		list = append(list, result{Lab: r.Lab, Nickname: r.Nickname, Joined: r.Joined, Done: r.Done, Total: len(w.Guide.Steps()), Current: r.Current})
	}
	return list, err
}

func (w *Workshop) resultsJSON(c echo.Context) error {
	list, err := w.results(c)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, list)
}

func (w *Workshop) resultsCSV(c echo.Context) error {
	list, err := w.results(c)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentType, "text/csv; charset=utf-8")
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="workshop.csv"`)
	out := csv.NewWriter(c.Response())
	lines := [][]string{{"lab", "nickname", "joined", "done", "total", "current"}}
	for _, r := range list {
		lines = append(lines, []string{r.Lab, csvCell(r.Nickname), r.Joined.Format(time.RFC3339), strconv.Itoa(r.Done), strconv.Itoa(r.Total), r.Current})
	}
	return out.WriteAll(lines)
}
