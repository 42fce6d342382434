package site_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestSignInWithPassword(t *testing.T) {
	l := newLab(t)
	b := l.browser()
	b.visit("/").sees("Sign in", "Email", "Password", "Plain Analytics", "no real passwords")
	if b.has("Sign in with SSO") {
		t.Error("password only: SSO is offered")
	}
	b.submit("Sign in", "Email", "vic@example.com", "Password", "wrong")
	b.status(http.StatusUnauthorized)
	b.sees("vic@example.com", "There is a problem")
	b.seesNot("wrong")
	b.submit("Sign in", "Email", "VIC@example.com", "Password", "Vic-lab-1").sees("Home", "Recents", "Documents that you open appear here", "All Members", "Sign out")
	if b.has("Administration") {
		t.Error("a Viewer sees Administration")
	}
	b.submit("Sign out").sees("You are signed out")
	b.visit("/home").sees("Email")
}

func TestSignInReturnsToRequestedLocalPage(t *testing.T) {
	l := newLab(t)
	for next, want := range map[string]string{
		"/profile": "/profile", "https://evil.test/": "/", "//evil.test/x": "/", `/\evil.test`: "/", "/login": "/", "": "/",
	} {
		b := l.browser()
		b.visit("/login?next=" + url.QueryEscape(next))
		b.submit("Sign in", "Email", "vic@example.com", "Password", "Vic-lab-1")
		if got := strings.TrimPrefix(b.resp.Request.URL.String(), l.base); got != want {
			t.Errorf("next %q leads to %q, want %q", next, got, want)
		}
	}
}

func TestWindowsKeepTheirOwnCookies(t *testing.T) {
	l := newLab(t)
	b := l.as("Ann")
	second := strings.Replace(l.base, "/sigma/demo", "/sigma/demo~2", 1)
	b.take(b.client.Get(second + "/home"))
	b.sees("Email", "Password")
	if !strings.Contains(b.resp.Request.URL.Path, "/demo~2/login") {
		t.Errorf("left the window: %s", b.resp.Request.URL)
	}
	b.submit("Sign in", "Email", "vic@example.com", "Password", "Vic-lab-1").sees("Vic Viewer")
	b.visit("/home").sees("Ann Admin")
}

func TestAdministrationIsForAdmins(t *testing.T) {
	l := newLab(t)
	vic := l.as("Vic")
	for _, path := range []string{"/admin", "/admin/account", "/admin/authentication/edit", "/admin/people",
		"/admin/teams", "/admin/account-types", "/admin/audit-log", "/admin/usage"} {
		vic.visit(path).status(http.StatusForbidden)
		vic.sees("Only for Admins", "Viewer")
	}
	ann := l.as("Ann")
	ann.visit("/home").click("Administration").sees("Site", "Company Login URL", l.base, "AWS", "Organization name", "Plain Analytics")
	for _, entry := range []string{"Authentication", "People", "Teams", "Account Types", "Audit Log"} {
		ann.click(entry).status(http.StatusOK)
		ann.sees(entry)
	}
	ann.click("Usage").status(http.StatusNotImplemented)
	ann.sees("not part of this stand-in yet")
	ann.visit("/no/such/page").status(http.StatusNotFound)
	ann.sees("Not part of this stand-in yet")
}

func TestRenameOrganization(t *testing.T) {
	l := newLab(t)
	b := l.as("Ann")
	b.visit("/admin/account").click("Edit").submit("Save", "Organization name", " ")
	b.status(http.StatusUnprocessableEntity)
	b.sees("There is a problem")
	b.submit("Save", "Organization name", "Elm & Oak <Ltd>").sees("saved", "Elm & Oak <Ltd>")
}

const certificate = `-----BEGIN CERTIFICATE-----
MIIBszCCAVmgAwIBAgIUQ
-----END CERTIFICATE-----`

