package idp

// Client is the browser or program that sent a request, as the System Log shows it.
type Client struct {
	IP         string
	UserAgent  string
	SessionID  string // [Session.ID]; empty before the sign-in
	RequestID  string
	RequestURI string // path within the org: "/login/login.htm"
	URL        string // path and query, without secrets
	Window     int    // number of the lab's window that the request came through; 0 is the plain address
	Browser    string // the front door's identifier of the browser; empty if it has none
}

// Actor is who makes a change. Every method of [Org] that changes what Okta knows takes an Actor, or the Client or
// Session that one is made of, and records it in the System Log. The few methods that write without one are listed with
// their reasons in actor_test.go.
type Actor struct {
	ID          string // "00u…"; "unknown" for somebody who is not signed in
	Type        string // ActorUser or ActorSystem
	AlternateID string // login
	DisplayName string
	Client      Client
	JobID       string // background work: the transaction ID of the job; the event's transaction is then of type JOB
}

// The types of actor. Source: Okta's System Log API, object Actor.
const (
	ActorUser   = "User"
	ActorSystem = "SystemPrincipal"
)

// Actor returns the user as the actor of a request from client.
func (u User) Actor(client Client) Actor {
	return Actor{ID: u.ID, Type: ActorUser, AlternateID: u.Login(), DisplayName: u.Name(), Client: client}
}

// System returns Okta itself as the actor.
func System(client Client) Actor {
	return Actor{
		ID: "sprunderstudysystem1", Type: ActorSystem, AlternateID: "system@okta.com", DisplayName: "Okta System", Client: client,
	}
}

// Nobody is the actor of a request without a session.
func Nobody(c Client) Actor { return unknownActor("unknown", c) }

// unknownActor is somebody who typed a username that no user has.
func unknownActor(typed string, client Client) Actor {
	return Actor{ID: "unknown", Type: ActorUser, AlternateID: typed, DisplayName: "unknown", Client: client}
}
