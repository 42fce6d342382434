package idp

import "time"

// SessionCookie is the name of the cookie with the session token.
const SessionCookie = "okta_sid"

// Session is a user's session in the org, held by one browser.
type Session struct {
	ID       string // "idx…", as in the System Log
	Token    string // value of the cookie; only set for a new session
	UserID   string
	User     User
	Admin    bool // the user has an administrator role
	Created  time.Time
	AuthTime time.Time // time of the last sign-in with credentials
	LastUsed time.Time
	Expires  time.Time
}

// Actor returns the session's user as the actor of a request from client.
func (s Session) Actor(client Client) Actor {
	client.SessionID = s.ID
	return s.User.Actor(client)
}

// Outcome is the result of a sign-in.
type Outcome int

// The outcomes of a sign-in.
const (
	Refused            Outcome = iota // "Unable to sign in"; the System Log has the cause
	SignedIn                          // Session is set
	MustChangePassword                // StateToken is set; [Org.ReplacePassword] continues
)

// SignIn is the result of [Org.Authenticate].
type SignIn struct {
	Outcome    Outcome
	Session    Session
	User       User   // the user who signed in or has to change the password
	StateToken string // MustChangePassword: proves for ten minutes that the old password was correct
}
