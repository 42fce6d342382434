package workshop

import (
	"context"
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

	Confirmed bool // the answer to the join form has reached the browser
}

const attendeeColumns = `lab, nickname, joined_ms, seen_ms, hand_ms, locked, message, opened_ms, confirmed`

func scanAttendee(r store.Row) (a Attendee, err error) {
	var joined, seen, hand, opened int64
	err = r.Scan(&a.Lab, &a.Nickname, &joined, &seen, &hand, &a.Locked, &a.Message, &opened, &a.Confirmed)
	a.Joined, a.Seen, a.Hand, a.Opened = store.Time(joined), store.Time(seen), store.Time(hand), store.Time(opened)
	return a, err
}

// Attendees lists all attendees by lab name.
func (w *Workshop) Attendees(ctx context.Context) (list []Attendee, err error) {
	err = w.db.Read(ctx, func(tx *store.Tx) error {
		list, err = store.List(tx, scanAttendee, `SELECT `+attendeeColumns+` FROM workshop_attendee ORDER BY lab`)
		return err
	})
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

// markSeen stores that an attendee sent a request. It writes at most every 10 seconds for each attendee.
func (w *Workshop) markSeen(ctx context.Context, a Attendee) error {
	if w.db.Now().Sub(a.Seen) < 10*time.Second {
		return nil
	}
	return w.setAttendeeColumn(ctx, a.Lab, "seen_ms", store.Millis(w.db.Now()))
}

// setAttendeeColumn changes one value of the attendee of a lab. column is a constant of this package, never input.
func (w *Workshop) setAttendeeColumn(ctx context.Context, lab, column string, value any) error {
	return w.db.Write(ctx, func(tx *store.Tx) error {
		return tx.Exec(`UPDATE workshop_attendee SET `+column+` = $2 WHERE lab = $1`, lab, value)
	})
}

// SetHand raises an attendee's hand, or lowers it.
func (w *Workshop) SetHand(ctx context.Context, lab string, raised bool) error {
	since := int64(0)
	if raised {
		since = store.Millis(w.db.Now())
	}
	return w.setAttendeeColumn(ctx, lab, "hand_ms", since)
}

// removeAttendee removes an attendee and their browsers' tokens. The lab stays.
func (w *Workshop) removeAttendee(ctx context.Context, lab string) error {
	return w.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Exec(`DELETE FROM workshop_device WHERE lab = $1`, lab); err != nil {
			return err
		}
		return tx.Exec(`DELETE FROM workshop_attendee WHERE lab = $1`, lab)
	})
}
