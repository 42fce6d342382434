package workshop

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"understudy/seed/base/problem"
	"understudy/seed/door"
	"understudy/ui/kit"
	page "understudy/ui/lab"
)

// actionOptions are the actions in the order of the console's form.
var actionOptions = []kit.Option{
	{Value: SendMessage, Label: "Send the message"},
	{Value: BringToStep, Label: "Bring to the step"},
	{Value: UndoStep, Label: "Undo the last step"},
	{Value: ResetLab, Label: "Reset the lab"},
	{Value: StartFault, Label: "Start the fault"},
	{Value: UndoFault, Label: "Undo the fault"},
	{Value: FinishFault, Label: "End the fault that is fixed"},
	{Value: Lock, Label: "Lock"},
	{Value: Unlock, Label: "Unlock"},
	{Value: LowerHand, Label: "Lower the hand"},
	{Value: NewPIN, Label: "Give a new PIN"},
	{Value: Remove, Label: "Remove the attendee and the lab"},
}

// queryOf reads which attendees the console shows. Unknown values count as the first of their list.
func queryOf(values url.Values) Query {
	q := Query{Search: shortened(values.Get("q"), maxNicknameLength), Order: orderLab}
	for _, f := range filterLabels {
		if f.value == values.Get("show") {
			q.Filter = f.value
		}
	}
	for _, o := range orderLabels {
		if o.value == values.Get("order") {
			q.Order = o.value
		}
	}
	return q
}

// address is a path of the console with a query.
func (q Query) address(path string) string {
	values := url.Values{}
	for name, value := range map[string]string{"show": q.Filter, "q": q.Search, "order": q.Order} {
		if value != "" && !(name == "order" && value == orderLab) {
			values.Set(name, value)
		}
	}
	if len(values) == 0 {
		return path
	}
	return path + "?" + values.Encode()
}

// consoleForm is what an instructor has typed in the console before an error.
type consoleForm struct {
	action          page.ActionForm
	labs            []string
	banner, minutes *string
}

func (w *Workshop) console(c echo.Context) error { return w.showConsole(c, nil, consoleForm{}) }

// showConsole renders the console. failure is an Invalid or Conflict problem of the last action, which the page shows together
// with what was typed; other errors are returned.
func (w *Workshop) showConsole(c echo.Context, failure error, typed consoleForm) error {
	status, err := pageStatus(failure)
	if err != nil {
		return err
	}
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	rows, err := w.Rows(ctx)
	if err != nil {
		return err
	}
	view, err := w.consoleView(ctx, rows, queryOf(form))
	if err != nil {
		return err
	}
	view.Page.Errors, view.Action = kit.ErrorsOf(failure), typed.action
	if typed.banner != nil {
		view.Banner = *typed.banner
	}
	if typed.minutes != nil {
		view.Minutes = *typed.minutes
	}
	for i := range view.Rows {
		for _, name := range typed.labs {
			view.Rows[i].Checked = view.Rows[i].Checked || view.Rows[i].Lab == name
		}
	}
	return door.Render(c, status, view)
}

// pageStatus is the status of a page that shows a failure. An error that a page cannot show is returned.
func pageStatus(failure error) (int, error) {
	switch {
	case failure == nil:
		return http.StatusOK, nil
	case problem.Is(failure, problem.Invalid):
		return http.StatusBadRequest, nil
	case problem.Is(failure, problem.Conflict):
		return http.StatusConflict, nil
	}
	return 0, failure
}

// linesInConsole is how many entries of the log the console shows.
const linesInConsole = 5

