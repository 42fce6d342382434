package console

import (
	"strings"

	"understudy/idp"
	"understudy/ui/okta"
)

// personApps is the dialog Assign Applications.
func (r *request) personApps() error {
	user, err := r.pathUser()
	if err != nil {
		return err
	}
	query := strings.TrimSpace(r.QueryParam("q"))
	apps, err := r.org.AssignableApps(r.ctx(), user.ID, "", query)
	if err != nil {
		return err
	}
	path := personPath(user.ID)
	return r.render("Assign Applications", okta.Pick(r.appPicker(apps, okta.PickPage{
		Title: "Assign Applications", Subject: user.Name(), Query: query,
		SearchPath: r.path(path + "/assign-apps"), DonePath: r.path(path),
	}, path)))
}

// appPicker completes a dialog that assigns apps to the person or group whose page is at path.
func (r *request) appPicker(apps []idp.AssignableApp, view okta.PickPage, path string) okta.PickPage {
	view.Search, view.Column, view.Noun = "Search", "Applications", "applications"
	view.Empty = "There is no active application to assign. Add an application under Applications first."
	if view.Query != "" {
		view.Empty = "No application matches your search."
	}
	for _, a := range apps {
		view.Rows = append(view.Rows, okta.PickRow{Name: a.App.Label, Detail: signOnModeLabel(a.App.SignOnMode),
			Assigned: a.Assigned, FormPath: r.path(path + "/assign-apps/" + a.App.ID), EditPath: r.path(path + "/apps/" + a.App.ID + "/edit")})
	}
	return view
}

// pathUserAndApp returns the person and the app that the URL names.
func (r *request) pathUserAndApp() (idp.User, idp.App, error) {
	user, err := r.pathUser()
	if err != nil {
		return user, idp.App{}, err
	}
	app, err := r.org.App(r.ctx(), r.Param("app"))
	return user, app, err
}

// personAppForm is the form of attributes in the dialog.
func (r *request) personAppForm() error {
	user, app, err := r.pathUserAndApp()
	if err != nil {
		return err
	}
	values, err := r.defaultAssignment(app, &user)
	if err != nil {
		return err
	}
	list := personPath(user.ID) + "/assign-apps"
	return r.showPersonAppForm(user, app, values, nil, list+"/"+app.ID, list)
}

// showPersonAppForm shows the form of attributes of a person's app. err is nil or the form error to show.
func (r *request) showPersonAppForm(
	user idp.User, app idp.App, values idp.Assignment, err error, action, cancel string,
) error {
	view, formErr := r.assignmentForm(app, &user, user.Name(), values)
	if formErr != nil {
		return formErr
	}
	view.Action, view.Cancel = r.path(action), r.path(cancel)
	if strings.HasSuffix(action, "/edit") {
		view.Button = "Save"
	}
	title := "Assign " + app.Label + " to " + user.Name()
	if err != nil {
		view.Errors = okta.ErrorsOf(err)
		return r.invalid(title, view.Errors, okta.Assignment(view))
	}
	return r.render(title, okta.Assignment(view))
}

// assignPersonApp assigns the app and returns to the list of the dialog.
func (r *request) assignPersonApp() error {
	user, app, err := r.pathUserAndApp()
	if err != nil {
		return err
	}
	typed, err := r.assignmentFromForm(app)
	if err != nil {
		return err
	}
	list := personPath(user.ID) + "/assign-apps"
	_, err = r.org.AssignUser(r.ctx(), r.actor(), app.ID, user.ID, typed)
	if isFormError(err) {
		return r.showPersonAppForm(user, app, typed, err, list+"/"+app.ID, list)
	}
	if err != nil {
		return err
	}
	return r.seeOther(list)
}

// editPersonApp is the form of attributes of an existing assignment.
func (r *request) editPersonApp() error {
	user, app, err := r.pathUserAndApp()
	if err != nil {
		return err
	}
	assigned, err := r.org.AppUser(r.ctx(), app.ID, user.ID)
	if err != nil {
		return err
	}
	path := personPath(user.ID)
	values := idp.Assignment{UserName: assigned.UserName, Profile: assigned.Profile}
	return r.showPersonAppForm(user, app, values, nil, path+"/apps/"+app.ID+"/edit", path)
}

