// Package understudytest starts Understudy within a Go test: an Okta org and a Sigma organization that software under test can use.
//
//	lab := understudytest.Start(t)
//	lab.Bring("5.4")                              // a step of the quickstart: single sign-on works
//	client := myscim.New(lab.SCIM, lab.SCIMToken())
//	email := lab.WaitMail("ada.okafor@brightwater.example")
//
// The server listens on a free port of the loopback interface and keeps its data in a temporary folder. It stops with the test.
// Another module requires this one with a replace directive: see static/docs/automation.md.
package understudytest

import (
	"context"
	"testing"
	"time"

	"understudy/seed/base/keytest"
	"understudy/seed/control/api"
	"understudy/seed/control/client"
	"understudy/seed/lab"
	"understudy/seed/server"
)

// Lab is a lab of a server that runs within the test.
type Lab struct {
	Name      string
	ServerURL string // http://127.0.0.1:41234
	Token     string // of the control API

	Okta  string // base URL of the Okta org
	Sigma string // base URL of the Sigma organization
	SCIM  string // base URL of Sigma's SCIM server

	Control    *client.Client          // everything else that the control API offers
	Identities map[string]api.Identity // people on the lab card, by ID: okta-admin, sigma-admin

	t testing.TB
}

// Option changes the lab that Start creates.
type Option func(*api.NewLab)

// Scenario chooses the scenario of the lab.
func Scenario(name string) Option { return func(l *api.NewLab) { l.Scenario = name } }

// Step brings the lab to a step of its guide; "end" completes all steps.
func Step(step string) Option { return func(l *api.NewLab) { l.Step = step } }

// Name names the lab; its addresses have the name. The default is "test".
func Name(name string) Option { return func(l *api.NewLab) { l.Name = name } }

// idle is how long a lab stays open without a request.
const idle = time.Hour

// Start starts a server and creates a lab. Both are removed when the test ends.
func Start(t testing.TB, options ...Option) *Lab {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	s, err := server.Start(ctx, server.Config{Addr: "127.0.0.1:0", Lab: "demo", IdleClose: idle, Keys: lab.KeysFrom(keytest.Source())})
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	described := api.NewLab{Name: "test"}
	for _, o := range options {
		o(&described)
	}
	l := &Lab{ServerURL: s.URL, Token: s.Token, Control: &client.Client{URL: s.URL, Token: s.Token}, Identities: map[string]api.Identity{}, t: t}
	created, err := l.Control.Create(ctx, described)
	if err != nil {
		t.Fatal(err)
	}
	l.Name, l.Okta, l.Sigma, l.SCIM = created.Name, created.Addresses["okta"], created.Addresses["sigma"], created.Addresses["scim"]
	for _, i := range created.Identities {
		l.Identities[i.ID] = i
	}
	return l
}

// Bring brings the lab to the beginning of a step; "end" is after the last one.
func (l *Lab) Bring(step string) {
	l.t.Helper()
	if _, err := l.Control.Bring(l.t.Context(), l.Name, step); err != nil {
		l.t.Fatal(err)
	}
}

// Reset resets the lab to its scenario.
func (l *Lab) Reset() {
	l.t.Helper()
	if _, err := l.Control.Reset(l.t.Context(), l.Name); err != nil {
		l.t.Fatal(err)
	}
}

// SCIMToken returns a bearer token of Sigma's SCIM server. The lab must be at a step where Sigma offers provisioning: Step("5.3").
func (l *Lab) SCIMToken() string {
	l.t.Helper()
	k, err := l.Control.SCIMToken(l.t.Context(), l.Name, api.NewSCIMToken{Name: "Test"})
	if err != nil {
		l.t.Fatal(err)
	}
	return k.Token
}

// mailWait is how long WaitMail waits.
const mailWait = 10 * time.Second

// WaitMail returns the latest email to an address. It waits up to ten seconds for one.
func (l *Lab) WaitMail(to string) api.Email {
	l.t.Helper()
	m, err := l.Control.LatestEmail(l.t.Context(), l.Name, to, 0, mailWait)
	if err != nil {
		l.t.Fatal(err)
	}
	return m
}
