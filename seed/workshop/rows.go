package workshop

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"understudy/seed/base/store"
)

// Row is an attendee with their standing, as the console shows it.
type Row struct {
	Attendee
	Standing
}

// Rows lists all attendees with their standings, in natural order of their labs. A lab that cannot be read has a Problem instead
// of an error.
func (w *Workshop) Rows(ctx context.Context) ([]Row, error) {
	attendees, err := w.Attendees(ctx)
	if err != nil {
		return nil, err
	}
	if err := w.lookAtAll(ctx, attendees); err != nil {
		return nil, err
	}
	return w.knownRows(ctx)
}

// knownRows is Rows without looking at labs first. It needs no lab to be open.
func (w *Workshop) knownRows(ctx context.Context) ([]Row, error) {
	attendees, err := w.Attendees(ctx)
	if err != nil {
		return nil, err
	}
	standings, err := w.standings(ctx)
	if err != nil {
		return nil, err
	}
	rows := make([]Row, 0, len(attendees))
	for _, a := range attendees {
		s, found := standings[a.Lab]
		if !found {
			s.Problem = "The progress of this lab has not been read yet."
		}
		rows = append(rows, Row{Attendee: a, Standing: s})
	}
	return rows, nil
}

// Presence is what an attendee does: exactly one of the constants.
type Presence string

// What an attendee does. The values are those of the console's filter.
const (
	NotHere Presence = "prepared" // nobody has used the card of the place yet
	Unknown Presence = "unknown"  // the progress cannot be read
	Done    Presence = "done"
	Away    Presence = "away"
	Stuck   Presence = "stuck"
	Working Presence = "working"
)

// stuckAfter is how long an attendee may work on one step before the console marks them as stuck.
const stuckAfter = 5 * time.Minute

// Presence says what the attendee does. Somebody who is away is not stuck. They are stuck when the guide has found a mistake, or
// when they have worked on one step for stuckAfter.
func (r Row) Presence(now time.Time) Presence {
	switch {
	case r.Prepared:
		return NotHere
	case r.Problem != "":
		return Unknown
	case r.Current == "":
		return Done
	case r.isAway(now):
		return Away
	case len(r.Mistakes) > 0 || now.Sub(r.Since) > stuckAfter:
		return Stuck
	}
	return Working
}

// Further values of the console's filter, besides those of Presence.
const (
	filterAll   = ""
	filterHand  = "hand"
	filterFault = "fault"
)

// matches reports whether the console's filter shows an attendee.
func (r Row) matches(filter string, now time.Time) bool {
	switch filter {
	case filterAll:
		return true
	case filterHand:
		return !r.Hand.IsZero()
	case filterFault:
		return r.Fault != ""
	}
	return string(r.Presence(now)) == filter
}

// Query is which attendees the console shows, and in which order.
type Query struct {
	Filter string // one of filterLabels
	Search string // part of a nickname, a lab, or an id of a step
	Order  string // one of orderLabels
}

// filterLabels are the filters of the console in the order of the page.
var filterLabels = []struct{ value, label string }{
	{filterAll, "All"}, {string(Working), "Working"}, {string(Stuck), "Stuck"}, {string(Away), "Away"}, {string(Done), "Finished"},
	{filterHand, "Hand up"}, {filterFault, "Fault"}, {string(NotHere), "Not here yet"}, {string(Unknown), "Unknown"},
}

// The orders of the console.
const (
	orderLab      = "lab"
	orderName     = "name"
	orderProgress = "progress" // the slowest first
	orderTime     = "time"     // the longest at one step first
	orderNeed     = "need"     // hands up first, then stuck, then the longest at one step
)

var orderLabels = []struct{ value, label string }{
	{orderLab, "Lab"}, {orderName, "Nickname"}, {orderNeed, "Who needs help"}, {orderProgress, "Progress, slowest first"},
	{orderTime, "Time at the step, longest first"},
}

// pick returns the rows that a query shows, in its order.
func pick(rows []Row, q Query, now time.Time) []Row {
	want := strings.ToLower(strings.TrimSpace(q.Search))
	var list []Row
	for _, r := range rows {
		found := want == "" || strings.Contains(strings.ToLower(r.Nickname), want) || strings.Contains(r.Lab, want) || r.Current == want
		if found && r.matches(q.Filter, now) {
			list = append(list, r)
		}
	}
	slices.SortStableFunc(list, func(a, b Row) int { return compareRows(a, b, q.Order, now) })
	return list
}

// compareRows orders two rows; rows that are equal stay in the order of their labs.
func compareRows(a, b Row, order string, now time.Time) int {
	switch order {
	case orderName:
		return compareNatural(a.Nickname, b.Nickname)
	case orderProgress:
		return cmp.Compare(a.Done, b.Done)
	case orderTime:
		return cmp.Or(cmp.Compare(a.idleRank(), b.idleRank()), a.Since.Compare(b.Since))
	case orderNeed:
		return cmp.Or(cmp.Compare(a.needRank(now), b.needRank(now)), a.Since.Compare(b.Since))
	}
	return 0
}

// idleRank puts those who have finished, and cards that nobody has used, to the end.
func (r Row) idleRank() int {
	if r.Current == "" || r.Prepared {
		return 1
	}
	return 0
}

// needRank orders attendees by how much they need an instructor.
func (r Row) needRank(now time.Time) int {
	if !r.Hand.IsZero() {
		return 0
	}
	return 1 + slices.Index([]Presence{Unknown, Stuck, Working, Away, Done, NotHere}, r.Presence(now))
}

// countFilters counts how many attendees each filter shows.
func countFilters(rows []Row, now time.Time) map[string]int {
	n := map[string]int{}
	for _, f := range filterLabels {
		for _, r := range rows {
			if r.matches(f.value, now) {
				n[f.value]++
			}
		}
	}
	return n
}

// SetHand raises an attendee's hand, or lowers it.
func (w *Workshop) SetHand(ctx context.Context, lab string, raised bool) error {
	since := int64(0)
	if raised {
		since = store.Millis(w.db.Now())
	}
	return w.setAttendeeColumn(ctx, lab, "hand_ms", since)
}
