package workshop

import (
	"context"
	"slices"
	"time"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// Attendee is a person in a workshop, with their lab. Every attendee has exactly one lab.
type Attendee struct {
	Lab      string // name of the lab: "lab-07"
	Nickname string
	Joined   time.Time
	Seen     time.Time // last request, to within 10 seconds
	Hand     time.Time // when the attendee raised their hand; zero while it is down
	Locked   bool      // the attendee can look at the lab but not change it
	Message  string    // last message of an instructor; empty after the attendee dismissed it
	Opened   time.Time // when an instructor last opened a page of the lab; zero for never

	Active     time.Time     // last request of a page by a person, to within 10 seconds; Seen also counts an open page
	Away       time.Duration // how long the attendee was away, in total
	ReadBanner string        // banner that the attendee has dismissed
	PIN        string        // empty for an attendee who joined before PINs were stored; then only a new PIN can be shown
	Confirmed  bool          // the answer to the join form has reached the browser
	Prepared   bool          // the place has a card, and nobody has used it yet
}

const attendeeColumns = `lab, nickname, joined_ms, seen_ms, hand_ms, locked, message, opened_ms,
	active_ms, away_ms, read_banner, pin, prepared, confirmed`

func scanAttendee(r store.Row) (a Attendee, err error) {
	var joined, seen, hand, opened, active, away int64
	err = r.Scan(&a.Lab, &a.Nickname, &joined, &seen, &hand, &a.Locked, &a.Message, &opened,
		&active, &away, &a.ReadBanner, &a.PIN, &a.Prepared, &a.Confirmed)
	a.Active, a.Away = store.Time(active), time.Duration(away)*time.Millisecond
	a.Joined, a.Seen, a.Hand, a.Opened = store.Time(joined), store.Time(seen), store.Time(hand), store.Time(opened)
	return a, err
}

// Attendees lists all attendees by lab name, in natural order: lab-2 before lab-10.
func (w *Workshop) Attendees(ctx context.Context) (list []Attendee, err error) {
	err = w.db.Read(ctx, func(tx *store.Tx) error {
		list, err = store.List(tx, scanAttendee, `SELECT `+attendeeColumns+` FROM workshop_attendee`)
		return err
	})
	slices.SortFunc(list, func(a, b Attendee) int { return compareNatural(a.Lab, b.Lab) })
	return list, err
}

// AttendeeByToken finds the attendee whose browser sent the token. found is false for an unknown or empty token.
func (w *Workshop) AttendeeByToken(ctx context.Context, token string) (a Attendee, found bool, err error) {
	if token == "" {
		return a, false, nil
	}
	a, found, err = w.findAttendee(ctx, `lab = (SELECT lab FROM workshop_device WHERE token_hash = $1)`, store.Hash(token))
	if found && !a.Confirmed {
		err = w.db.Write(ctx, func(tx *store.Tx) error { return confirm(tx, a.Lab) })
	}
	return a, found, err
}

// confirm stores that an attendee has their token or PIN.
func confirm(tx *store.Tx, lab string) error {
	return tx.Exec(`UPDATE workshop_attendee SET confirmed = 1 WHERE lab = $1 AND confirmed = 0`, lab)
}

// attendeeOf finds the attendee of a lab. found is false for a lab without an attendee.
func (w *Workshop) attendeeOf(ctx context.Context, lab string) (a Attendee, found bool, err error) {
	return w.findAttendee(ctx, `lab = $1`, lab)
}

// findAttendee finds an attendee by a condition, which is a constant of this file, with one argument.
func (w *Workshop) findAttendee(ctx context.Context, condition, argument string) (a Attendee, found bool, err error) {
	err = w.db.Read(ctx, func(tx *store.Tx) error {
		a, err = store.One(tx, "none", scanAttendee,
			`SELECT `+attendeeColumns+` FROM workshop_attendee WHERE `+condition, argument)
		return err
	})
	if problem.Is(err, problem.NotFound) {
		return a, false, nil
	}
	return a, err == nil, err
}

// Attendees are away when none of their pages has been visible for awayAfter, or when they have opened no page and sent no form
// for idleAfter. Without JavaScript only the pages and forms tell.
const (
	awayAfter = 3 * time.Minute
	idleAfter = 10 * time.Minute
)

// isAway reports whether an attendee is away. A card that nobody has used belongs to nobody who could be away.
func (a Attendee) isAway(now time.Time) bool {
	return !a.Prepared && (now.Sub(a.Seen) > awayAfter || now.Sub(a.Active) > idleAfter)
}

// markSeen stores that a page of an attendee is visible. It writes at most every 10 seconds for each attendee.
func (w *Workshop) markSeen(ctx context.Context, a Attendee) error {
	if !a.Prepared && w.db.Now().Sub(a.Seen) < 10*time.Second {
		return nil
	}
	return w.db.Write(ctx, func(tx *store.Tx) error {
		return tx.Exec(`UPDATE workshop_attendee SET seen_ms = $2, prepared = 0 WHERE lab = $1`, a.Lab, store.Millis(tx.Now()))
	})
}

// markActive stores that an attendee opened a page or sent a form, and adds up how long they were away before. It writes at most
// every 10 seconds for each attendee.
func (w *Workshop) markActive(ctx context.Context, a Attendee) error {
	if !a.Prepared && w.db.Now().Sub(a.Active) < 10*time.Second {
		return nil
	}
	return w.db.Write(ctx, func(tx *store.Tx) error {
		now, away := tx.Now(), int64(0)
		if a.isAway(now) {
			away = now.Sub(a.Active).Milliseconds()
		}
		err := tx.Exec(`UPDATE workshop_attendee SET seen_ms = $2, active_ms = $2, away_ms = away_ms + $3, prepared = 0
			WHERE lab = $1`, a.Lab, store.Millis(now), away)
		if err != nil || away == 0 {
			return err
		}
		return tx.Exec(`UPDATE workshop_standing SET since_ms = since_ms + $2 WHERE lab = $1`, a.Lab, away)
	})
}

// setAttendeeColumn changes one value of the attendee of a lab. column is a constant of this package, never input.
func (w *Workshop) setAttendeeColumn(ctx context.Context, lab, column string, value any) error {
	return w.db.Write(ctx, func(tx *store.Tx) error {
		return tx.Exec(`UPDATE workshop_attendee SET `+column+` = $2 WHERE lab = $1`, lab, value)
	})
}
