package sp

import (
	"context"
	"time"

	"golang.org/x/crypto/bcrypt"

	"understudy/seed/base/attempt"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// SessionCookie is the name of the cookie with the session token.
const SessionCookie = "sigma_sid"

// Session is a sign-in of a member in a browser.
type Session struct {
	ID        string
	MemberID  string
	Via       string // password, saml
	CreatedAt time.Time
	ExpiresAt time.Time
}

// Viewer is the signed-in member of a request, with their account type.
type Viewer struct {
	Session     Session
	Member      Member
	AccountType AccountType
}

// Can reports whether the viewer's account type has the permission p. It decides only which controls a page shows; every
// method checks permissions itself.
func (v Viewer) Can(p Permission) bool { return v.AccountType.Permissions.Has(p) }

// Admin reports whether the viewer has the account type Admin.
func (v Viewer) Admin() bool { return v.AccountType.Admin() }

// Actor returns the viewer as the actor of a change.
func (v Viewer) Actor(c Client) Actor {
	c.SessionID = v.Session.ID
	return Actor{Kind: ByMember, MemberID: v.Member.ID, Name: v.Member.Name(), Email: v.Member.Email, Client: c}
}

// passwordCost is the cost of bcrypt. It is low, because 200 people may sign in at once on two cores.
const passwordCost = 4

// absentHash is compared if there is no member with the email address, so that this failure takes as long as a wrong password.
const absentHash = "$2a$04$/JK5hh76eEw4LQU4X4Y.NO8K8toBIAjsuuRxYgJvr0D2ss9pCwN1i"

var (
	errCredentials = &problem.Error{Kind: problem.Unauthenticated, Code: "INVALID_CREDENTIALS", Message: "Invalid email or password."}
	errPasswordOff = &problem.Error{Kind: problem.Forbidden, Code: "PASSWORD_OFF",
		Message: "Password sign-in is turned off for this organization. Use Sign in with SSO."}
	errInactive = &problem.Error{Kind: problem.Forbidden, Code: "MEMBER_INACTIVE",
		Message: "Your account has been deactivated. Contact your administrator."}
)

// SignInWithPassword checks email address and password, and starts a session. Errors: Unauthenticated, code
// INVALID_CREDENTIALS, for an unknown address and for a wrong password; Forbidden, code PASSWORD_OFF, if the authentication
// method does not include passwords; Forbidden, code MEMBER_INACTIVE; [attempt.ErrTooMany], which is not recorded.
func (o *Organization) SignInWithPassword(ctx context.Context, c Client, email, password string) (token string, s Session, err error) {
	who := attempt.SignIn{Address: c.IP, Browser: c.Browser, Account: email}
	guess, err := o.signIns.Take(who)
	if err != nil {
		return "", s, err
	}
	var m Member
	var hash string
	var method Method
	// The comparison takes milliseconds. It must not block the lab's only connection, so it is outside of a transaction.
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		a, err := loadAuthentication(tx)
		if err != nil {
			return err
		}
		method = a.Method
		m, hash, err = memberWithPassword(tx, email)
		return err
	})
	if err != nil {
		return "", s, err
	}
	if hash == "" {
		hash = absentHash
	}
	matches := bcrypt.CompareHashAndPassword([]byte(hash), []byte(password)) == nil && m.ID != ""
	refused, reason := error(nil), ""
	switch {
	case !method.Password():
		refused, reason = errPasswordOff, "PASSWORD_OFF"
	case m.ID == "":
		refused, reason = errCredentials, "NO_MATCHING_RECORD"
	case !matches:
		refused, reason = errCredentials, "INVALID_CREDENTIALS"
	}
	err = o.db.Write(ctx, func(tx *store.Tx) error {
		if refused == nil {
			token, s, refused, err = passwordSession(tx, c, m.ID)
			if err != nil || refused == nil {
				return err
			}
			reason = "MEMBER_INACTIVE"
		}
		return record(tx, Actor{Kind: ByNobody, MemberID: m.ID, Name: m.Name(), Email: email, Client: c},
			Event{Type: AccessSigma, Name: "LOGIN", Failure: true, Reason: reason, Detail: map[string]string{"via": "password"}})
	})
	if err != nil {
		return "", s, err
	}
	if refused == nil {
		o.signIns.Succeeded(who, m.ID, guess)
	}
	return token, s, refused
}

