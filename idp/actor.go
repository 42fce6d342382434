package idp

// Client is the browser or program that a request came from, as the System Log shows it.
type Client struct {
	IP         string
	UserAgent  string
	SessionID  string // [Session.ID], once there is one
	RequestID  string
	RequestURI string // path within the half: "/login/login.htm"
	URL        string // path and query; without secrets
	Window     int    // number of the lab's window that the request came through
	Browser    string // what the front door knows the browser by; empty when it does not
}

// Actor is who makes a change. It is an argument of every change and is what the System Log event records.
type Actor struct {
	ID          string // "00u…"; "unknown" when nobody is known
	Type        string // ActorUser or ActorSystem
	AlternateID string // login
	DisplayName string
	Client      Client
	JobID       string // set for background work: the event's transaction is then of type JOB
}

// The types of actor (okta-wire 5.1).
const (
	ActorUser   = "User"
	ActorSystem = "SystemPrincipal"
)

// Actor gives the user as the one who acts, from client.
func (u User) Actor(client Client) Actor {
	return Actor{ID: u.ID, Type: ActorUser, AlternateID: u.Login(), DisplayName: u.Name(), Client: client}
}

// System gives Okta itself as the one who acts.
func System(client Client) Actor {
	return Actor{ID: "sprunderstudysystem1", Type: ActorSystem, AlternateID: "system@okta.com", DisplayName: "Okta System", Client: client}
}

// unknownActor is somebody who typed a user name that nobody has.
func unknownActor(typed string, client Client) Actor {
	return Actor{ID: "unknown", Type: ActorUser, AlternateID: typed, DisplayName: "unknown", Client: client}
}
