package idp

import (
	"context"
	"strings"
	"time"

	"understudy/idp/password"
	"understudy/seed/base/attempt"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

const (
	sessionIdle = 2 * time.Hour // expires after idle time; Okta's default global session policy
	sessionMax  = 30 * 24 * time.Hour
	touchAfter  = time.Minute // the last use is stored at most this often, so that reading pages rarely writes
)

// startSession signs a user in.
func startSession(tx *store.Tx, u User, c Client) (Session, error) {
	now := tx.Now()
	s := Session{ID: "idx" + tx.ShortID(22), Token: tx.Secret(32), UserID: u.ID, Created: now, AuthTime: now,
		LastUsed: now, Expires: now.Add(sessionMax)}
	err := tx.Exec(`INSERT INTO okta_sessions (id, token_hash, user_id, created_ms, auth_ms, last_used_ms, expires_ms,
		ip, user_agent, window_number, browser)
		VALUES ($1, $2, $3, $4, $4, $4, $5, $6, $7, $8, $9)`, s.ID, store.Hash(s.Token), u.ID, store.Millis(now),
		store.Millis(s.Expires), c.IP, c.UserAgent, c.Window, c.Browser)
	if err != nil {
		return s, err
	}
	if err := tx.Exec(`UPDATE okta_users SET last_login_ms = $2, failed_attempts = 0 WHERE id = $1`, u.ID,
		store.Millis(now)); err != nil {
		return s, err
	}
	if s.User, err = user(tx, u.ID); err != nil {
		return s, err
	}
	s.Admin, err = isAdmin(tx, u.ID)
	return s, err
}

// endSessions deletes all sessions of a user.
func endSessions(tx *store.Tx, userID string) error {
	return tx.Exec(`DELETE FROM okta_sessions WHERE user_id = $1`, userID)
}

// Authenticate checks credentials. An unknown username and a wrong password have the same result, Refused; the System
// Log tells them apart. After too many wrong guesses the error is [attempt.ErrTooMany], and nothing is recorded. app is the
// app that the user is signing in to, or nil.
func (o *Org) Authenticate(ctx context.Context, c Client, username, typed string, app *App) (in SignIn, err error) {
	username = strings.TrimSpace(username)
	who := attempt.SignIn{Address: c.IP, Browser: c.Browser} // Okta locks the account itself
	guess, err := o.signIns.Take(who)
	if err != nil {
		return in, err
	}
	u, hash, err := o.credentials(ctx, username)
	if err != nil {
		return in, err
	}
	compared := hash
	if compared == "" {
		compared = password.DummyHash
	}
	correct := password.Matches(compared, typed) && hash != "" // outside the transaction, because it is slow
	err = o.db.Write(ctx, func(tx *store.Tx) error {
		if u.ID == "" {
			return o.refuse(tx, unknownActor(username, c), app, "VERIFICATION_ERROR")
		}
		if u, err = user(tx, u.ID); err != nil {
			return err
		}
		in, err = o.decide(tx, c, u, correct, app)
		return err
	})
	if err == nil && in.Outcome != Refused {
		o.signIns.Succeeded(who, u.ID, guess)
	}
	return in, err
}

// credentials returns the user with a username and the hash of the password; both empty if there is none.
func (o *Org) credentials(ctx context.Context, username string) (u User, hash string, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		u, err = user(tx, username)
		if problem.Is(err, problem.NotFound) {
			u = User{}
			return nil
		}
		if err != nil {
			return err
		}
		return tx.QueryRow(`SELECT coalesce(password_hash, '') FROM okta_users WHERE id = $1`, u.ID).Scan(&hash)
	})
	return u, hash, err
}

// decide returns the result of a sign-in of a known user. correct tells whether the password was correct.
func (o *Org) decide(tx *store.Tx, c Client, u User, correct bool, app *App) (in SignIn, err error) {
	if correct {
		if u, err = expireByAge(tx, u); err != nil {
			return in, err
		}
	}
	switch {
	case u.Status == LockedOut:
		return in, o.refuse(tx, u.Actor(c), app, "LOCKED_OUT")
	case !correct:
		if err := o.refuse(tx, u.Actor(c), app, "INVALID_CREDENTIALS"); err != nil {
			return in, err
		}
		return in, o.countFailure(tx, c, u)
	case u.Status == PasswordExpired:
		if _, err := Record(tx, u.Actor(c), signInEvent(app, "FAILURE", "PASSWORD_EXPIRED")); err != nil {
			return in, err
		}
		in.Outcome, in.User = MustChangePassword, u
		in.StateToken, err = newToken(tx, u.ID, purposeState)
		return in, err
	case u.Status != Active && u.Status != Recovery:
		return in, o.refuse(tx, u.Actor(c), app, "INVALID_CREDENTIALS")
	case u.Status == Recovery: // the old password no longer works
		return in, o.refuse(tx, u.Actor(c), app, "INVALID_CREDENTIALS")
	}
	in.Outcome, in.User = SignedIn, u
	if in.Session, err = startSession(tx, u, c); err != nil {
		return in, err
	}
	actor := in.Session.Actor(c)
	policy := Event{Type: "policy.evaluate_sign_on", Result: "ALLOW",
		Reason: "Sign-on policy evaluation resulted in ALLOW", Targets: []LogTarget{
			{ID: "00pdefaultsignonpolic", Type: "PolicyEntity", AlternateID: "unknown", DisplayName: "Default Policy",
				DetailEntry: map[string]string{"policyType": "OktaSignOn"}},
			{ID: "0prdefaultsignonrule1", Type: "PolicyRule", AlternateID: "unknown", DisplayName: "Default Rule"},
		}}
	if _, err := Record(tx, actor, policy); err != nil {
		return in, err
	}
	_, err = Record(tx, actor, signInEvent(app, "SUCCESS", ""))
	return in, err
}

