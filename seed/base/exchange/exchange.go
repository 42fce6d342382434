// Package exchange passes the findings of a receiver of a SAML or SCIM message back to the front end that records the message.
//
// The receiver of a message knows which checks it made and which record it changed. The HTTP front end stores the message
// for the traffic page, but knows neither. The front end puts a [Recording] into the context of the request; the receiver
// adds to it; the front end reads it when the request has ended:
//
//	front end: Record(ctx) ─▶ receiver: SetChecks(ctx, …), AddChange(ctx, …) ─▶ front end: recording.Recorded()
//
// Without a Recording in the context, the receiver's calls do nothing. The package has only this file.
package exchange

import (
	"context"
	"net/url"
	"sync"
)

// Verdict is the result of a check.
type Verdict string

// The verdicts, as the pages show them.
const (
	Passed     Verdict = "passed"
	Failed     Verdict = "failed"
	NotChecked Verdict = "not checked" // because an earlier check failed
)

// Check is one check that a receiver made of a message.
type Check struct {
	Name     string  `json:"name"`
	Expected string  `json:"expected"`
	Received string  `json:"received"`
	Verdict  Verdict `json:"verdict"`
}

// Change is a record before and after a message was processed, as JSON. Before is empty for a record that was created,
// After for one that was deleted.
type Change struct {
	Kind   string `json:"kind"` // "member" or "team"
	ID     string `json:"id"`
	Name   string `json:"name"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// Recording collects what receivers report about one message. It may be used by several goroutines.
type Recording struct {
	mu      sync.Mutex
	checks  []Check
	changes []Change
	sent    []Sent
}

// Sent is the request with which the browser carries a SAML message from the receiver to another server.
type Sent struct {
	Method string
	URL    string     // with the message for GET
	Form   url.Values // with the message for POST
}

type key struct{}

// Record returns a context with a new recording. Receivers of this context report to the recording.
func Record(ctx context.Context) (context.Context, *Recording) {
	r := &Recording{}
	return context.WithValue(ctx, key{}, r), r
}

// Recorded returns what the receivers have reported so far.
func (r *Recording) Recorded() ([]Check, []Change) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.checks, r.changes
}

// Sent returns the messages that the receivers have given to the browser.
func (r *Recording) Sent() []Sent {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sent
}

// AddSent reports a SAML message that the browser is to carry to another server. The receiver of the message records it only if it
// is a part of the lab.
func AddSent(ctx context.Context, s Sent) {
	if r, ok := ctx.Value(key{}).(*Recording); ok {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.sent = append(r.sent, s)
	}
}

// SetChecks reports the checks of a message, in the order in which they were made.
func SetChecks(ctx context.Context, checks []Check) {
	if r, ok := ctx.Value(key{}).(*Recording); ok {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.checks = checks
	}
}

// AddChange reports a record that a message changed. change is called only if there is a recording, because it may be
// costly.
func AddChange(ctx context.Context, change func() Change) {
	if r, ok := ctx.Value(key{}).(*Recording); ok {
		c := change()
		r.mu.Lock()
		defer r.mu.Unlock()
		r.changes = append(r.changes, c)
	}
}
