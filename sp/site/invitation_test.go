package site_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"understudy/sp"
)

func TestInvitesAreResentAndRevoked(t *testing.T) {
	l := newLab(t)
	ann := l.as("Ann")
	invite := func() {
		ann.visit("/admin/people").click("Invite users").submit("Invite", "Email address", "new@example.com", "First name", "Nell", "Last name", "New").
			sees("new@example.com", "Pending")
	}
	invite()
	first := l.lastLink(t, "new@example.com")
	ann.click("Nell New").submit("Resend invite").sees("Invites re-sent")
	if ann.has("Deactivate") {
		t.Error("offers to deactivate somebody who never came")
	}
	second := l.lastLink(t, "new@example.com")
	nell := l.browser()
	nell.visit(first).status(http.StatusNotFound)
	nell.visit(second).status(http.StatusOK)
	ann.click("Revoke invite").sees("no longer works").submit("Revoke invite").sees("The invite was revoked.").seesNot("new@example.com")
	nell.visit(second).status(http.StatusNotFound)
	invite() // the address is free again
	nell.visit(l.lastLink(t, "new@example.com")).submit("Join", "First name", "Nell", "Last name", "New", "Password", "Nell-lab-1x")
	nell.status(http.StatusOK)
	ann.visit("/admin/people").click("Nell New").sees("Active")
	ann.take(ann.client.PostForm(ann.resp.Request.URL.String()+"/revoke-invite", nil))
	ann.status(http.StatusConflict)
}

// lastLink is the path of the link in the latest email to an address.
func (l *lab) lastLink(t testing.TB, to string) string {
	t.Helper()
	body := l.lastMail(t, to)
	i := strings.LastIndex(body, l.base)
	if i < 0 {
		t.Fatalf("no link in %q", body)
	}
	link, _, _ := strings.Cut(body[i+len(l.base):], "\n")
	return link
}

func TestInvitationDefaultIsForInvitedPeopleOnly(t *testing.T) {
	l := newLab(t)
	ann := l.as("Ann")
	ann.visit("/admin/account-types").submit("Save", "Invitation Default", optionOf(ann, "Creator")).sees("The invitation default was saved.")
	ann.take(ann.client.PostForm(l.base+"/admin/account-types/default", url.Values{"accountTypeID": {"nothing"}}))
	ann.status(http.StatusNotFound)
	ann.visit("/admin/people").click("Invite users").submit("Invite", "Email address", "new@example.com", "First name", "Nell", "Last name", "New")
	ann.click("Nell New").sees("Creator")

	useSAML(ann, "SAML")
	ann.click("Setup").submit("Next", "I have read and understand the above guidance.", "on").submit("Next", "Token name", "Okta")
	actor, err := l.org.AuthenticateDirectory(l.ctx, ann.doc.Find("#copy-bearer-token").AttrOr("value", ""), clientOfTest)
	must(t, err)
	m, err := l.org.ProvisionMember(l.ctx, actor, sp.ProvisionedMember{UserName: "bob@example.com", FirstName: "Bob", LastName: "Builder", Active: true})
	must(t, err)
	if m.AccountType != "Viewer" {
		t.Errorf("the directory brought a %s", m.AccountType)
	}
	// Sigma does not offer to change what the directory manages.
	ann.visit("/admin/account-types").click("Viewer").sees("Vic Viewer", "managed in your identity provider").seesNot("Reassign account type")
	if ann.has("Add members") {
		t.Error("offers to give members a type under SCIM")
	}
	typePage := strings.TrimPrefix(ann.resp.Request.URL.String(), l.base)
	for _, path := range []string{typePage + "/members/add", "/admin/people/invite", "/admin/people/" + m.ID +
		"/deactivate", "/admin/people/" + m.ID + "/revoke-invite"} {
		ann.visit(path).sees("managed in your identity provider")
		if strings.HasSuffix(ann.resp.Request.URL.Path, path) {
			t.Errorf("%s shows a form that would be refused", path)
		}
	}
}

func TestReassignedAccountTypeSendsEmail(t *testing.T) {
	l := newLab(t)
	ann := l.as("Ann")
	ann.visit("/admin/account-types").click("Viewer").click("Reassign account type").sees("Vic Viewer").
		submit("Confirm", "Account type", optionOf(ann, "Creator")).sees("The account type was changed.")
	if body := l.lastMail(t, "vic@example.com"); !strings.Contains(body,
		"Ann Admin gave you the account type Creator") || !strings.Contains(body, "it was Viewer") {
		t.Errorf("mail %q", body)
	}
}

func TestNewOwnerNeedsCreateWorkbooks(t *testing.T) {
	l := newLab(t)
	ann := l.as("Ann")
	ann.visit("/admin/people").click("Carl Creator").click("Deactivate").sees("Ann Admin (ann@example.com)").seesNot("Vic Viewer (")
	vic := actorOf(t, l, "vic@example.com").MemberID
	ann.submit("Confirm", "Select new owner", vic).status(http.StatusUnprocessableEntity)
	ann.sees("There is a problem", "The new owner needs the permission", "Deactivate User")
	ann.submit("Confirm", "Select new owner", optionOf(ann, "Ann Admin")).sees("The member was deactivated.")
}

func TestTrashIsInNavigation(t *testing.T) {
	newLab(t).as("Carl").visit("/home").click("Trash").sees("Deleted documents and folders of yours")
}

func TestAdminsInviteFromTheUserMenu(t *testing.T) {
	l := newLab(t)
	l.as("Ann").visit("/home").click("Invite Users").sees("Invite people to your Sigma organization")
	if l.as("Vic").has("Invite Users") {
		t.Error("a Viewer is offered to invite people")
	}
}
