package idp

import (
	"context"
	"time"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// Logout is a single logout that is under way (SAML profiles 4.4): the session at Okta has ended, and the browser carries a
// LogoutRequest to each app that takes part, one after the other.
type Logout struct {
	ID         string // secret; it is part of the address at which the browser continues
	AppID      string // app that began the logout; empty for Okta
	RequestID  string // ID of that app's LogoutRequest
	RelayState string
	Partial    bool // an app did not confirm its logout

	userID string // whose session ended; empty if there was none

	ResponseID string    // ID of the LogoutResponse
	At         time.Time // of the response
}

// LogoutRequest is what a LogoutRequest to an app contains.
type LogoutRequest struct {
	RequestID    string
	App          App
	NameID       string
	NameIDFormat string
	SessionIndex string
	At           time.Time
}

// appSession stores that a session signed its user on to an app that takes part in single logout.
func appSession(tx *store.Tx, s Session, on SignOn, r SignOnRequest) error {
	if !r.App.LogsOut() {
		return nil
	}
	return tx.Exec(`INSERT INTO okta_app_sessions (session_id, app_id, name_id, name_id_format, session_index)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
		s.ID, r.App.ID, on.AppUser.UserName, r.Settings.NameIDFormat, on.SessionIndex)
}

// BeginLogout ends the session with a token, and prepares LogoutRequests to the apps that take part in single logout and
// that the session signed its user on to. begun says which app began it; its ID is set unless nobody has to be told. a is
// the session's user.
func (o *Org) BeginLogout(ctx context.Context, a Actor, token string, begun Logout) (Logout, error) {
	err := o.db.Write(ctx, func(tx *store.Tx) error {
		begun.ID = tx.Secret(24)
		if err := dropOldLogouts(tx); err != nil {
			return err
		}
		err := tx.Exec(`INSERT INTO okta_logouts (id, app_id, request_id, relay_state, user_id, created_ms)
			VALUES ($1, $2, $3, $4, coalesce((SELECT user_id FROM okta_sessions WHERE token_hash = $5), ''), $6)`,
			begun.ID, begun.AppID, begun.RequestID, begun.RelayState, store.Hash(token), store.Millis(tx.Now()))
		if err != nil {
			return err
		}
		if begun.AppID != "" {
			if err := recordLogout(tx, a, begun.AppID, "SUCCESS", ""); err != nil {
				return err
			}
		}
		n, err := prepareRequests(tx, token, begun)
		if err != nil {
			return err
		}
		if n == 0 && begun.AppID == "" { // nobody has to be told
			if err := tx.Exec(`DELETE FROM okta_logouts WHERE id = $1`, begun.ID); err != nil {
				return err
			}
			begun.ID = ""
		}
		return endSession(tx, a, token)
	})
	return begun, err
}

// logoutLife is how long a browser may take for a single logout.
const logoutLife = time.Hour

func dropOldLogouts(tx *store.Tx) error {
	return tx.Exec(`DELETE FROM okta_logouts WHERE created_ms < $1`, store.Millis(tx.Now().Add(-logoutLife)))
}

// prepareRequests makes one LogoutRequest for each app session, except those of the app that began the logout. It gives
// their number.
func prepareRequests(tx *store.Tx, token string, l Logout) (n int, err error) {
	list, err := store.List(tx, func(r store.Row) (q LogoutRequest, err error) {
		return q, r.Scan(&q.App.ID, &q.NameID, &q.NameIDFormat, &q.SessionIndex)
	}, `SELECT p.app_id, p.name_id, p.name_id_format, p.session_index FROM okta_app_sessions AS p
		JOIN okta_sessions AS s ON s.id = p.session_id WHERE s.token_hash = $1 AND p.app_id <> $2 ORDER BY p.rowid`,
		store.Hash(token), l.AppID)
	if err != nil {
		return 0, err
	}
	for _, q := range list {
		taking, err := app(tx, q.App.ID)
		if err != nil {
			return n, err
		}
		if !taking.SignOn.SAML.Logout.FromOkta || taking.Status != AppActive {
			continue
		}
		err = tx.Exec(`INSERT INTO okta_logout_requests (request_id, logout_id, app_id, name_id, name_id_format, session_index)
			VALUES ($1, $2, $3, $4, $5, $6)`, "id"+tx.Digits(26), l.ID, q.App.ID, q.NameID, q.NameIDFormat, q.SessionIndex)
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// NextLogoutRequest gives the next LogoutRequest of a single logout and stores that it is sent; nil when all are sent. The
// logout has then ended. NotFound when there is no such logout.
func (o *Org) NextLogoutRequest(ctx context.Context, a Actor, id string) (next *LogoutRequest, l Logout, err error) {
	err = o.db.Write(ctx, func(tx *store.Tx) error {
		if l, err = logout(tx, id); err != nil {
			return err
		}
		q, err := store.One(tx, "none", func(r store.Row) (q LogoutRequest, err error) {
			return q, r.Scan(&q.RequestID, &q.App.ID, &q.NameID, &q.NameIDFormat, &q.SessionIndex)
		}, `SELECT request_id, app_id, name_id, name_id_format, session_index FROM okta_logout_requests
			WHERE logout_id = $1 AND sent = 0 ORDER BY rowid LIMIT 1`, id)
		if problem.Is(err, problem.NotFound) {
			return finishLogout(tx, &l)
		}
		if err != nil {
			return err
		}
		if q.App, err = app(tx, q.App.ID); err != nil {
			return err
		}
		skew, err := clockSkew(tx)
		if err != nil {
			return err
		}
		q.At, next = tx.Now().Add(skew), &q
		if err := tx.Exec(`UPDATE okta_logout_requests SET sent = 1 WHERE request_id = $1`, q.RequestID); err != nil {
			return err
		}
		return l.record(tx, a, q.App.ID, "SUCCESS", "")
	})
	return next, l, err
}

// finishLogout deletes a logout. Requests that were sent and not confirmed make it partial.
func finishLogout(tx *store.Tx, l *Logout) error {
	open, err := tx.Exists(`SELECT 1 FROM okta_logout_requests WHERE logout_id = $1`, l.ID)
	if err != nil {
		return err
	}
	l.Partial = l.Partial || open
	if err := l.respond(tx); err != nil {
		return err
	}
	return tx.Exec(`DELETE FROM okta_logouts WHERE id = $1`, l.ID)
}

// TakeLogoutResponse takes the response of an app to a LogoutRequest, and gives the logout that it belongs to. NotFound when no
// such request was sent to the app.
func (o *Org) TakeLogoutResponse(ctx context.Context, a Actor, appID, requestID string, confirmed bool) (l Logout, err error) {
	err = o.db.Write(ctx, func(tx *store.Tx) error {
		var id string
		err := tx.QueryRow(`SELECT logout_id FROM okta_logout_requests WHERE request_id = $1 AND app_id = $2 AND sent = 1`,
			requestID, appID).Scan(&id)
		if isNoRows(err) {
			return errNoLogout
		}
		if err != nil {
			return err
		}
		if l, err = logout(tx, id); err != nil {
			return err
		}
		if confirmed {
			return tx.Exec(`DELETE FROM okta_logout_requests WHERE request_id = $1`, requestID)
		}
		l.Partial = true
		if err := tx.Exec(`UPDATE okta_logouts SET partial = 1 WHERE id = $1`, id); err != nil {
			return err
		}
		return l.record(tx, a, appID, "FAILURE", "LOGOUT_NOT_CONFIRMED")
	})
	return l, err
}

var errNoLogout = problem.New(problem.NotFound, "There is no such sign-out. It has ended, or it began too long ago. "+
	"Open the application and sign out again.")

func logout(tx *store.Tx, id string) (Logout, error) {
	return store.One(tx, errNoLogout.Message, func(r store.Row) (l Logout, err error) {
		return l, r.Scan(&l.ID, &l.AppID, &l.RequestID, &l.RelayState, &l.Partial, &l.userID)
	}, `SELECT id, app_id, request_id, relay_state, partial, user_id FROM okta_logouts WHERE id = $1`, id)
}

// RefuseLogout records that the LogoutRequest of an app was refused, and gives what the LogoutResponse contains.
func (o *Org) RefuseLogout(ctx context.Context, a Actor, refused Logout, reason string) (Logout, error) {
	err := o.db.Write(ctx, func(tx *store.Tx) error {
		if err := refused.respond(tx); err != nil {
			return err
		}
		return recordLogout(tx, a, refused.AppID, "FAILURE", reason)
	})
	return refused, err
}

// respond sets the ID and the time of the LogoutResponse.
func (l *Logout) respond(tx *store.Tx) error {
	skew, err := clockSkew(tx)
	l.ResponseID, l.At = "id"+tx.Digits(26), tx.Now().Add(skew)
	return err
}

// record writes an event of a single logout that is under way. Its actor is the user whose session ended, with a's client.
func (l Logout) record(tx *store.Tx, a Actor, appID, result, reason string) error {
	if l.userID != "" {
		u, err := user(tx, l.userID)
		if err != nil && !problem.Is(err, problem.NotFound) { // deleted in the meantime
			return err
		}
		if err == nil {
			a = u.Actor(a.Client)
		}
	}
	return recordLogout(tx, a, appID, result, reason)
}

func recordLogout(tx *store.Tx, a Actor, appID, result, reason string) error {
	target, err := app(tx, appID)
	if err != nil {
		return err
	}
	_, err = Record(tx, a, Event{Type: "user.authentication.slo", Result: result, Reason: reason,
		Targets: []LogTarget{target.Target()}})
	return err
}
