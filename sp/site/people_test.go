package site_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestPeople(t *testing.T) {
	l := newLab(t)
	ann := l.as("Ann")
	ann.visit("/home").click("Administration").click("People").sees("Ann Admin", "Carl Creator", "Vic Viewer", "Active")
	ann.submit("Search", "Search by name or email", "vic@").sees("Vic Viewer").seesNot("Carl Creator")
	ann.click("Vic Viewer").sees("vic@example.com", "FinanceViewers", "Viewer", "Standard")
	ann.click("Edit").submit("Save", "First name", "", "Last name", "Viewer")
	ann.status(http.StatusUnprocessableEntity)
	ann.submit("Save", "First name", "Viktoria", "Last name", "Viewer").sees("Saved.", "Viktoria Viewer")
	ann.click("Reassign account type").submit("Confirm", "Account type", optionOf(ann, "Creator")).sees("The account type was changed.", "Creator")

	ann.visit("/admin/people").click("Carl Creator").click("Deactivate").sees("Select new owner", "Archived Users")
	ann.submit("Confirm", "Select new owner", optionOf(ann, "Ann Admin")).sees("Inactive", "new owner", "Reactivate")
	ann.click("All people").seesNot("Carl Creator")
	ann.click("Inactive").sees("Carl Creator")
	ann.visit("/my-documents").click("Archived Users").click("Carl Creator").click("Diary").sees("Owner")
	gone := l.browser()
	gone.visit("/login").submit("Sign in", "Email", "carl@example.com", "Password", "Carl-lab-1").status(http.StatusForbidden)
	ann.visit("/admin/people?status=inactive").click("Carl Creator").submit("Reactivate").sees("reactivated", "Active")
	l.as("Carl")

	ann.visit("/admin/people").click("Invite users").submit("Invite", "Email address", "nonsense")
	ann.status(http.StatusUnprocessableEntity)
	ann.submit("Invite", "Email address", "new@example.com", "First name", "Nell", "Last name", "New").sees("new@example.com", "Pending")
}

func TestAnAdminCannotLockThemselvesOut(t *testing.T) {
	l := newLab(t)
	ann := l.as("Ann")
	ann.visit("/admin/people").click("Ann Admin")
	for _, control := range []string{"Deactivate", "Reassign account type"} {
		if ann.has(control) {
			t.Errorf("offers %s of oneself", control)
		}
	}
}

func TestTeams(t *testing.T) {
	l := newLab(t)
	ann := l.as("Ann")
	ann.visit("/admin/teams").sees("FinanceViewers").click("Create Team").submit("Create", "Team Name", "FinanceViewers")
	if ann.resp.StatusCode < 400 {
		t.Errorf("a second team of the same name: %d", ann.resp.StatusCode)
	}
	ann.sees("There is a problem")
	ann.submit("Create", "Team Name", "Planners", "Team Description", "Who plan",
		"Create a workspace associated with the team", "on").sees("The team was created.", "Planners", "This team has no members yet.")
	ann.click("Add members").submit("Add", "Carl Creator (carl@example.com)", "on").sees("Added to the team.", "Carl Creator")
	ann.submit("Assign as a team admin").sees("Team Admin")
	ann.submit("Remove from team").sees("Removed from the team.", "This team has no members yet.")
	ann.click("Edit").submit("Save", "Team Name", "Planning").sees("The team was saved.", "Planning")
	ann.click("Delete Team").submit("Delete Team").sees("The team was deleted.").seesNot("Planning")
}

func TestAccountTypes(t *testing.T) {
	l := newLab(t)
	ann := l.as("Ann")
	ann.visit("/admin/account-types").sees("Admin", "Creator", "Viewer", "Standard").click("Create New Account Type")
	ann.sees("New Account Type", "Sharing and folders", "Download", "View workbooks")
	ann.submit("Create", "Name", "Viewer")
	if ann.resp.StatusCode < 400 {
		t.Errorf("a second type of the same name: %d", ann.resp.StatusCode)
	}
	ann.submit("Create", "Name", "CreatorNoExport", "Description", "Creates, exports nothing",
		"Create, edit, and publish workbooks", "on", "Create new folders", "on").
		sees("CreatorNoExport", "Creates, exports nothing", "0 members")

	ann.visit("/admin/people").click("Carl Creator").click("Reassign account type").submit("Confirm", "Account type", optionOf(ann, "CreatorNoExport"))
	carl := l.as("Carl")
	carl.click("Profile").sees("User Profile", "Details", "CreatorNoExport")
	carl.visit("/home").click("All Members").click("Reports").click("Sales")
	carl.sees("You cannot export this workbook: your account type CreatorNoExport lacks the permission Download.")
	if !carl.has("Edit") || carl.doc.Find("button:contains(Export)[disabled]").Length() != 1 {
		t.Error("Edit is missing, or Export is not disabled")
	}
	carl.visit(strings.TrimPrefix(carl.resp.Request.URL.String(), l.base) + "/export?format=xlsx").status(http.StatusForbidden)

	ann.visit("/admin/account-types").click("CreatorNoExport").sees("Carl Creator", "Full explore", "Download Not allowed").seesNot("Full explore Not allowed")
	ann.submit("Duplicate").sees("duplicated as Copy of CreatorNoExport").submit("Save", "Name", "Copy", "Download",
		"on").sees("The account type was saved.", "Download")
	ann.visit("/admin/account-types").click("CreatorNoExport").click("Add members").seesNot("Carl Creator (", "Ann Admin (")
	ann.submit("Confirm", "Vic Viewer (vic@example.com)", "on").sees("The account type was assigned.", "Vic Viewer")
	ann.visit("/admin/account-types").click("CreatorNoExport").click("Delete").sees("2 members will get")
	ann.submit("Delete", "Reassign members to", optionOf(ann, "Viewer")).sees("2 members have another one now.").seesNot("CreatorNoExport")
	carl.visit("/profile").sees("Viewer")
}

func TestRequestedTypeIsExplained(t *testing.T) {
	l := newLab(t)
	ann := l.as("Ann")
	useSAML(ann, "SAML")
	ann.click("Setup").submit("Next", "I have read and understand the above guidance.", "on").submit("Next", "Token name", "Okta")
	actor, err := l.org.AuthenticateDirectory(l.ctx, ann.doc.Find("#copy-bearer-token").AttrOr("value", ""), clientOfTest)
	must(t, err)
	push(t, l, actor, "CreatorNoExport")
	ann.visit("/admin/people").sees("CreatorNoExport requested").click("Bob Builder").
		sees("asked for the account type CreatorNoExport, which does not exist", "Identity provider")
	ann.visit("/admin/account-types/new").submit("Create", "Name", "CreatorNoExport", "Create, edit, and publish workbooks", "on")
	ann.visit("/admin/people").click("Bob Builder").sees("CreatorNoExport").seesNot("which does not exist")
}