func (w *Workshop) consoleView(ctx context.Context, rows []Row, q Query) (view page.ConsolePage, err error) {
	state, err := w.State(ctx)
	if err != nil {
		return view, err
	}
	entries, err := w.Entries(ctx)
	if err != nil {
		return view, err
	}
	now := w.db.Now()
	view = page.ConsolePage{
		Page: kit.Page{Scripts: []string{"workshop.js"}}, Code: state.Code, Address: w.Address, Labs: state.Labs, Taken: len(rows), Refused: w.places.refusals(),
		Banner: state.Banner, Frozen: state.Frozen, Timer: state.timeLeft(now),
		OpenSections: strconv.Itoa(state.Sections), Sections: []kit.Option{{Value: "0", Label: "All"}},
		Query:   page.ConsoleQuery{Filter: q.Filter, Search: q.Search, Order: q.Order},
		Events:  q.address("/instructor/events"),
		Actions: actionOptions, Faults: []kit.Option{{Label: "A random fault"}}, Log: logLines(entries[:min(len(entries), linesInConsole)]),
	}
	for i, title := range w.Guide.Sections() {
		view.Sections = append(view.Sections, kit.Option{Value: strconv.Itoa(i + 1), Label: "Up to " + title})
	}
	view.Steps = kit.Options(w.Guide.Steps()...)
	for _, f := range w.Faults.All() {
		view.Faults = append(view.Faults, kit.Option{Value: f.ID, Label: f.Title})
	}
	view.Filters, view.Orders = filterTabs(rows, q, now), nil
	for _, o := range orderLabels {
		view.Orders = append(view.Orders, kit.Option{Value: o.value, Label: o.label})
	}
	for _, row := range pick(rows, q, now) {
		view.Rows = append(view.Rows, w.rowView(row, now))
	}
	return view, nil
}

// filterTabs are the filters of the console. A filter that shows nobody is left out, apart from the most important ones.
func filterTabs(rows []Row, q Query, now time.Time) (tabs []kit.Tab) {
	counts := countFilters(rows, now)
	for _, f := range filterLabels {
		rare := f.value == string(NotHere) || f.value == string(Unknown)
		if rare && counts[f.value] == 0 && q.Filter != f.value {
			continue
		}
		to := Query{Filter: f.value, Search: q.Search, Order: q.Order}
		tabs = append(tabs, kit.Tab{
			Label: f.label, Href: to.address(consolePath), Current: f.value == q.Filter, Count: strconv.Itoa(counts[f.value]),
		})
	}
	return tabs
}

// presencePills say in the console what an attendee does.
var presencePills = map[Presence]kit.Pill{
	NotHere: {Label: "Not here yet"}, Unknown: {Label: "Unknown", Tone: kit.Bad}, Done: {Label: "Finished", Tone: kit.Good},
	Away: {Label: "Away"}, Stuck: {Label: "Stuck", Tone: kit.Bad}, Working: {Label: "Working", Tone: kit.Info},
}

// rowView is an attendee in the console.
func (w *Workshop) rowView(r Row, now time.Time) page.ConsoleRow {
	presence := r.Presence(now)
	v := page.ConsoleRow{
		Lab: r.Lab, Nickname: r.Nickname, Home: "/labs/" + r.Lab, Seen: roughly(now.Sub(r.Seen)),
		Done: r.Standing.Done, Total: r.Total, Current: r.Current, State: presencePills[presence],
		Mistakes: r.Mistakes, Problem: r.Problem, Locked: r.Locked,
	}
	if presence == NotHere {
		v.Seen = "never"
	}
	if r.Current != "" && presence != NotHere && presence != Unknown {
		v.Since = lasting(r.lastWorked(now).Sub(r.Since))
	}
	if presence == Stuck && len(r.Mistakes) == 0 {
		v.Awaits = r.Awaits
	}
	if !r.Hand.IsZero() {
		v.Hand = lasting(now.Sub(r.Hand))
	}
	if f, found := w.Faults.Find(r.Fault); found {
		v.Fault, v.FaultFixed = f.Title, !r.FaultFixed.IsZero()
		end := now
		if v.FaultFixed {
			end = r.FaultFixed
		}
		v.FaultSince = lasting(end.Sub(r.FaultSince))
	}
	return v
}

// lastWorked is the present for somebody who is here, and the last time that they were here for somebody who is away.
func (r Row) lastWorked(now time.Time) time.Time {
	if r.isAway(now) {
		return r.Active
	}
	return now
}

// whomOf returns the labs that the form of an action is for.
func (w *Workshop) whomOf(c echo.Context, form url.Values) ([]string, error) {
	if form.Get("all") != "true" {
		return form["lab"], nil
	}
	rows, err := w.knownRows(c.Request().Context())
	if err != nil {
		return nil, err
	}
	var labs []string
	for _, row := range pick(rows, queryOf(form), w.db.Now()) {
		labs = append(labs, row.Lab)
	}
	return labs, nil
}

// isHarmless reports whether an action for one attendee runs without a preview: it changes nothing in the lab.
func isHarmless(kind string) bool {
	switch kind {
	case SendMessage, Lock, Unlock, LowerHand:
		return true
	}
	return false
}

var errNobodySelected = problem.New(problem.Invalid, "No attendee is selected. Select attendees, or all of the list.")

