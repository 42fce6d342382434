package console

import (
	"strings"

	"understudy/idp"
	"understudy/seed/base/problem"
	"understudy/ui/okta"
)

// groupCandidates is the dialog Assign people.
func (r *request) groupCandidates() error {
	group, err := r.pathGroup()
	if err != nil {
		return err
	}
	query := idp.UserQuery{Text: strings.TrimSpace(r.QueryParam("q")), Page: r.page()}
	people, err := r.org.MemberCandidates(r.ctx(), group.ID, query)
	if err != nil {
		return err
	}
	path := groupPath(group.ID) + "/assign-people"
	view := okta.PickPage{
		Title: "Assign people", Subject: group.Name, Search: "Search", Query: query.Text,
		Column: "People", Noun: "people", People: true, PlusButton: true,
		SearchPath: r.path(path), DonePath: r.path(groupPath(group.ID)),
		Empty: "Nobody matches your search.", Page: paging(r, people, path, "q", query.Text),
	}
	for _, c := range people.Items {
		view.Rows = append(view.Rows, okta.PickRow{Name: c.User.Name(), Detail: c.User.Login(), Assigned: c.Assigned,
			AssignPath: r.path(path, "q", query.Text, "page", r.QueryParam("page")), ID: c.User.ID})
	}
	return r.render("Assign people", okta.Pick(view))
}

// addToGroup adds one person to the group and returns to the list of the dialog.
func (r *request) addToGroup() error {
	group, err := r.pathGroup()
	if err != nil {
		return err
	}
	if err := r.org.AddMember(r.ctx(), r.actor(), group.ID, r.FormValue("id")); err != nil {
		return err
	}
	return r.seeOther(withQuery(groupPath(group.ID)+"/assign-people", "q", r.QueryParam("q"), "page", r.QueryParam("page")))
}

// removeFromGroup removes one person from the group.
func (r *request) removeFromGroup() error {
	group, err := r.pathGroup()
	if err != nil {
		return err
	}
	user, err := r.org.User(r.ctx(), r.Param("user"))
	if err != nil {
		return err
	}
	if err := r.org.RemoveMember(r.ctx(), r.actor(), group.ID, user.ID); err != nil {
		return err
	}
	return r.done(groupPath(group.ID), user.Name()+" was removed from the group.")
}

// groupApps is the dialog Assign applications.
func (r *request) groupApps() error {
	group, err := r.pathGroup()
	if err != nil {
		return err
	}
	query := strings.TrimSpace(r.QueryParam("q"))
	apps, err := r.org.AssignableApps(r.ctx(), "", group.ID, query)
	if err != nil {
		return err
	}
	path := groupPath(group.ID)
	return r.render("Assign applications", okta.Pick(r.appPicker(apps, okta.PickPage{
		Title: "Assign applications", Subject: group.Name, Query: query,
		SearchPath: r.path(path + "/assign-apps"), DonePath: r.path(path + "/applications"),
	}, path)))
}

// pathGroupAndApp returns the group and the app that the URL names.
func (r *request) pathGroupAndApp() (idp.Group, idp.App, error) {
	group, err := r.pathGroup()
	if err != nil {
		return group, idp.App{}, err
	}
	app, err := r.org.App(r.ctx(), r.Param("app"))
	return group, app, err
}

// isAssigned reports whether the app is assigned to the group.
func (r *request) isAssigned(group idp.Group, app idp.App) (bool, error) {
	_, err := r.org.AppGroup(r.ctx(), app.ID, group.ID)
	if problem.Is(err, problem.NotFound) {
		return false, nil
	}
	return err == nil, err
}

// alreadyAssigned is the notice on the page that edits the assignment, for administrators who wanted to assign the app again.
func alreadyAssigned(group idp.Group, app idp.App) string {
	return app.Label + " is already assigned to " + group.Name + ". Edit the assignment here."
}

func errAlreadyAssigned(group idp.Group, app idp.App) error {
	return problem.New(problem.Conflict, app.Label+" is already assigned to "+group.Name+". Select Save to change the assignment.")
}

// groupAppForm is the form of attributes in the dialog.
func (r *request) groupAppForm() error {
	group, app, err := r.pathGroupAndApp()
	if err != nil {
		return err
	}
	path := groupPath(group.ID)
	list := path + "/assign-apps"
	if assigned, err := r.isAssigned(group, app); err != nil {
		return err
	} else if assigned {
		return r.done(path+"/apps/"+app.ID+"/edit", alreadyAssigned(group, app))
	}
	return r.showGroupAppForm(group, app, idp.Assignment{}, nil, list+"/"+app.ID, list)
}