// passwordSession loads the member again, who may have been deactivated since the comparison, and starts a session.
func passwordSession(tx *store.Tx, c Client, memberID string) (token string, s Session, refused, err error) {
	m, err := loadMember(tx, memberID)
	if err != nil {
		return "", s, nil, err
	}
	if m.Status == MemberInactive {
		return "", s, errInactive, nil
	}
	a, err := loadAuthentication(tx)
	if err != nil {
		return "", s, nil, err
	}
	token, s, err = startSession(tx, c, m, "password", a, 0)
	return token, s, nil, err
}

// startSession starts a session with the organization's session length, or with limit if that is shorter and not 0.
func startSession(
	tx *store.Tx, c Client, m Member, via string, a Authentication, limit time.Duration,
) (token string, s Session, err error) {
	length := time.Duration(a.SessionHours) * time.Hour
	if limit > 0 && limit < length {
		length = limit
	}
	if token, s, err = insertSession(tx, c, m, via, length); err != nil {
		return "", s, err
	}
	if err := tx.Exec(`UPDATE sigma_members SET last_active_ms = $1, status = 'active', invitation_hash = '' WHERE id = $2`,
		store.Millis(s.CreatedAt), m.ID); err != nil {
		return "", s, err
	}
	if err := tx.DeleteExpired("sigma_sessions", tx.Now()); err != nil {
		return "", s, err
	}
	c.SessionID = s.ID
	return token, s, record(tx, Actor{Kind: ByMember, MemberID: m.ID, Name: m.Name(), Email: m.Email, Client: c},
		Event{Type: AccessSigma, Name: "LOGIN", Object: Object{"session", s.ID, ""}, Detail: map[string]string{"via": via}})
}

// insertSession writes a session. From now on the member needs My Documents.
func insertSession(tx *store.Tx, c Client, m Member, via string, length time.Duration) (token string, s Session, err error) {
	token = tx.Secret(32)
	s = Session{ID: tx.UUID(), MemberID: m.ID, Via: via, CreatedAt: tx.Now(), ExpiresAt: tx.Now().Add(length)}
	err = tx.Exec(`INSERT INTO sigma_sessions
		(id, hash, member_id, via, ip, user_agent, created_ms, seen_ms, expires_ms, window_number, browser)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9, $10)`, s.ID, store.Hash(token), m.ID, via, c.IP, c.UserAgent,
		store.Millis(s.CreatedAt), store.Millis(s.ExpiresAt), c.Window, c.Browser)
	if err != nil {
		return "", s, err
	}
	return token, s, ensureHome(tx, m)
}

// Resume returns the viewer to whom a session token belongs. The error is Unauthenticated if the token is unknown or the
// session has ended.
func (o *Organization) Resume(ctx context.Context, token string) (v Viewer, err error) {
	if token == "" {
		return v, problem.New(problem.Unauthenticated, "Sign in to continue.")
	}
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		v.Session, err = store.One(tx, "", scanSession,
			`SELECT id, member_id, via, created_ms, expires_ms FROM sigma_sessions WHERE hash = $1 AND expires_ms > $2`,
			store.Hash(token), store.Millis(tx.Now()))
		if problem.Is(err, problem.NotFound) {
			return problem.New(problem.Unauthenticated, "Your session has ended. Sign in to continue.")
		}
		if err != nil {
			return err
		}
		w, err := loadViewer(tx, Actor{Kind: ByMember, MemberID: v.Session.MemberID})
		v.Member, v.AccountType = w.member, w.accountType
		return err
	})
	return v, err
}

// SignOut ends the session with a token.
func (o *Organization) SignOut(ctx context.Context, by Actor, token string) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		n, err := tx.Change(`DELETE FROM sigma_sessions WHERE hash = $1`, store.Hash(token))
		if err != nil || n == 0 {
			return err
		}
		return record(tx, by, Event{Type: AccessSigma, Name: "LOGOUT", Object: Object{"session", by.Client.SessionID, ""}})
	})
}

func scanSession(r store.Row) (s Session, err error) {
	var created, expires int64
	err = r.Scan(&s.ID, &s.MemberID, &s.Via, &created, &expires)
	s.CreatedAt, s.ExpiresAt = store.Time(created), store.Time(expires)
	return s, err
}
