package main

import (
	"net/url"
	"testing"
)

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

// A password that is too old by the lab's clock must be changed at the next sign-in.
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
	// Setting the clock back does not undo the change of the password.
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

// After ten years of lab time Okta's signing certificate has expired. Both consoles show that, and Sigma refuses SAML sign-ins.
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

// A Sigma session ends after the organization's session length, by the lab's clock.
func TestSigmaSessionsEndByTheLabsClock(t *testing.T) {
	t.Parallel()
	s := start(t)
	l := newLearner(t, s)
	home := func(want string) {
		t.Helper()
		l.sees(l.get("/sigma/demo/"), want)
	}
	l.post("/sigma/demo/login", url.Values{"email": {"maya.rivers@brightwater.example"}, "password": {"Stage-Door-17"}})
	home("Recents")
	l.post("/labs/demo/clock", url.Values{"days": {"29"}}) // a session lasts 720 hours
	home("Recents")
	l.sees(l.get("/sigma/demo/admin/authentication"), "Clock 29 days ahead", "720")
	l.post("/labs/demo/clock", url.Values{"days": {"30"}})
	home("Sign in")
}
