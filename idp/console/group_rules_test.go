package console_test

import (
	"net/http"
	"testing"

	"understudy/idp/internal/doortest"
)

func TestGroupRuleFromFormToMembership(t *testing.T) {
	_, admin := open(t)
	form := admin.Get("/admin/groups").Click("Rules").Want(http.StatusOK, "There is no group rule.").Click("Add Rule")
	typed := doortest.Values{"Name": "Embers", "User attribute": "Last name", "Comparison": "does not contain", "Value": "Ember", "Marketing": "on", "Preview with a person": doortest.AdminLogin}
	form.Submit("Preview", typed).Want(http.StatusOK, "Ola Admin matches this rule.")
	again := form.Submit("Preview", with(typed, "Preview with a person", doortest.EvaLogin)).Want(http.StatusOK, "Eva Ember does not match this rule.")
	if again.Field("Name") != "Embers" || again.Field("Value") != "Ember" {
		t.Error("typed values are lost")
	}
	list := again.Submit("Save", nil).Want(http.StatusOK, "The rule Embers was saved.")
	row := list.Row("Embers").Want(http.StatusOK, "Inactive", "Last name does not contain “Ember”", "Marketing")
	list = row.Click("Activate").Want(http.StatusOK, "The rule was activated.")
	list.Row("Embers").Want(http.StatusOK, "Active").WantNot("Edit", "Delete")

	group := admin.Get("/admin/groups").Click("Marketing")
	group.Row("Ola Admin").Want(http.StatusOK, "By the rule Embers").WantNot("Remove")
	group.Row("Eva Ember").Want(http.StatusOK, "Manually")
	admin.Get("/admin/users").Click("Ola Admin").Click("Groups").Row("Marketing").Want(http.StatusOK, "Managed by the rule Embers")
	list.Click("Embers").Submit("Preview", doortest.Values{"Preview with a person": "nobody"}).Want(http.StatusUnprocessableEntity, "Enter the username")

	list = list.Row("Embers").Click("Deactivate").Want(http.StatusOK, "Inactive")
	edit := list.Row("Embers").Click("Edit")
	list = edit.Submit("Save", doortest.Values{"Value": "E", "EXCEPT The following users": doortest.EvaLogin}).Want(http.StatusOK, "EXCEPT "+doortest.EvaLogin)
	list.Row("Embers").Click("Delete").Submit("Delete", doortest.Values{"Remove them from the groups": "on"}).Want(http.StatusOK, "The rule was deleted.")
	admin.Get("/admin/groups").Click("Marketing").Want(http.StatusOK, "Eva Ember").WantNot("Ola Admin")
}

func TestGroupRuleWithExpression(t *testing.T) {
	_, admin := open(t)
	form := admin.Get("/admin/groups/rules/new")
	values := doortest.Values{"Name": "By expression", "Use Okta Expression Language (advanced)": "on", "Expression": `user.lastName = "Admin"`, "Marketing": "on"}
	again := form.Submit("Save", values).Want(http.StatusUnprocessableEntity, "Okta cannot read this expression")
	if again.Field("Expression") != `user.lastName = "Admin"` {
		t.Error("the expression is lost")
	}
	again.Submit("Save", doortest.Values{"Expression": `user.lastName == "Admin" AND NOT isMemberOfGroupName("Marketing")`}).Want(http.StatusOK, "By expression", "user.lastName == ")
	form.Submit("Save", with(values, "Marketing", "off", "Expression", "user.login")).Want(http.StatusUnprocessableEntity, "Choose at least one group", "neither true nor false")
	admin.Get("/admin/groups/rules/0prnone/edit").Want(http.StatusNotFound)
}
