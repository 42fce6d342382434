// Package api holds the messages of the control API: what its addresses take and return as JSON. Server, client and tests share
// them. openapi.yaml describes the API; [Document] returns it as JSON.
package api

import (
	_ "embed"
	"strings"
	"sync"
	"time"

	"github.com/goccy/go-yaml"
)

//go:embed openapi.yaml
var document []byte

// Document returns the OpenAPI 3.1 document of the API, as JSON.
var Document = sync.OnceValues(func() ([]byte, error) { return yaml.YAMLToJSON(document) })

// Server says what a server is and offers.
type Server struct {
	URL      string   `json:"url"`      // public address
	Workshop bool     `json:"workshop"` // the server holds a workshop
	Steps    []string `json:"steps"`    // IDs of the steps of the main guide, in order
	Faults   []Fault  `json:"faults"`

	Scenarios []Content `json:"scenarios"`
	Guides    []Content `json:"guides"`
}

// Content is a scenario or a guide that a lab can be created from.
type Content struct {
	Name  string `json:"name"`
	Title string `json:"title"`
}

// Guide names a guide.
type Guide struct {
	Guide string `json:"guide"`
}

// Password is an instructor's password, in exchange for a token.
type Password struct {
	Password string `json:"password"`
	Name     string `json:"name,omitempty"` // of the instructor, for the log of the workshop
}

// Token is a bearer token of an instructor. It is also the value of the cookie understudy_instructor.
type Token struct {
	Token string `json:"token"`
}

// NewLab describes the lab to create.
type NewLab struct {
	Name     string   `json:"name"`
	Scenario string   `json:"scenario,omitempty"` // the one that the first guide begins in when empty
	Guides   []string `json:"guides,omitempty"`   // the quickstart when empty
	Seed     string   `json:"seed,omitempty"`     // of the identifiers; the lab's name when empty
	Ahead    string   `json:"ahead,omitempty"`    // of the clock, such as "72h"
	Step     string   `json:"step,omitempty"`     // to bring the lab to
}

// LabName is an entry of the list of labs.
type LabName struct {
	Name     string `json:"name"`
	Nickname string `json:"nickname,omitempty"` // of the attendee
}

// Labs is the list of labs.
type Labs struct {
	Labs []LabName `json:"labs"`
}

// Lab is the state of a lab.
type Lab struct {
	Name       string            `json:"name"`
	Scenario   string            `json:"scenario"`
	Guides     []string          `json:"guides"`
	Guide      string            `json:"guide"` // that the learner follows
	Seed       string            `json:"seed"`
	Addresses  map[string]string `json:"addresses"` // okta, admin, sigma, card, guide, scim
	Identities []Identity        `json:"identities"`
	Progress   Progress          `json:"progress"`
	Clock      Clock             `json:"clock"`
	Fault      *ActiveFault      `json:"fault"` // null when no fault is active
}

// Identity is a person on the lab card.
type Identity struct {
	ID       string `json:"id"`   // okta-admin
	Half     string `json:"half"` // okta or sigma
	Name     string `json:"name"`
	Role     string `json:"role"`
	Username string `json:"username"`
	Password string `json:"password"`
}

// Progress says how far a lab has come in the guide.
type Progress struct {
	Done     []string `json:"done"`     // IDs of the completed steps, in the order of the guide
	Total    int      `json:"total"`    // number of steps
	Current  string   `json:"current"`  // the first step that is not completed; empty when all are
	Awaits   string   `json:"awaits"`   // how the current step is completed
	Mistakes []string `json:"mistakes"` // that the guide found in the current step
}

// Step names a step of the guide.
type Step struct {
	Step string `json:"step"`
}

// Clock is a lab's clock.
type Clock struct {
	Now     time.Time `json:"now"`
	Ahead   string    `json:"ahead"`   // of the wall clock, such as "72h0m0s"
	Stopped bool      `json:"stopped"` // the clock stands still, as for pictures
}

// MoveClock moves a lab's clock.
type MoveClock struct {
	Ahead string `json:"ahead"` // of the wall clock: "72h"; "0s" sets the clock right
}

// NewCheckpoint describes the checkpoint to make.
type NewCheckpoint struct {
	Label string `json:"label"`
}

// Checkpoint is a state of a lab to which it can be restored.
type Checkpoint struct {
	ID    int       `json:"id"`
	Label string    `json:"label"`
	Step  string    `json:"step"` // completed last; empty for other checkpoints
	At    time.Time `json:"at"`
}

