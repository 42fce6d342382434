package sp

import (
	"context"
	"time"
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

// SignInWithPassword checks e-mail and password and starts a session. A wrong e-mail and a wrong password look alike
// (Unauthenticated, code INVALID_CREDENTIALS); where the method has no password part it is Forbidden, code PASSWORD_OFF.
func (o *Organization) SignInWithPassword(ctx context.Context, c Client, email, password string) (token string, s Session, err error) {
	return "", Session{}, errTodo
}

// Resume gives the viewer behind a session token; Unauthenticated when it is unknown or has ended.
func (o *Organization) Resume(ctx context.Context, token string) (Viewer, error) {
	return Viewer{}, errTodo
}

// SignOut ends the session.
func (o *Organization) SignOut(ctx context.Context, by Actor, token string) error { return errTodo }