// actWait is how long a page waits for an action before it shows the action as running.
const actWait = 1500 * time.Millisecond

// actOnLabs applies an action to the selected labs, or to all of the list. It asks first, and says how many attendees the action is
// for and who they are, unless the action is harmless and for one attendee.
func (w *Workshop) actOnLabs(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	action := Action{
		Kind: form.Get("action"), Step: form.Get("step"), Fault: form.Get("fault"),
		Message: tidied(form.Get("message")), Who: w.who(c),
	}
	typed := consoleForm{labs: form["lab"], action: page.ActionForm{
		Kind: action.Kind, Step: action.Step, Fault: action.Fault, Message: action.Message, All: form.Get("all") == "true",
	}}
	labs, err := w.whomOf(c, form)
	if err != nil {
		return err
	}
	err = errNobodySelected
	title := ""
	if len(labs) > 0 {
		title, err = w.Title(action)
	}
	if err != nil {
		return w.showConsole(c, err, typed)
	}
	if form.Get("sure") != "true" && (len(labs) > 1 || !isHarmless(action.Kind)) {
		return w.showPreview(c, title, action, labs)
	}
	j, err := w.Begin(c.Request().Context(), action, labs)
	if err != nil {
		return w.showConsole(c, err, typed)
	}
	if _, err := j.Wait(c.Request().Context(), actWait); err != nil {
		return w.showConsole(c, err, typed)
	}
	to := queryOf(form).address(consolePath)
	if action.Kind == NewPIN {
		to = "/instructor/cards?" + url.Values{"lab": labs}.Encode()
	}
	return c.Redirect(http.StatusSeeOther, to)
}

// previewHints say in the preview what an action does to its attendees.
var previewHints = map[string]string{
	BringToStep: "The guide resets the labs and does the steps before this one. What the attendees made is kept as a checkpoint.",
	ResetLab:    "The labs return to their beginning. What the attendees made is kept as a checkpoint.",
	Remove:      "The labs are deleted. Undo in the log brings attendees and labs back, without their checkpoints.",
	NewPIN:      "The old PIN works no longer. The next page shows the cards with the new PIN.",
}

// showPreview asks before an action is applied.
func (w *Workshop) showPreview(c echo.Context, title string, a Action, labs []string) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	q := queryOf(form)
	view := page.PreviewPage{
		Title: title, Hint: previewHints[a.Kind], Danger: a.Kind == Remove || a.Kind == ResetLab, Hidden: []kit.Hidden{
			{Name: "action", Value: a.Kind}, {Name: "step", Value: a.Step}, {Name: "fault", Value: a.Fault},
			{Name: "message", Value: a.Message}, {Name: "show", Value: q.Filter}, {Name: "q", Value: q.Search}, {Name: "order", Value: q.Order},
		},
	}
	if view.Hint == "" {
		view.Hint = "Undo in the log takes this back."
	}
	attendees, err := w.Attendees(c.Request().Context())
	if err != nil {
		return err
	}
	chosen := map[string]bool{}
	for _, name := range labs {
		chosen[name] = true
	}
	for _, a := range attendees {
		if chosen[a.Lab] {
			view.Attendees = append(view.Attendees, page.PreviewAttendee{Lab: a.Lab, Nickname: a.Nickname})
		}
	}
	if len(view.Attendees) == 0 {
		return w.showConsole(c, errNobodySelected, consoleForm{})
	}
	return door.Render(c, http.StatusOK, view)
}

// entryOf reads the id of an entry of the log from a form.
func entryOf(c echo.Context) (int64, error) {
	id, err := strconv.ParseInt(c.FormValue("entry"), 10, 64)
	if err != nil {
		return 0, errNoEntry
	}
	return id, nil
}

func (w *Workshop) undoEntry(c echo.Context) error {
	id, err := entryOf(c)
	if err != nil {
		return err
	}
	j, err := w.Undo(c.Request().Context(), w.who(c), id)
	if err == nil {
		_, err = j.Wait(c.Request().Context(), actWait)
	}
	if err != nil {
		return w.showConsole(c, err, consoleForm{})
	}
	return c.Redirect(http.StatusSeeOther, consolePath)
}

func (w *Workshop) cancelEntry(c echo.Context) error {
	id, err := entryOf(c)
	if err == nil {
		err = w.Cancel(id)
	}
	if err != nil {
		return w.showConsole(c, err, consoleForm{})
	}
	return c.Redirect(http.StatusSeeOther, consolePath)
}
