package console

import (
	"strings"

	"understudy/idp"
	"understudy/ui/okta"
)

// groupsPath is Directory > Groups.
const groupsPath = "/admin/groups"

// groupPath returns the path of a group's page.
func groupPath(id string) string { return "/admin/group/" + id }

// groups lists the groups of the org.
func (r *request) groups() error {
	query := idp.GroupQuery{Text: strings.TrimSpace(r.QueryParam("q")), Page: r.page()}
	found, err := r.org.Groups(r.ctx(), query)
	if err != nil {
		return err
	}
	view := okta.GroupsPage{
		AddPath: r.path(groupsPath + "/new"), SearchPath: r.path(groupsPath), Query: query.Text,
		AllPath: r.path(groupsPath), RulesPath: r.path(groupsPath + "/rules"),
		Page: paging(r, found, groupsPath, "q", query.Text),
	}
	for _, group := range found.Items {
		source, err := r.sourceOf(group)
		if err != nil {
			return err
		}
		view.Rows = append(view.Rows, okta.GroupRow{Name: group.Name, Description: group.Description, Source: source,
			People: group.People, Apps: group.Apps, Path: r.path(groupPath(group.ID))})
	}
	return r.render("Groups", okta.Groups(view))
}

// sourceOf returns the source of a group: Okta, or the app from which the group was imported.
func (r *request) sourceOf(group idp.Group) (string, error) {
	if group.Type != idp.AppSourcedGroup {
		return "Okta", nil
	}
	app, err := r.org.App(r.ctx(), group.SourceAppID)
	return app.Label, err
}

// newGroup is Add group.
func (r *request) newGroup() error {
	return r.render("Add group", okta.GroupEdit(r.newGroupForm("", "")))
}

func (r *request) newGroupForm(name, description string) okta.GroupForm {
	return okta.GroupForm{Title: "Add group", Action: r.path(groupsPath + "/new"), Cancel: r.path(groupsPath),
		Name: name, Description: description}
}

// addGroup creates the group.
func (r *request) addGroup() error {
	name, description := strings.TrimSpace(r.FormValue("name")), strings.TrimSpace(r.FormValue("description"))
	_, err := r.org.CreateGroup(r.ctx(), r.actor(), name, description)
	if isFormError(err) {
		view := r.newGroupForm(name, description)
		view.Errors = okta.ErrorsOf(err)
		return r.invalid("Add group", view.Errors, okta.GroupEdit(view))
	}
	if err != nil {
		return err
	}
	return r.done(groupsPath, "The group "+name+" was created.")
}