// savePersonApp saves the edited assignment.
func (r *request) savePersonApp() error {
	user, app, err := r.pathUserAndApp()
	if err != nil {
		return err
	}
	typed, err := r.assignmentFromForm(app)
	if err != nil {
		return err
	}
	path := personPath(user.ID)
	_, err = r.org.UpdateAppUser(r.ctx(), r.actor(), app.ID, user.ID, typed)
	if isFormError(err) {
		return r.showPersonAppForm(user, app, typed, err, path+"/apps/"+app.ID+"/edit", path)
	}
	if err != nil {
		return err
	}
	return r.done(path, "The assignment of "+app.Label+" was saved.")
}

// confirmRemovePersonApp asks for confirmation and lists the effects.
func (r *request) confirmRemovePersonApp() error {
	user, app, err := r.pathUserAndApp()
	if err != nil {
		return err
	}
	path := personPath(user.ID)
	return r.render("Unassign "+app.Label, okta.Confirm(okta.ConfirmPage{
		Title: "Unassign " + app.Label, Question: "Unassign " + app.Label + " from " + user.Name() + "?",
		Button: "OK", Danger: true,
		Effects: []string{user.Name() + " can no longer sign in to " + app.Label + " through Okta.",
			"If Deactivate Users is on for the application, the account in the application is deactivated.",
			"A person who also has the application through a group keeps the application."},
		Action: r.path(path + "/apps/" + app.ID + "/remove"), Cancel: r.path(path),
	}))
}

// removePersonApp ends the individual assignment of the app.
func (r *request) removePersonApp() error {
	user, app, err := r.pathUserAndApp()
	if err != nil {
		return err
	}
	if err := r.org.UnassignUser(r.ctx(), r.actor(), app.ID, user.ID); err != nil {
		return err
	}
	return r.done(personPath(user.ID), app.Label+" was unassigned.")
}

// personGroups is the dialog Assign Groups.
func (r *request) personGroups() error {
	user, err := r.pathUser()
	if err != nil {
		return err
	}
	query := strings.TrimSpace(r.QueryParam("q"))
	groups, err := r.org.Groups(r.ctx(), idp.GroupQuery{Text: query, Type: idp.OktaGroup, Page: r.page()})
	if err != nil {
		return err
	}
	has, err := r.org.GroupsOf(r.ctx(), user.ID)
	if err != nil {
		return err
	}
	member := map[string]bool{}
	for _, group := range has {
		member[group.ID] = true
	}
	path := personPath(user.ID)
	view := okta.PickPage{
		Title: "Assign Groups", Subject: user.Name(), Search: "Search", Query: query,
		Column: "Groups", Noun: "groups", PlusButton: true,
		SearchPath: r.path(path + "/assign-groups"), DonePath: r.path(path + "/groups"),
		Empty: "No group matches your search.", Page: paging(r, groups, path+"/assign-groups", "q", query),
	}
	for _, group := range groups.Items {
		view.Rows = append(view.Rows, okta.PickRow{Name: group.Name, Detail: group.Description, Assigned: member[group.ID],
			AssignPath: r.path(path+"/assign-groups", "q", query), ID: group.ID})
	}
	return r.render("Assign Groups", okta.Pick(view))
}

// addPersonToGroup adds the person to a group and returns to the list of the dialog.
func (r *request) addPersonToGroup() error {
	user, err := r.pathUser()
	if err != nil {
		return err
	}
	if err := r.org.AddMember(r.ctx(), r.actor(), r.FormValue("id"), user.ID); err != nil {
		return err
	}
	return r.seeOther(withQuery(personPath(user.ID)+"/assign-groups", "q", r.QueryParam("q")))
}

// removePersonFromGroup removes the person from a group.
func (r *request) removePersonFromGroup() error {
	user, err := r.pathUser()
	if err != nil {
		return err
	}
	group, err := r.org.Group(r.ctx(), r.Param("group"))
	if err != nil {
		return err
	}
	if err := r.org.RemoveMember(r.ctx(), r.actor(), group.ID, user.ID); err != nil {
		return err
	}
	return r.done(personPath(user.ID)+"/groups", user.Name()+" was removed from "+group.Name+".")
}
