package console_test

import (
	"fmt"
	"net/http"
	"testing"

	"understudy/idp"
	"understudy/idp/internal/orgtest"
)

func TestGroupRuleFromFormToMembership(t *testing.T) {
	_, admin := open(t)
	form := admin.Get("/admin/groups").Click("Rules").Want(http.StatusOK, "There are no group rules.").Click("Add Rule")
	typed := orgtest.Values{"Name": "Embers", "User attribute": "Last name", "Comparison": "does not contain", "Value": "Ember",
		"Marketing": "on", "Preview with a person": orgtest.AdminLogin}
	form.Submit("Preview", typed).Want(http.StatusOK, "Ola Admin matches this rule.")
	again := form.Submit("Preview", with(typed, "Preview with a person", orgtest.EvaLogin)).
		Want(http.StatusOK, "Eva Ember does not match this rule.")
	if again.Field("Name") != "Embers" || again.Field("Value") != "Ember" {
		t.Error("the form lost the typed values")
	}
	list := again.Submit("Save", nil).Want(http.StatusOK, "The rule Embers was saved.")
	row := list.Row("Embers").Want(http.StatusOK, "Inactive", "Last name does not contain “Ember”", "Marketing")
	list = row.Click("Activate").Want(http.StatusOK, "The rule was activated.")
	list.Row("Embers").Want(http.StatusOK, "Active").WantNot("Edit", "Delete")

	group := admin.Get("/admin/groups").Click("Marketing")
	group.Row("Ola Admin").Want(http.StatusOK, "By the rule Embers").WantNot("Remove")
	group.Row("Eva Ember").Want(http.StatusOK, "Manually")
	admin.Get("/admin/users").Click("Ola Admin").Click("Groups").Row("Marketing").Want(http.StatusOK, "Managed by the rule Embers")
	list.Click("Embers").Submit("Preview", orgtest.Values{"Preview with a person": "nobody"}).
		Want(http.StatusUnprocessableEntity, "Enter the username")

	list = list.Row("Embers").Click("Deactivate").Want(http.StatusOK, "Inactive")
	edit := list.Row("Embers").Click("Edit")
	list = edit.Submit("Save", orgtest.Values{"Value": "E", "EXCEPT The following users": orgtest.EvaLogin}).
		Want(http.StatusOK, "EXCEPT "+orgtest.EvaLogin)
	list.Row("Embers").Click("Delete").Submit("Delete", orgtest.Values{"Remove them from the groups": "on"}).
		Want(http.StatusOK, "The rule was deleted.")
	admin.Get("/admin/groups").Click("Marketing").Want(http.StatusOK, "Eva Ember").WantNot("Ola Admin")
}

func TestGroupRuleWithExpression(t *testing.T) {
	_, admin := open(t)
	form := admin.Get("/admin/groups/rules/new")
	values := orgtest.Values{"Name": "By expression", "Use Okta Expression Language (advanced)": "on",
		"Expression": `user.lastName = "Admin"`, "Marketing": "on"}
	again := form.Submit("Save", values).Want(http.StatusUnprocessableEntity, "The expression is not valid")
	if again.Field("Expression") != `user.lastName = "Admin"` {
		t.Error("the form lost the expression")
	}
	again.Submit("Save", orgtest.Values{"Expression": `user.lastName == "Admin" AND NOT isMemberOfGroupName("Marketing")`}).
		Want(http.StatusOK, "By expression", "user.lastName == ")
	form.Submit("Save", with(values, "Marketing", "off", "Expression", "user.login")).
		Want(http.StatusUnprocessableEntity, "Choose at least one group", "is not a condition")
	admin.Get("/admin/groups/rules/0prnone/edit").Want(http.StatusNotFound)
}

// The form lists the first 100 groups and finds others by name. It keeps selected groups and typed values.
func TestGroupRuleAmongManyGroups(t *testing.T) {
	lab, admin := open(t)
	for i := range 120 {
		_, err := lab.Org.CreateGroup(lab.Context(t), idp.System(idp.Client{}), fmt.Sprintf("Crew %03d", i), "")
		if err != nil {
			t.Fatal(err)
		}
	}
	form := admin.Get("/admin/groups/rules/new").Want(http.StatusOK, "Only 100 of 1").WantNot("Crew 119")
	typed := orgtest.Values{"Name": "Crews", "User attribute": "Last name", "Comparison": "equals", "Value": "Ember",
		"Crew 001": "on", "Find groups by name": "119"}
	form = form.Submit("Find groups", typed).Want(http.StatusOK, "Crew 001", "Crew 119").WantNot("Crew 002", "Only 100")
	if form.Field("Name") != "Crews" {
		t.Error("the form lost the name")
	}
	list := form.Submit("Save", orgtest.Values{"Crew 119": "on"}).Want(http.StatusOK, "The rule Crews was saved.")
	list.Row("Crews").Want(http.StatusOK, "Crew 001, Crew 119")
	list.Row("Crews").Click("Edit").Want(http.StatusOK, "Crew 119").
		Submit("Find groups", orgtest.Values{"Find groups by name": "nothing of the kind"}).
		Want(http.StatusOK, "No group matches", "Crew 119")
	admin.Get("/admin/users/new").Want(http.StatusOK, "All people are in the group Everyone.")
}