// showGroupAppForm shows the form of attributes of a group's app. err is nil or the form error to show.
func (r *request) showGroupAppForm(
	group idp.Group, app idp.App, values idp.Assignment, err error, action, cancel string,
) error {
	view, formErr := r.assignmentForm(app, nil, group.Name, values)
	if formErr != nil {
		return formErr
	}
	view.Action, view.Cancel = r.path(action), r.path(cancel)
	if strings.HasSuffix(action, "/edit") {
		view.Button = "Save"
	}
	title := "Assign " + app.Label + " to " + group.Name
	if err != nil {
		view.Errors = okta.ErrorsOf(err)
		return r.invalid(title, view.Errors, okta.Assignment(view))
	}
	return r.render(title, okta.Assignment(view))
}

// assignGroupApp assigns the app to the group and returns to the list of the dialog.
func (r *request) assignGroupApp() error {
	group, app, err := r.pathGroupAndApp()
	if err != nil {
		return err
	}
	typed, err := r.assignmentFromForm(app)
	if err != nil {
		return err
	}
	path := groupPath(group.ID)
	list := path + "/assign-apps"
	if assigned, err := r.isAssigned(group, app); err != nil {
		return err
	} else if assigned {
		return r.showGroupAppForm(group, app, typed, errAlreadyAssigned(group, app), path+"/apps/"+app.ID+"/edit", path+"/applications")
	}
	_, err = r.org.AssignGroup(r.ctx(), r.actor(), app.ID, group.ID, typed)
	if isFormError(err) {
		return r.showGroupAppForm(group, app, typed, err, list+"/"+app.ID, list)
	}
	if err != nil {
		return err
	}
	return r.seeOther(list)
}

// editGroupApp is the form of attributes of an existing assignment.
func (r *request) editGroupApp() error {
	group, app, err := r.pathGroupAndApp()
	if err != nil {
		return err
	}
	assigned, err := r.org.AppGroup(r.ctx(), app.ID, group.ID)
	if err != nil {
		return err
	}
	path := groupPath(group.ID)
	values := idp.Assignment{Profile: assigned.Profile}
	return r.showGroupAppForm(group, app, values, nil, path+"/apps/"+app.ID+"/edit", path+"/applications")
}

// saveGroupApp saves the edited assignment.
func (r *request) saveGroupApp() error {
	group, app, err := r.pathGroupAndApp()
	if err != nil {
		return err
	}
	typed, err := r.assignmentFromForm(app)
	if err != nil {
		return err
	}
	path := groupPath(group.ID)
	_, err = r.org.UpdateAppGroup(r.ctx(), r.actor(), app.ID, group.ID, typed)
	if isFormError(err) {
		return r.showGroupAppForm(group, app, typed, err, path+"/apps/"+app.ID+"/edit", path+"/applications")
	}
	if err != nil {
		return err
	}
	return r.done(path+"/applications", "The assignment of "+app.Label+" was saved.")
}

// confirmRemoveGroupApp asks for confirmation and lists the effects.
func (r *request) confirmRemoveGroupApp() error {
	group, app, err := r.pathGroupAndApp()
	if err != nil {
		return err
	}
	path := groupPath(group.ID)
	return r.render("Unassign "+app.Label, okta.Confirm(okta.ConfirmPage{
		Title: "Unassign " + app.Label, Question: "Unassign " + app.Label + " from the group " + group.Name + "?",
		Button: "OK", Danger: true,
		Effects: []string{"People who have the application only through this group lose the application.",
			"If Deactivate Users is on for the application, their accounts in the application are deactivated."},
		Action: r.path(path + "/apps/" + app.ID + "/remove"), Cancel: r.path(path + "/applications"),
	}))
}

// removeGroupApp ends the assignment of the app to the group.
func (r *request) removeGroupApp() error {
	group, app, err := r.pathGroupAndApp()
	if err != nil {
		return err
	}
	if err := r.org.UnassignGroup(r.ctx(), r.actor(), app.ID, group.ID); err != nil {
		return err
	}
	return r.done(groupPath(group.ID)+"/applications", app.Label+" was unassigned.")
}
