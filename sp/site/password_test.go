package site_test

import (
	"net/http"
	"strings"
	"testing"

	"understudy/sp"
)

func TestForgottenPassword(t *testing.T) {
	l := newLab(t)
	old := l.as("Vic")
	b := l.browser()
	const said = "If there is a member with this email address, an email with a link was sent."
	b.visit("/login").click("Forgot password?").submit("Send link", "Email", "nobody@example.com").sees(said)
	if l.lastMail(t, "nobody@example.com") != "" {
		t.Error("mails somebody unknown")
	}
	b.visit("/forgot-password").submit("Send link", "Email", "VIC@example.com").sees(said)
	first := l.lastLink(t, "vic@example.com")
	b.visit("/forgot-password").submit("Send link", "Email", "vic@example.com")
	link := l.lastLink(t, "vic@example.com")
	b.visit(first).status(http.StatusNotFound) // replaced
	for _, bad := range []string{"short", "password1", "vic@example.com", strings.Repeat("x", 73)} {
		b.visit(link).sees("For vic@example.com").submit("Save", "New password", bad).status(http.StatusUnprocessableEntity)
		b.sees("There is a problem").seesNot(bad + " ")
	}
	b.submit("Save", "New password", "Curtain-up-42").sees("Your password was changed.")
	b.visit(link).status(http.StatusNotFound) // used
	b.visit("/login").submit("Sign in", "Email", "vic@example.com", "Password", "Vic-lab-1").status(http.StatusUnauthorized)
	b.submit("Sign in", "Email", "vic@example.com", "Password", "Curtain-up-42").sees("Home")
	old.visit("/home").sees("Password") // the browser with the old password is signed out
}

func TestResetPasswordNeedsPasswordMethod(t *testing.T) {
	l := newLab(t)
	ann := l.as("Ann")
	ann.visit("/admin/people").click("Vic Viewer").submit("Reset user password").sees("An email with a link to choose a new password was sent.")
	link := l.lastLink(t, "vic@example.com")
	person := strings.TrimPrefix(ann.resp.Request.URL.String(), l.base)
	ann.visit("/admin/audit-log").sees("RESET_PASSWORD").seesNot(strings.TrimPrefix(link, "/reset-password/"))
	l.as("Vic") // the old password works until a new one is chosen

	useSAML(ann, "SAML")
	ann.visit(person)
	if ann.has("Reset user password") {
		t.Error("offers to reset a password that nobody can use")
	}
	ann.take(ann.client.PostForm(l.base+person+"/reset-password", nil))
	ann.status(http.StatusForbidden)
	b := l.browser()
	b.visit(link).submit("Save", "New password", "Curtain-up-42").status(http.StatusForbidden)
	b.visit("/login").seesNot("Forgot password?")
	b.visit("/forgot-password").sees("Sign in with SSO")
}

func TestTokenOfEmailedLinkIsNotLogged(t *testing.T) {
	l := newLab(t)
	b := l.browser()
	b.visit("/forgot-password").submit("Send link", "Email", "vic@example.com")
	link := l.lastLink(t, "vic@example.com")
	b.visit(link).submit("Save", "New password", "Curtain-up-42").sees("Your password was changed.")
	p, err := l.org.AuditLog(l.ctx, sp.System(), sp.AuditQuery{Size: 100})
	must(t, err)
	found := false
	for _, e := range p.Items {
		found = found || e.Name == "CHANGE_PASSWORD"
		if strings.Contains(e.Actor.Client.RequestURI, strings.TrimPrefix(link, "/reset-password/")) {
			t.Errorf("%s holds the link: %s", e.Name, e.Actor.Client.RequestURI)
		}
	}
	if !found {
		t.Error("the change is not in the audit log")
	}
}
