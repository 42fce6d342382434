package sp

// ActorKind says in what capacity somebody acts.
type ActorKind string

// The kinds of actor.
const (
	ByMember ActorKind = "member"    // a signed-in member, in the browser or by API credentials
	ByToken  ActorKind = "directory" // a directory token; MemberID is the Admin who made it
	BySSO    ActorKind = "sso"       // the identity provider's word at sign-in
	BySystem ActorKind = "system"    // the lab itself: seeding, walking, viewing progress; may everything
	ByNobody ActorKind = "anonymous" // not signed in
)

// Client is where a request came from, for the audit log.
type Client struct {
	IP         string
	UserAgent  string
	SessionID  string // public id of the session, never its token
	RequestID  string
	RequestURI string // path and query without secrets
	Window     int    // number of the lab's window that the request came through
	Browser    string // what the front door knows the browser by; empty when it does not
}

// Actor is who acts. Every change takes one; the audit log records it.
type Actor struct {
	Kind     ActorKind
	MemberID string
	Name     string
	Email    string
	Client   Client
}

// System acts for the lab itself.
func System() Actor { return Actor{Kind: BySystem, Name: "Lab"} }

// Anonymous acts for somebody who is not signed in.
func Anonymous(c Client) Actor { return Actor{Kind: ByNobody, Client: c} }