// Checkpoints lists a lab's checkpoints, newest first.
type Checkpoints struct {
	Checkpoints []Checkpoint `json:"checkpoints"`
}

// Fault is a fault that can be applied to a lab.
type Fault struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Topic string `json:"topic"`
}

// ApplyFault names the fault to apply; an empty ID takes a random one.
type ApplyFault struct {
	ID string `json:"id"`
}

// ActiveFault is the fault that is active in a lab.
type ActiveFault struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Symptom string `json:"symptom"`
	Cause   string `json:"cause"`
	Fix     string `json:"fix"`
	Fixed   bool   `json:"fixed"`
}

// FaultStatus is the active fault of a lab.
type FaultStatus struct {
	Fault *ActiveFault `json:"fault"` // null when no fault is active
}

// Email is an email in a lab's mailbox.
type Email struct {
	ID      int64     `json:"id"` // grows with time
	At      time.Time `json:"at"`
	From    string    `json:"from"` // Okta or Sigma
	To      string    `json:"to"`
	ToName  string    `json:"toName"`
	Subject string    `json:"subject"`
	Body    string    `json:"body"`  // plain text
	Links   []string  `json:"links"` // addresses in the body
}

// Emails lists emails, newest first.
type Emails struct {
	Emails []Email `json:"emails"`
}

// Message is a recorded message between the halves, without its content.
type Message struct {
	ID     int64     `json:"id"`
	At     time.Time `json:"at"`
	Kind   string    `json:"kind"` // SAML request, SAML response, SCIM
	Method string    `json:"method"`
	Path   string    `json:"path"`
	Status int       `json:"status"`       // 0: no response
	To     string    `json:"to,omitempty"` // origin of the receiver when it is another server
	TookMS float64   `json:"tookMs"`
}

// Traffic lists messages, oldest first.
type Traffic struct {
	Messages []Message `json:"messages"`
}

// MessageContent is a recorded message with its content. Secrets are masked.
type MessageContent struct {
	Message
	Request  string  `json:"request"`
	Response string  `json:"response"`
	Checks   []Check `json:"checks"` // of the receiver
}

// Check is a check that the receiver of a message made.
type Check struct {
	Name     string `json:"name"`
	Expected string `json:"expected"`
	Received string `json:"received"`
	Verdict  string `json:"verdict"` // passed, failed, not checked
}

// Clipboard lists the values that were copied in a lab.
type Clipboard struct {
	Values []Copied `json:"values"`
}

// Copied is a value with the label of the field that it was copied from.
type Copied struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// NewSCIMToken describes the SCIM token to create.
type NewSCIMToken struct {
	Name string `json:"name,omitempty"` // "Control API" when empty
	Days int    `json:"days,omitempty"` // until it expires; 0: never
}

// SCIMToken is a bearer token of a lab's SCIM server.
type SCIMToken struct {
	Token   string `json:"token"`
	Name    string `json:"name"`
	BaseURL string `json:"baseUrl"`
	Owner   string `json:"owner"` // the Admin to whom it belongs
}

// Join is a person who joins the workshop.
type Join struct {
	Nickname string `json:"nickname,omitempty"` // random words when empty
}

// Joined is a person who has joined the workshop. The PIN and the cookie are shown only once.
type Joined struct {
	Lab      string `json:"lab"`
	Nickname string `json:"nickname"`
	PIN      string `json:"pin"`
	Cookie   string `json:"cookie"` // the header Cookie of the person's requests
}

// Workshop is the state of the workshop.
type Workshop struct {
	Code    string `json:"code"`
	Address string `json:"address"`
	Labs    int    `json:"labs"` // how many people can join
	Joined  int    `json:"joined"`
}

// Results lists the people of the workshop.
type Results struct {
	Results []Result `json:"results"`
}

// Problem is an error of the API (RFC 9457).
type Problem struct {
	Status int            `json:"status"`
	Title  string         `json:"title"`
	Detail string         `json:"detail"`
	Code   string         `json:"code"`
	Fields []ProblemField `json:"fields"`
	ID     string         `json:"id"`
}

// ProblemField is a wrong part of a request, or one of several failures.
type ProblemField struct {
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

// Error says in sentences what went wrong.
func (p *Problem) Error() string {
	text := p.Detail
	for _, f := range p.Fields {
		if !strings.Contains(text, f.Detail) {
			text += " " + f.Detail
		}
	}
	if p.ID != "" {
		text += " The server's log has the cause under " + p.ID + "."
	}
	return text
}
