package console_test

import (
	"net/http"
	"strings"
	"testing"

	"understudy/idp"
	"understudy/idp/internal/orgtest"
)

// bob returns the values of Add person for Bob Birch.
func bob() orgtest.Values {
	return orgtest.Values{"First name": "Bob", "Last name": "Birch", "Username": "bob@example.com",
		"Primary email": "bob@example.com"}
}

// with returns a copy of base with further pairs of label and value.
func with(base orgtest.Values, more ...string) orgtest.Values {
	values := orgtest.Values{}
	for k, v := range base {
		values[k] = v
	}
	for i := 0; i < len(more); i += 2 {
		values[more[i]] = more[i+1]
	}
	return values
}

func TestAddPersonWithAPassword(t *testing.T) {
	lab, admin := open(t)
	list := admin.Get("/admin/users").Want(http.StatusOK, "Everyone", "ONBOARDING", "Deactivated")
	form := list.Click("Add person")
	list = form.Submit("Save", with(bob(), "I will set password", "on", "Password", "Training-2026",
		"User must change password on first login", "off"))
	list.Want(http.StatusOK, "Bob Birch was added.").Row("Bob Birch").Want(http.StatusOK, "bob@example.com", "Active")
	lab.SignedIn(t, "bob@example.com")

	form.Submit("Save", with(bob(), "Username", "kim@example.com", "Primary email", "kim@example.com", "I will set password", "on",
		"Password", "Training-2026", "User must change password on first login", "on"))
	user, err := lab.Org.User(t.Context(), "kim@example.com")
	if err != nil || user.Status != idp.PasswordExpired {
		t.Errorf("%s, %v", user.Status, err)
	}
}

func TestAddPersonActivationChoices(t *testing.T) {
	lab, admin := open(t)
	form := admin.Get("/admin/users/new")
	for login, c := range map[string]struct {
		values orgtest.Values
		want   idp.UserStatus
	}{
		"now@example.com":   {orgtest.Values{"Send user activation email now": "on"}, idp.Provisioned},
		"later@example.com": {orgtest.Values{"Activation": "Activate later"}, idp.Staged},
	} {
		values := with(bob(), "Username", login, "Primary email", login)
		for k, v := range c.values {
			values[k] = v
		}
		form.Submit("Save and Add Another", values).Want(http.StatusOK, "Add person", "was added.")
		user, err := lab.Org.User(t.Context(), login)
		if err != nil || user.Status != c.want {
			t.Errorf("%s: %s, %v", login, user.Status, err)
		}
	}
	lab.MailedLink(t, "/welcome/")
}

func TestAddPersonKeepsTypedValuesAfterAnError(t *testing.T) {
	_, admin := open(t)
	form := admin.Get("/admin/users/new")
	again := form.Submit("Save", with(bob(), "First name", "", "I will set password", "on", "Password", "Training-2026"))
	again.Want(http.StatusUnprocessableEntity)
	if again.Field("Last name") != "Birch" || again.Field("Username") != "bob@example.com" {
		t.Error("the form lost the typed values")
	}
	if strings.Contains(again.Body, "Training-2026") {
		t.Error("the page holds the typed password")
	}
	if again.Doc.Find("#field-firstName-error").Length() == 0 {
		t.Error("no error at First name")
	}
	form.Submit("Save", with(bob(), "I will set password", "on")).Want(http.StatusUnprocessableEntity, "Please enter a password")
	form.Submit("Save", with(bob(), "I will set password", "on", "Password", "abc")).
		Want(http.StatusUnprocessableEntity, "Password requirements were not met")
	form.Submit("Save", with(bob(), "Username", orgtest.EvaLogin)).Want(http.StatusUnprocessableEntity)
}

func TestAddPersonIntoGroups(t *testing.T) {
	_, admin := open(t)
	admin.Get("/admin/users/new").Submit("Save", with(bob(), "Marketing", "on"))
	admin.Get("/admin/groups").Click("Marketing").Want(http.StatusOK, "Bob Birch", "Eva Ember")
}

func TestPeopleAreSearchedAndFiltered(t *testing.T) {
	_, admin := open(t)
	admin.Get("/admin/users?q=eva").Want(http.StatusOK, "Eva Ember").WantNot("Ola Admin")
	admin.Get("/admin/users?status=SUSPENDED").Want(http.StatusOK, "Nobody matches")
	admin.Get("/admin/users?page=99").Want(http.StatusOK)
}

