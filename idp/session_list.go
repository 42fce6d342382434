package idp

import (
	"context"
	"time"

	"understudy/seed/base/store"
)

// LiveSession is a session for the lab's list of windows.
type LiveSession struct {
	Window  int    // number of the lab's window
	Browser string // the front door's identifier of the browser
	Name    string
	Login   string
	Since   time.Time
}

// LiveSessions lists the sessions that have not expired, sorted by window, newest first.
func (o *Org) LiveSessions(ctx context.Context) (list []LiveSession, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		list, err = store.List(tx, func(r store.Row) (s LiveSession, err error) {
			var since int64
			var first, last string
			err = r.Scan(&s.Window, &s.Browser, &first, &last, &s.Login, &since)
			s.Name, s.Since = first+" "+last, store.Time(since)
			return s, err
		}, `SELECT s.window_number, s.browser, u.first_name, u.last_name, u.login, s.created_ms FROM okta_sessions AS s
			JOIN okta_users AS u ON u.id = s.user_id
			WHERE s.expires_ms > $1 AND s.last_used_ms > $2 ORDER BY s.window_number, s.created_ms DESC`,
			store.Millis(tx.Now()), store.Millis(tx.Now().Add(-sessionIdle)))
		return err
	})
	return list, err
}

// EndWindow deletes the sessions that began in a window of the lab: those of one browser, or of all if browser is
// empty.
func (o *Org) EndWindow(ctx context.Context, window int, browser string) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		return tx.Exec(`DELETE FROM okta_sessions WHERE window_number = $1 AND ($2 = '' OR browser = $2)`, window, browser)
	})
}
