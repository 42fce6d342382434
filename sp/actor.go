package sp

// ActorKind says in which role an actor acts.
type ActorKind string

// The kinds of actor.
const (
	ByMember ActorKind = "member"    // a signed-in member, in the browser or by API credentials
	ByToken  ActorKind = "directory" // a directory token; MemberID is the Admin who made it
	BySSO    ActorKind = "sso"       // the identity provider, at a sign-in
	BySystem ActorKind = "system"    // the lab itself; has every permission
	ByNobody ActorKind = "anonymous" // not signed in
)

// Client is where a request came from, for the audit log.
type Client struct {
	IP         string
	UserAgent  string
	SessionID  string // public id of the session, never its token
	RequestID  string
	RequestURI string // path without query and secrets
	Window     int    // number of the lab's window
	Browser    string // identifier that the front door gave the browser; empty if none
}

// Actor is who makes a change. Every change takes an Actor, and the audit log records the Actor.
type Actor struct {
	Kind     ActorKind
	MemberID string
	Name     string
	Email    string
	Client   Client
}

// System returns the lab itself as the actor.
func System() Actor { return Actor{Kind: BySystem, Name: "Lab"} }

// Anonymous returns an actor who is not signed in.
func Anonymous(c Client) Actor { return Actor{Kind: ByNobody, Client: c} }
