package workshop

import (
	"context"

	"understudy/seed/base/store"
)

// This file is what the control API needs of a workshop.

// HasAttendee reports whether a lab belongs to an attendee.
func (w *Workshop) HasAttendee(ctx context.Context, lab string) (bool, error) {
	_, found, err := w.attendeeOf(ctx, lab)
	return found, err
}

// NewInstructorToken returns a token for somebody who has proved to be an instructor. name tells in the log who did what.
func (w *Workshop) NewInstructorToken(ctx context.Context, name string) (token string, err error) {
	err = w.db.Write(ctx, func(tx *store.Tx) error {
		token = tx.Secret(32)
		return tx.Exec(`INSERT INTO workshop_instructor (token_hash, name, since_ms) VALUES ($1, $2, $3)`,
			store.Hash(token), name, store.Millis(tx.Now()))
	})
	return token, err
}

// InstructorCookie returns the Cookie header with which a player reaches all labs.
func InstructorCookie(token string) string { return instructorCookie + "=" + token }

// Enrol lets an instructor add an attendee. cookie is the Cookie header of the attendee's browser.
func (w *Workshop) Enrol(ctx context.Context, nickname string) (a Attendee, cookie, pin string, err error) {
	state, err := w.State(ctx)
	if err != nil {
		return a, "", "", err
	}
	a, token, pin, err := w.Join(ctx, Guesser{}, state.Code, nickname)
	return a, attendeeCookie + "=" + token, pin, err
}