func TestInvalidAuthenticationFormKeepsInput(t *testing.T) {
	l := newLab(t)
	b := l.as("Ann")
	b.visit("/admin/authentication").sees("Password", "Account Type and Team Provisioning")
	if b.has("Setup") {
		t.Error("Setup is offered while a password method is active")
	}
	b.click("Edit").submit("Save", "Authentication Method", "SAML or password",
		"Identity provider login URL", "not an address", "Identity provider X509 certificate", certificate)
	b.status(http.StatusUnprocessableEntity)
	b.sees("There is a problem", "not an address", "MIIBszCCAVmgAwIBAgIUQ")
	if got := b.doc.Find(".field-error").Length(); got != 2 {
		t.Errorf("%d fields are marked, want 2", got)
	}
	b.visit("/admin/authentication").seesNot("not an address")
}

func TestSignInShapes(t *testing.T) {
	l := newLab(t)
	b := l.as("Ann")
	useSAML(b, "SAML or password")
	other := l.browser()
	other.visit("/login").sees("Email", "Sign in with SSO")
	useSAML(b, "SAML")
	other.submit("Sign in", "Email", "vic@example.com", "Password", "Vic-lab-1")
	other.status(http.StatusForbidden)
	other.sees("Password sign-in is turned off for this organization. Use Sign in with SSO.")
	other.visit("/login").seesNot("Email", "Password")
	if !other.has("Sign in with SSO") {
		t.Error("no SSO button")
	}
}

// useSAML selects a method, with a valid login URL and certificate.
func useSAML(b *browser, method string) {
	b.lab.t.Helper()
	b.visit("/admin/authentication/edit").submit("Save", "Authentication Method", method,
		"Identity provider login URL", "https://idp.test/sso", "Identity provider X509 certificate", testCertificate(b.lab.t))
	b.status(http.StatusOK)
	b.sees(method, "https://idp.test/sso", "CN=dev-1", "emailAddress=info@idp.test")
}

func TestProvisioningSetup(t *testing.T) {
	l := newLab(t)
	b := l.as("Ann")
	b.visit("/admin/authentication/provisioning/setup").status(http.StatusConflict)
	useSAML(b, "SAML")
	b.click("Setup").sees("Getting started", "I have read and understand the above guidance.")
	b.submit("Next")
	b.status(http.StatusUnprocessableEntity)
	b.sees("Tick the box")
	b.submit("Next", "I have read and understand the above guidance.", "on").sees("Token name")
	b.submit("Next", "Token name", "")
	b.status(http.StatusUnprocessableEntity)
	b.submit("Next", "Token name", "Okta").sees("Directory Base URL", "Bearer Token", l.base+"/scim/v2")
	token := b.doc.Find("#copy-bearer-token").AttrOr("value", "")
	if len(token) < 20 {
		t.Fatalf("token %q", token)
	}
	if got := b.resp.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("the page with the token may be kept: %q", got)
	}
	shown := b.resp.Request.URL
	b.click("Done").sees("Okta", "Directory Base URL", "Ann Admin", "Works")
	b.seesNot(token)
	b.take(b.client.Get(shown.String())) // a reload of the page with the token creates no second one
	b.sees("shows a token only once").seesNot(token)
	if tokens := strings.Count(b.text(), "Revoke"); tokens != 1 {
		t.Errorf("%d tokens after the reload", tokens)
	}

	b.visit("/admin/teams").seesNot("Create Team")
	b.visit("/admin/people").seesNot("Invite users")
	b.click("Vic Viewer").seesNot("Deactivate", "Reassign account type")
	b.visit("/admin/teams/new").sees("Teams")
	b.take(b.client.PostForm(l.base+"/admin/teams/new", url.Values{"name": {"Sneaky"}, "visibility": {"private"}}))
	if b.resp.StatusCode < 400 {
		t.Errorf("a team was made while SCIM is on: %d", b.resp.StatusCode)
	}

	b.visit("/admin/authentication").click("Disable provisioning").submit("Disable").sees("Provisioning is disabled")
	b.visit("/admin/teams").sees("Create Team")
	b.visit("/admin/authentication").click("Revoke").submit("Revoke").sees("revoked", "Does not work")
}
