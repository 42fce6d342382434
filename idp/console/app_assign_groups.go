package console

import (
	"fmt"
	"strings"

	"understudy/idp"
	"understudy/ui/okta"
)

// assignGroups is the dialog Assign to Groups.
func (r *request) assignGroups() error {
	app, err := r.pathApp()
	if err != nil {
		return err
	}
	query := strings.TrimSpace(r.QueryParam("q"))
	groups, err := r.org.AssignableGroups(r.ctx(), app.ID, query)
	if err != nil {
		return err
	}
	tab := appInstancePath(app.Name, app.ID) + "assignments"
	title := "Assign " + app.Label + " to Groups"
	view := okta.PickPage{
		Title: title, Subject: app.Label, Search: "Search", Query: query, Column: "Group",
		SearchPath: r.path(tab + "/groups"), DonePath: r.path(tab, "filter", "groups"), Empty: "No group matches your search.",
	}
	for _, g := range groups {
		view.Rows = append(view.Rows, okta.PickRow{Name: g.Group.Name, Detail: g.Group.Description, Assigned: g.Assigned,
			FormPath: r.path(tab + "/groups/" + g.Group.ID), EditPath: r.path(tab + "/groups/" + g.Group.ID + "/edit")})
	}
	return r.render(title, okta.Pick(view))
}

// pathAppAndGroup returns the app and the group that the URL names, and the path of the tab Assignments.
func (r *request) pathAppAndGroup() (app idp.App, group idp.Group, tab string, err error) {
	if app, err = r.pathApp(); err != nil {
		return app, group, "", err
	}
	group, err = r.org.Group(r.ctx(), r.Param("group"))
	return app, group, appInstancePath(app.Name, app.ID) + "assignments", err
}

// assignGroupForm is the form of attributes in the dialog Assign to Groups.
func (r *request) assignGroupForm() error {
	app, group, tab, err := r.pathAppAndGroup()
	if err != nil {
		return err
	}
	if assigned, err := r.isAssigned(group, app); err != nil {
		return err
	} else if assigned {
		return r.done(tab+"/groups/"+group.ID+"/edit", alreadyAssigned(group, app))
	}
	return r.showGroupAppForm(group, app, idp.Assignment{}, nil, tab+"/groups/"+group.ID, tab+"/groups")
}

// assignGroup assigns the app to the group and returns to the list of the dialog.
func (r *request) assignGroup() error {
	app, group, tab, err := r.pathAppAndGroup()
	if err != nil {
		return err
	}
	typed, err := r.assignmentFromForm(app)
	if err != nil {
		return err
	}
	if assigned, err := r.isAssigned(group, app); err != nil {
		return err
	} else if assigned {
		return r.showGroupAppForm(group, app, typed, errAlreadyAssigned(group, app), tab+"/groups/"+group.ID+"/edit", withQuery(tab, "filter", "groups"))
	}
	_, err = r.org.AssignGroup(r.ctx(), r.actor(), app.ID, group.ID, typed)
	if isFormError(err) {
		return r.showGroupAppForm(group, app, typed, err, tab+"/groups/"+group.ID, tab+"/groups")
	}
	if err != nil {
		return err
	}
	return r.seeOther(tab + "/groups")
}

// editAppGroup is the form of attributes of an existing group assignment.
func (r *request) editAppGroup() error {
	app, group, tab, err := r.pathAppAndGroup()
	if err != nil {
		return err
	}
	assigned, err := r.org.AppGroup(r.ctx(), app.ID, group.ID)
	if err != nil {
		return err
	}
	return r.showGroupAppForm(group, app, idp.Assignment{Profile: assigned.Profile}, nil,
		tab+"/groups/"+group.ID+"/edit", withQuery(tab, "filter", "groups"))
}

// saveAppGroup saves the edited assignment of a group.
func (r *request) saveAppGroup() error {
	app, group, tab, err := r.pathAppAndGroup()
	if err != nil {
		return err
	}
	typed, err := r.assignmentFromForm(app)
	if err != nil {
		return err
	}
	back := withQuery(tab, "filter", "groups")
	_, err = r.org.UpdateAppGroup(r.ctx(), r.actor(), app.ID, group.ID, typed)
	if isFormError(err) {
		return r.showGroupAppForm(group, app, typed, err, tab+"/groups/"+group.ID+"/edit", back)
	}
	if err != nil {
		return err
	}
	return r.done(back, "The assignment of "+group.Name+" was saved.")
}

// confirmUnassignGroup asks for confirmation and lists the effects.
func (r *request) confirmUnassignGroup() error {
	app, group, tab, err := r.pathAppAndGroup()
	if err != nil {
		return err
	}
	return r.render("Unassign Group", okta.Confirm(okta.ConfirmPage{
		Title: "Unassign Group", Question: "Are you sure you want to unassign " + group.Name + " from " + app.Label + "?",
		Effects: append([]string{fmt.Sprintf("The group has %s. People who have %s only through this group "+
			"can no longer sign in to the application through Okta.", plural(group.People, "person", "people"), app.Label)},
			r.deprovisionEffects(app, "Each of their accounts in "+app.Label)...),
		Button: "OK", Danger: true,
		Action: r.path(tab + "/groups/" + group.ID + "/remove"), Cancel: r.path(tab, "filter", "groups"),
	}))
}

// unassignGroup ends the assignment of the group.
func (r *request) unassignGroup() error {
	app, group, tab, err := r.pathAppAndGroup()
	if err != nil {
		return err
	}
	if err := r.org.UnassignGroup(r.ctx(), r.actor(), app.ID, group.ID); err != nil {
		return err
	}
	return r.done(withQuery(tab, "filter", "groups"), group.Name+" was unassigned.")
}
