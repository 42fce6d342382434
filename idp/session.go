package idp

import "time"

// Session is a person's sign-in to the org, held by one browser.
type Session struct {
	ID       string // "idx…", as the System Log shows it
	Token    string // the cookie's value; only when just made
	UserID   string
	User     User
	Admin    bool // has an administrator role
	Created  time.Time
	AuthTime time.Time // when credentials were last given
	LastUsed time.Time
	Expires  time.Time
}

// Actor gives the session's user as the one who acts.
func (s Session) Actor(client Client) Actor {
	client.SessionID = s.ID
	return s.User.Actor(client)
}

// Outcome is how a sign-in ended.
type Outcome int

// The outcomes of a sign-in.
const (
	Refused            Outcome = iota // "Unable to sign in", whatever the cause
	SignedIn                          // Session is set
	MustChangePassword                // StateToken is set: ask for a new password, then Org.ReplacePassword
)

// SignIn is the result of giving credentials.
type SignIn struct {
	Outcome    Outcome
	Session    Session
	User       User   // MustChangePassword: whose password
	StateToken string // MustChangePassword: proves for a few minutes that the old password was given
}
