package site_test

import (
	"net/http"
	"net/url"
	"testing"

	"understudy/sp"
)

// The whole organization can see public teams. Only members and Admins can see private teams (sp/SIGMA.md, Teams).
func TestTeamVisibility(t *testing.T) {
	l := newLab(t)
	_, err := l.org.CreateTeam(l.ctx, sp.System(), sp.TeamInput{Name: "Open House", Description: "For all", Visibility: "public"})
	must(t, err)
	secret, err := l.org.CreateTeam(l.ctx, sp.System(), sp.TeamInput{Name: "Board", Visibility: "private"})
	must(t, err)
	vic := l.as("Vic")
	vic.visit("/profile").sees("User Profile", "Details", "My teams", "FinanceViewers").seesNot("Open House", "Board")
	vic.click("FinanceViewers").sees("Vic Viewer", "vic@example.com")
	vic.click("User Profile").click("Public teams").sees("Open House", "For all").seesNot("Board")
	vic.click("Open House").sees("This team has no members yet.")
	for _, control := range []string{"Add members", "Edit", "Delete Team"} {
		if vic.has(control) {
			t.Errorf("a member who does not manage the team is offered %s", control)
		}
	}
	vic.visit("/teams/" + secret.ID).status(http.StatusForbidden)
	vic.seesNot("Board")
}

// A team admin can change only their own team.
func TestTeamAdminsManageTheirTeam(t *testing.T) {
	l := newLab(t)
	vicID, carlID := actorOf(t, l, "vic@example.com").MemberID, actorOf(t, l, "carl@example.com").MemberID
	finance := teamID(t, l, "FinanceViewers")
	must(t, l.org.SetTeamAdmin(l.ctx, sp.System(), finance, vicID, true))
	other, err := l.org.CreateTeam(l.ctx, sp.System(), sp.TeamInput{Name: "Open House", Visibility: "public"})
	must(t, err)
	must(t, l.org.AddToTeam(l.ctx, sp.System(), other.ID, vicID))

	vic := l.as("Vic")
	vic.visit("/profile").click("FinanceViewers").sees("Team Admin").click("Add members").
		submit("Add", "Carl Creator (carl@example.com)", "on").sees("Added to the team.", "Carl Creator")
	vic.click("Edit").submit("Save", "Team Name", "").status(http.StatusUnprocessableEntity)
	vic.submit("Save", "Team Name", "Finance", "Team Description", "Who count").sees("The team was saved.", "Finance", "Who count")
	vic.take(vic.client.PostForm(l.base+"/teams/"+finance+"/members/"+carlID+"/remove", nil))
	vic.sees("Removed from the team.").seesNot("Carl Creator")

	for _, path := range []string{"/edit", "/delete", "/members/add"} {
		vic.visit("/teams/" + other.ID + path).status(http.StatusForbidden)
		vic.take(vic.client.PostForm(l.base+"/teams/"+other.ID+path, url.Values{"name": {"Mine"}, "visibility": {"private"}, "member": {carlID}}))
		vic.status(http.StatusForbidden)
	}
	vic.visit("/admin/teams/" + finance).status(http.StatusForbidden)
	vic.visit("/teams/"+finance).click("Delete Team").submit("Delete Team").sees("The team was deleted.", "User Profile")
}

func TestTeamsAreReadOnlyForTeamAdminsUnderSCIM(t *testing.T) {
	l := newLab(t)
	finance, vicID := teamID(t, l, "FinanceViewers"), actorOf(t, l, "vic@example.com").MemberID
	must(t, l.org.SetTeamAdmin(l.ctx, sp.System(), finance, vicID, true))
	ann, vic := l.as("Ann"), l.as("Vic")
	useSAML(ann, "SAML")
	ann.click("Setup").submit("Next", "I have read and understand the above guidance.", "on").submit("Next", "Token name", "Okta")
	vic.visit("/teams/"+finance).sees("Vic Viewer", "managed in your identity provider")
	if vic.has("Add members") || vic.has("Edit") {
		t.Error("a team can be edited under SCIM")
	}
	vic.visit("/teams/"+finance+"/members/add").sees("managed in your identity provider", "Overview")
	vic.take(vic.client.PostForm(l.base+"/teams/"+finance+"/members/add", url.Values{"member": {vicID}}))
	vic.status(http.StatusForbidden)
}

func teamID(t *testing.T, l *lab, name string) string {
	t.Helper()
	p, err := l.org.Teams(l.ctx, sp.System(), sp.TeamQuery{Search: name})
	must(t, err)
	if len(p.Items) != 1 {
		t.Fatalf("%d teams are called %s", len(p.Items), name)
	}
	return p.Items[0].ID
}
