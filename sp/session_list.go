package sp

import (
	"context"
	"time"

	"understudy/seed/base/store"
)

// LiveSession is a session with the member who is signed in.
type LiveSession struct {
	Window  int    // number of the lab's window
	Browser string // identifier that the front door gave the browser
	Name    string
	Email   string
	Via     string // password, saml
	Since   time.Time
}

// LiveSessions lists the sessions that have not expired, by window, the latest first.
func (o *Organization) LiveSessions(ctx context.Context) (list []LiveSession, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		list, err = store.List(tx, func(r store.Row) (s LiveSession, err error) {
			var since int64
			var first, last string
			err = r.Scan(&s.Window, &s.Browser, &first, &last, &s.Email, &s.Via, &since)
			s.Name, s.Since = joinName(first, last), store.Time(since)
			return s, err
		}, `SELECT s.window_number, s.browser, m.first_name, m.last_name, m.email, s.via, s.created_ms
			FROM sigma_sessions AS s JOIN sigma_members AS m ON m.id = s.member_id
			WHERE s.expires_ms > $1 AND m.status <> $2 ORDER BY s.window_number, s.created_ms DESC`,
			store.Millis(tx.Now()), MemberInactive)
		return err
	})
	return list, err
}

// EndWindow ends the sessions that began in a window of the lab: those of one browser, or of every browser if browser
// is empty. The audit log gets one LOGOUT for each session.
func (o *Organization) EndWindow(ctx context.Context, by Actor, window int, browser string) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		ended, err := store.List(tx, func(r store.Row) (about Object, err error) {
			about.Kind = "session"
			return about, r.Scan(&about.ID, &about.Name)
		}, `SELECT s.id, m.email FROM sigma_sessions AS s JOIN sigma_members AS m ON m.id = s.member_id
			WHERE s.window_number = $1 AND ($2 = '' OR s.browser = $2)`, window, browser)
		if err != nil {
			return err
		}
		for _, about := range ended {
			if err := tx.Exec(`DELETE FROM sigma_sessions WHERE id = $1`, about.ID); err != nil {
				return err
			}
			if err := record(tx, by, Event{Type: AccessSigma, Name: "LOGOUT", Object: about}); err != nil {
				return err
			}
		}
		return nil
	})
}
