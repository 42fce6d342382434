package main

import (
	"net/url"
	"testing"

	"understudy/seed/script"
	"understudy/seed/script/player"
)

// playScript plays a script of our own, in the walk's words: whatever fails in it, or breaks a rule of axe, fails the test.
func playScript(t *testing.T, source string, o player.Options) {
	t.Helper()
	guideScript, err := script.Parse("script.md", []byte(source))
	if err != nil {
		t.Fatal(err)
	}
	report, err := player.Play(t.Context(), guideScript, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range report.Steps {
		if step.Failure != nil {
			t.Error(step.Failure)
		}
	}
	for _, v := range report.Violations {
		t.Error(v)
	}
}

// scripted plays steps in a server's lab; the test ends where they fail.
func scripted(t *testing.T, s *server, steps string) {
	t.Helper()
	playScript(t, "id: steps\nsummary: steps of a test\n\n# Steps\n\n## Steps\nDuration: 1\n\n"+steps, player.Options{URL: s.url})
	if t.Failed() {
		t.FailNow()
	}
}

const setPasswordAge = `
<!-- script
id: 1.1
as: okta-admin
do:
  - visit: "{admin}"
  - fill: {Username: "{okta-admin.username}", Password: "{okta-admin.password}"}
  - click: Sign in
  - open: Security > Authenticators
  - click: Password
  - see: Never
  - click: Edit
  - fill: {Password expires after: 1000}
  - click: Save
  - see: Enter a number from 0 to 999.
  - fill: {Password expires after: 90}
  - click: Save
  - see: The password policy was saved.
see: After 90 days
-->
`

// Days later a password has grown old by the lab's clock: its owner is asked for another, as who must change it is.
func TestPasswordsExpireByTheLabsClock(t *testing.T) {
	t.Parallel()
	s := start(t)
	l := newLearner(t, s)
	scripted(t, s, setPasswordAge)
	l.post("/labs/demo/clock", url.Values{"days": {"89"}})
	scripted(t, s, `
<!-- script
id: 1.1
as: okta-admin
do:
  - visit: "{okta}/"
  - fill: {Username: "{okta-admin.username}", Password: "{okta-admin.password}"}
  - click: Sign in
see: My Apps
-->
`)
	l.post("/labs/demo/clock", url.Values{"days": {"90"}})
	scripted(t, s, `
<!-- script
id: 1.1
as: okta-admin
do:
  - visit: "{admin}"
  - see: Clock 90 days ahead
  - fill: {Username: "{okta-admin.username}", Password: wrong}
  - click: Sign in
  - see: Unable to sign in
  - fill: {Password: "{okta-admin.password}"}
  - click: Sign in
  - see: Your password has expired
  - fill: {New password: "{okta-admin.password}", Repeat password: "{okta-admin.password}"}
  - click: Change password
  - see: Your password cannot be any of your last 4 passwords
  - fill: {New password: Next-Season-25, Repeat password: Next-Season-25}
  - click: Change password
  - see: Dashboard
  - open: Reports > System Log
see: Fired when the user's Okta password is expired
-->
`)
	// Set back, the clock takes nothing with it: the new password holds.
	l.post("/labs/demo/clock", url.Values{"days": {"0"}})
	scripted(t, s, `
<!-- script
id: 1.1
as: okta-admin
do:
  - visit: "{okta}/"
  - fill: {Username: "{okta-admin.username}", Password: Next-Season-25}
  - click: Sign in
see: My Apps
-->
`)
}

// Ten years later Okta's signing certificate has run out: both consoles show it, and Sigma lets nobody in with it until
// another is in place.
func TestCertificatesExpireByTheLabsClock(t *testing.T) {
	t.Parallel()
	s := start(t)
	l := newLearner(t, s)
	l.post("/labs/demo/guide/bring", url.Values{"step": {"3.1"}})
	l.post("/labs/demo/clock", url.Values{"days": {"3660"}})
	scripted(t, s, `
<!-- script
id: 1.1
as: sigma-admin
do:
  - visit: "{sigma}/"
  - see: Clock 3660 days ahead
  - click: Sign in with SSO
  - fill: {Username: "{sigma-admin.username}", Password: "{sigma-admin.password}"}
  - click: Sign in
  - see: The certificate that Sigma stores is not valid at this time.
  - visit: "{sigma}/login"
  - fill: {Email: "{sigma-admin.email}", Password: "{sigma-admin.password}"}
  - click: Sign in
  - open: Administration > Authentication
see: Expired
-->
`)
}

// A session of Sigma ends after as many hours as the organization says, by the lab's clock.
func TestSigmasSessionsEndByTheLabsClock(t *testing.T) {
	t.Parallel()
	s := start(t)
	l := newLearner(t, s)
	home := func(want string) {
		t.Helper()
		l.sees(l.get("/sigma/demo/"), want)
	}
	l.post("/sigma/demo/login", url.Values{"email": {"maya.rivers@brightwater.example"}, "password": {"Stage-Door-17"}})
	home("Recents")
	l.post("/labs/demo/clock", url.Values{"days": {"29"}}) // the session is of 720 hours
	home("Recents")
	l.sees(l.get("/sigma/demo/admin/authentication"), "Clock 29 days ahead", "720")
	l.post("/labs/demo/clock", url.Values{"days": {"30"}})
	home("Sign in")
}
