package console

import (
	"strings"

	"understudy/idp"
	"understudy/ui/okta"
)

// assignPeople is the dialog Assign to People.
func (r *request) assignPeople() error {
	app, err := r.pathApp()
	if err != nil {
		return err
	}
	query := idp.UserQuery{Text: strings.TrimSpace(r.QueryParam("q")), Page: r.page()}
	people, err := r.org.AssignablePeople(r.ctx(), app.ID, query)
	if err != nil {
		return err
	}
	tab := appInstancePath(app.Name, app.ID) + "assignments"
	title := "Assign " + app.Label + " to People"
	view := okta.PickPage{
		Title: title, Subject: app.Label, Search: "Search", Query: query.Text, Column: "Person & username",
		SearchPath: r.path(tab + "/people"), DonePath: r.path(tab),
		Page: paging(r, people, tab+"/people", "q", query.Text), Empty: "Nobody matches your search.",
	}
	for _, c := range people.Items {
		view.Rows = append(view.Rows, okta.PickRow{Name: c.User.Name(), Detail: c.User.Login(), Assigned: c.Assigned,
			FormPath: r.path(tab + "/people/" + c.User.ID), EditPath: r.path(tab + "/people/" + c.User.ID + "/edit")})
	}
	return r.render(title, okta.Pick(view))
}

// pathAppAndUser returns the app and the person that the URL names, and the path of the tab Assignments.
func (r *request) pathAppAndUser() (app idp.App, user idp.User, tab string, err error) {
	if app, err = r.pathApp(); err != nil {
		return app, user, "", err
	}
	user, err = r.org.User(r.ctx(), r.Param("user"))
	return app, user, appInstancePath(app.Name, app.ID) + "assignments", err
}

// assignPersonForm is the form of attributes in the dialog Assign to People.
func (r *request) assignPersonForm() error {
	app, user, tab, err := r.pathAppAndUser()
	if err != nil {
		return err
	}
	values, err := r.defaultAssignment(app, &user)
	if err != nil {
		return err
	}
	return r.showPersonAppForm(user, app, values, nil, tab+"/people/"+user.ID, tab+"/people")
}

// assignPerson assigns the app to the person and returns to the list of the dialog.
func (r *request) assignPerson() error {
	app, user, tab, err := r.pathAppAndUser()
	if err != nil {
		return err
	}
	typed, err := r.assignmentFromForm(app)
	if err != nil {
		return err
	}
	_, err = r.org.AssignUser(r.ctx(), r.actor(), app.ID, user.ID, typed)
	if isFormError(err) {
		return r.showPersonAppForm(user, app, typed, err, tab+"/people/"+user.ID, tab+"/people")
	}
	if err != nil {
		return err
	}
	return r.seeOther(tab + "/people")
}

// editAppUser is the form of attributes of an existing assignment.
func (r *request) editAppUser() error {
	app, user, tab, err := r.pathAppAndUser()
	if err != nil {
		return err
	}
	assigned, err := r.org.AppUser(r.ctx(), app.ID, user.ID)
	if err != nil {
		return err
	}
	values := idp.Assignment{UserName: assigned.UserName, Profile: assigned.Profile}
	return r.showPersonAppForm(user, app, values, nil, tab+"/people/"+user.ID+"/edit", tab)
}

// saveAppUser saves the edited assignment.
func (r *request) saveAppUser() error {
	app, user, tab, err := r.pathAppAndUser()
	if err != nil {
		return err
	}
	typed, err := r.assignmentFromForm(app)
	if err != nil {
		return err
	}
	_, err = r.org.UpdateAppUser(r.ctx(), r.actor(), app.ID, user.ID, typed)
	if isFormError(err) {
		return r.showPersonAppForm(user, app, typed, err, tab+"/people/"+user.ID+"/edit", tab)
	}
	if err != nil {
		return err
	}
	return r.done(tab, "The assignment of "+user.Name()+" was saved.")
}

// confirmUnassignPerson asks for confirmation and lists the effects.
func (r *request) confirmUnassignPerson() error {
	app, user, tab, err := r.pathAppAndUser()
	if err != nil {
		return err
	}
	return r.render("Unassign User", okta.Confirm(okta.ConfirmPage{
		Title: "Unassign User", Question: "Are you sure you want to unassign " + user.Name() + " from " + app.Label + "?",
		Effects: append([]string{user.Name() + " can no longer sign in to " + app.Label + " through Okta, " +
			"unless the application is also assigned to one of their groups."}, r.deprovisionEffects(app, "The account in "+app.Label)...),
		Button: "OK", Danger: true, Action: r.path(tab + "/people/" + user.ID + "/remove"), Cancel: r.path(tab),
	}))
}

// deprovisionEffects lists what unassigning does in the app itself. account is the subject of the sentence.
func (r *request) deprovisionEffects(app idp.App, account string) []string {
	if r.org.Entry(app).SCIM == nil {
		return nil
	}
	return []string{
		account + " is deactivated if Deactivate Users is on under Provisioning > To App.",
		"The application decides who owns the content of a deactivated account.",
	}
}

// unassignPerson ends the individual assignment of the person.
func (r *request) unassignPerson() error {
	app, user, tab, err := r.pathAppAndUser()
	if err != nil {
		return err
	}
	if err := r.org.UnassignUser(r.ctx(), r.actor(), app.ID, user.ID); err != nil {
		return err
	}
	return r.done(tab, user.Name()+" was unassigned.")
}