// signInEvent is the event user.session.start. app is the app that the user is signing in to, or nil.
func signInEvent(app *App, result, reason string) Event {
	e := Event{Type: "user.session.start", Result: result, Reason: reason, Targets: []LogTarget{
		{ID: "laepasswordenrollment", Type: "AuthenticatorEnrollment", AlternateID: "unknown",
			DisplayName: "Password"},
	}}
	if app != nil {
		e.Targets = append(e.Targets, app.Target())
	}
	return e
}

// refuse records a failed sign-in.
func (o *Org) refuse(tx *store.Tx, a Actor, app *App, reason string) error {
	_, err := Record(tx, a, signInEvent(app, "FAILURE", reason))
	return err
}

// countFailure counts a failed sign-in and locks the user out after too many.
func (o *Org) countFailure(tx *store.Tx, c Client, u User) error {
	if err := tx.Exec(`UPDATE okta_users SET failed_attempts = failed_attempts + 1 WHERE id = $1`, u.ID); err != nil {
		return err
	}
	var failed int
	if err := tx.QueryRow(`SELECT failed_attempts FROM okta_users WHERE id = $1`, u.ID).Scan(&failed); err != nil {
		return err
	}
	policy, err := passwordPolicy(tx)
	if err != nil {
		return err
	}
	if policy.LockoutAfter == 0 || failed < policy.LockoutAfter || u.Status != Active {
		return nil
	}
	if err := setStatus(tx, u.ID, LockedOut); err != nil {
		return err
	}
	_, err = Record(tx, u.Actor(c), Event{Type: "user.account.lock", Result: "FAILURE", Reason: "LOCKED_OUT",
		Targets: []LogTarget{u.Target()}})
	return err
}

// Session returns the session of a cookie. Unauthenticated when there is none, it has expired, or the user is suspended
// or deactivated.
func (o *Org) Session(ctx context.Context, token string) (s Session, err error) {
	if token == "" {
		return s, errNoSession
	}
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		s, err = session(tx, token)
		return err
	})
	if err != nil || o.db.Now().Sub(s.LastUsed) < touchAfter {
		return s, err
	}
	return s, o.db.Write(ctx, func(tx *store.Tx) error {
		return tx.Exec(`UPDATE okta_sessions SET last_used_ms = $2 WHERE id = $1`, s.ID, store.Millis(tx.Now()))
	})
}

var errNoSession = &problem.Error{Kind: problem.Unauthenticated, Code: "NO_SESSION", Message: "Please sign in."}

// session loads the session with this cookie. The cookie itself is not stored, only its hash.
func session(tx *store.Tx, token string) (s Session, err error) {
	var created, auth, used, expires int64
	err = tx.QueryRow(`SELECT id, user_id, created_ms, auth_ms, last_used_ms, expires_ms FROM okta_sessions
		WHERE token_hash = $1 AND expires_ms > $2 AND last_used_ms > $3`,
		store.Hash(token), store.Millis(tx.Now()), store.Millis(tx.Now().Add(-sessionIdle))).Scan(&s.ID, &s.UserID, &created, &auth, &used, &expires)
	if err != nil {
		if isNoRows(err) {
			return s, errNoSession
		}
		return s, err
	}
	s.Created, s.AuthTime, s.LastUsed, s.Expires = store.Time(created), store.Time(auth), store.Time(used), store.Time(expires)
	if s.User, err = user(tx, s.UserID); err != nil {
		return s, err
	}
	if s.User.Status == Deprovisioned || s.User.Status == Suspended {
		return s, errNoSession
	}
	s.Admin, err = isAdmin(tx, s.UserID)
	return s, err
}

// endSession deletes a session when its user signs out. Without a session it does nothing.
func endSession(tx *store.Tx, a Actor, token string) error {
	n, err := tx.Change(`DELETE FROM okta_sessions WHERE token_hash = $1`, store.Hash(token))
	if err != nil || n == 0 {
		return err
	}
	u, err := user(tx, a.ID)
	if err != nil {
		return err
	}
	return succeeded(tx, a, "user.session.end", u.Target())
}

// AccessAdminApp records that an administrator opened the Admin Console.
func (o *Org) AccessAdminApp(ctx context.Context, a Actor) error {
	return o.Record(ctx, a, Event{Type: "user.session.access_admin_app", Targets: []LogTarget{
		{ID: a.ID, Type: "AppUser", AlternateID: a.AlternateID, DisplayName: a.DisplayName},
		{ID: "0oaadminconsole00000", Type: "AppInstance", AlternateID: "Okta Admin Console",
			DisplayName: "Okta Admin Console"},
	}})
}
