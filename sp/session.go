package sp

import (
	"context"
	"time"

	"golang.org/x/crypto/bcrypt"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// SessionCookie is the cookie's name; its value is the session's token, its path address.CookiePath().
const SessionCookie = "sigma_sid"

// Session is one browser's signed-in state.
type Session struct {
	ID        string
	MemberID  string
	Via       string // password, saml
	CreatedAt time.Time
	ExpiresAt time.Time
}

// Viewer is the signed-in person of a request, with what they may do.
type Viewer struct {
	Session     Session
	Member      Member
	AccountType AccountType
}

// Can reports whether the viewer's account type holds p. For showing controls; methods judge for themselves.
func (v Viewer) Can(p Permission) bool { return v.AccountType.Permissions.Has(p) }

// Admin reports whether the viewer administers the organization.
func (v Viewer) Admin() bool { return v.AccountType.Admin() }

// Actor is the viewer acting from a client.
func (v Viewer) Actor(c Client) Actor {
	c.SessionID = v.Session.ID
	return Actor{Kind: ByMember, MemberID: v.Member.ID, Name: v.Member.Name(), Email: v.Member.Email, Client: c}
}

// passwordCost is bcrypt's cost: 200 sign-ins at once must not stall two cores.
const passwordCost = 4

// absentHash is compared with when there is no such member, so that both failures take as long.
const absentHash = "$2a$04$/JK5hh76eEw4LQU4X4Y.NO8K8toBIAjsuuRxYgJvr0D2ss9pCwN1i"

var (
	errCredentials = &problem.Error{Kind: problem.Unauthenticated, Code: "INVALID_CREDENTIALS", Message: "Invalid email or password."}
	errPasswordOff = &problem.Error{Kind: problem.Forbidden, Code: "PASSWORD_OFF",
		Message: "Password sign-in is turned off for this organization. Use Sign in with SSO."}
)

// SignInWithPassword checks e-mail and password and starts a session. A wrong e-mail and a wrong password look alike
// (Unauthenticated, code INVALID_CREDENTIALS); where the method has no password part it is Forbidden, code PASSWORD_OFF.
func (o *Organization) SignInWithPassword(ctx context.Context, c Client, email, password string) (token string, s Session, err error) {
	var m Member
	var hash string
	var method Method
	// The comparison takes milliseconds and must not hold the lab's one connection.
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
	problemFound, reason := error(nil), ""
	switch {
	case !method.Password():
		problemFound, reason = errPasswordOff, "PASSWORD_OFF"
	case m.ID == "":
		problemFound, reason = errCredentials, "NO_MATCHING_RECORD"
	case !matches:
		problemFound, reason = errCredentials, "INVALID_CREDENTIALS"
	}
	err = o.db.Write(ctx, func(tx *store.Tx) error {
		if problemFound == nil {
			token, s, problemFound, err = passwordSession(tx, c, m.ID)
			if err != nil || problemFound == nil {
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
	return token, s, problemFound
}

// passwordSession looks at the member again: between the comparison and this transaction they may have been deactivated.
func passwordSession(tx *store.Tx, c Client, memberID string) (token string, s Session, refused, err error) {
	m, err := loadMember(tx, memberID)
	if err != nil {
		return "", s, nil, err
	}
	if m.Status == MemberInactive {
		return "", s, &problem.Error{Kind: problem.Forbidden, Code: "MEMBER_INACTIVE",
			Message: "Your account has been deactivated. Contact your administrator."}, nil
	}
	a, err := loadAuthentication(tx)
	if err != nil {
		return "", s, nil, err
	}
	token, s, err = startSession(tx, c, m, "password", a, 0)
	return token, s, nil, err
}

// startSession begins a session of the organization's length, or of limit when that is shorter and not zero.
func startSession(tx *store.Tx, c Client, m Member, via string, a Authentication, limit time.Duration) (token string, s Session, err error) {
	length := time.Duration(a.SessionHours) * time.Hour
	if limit > 0 && limit < length {
		length = limit
	}
	token = tx.Secret(32)
	now := store.Millis(tx.Now())
	s = Session{ID: tx.UUID(), MemberID: m.ID, Via: via, CreatedAt: tx.Now(), ExpiresAt: tx.Now().Add(length)}
	if err := tx.Exec(`INSERT INTO sigma_sessions (id, hash, member_id, via, ip, user_agent, created_ms, seen_ms, expires_ms, window_number, browser)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9, $10)`, s.ID, store.Hash(token), m.ID, via, c.IP, c.UserAgent, now, store.Millis(s.ExpiresAt), c.Window, c.Browser); err != nil {
		return "", s, err
	}
	if err := tx.Exec(`UPDATE sigma_members SET last_active_ms = $1, status = 'active', invitation_hash = '' WHERE id = $2`, now, m.ID); err != nil {
		return "", s, err
	}
	if err := tx.DeleteExpired("sigma_sessions", tx.Now()); err != nil {
		return "", s, err
	}
	c.SessionID = s.ID
	return token, s, record(tx, Actor{Kind: ByMember, MemberID: m.ID, Name: m.Name(), Email: m.Email, Client: c},
		Event{Type: AccessSigma, Name: "LOGIN", Object: Object{"session", s.ID, ""}, Detail: map[string]string{"via": via}})
}

// Resume gives the viewer behind a session token; Unauthenticated when it is unknown or has ended.
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
		w, err := admit(tx, Actor{Kind: ByMember, MemberID: v.Session.MemberID})
		v.Member, v.AccountType = w.member, w.accountType
		return err
	})
	return v, err
}

// SignOut ends the session.
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
