package console_test

import (
	"net/http"
	"strings"
	"testing"

	"understudy/idp"
	"understudy/idp/internal/orgtest"
)

func TestGroupIsAddedEditedAndDeleted(t *testing.T) {
	_, admin := open(t)
	form := admin.Get("/admin/groups").Want(http.StatusOK, "Everyone", "Marketing").Click("Add group")
	form.Submit("Save", nil).Want(http.StatusUnprocessableEntity)
	form.Submit("Save", orgtest.Values{"Name": "Marketing", "Description": "twice"}).Want(http.StatusUnprocessableEntity)
	list := form.Submit("Save", orgtest.Values{"Name": "OktaViewers", "Description": "Viewers of Sigma"})
	list.Want(http.StatusOK, "The group OktaViewers was created.").Row("OktaViewers").Want(http.StatusOK, "Viewers of Sigma")
	group := list.Click("OktaViewers").Want(http.StatusOK, "Nobody is in this group")
	group.Click("Profile").Click("Edit").Submit("Save", orgtest.Values{"Name": "OktaReaders"}).Want(http.StatusOK, "OktaReaders")
	group.Click("Delete").Want(http.StatusOK, "lose the applications").Click("Delete").Want(http.StatusOK, "was deleted")
	admin.Get("/admin/groups").Click("Everyone").Want(http.StatusOK, "Ola Admin").WantNot("Assign people", "Delete")
}

func TestPeopleAreAssignedToAGroup(t *testing.T) {
	_, admin := open(t)
	group := admin.Get("/admin/groups").Click("Marketing")
	dialog := group.Click("Assign people")
	dialog.Row("Eva Ember").Want(http.StatusOK, "Assigned")
	after := dialog.Row("Ola Admin").Click("Assign")
	after.Row("Ola Admin").Want(http.StatusOK, "Assigned")
	group = after.Click("Done").Want(http.StatusOK, "Ola Admin", "Manually")
	group.Row("Ola Admin").Click("Remove").Want(http.StatusOK, "Ola Admin was removed from the group.")
	admin.Get("/admin/groups").Click("Marketing").Click("Assign people").Submit("Search", orgtest.Values{"Search": "zzz"}).
		Want(http.StatusOK, "Nobody matches")
}

func TestApplicationIsAssignedToAGroup(t *testing.T) {
	lab, admin := open(t)
	sigma(t, lab)
	group := admin.Get("/admin/groups").Click("Marketing")
	form := group.Click("Assign applications").Row("Sigma on AWS").Click("Assign").WantNot("User Name")
	back := form.Submit("Save and Go Back", orgtest.Values{"User Type": "Viewer"})
	back.Row("Sigma on AWS").Want(http.StatusOK, "Assigned")
	apps := back.Click("Done").Want(http.StatusOK, "Sigma on AWS", "User Type: Viewer")
	apps.Row("Sigma on AWS").Click("Edit").Submit("Save", orgtest.Values{"User Type": "Author"}).
		Want(http.StatusOK, "User Type: Author")
	lab.SignedIn(t, orgtest.EvaLogin).Get("/app/UserHome").Want(http.StatusOK, "Sigma on AWS")
	admin.Get("/admin/users").Click("Eva Ember").Want(http.StatusOK, "Sigma on AWS", "Marketing")
	apps.Row("Sigma on AWS").Click("Unassign").Click("OK").Want(http.StatusOK, "was unassigned")
}

// Whoever assigns an app again reaches the page that edits the assignment, by each way: the list, the form, and a form that was
// open before.
func TestAssigningAGroupAgainEditsItsAssignment(t *testing.T) {
	lab, admin := open(t)
	app := sigma(t, lab)
	group := admin.Get("/admin/groups").Click("Marketing")
	id := group.URL.Path[strings.LastIndex(group.URL.Path, "/")+1:]
	for _, way := range []struct{ list, form string }{
		{"/admin/group/" + id + "/assign-apps", "/admin/group/" + id + "/assign-apps/" + app.ID},
		{"/admin/app/sigmaonaws/instance/" + app.ID + "/assignments/groups", "/admin/app/sigmaonaws/instance/" + app.ID + "/assignments/groups/" + id},
	} {
		openBefore := admin.Get(way.form)
		admin.Get(way.form).Submit("Save and Go Back", orgtest.Values{"User Type": "Viewer"}).Want(http.StatusOK, "Assigned")
		row := "Marketing"
		if strings.HasPrefix(way.list, "/admin/group") {
			row = "Sigma on AWS"
		}
		if got := admin.Get(way.list).Row(row).Click("Edit").Field("User Type"); got != "viewer" {
			t.Errorf("%s: Edit shows the user type %q", way.list, got)
		}
		again := admin.Get(way.form).Want(http.StatusOK, "Sigma on AWS is already assigned to Marketing. Edit the assignment here.")
		again.Submit("Save", orgtest.Values{"User Type": "Author"}).Want(http.StatusOK, "was saved")
		refused := openBefore.Submit("Save and Go Back", orgtest.Values{"User Type": "Admin"}).
			Want(http.StatusUnprocessableEntity, "Sigma on AWS is already assigned to Marketing. Select Save to change the assignment.")
		if got := refused.Field("User Type"); got != "admin" {
			t.Errorf("%s: the form lost what was typed and shows %q", way.form, got)
		}
		refused.Submit("Save", nil).Want(http.StatusOK, "was saved")
		if err := lab.Org.UnassignGroup(lab.Context(t), idp.System(idp.Client{}), app.ID, id); err != nil {
			t.Fatal(err)
		}
	}
}

func TestImportedGroupsShowTheirSource(t *testing.T) {
	lab, admin := open(t)
	app := sigma(t, lab)
	imported := []idp.ImportedGroup{{ExternalID: "team-1", Name: "FinanceViewers"}}
	if err := lab.Org.SaveImportedGroups(lab.Context(t), idp.System(idp.Client{}), app.ID, imported); err != nil {
		t.Fatal(err)
	}
	group := admin.Get("/admin/groups").Want(http.StatusOK, "FinanceViewers").Row("FinanceViewers").
		Want(http.StatusOK, "Sigma on AWS").Click("FinanceViewers")
	group.Want(http.StatusOK, "Source: Sigma on AWS", "This group was imported from Sigma on AWS.").
		WantNot("Assign people", "Delete")
}

// Pages that Okta has and this stand-in does not have say so.
func TestPagesThatAreNotBuilt(t *testing.T) {
	_, admin := open(t)
	group := admin.Get("/admin/groups").Click("Marketing")
	group.Click("Directories").Want(http.StatusOK, "The tab Directories of a group is not part of this stand-in yet.")
	group.Click("Admin roles").Want(http.StatusOK, "The tab Admin roles of a group is not part of this stand-in yet.")
	people := admin.Get("/admin/users")
	people.Click("Reset passwords").Want(http.StatusOK, "People > Reset passwords is not part of this stand-in yet.")
	people.Click("Import users from CSV").Want(http.StatusOK, "People > Import users from CSV is not part of this stand-in yet.")
}