func TestDeactivateAndDeleteAskForConfirmation(t *testing.T) {
	lab, admin := open(t)
	eva := admin.Get("/admin/users").Click("Eva Ember").Want(http.StatusOK, "Active", "Reset Password")
	ask := eva.Click("Deactivate").Want(http.StatusOK, "All application assignments are removed")
	gone := ask.Click("Deactivate").Want(http.StatusOK, "Eva Ember was deactivated.", "Deactivated").WantNot("Assign Applications")
	lab.Browser(t).Get("/").Submit("Sign in", orgtest.Values{"Username": orgtest.EvaLogin, "Password": orgtest.Password}).
		Want(http.StatusUnauthorized)
	gone.Click("Activate").Want(http.StatusOK, "Eva Ember was activated.")

	user, err := lab.Org.User(t.Context(), orgtest.EvaLogin)
	if err != nil || user.Status == idp.Deprovisioned {
		t.Fatalf("%s, %v", user.Status, err)
	}
	path := "/admin/user/profile/view/" + user.ID
	admin.Get(path).Click("Deactivate").Click("Deactivate")
	admin.Get(path).Click("Delete").Click("Delete").Want(http.StatusOK, "Eva Ember was deleted.")
	admin.Get(path).Want(http.StatusNotFound)
	admin.Get(path + "/lifecycle/nonsense").Want(http.StatusNotFound)
}

func TestSuspendAndUnsuspend(t *testing.T) {
	_, admin := open(t)
	admin.Get("/admin/users").Click("Eva Ember").Click("Suspend").Click("Suspend").Want(http.StatusOK, "Suspended").
		Click("Unsuspend").Want(http.StatusOK, "Eva Ember was unsuspended.", "Active")
}

func TestResetPasswordByEmailOrByShownLink(t *testing.T) {
	lab, admin := open(t)
	ask := admin.Get("/admin/users").Click("Eva Ember").Click("Reset Password")
	shown := ask.Submit("Reset Password", orgtest.Values{"Show it to me": "on"})
	if link := shown.Field("Link"); !strings.HasPrefix(link, lab.URL+"/okta/demo/signin/reset-password/") {
		t.Errorf("link %q", link)
	}
	admin.Get(strings.TrimPrefix(shown.URL.RequestURI(), "/okta/demo")).Want(http.StatusOK, "Okta shows a link only once") // a reload makes no second link
	ask.Submit("Reset Password", nil).Want(http.StatusOK, "Password reset")
	lab.MailedLink(t, "/signin/reset-password/")
}

func TestProfileIsEdited(t *testing.T) {
	_, admin := open(t)
	profile := admin.Get("/admin/users").Click("Eva Ember").Click("Profile")
	form := profile.Click("Edit")
	form.Submit("Save", orgtest.Values{"Last name": ""}).Want(http.StatusUnprocessableEntity)
	form.Submit("Save", orgtest.Values{"Last name": "Elm"}).Want(http.StatusOK, "The profile was saved.", "Eva Elm")
}

func TestAssignApplicationToAPerson(t *testing.T) {
	lab, admin := open(t)
	sigma(t, lab)
	eva := admin.Get("/admin/users").Click("Eva Ember").Want(http.StatusOK, "No applications are assigned")
	dialog := eva.Click("Assign Applications")
	form := dialog.Row("Sigma on AWS").Click("Assign")
	if got := form.Field("User Name"); got != orgtest.EvaLogin {
		t.Errorf("User Name is prefilled with %q", got)
	}
	back := form.Submit("Save and Go Back", orgtest.Values{"User Type": "Viewer"})
	back.Row("Sigma on AWS").Want(http.StatusOK, "Assigned")
	eva = back.Click("Done").Want(http.StatusOK, "Sigma on AWS", "Individual", orgtest.EvaLogin)
	edit := eva.Row("Sigma on AWS").Click("Edit")
	edit.Submit("Save", orgtest.Values{"User Type": "Author"}).Want(http.StatusOK, "was saved")
	user, _ := lab.Org.User(t.Context(), orgtest.EvaLogin)
	apps, err := lab.Org.AppsOf(t.Context(), user.ID)
	if err != nil || len(apps) != 1 || !strings.EqualFold(apps[0].Profile["userType"], "author") {
		t.Errorf("%+v, %v", apps, err)
	}
	lab.SignedIn(t, orgtest.EvaLogin).Get("/app/UserHome").Want(http.StatusOK, "Sigma on AWS")
	eva.Row("Sigma on AWS").Click("Unassign").Want(http.StatusOK, "deactivated").Click("OK").Want(http.StatusOK, "was unassigned")
}

func TestPersonsGroups(t *testing.T) {
	_, admin := open(t)
	admin.Get("/admin/groups/new").Submit("Save", orgtest.Values{"Name": "OktaViewers"})
	eva := admin.Get("/admin/users").Click("Eva Ember")
	dialog := eva.Click("Assign Groups")
	dialog.Row("Marketing").Want(http.StatusOK, "Assigned")
	groups := dialog.Row("OktaViewers").Click("Assign").Click("Done").Want(http.StatusOK, "OktaViewers", "Everyone")
	groups.Row("OktaViewers").Click("Remove").Want(http.StatusOK, "was removed from OktaViewers")
}
