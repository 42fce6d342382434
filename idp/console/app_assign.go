package console

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"understudy/idp"
	"understudy/ui/okta"
)

// errBadForm answers a form that no page of ours offers.
var errBadForm = echo.NewHTTPError(http.StatusBadRequest)

// newPriority reads where a group is to go: "up", "down", "top", or a place as people count them, from 1.
func newPriority(now int, to string) (int, bool) {
	switch to {
	case "up":
		return max(now-1, 0), true
	case "down":
		return now + 1, true
	case "top":
		return 0, true
	}
	n, err := strconv.Atoi(to)
	return n - 1, err == nil && n >= 1
}

func priorityWords(group idp.AppGroup) string {
	return fmt.Sprintf("%s now has priority %d.", group.GroupName, group.Priority+1)
}

// assignPeople is the dialog Assign to People.
func (r *request) assignPeople() error {
	app, err := r.app()
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
		SearchPath: r.path(tab + "/people"), DonePath: r.path(tab), Page: paging(r, people, tab+"/people", "q", query.Text),
		Empty: "Nobody matches your search.",
	}
	for _, c := range people.Items {
		view.Rows = append(view.Rows, okta.PickRow{Name: c.User.Name(), Detail: c.User.Login(), Assigned: c.Assigned, Open: r.path(tab + "/people/" + c.User.ID)})
	}
	return r.render(title, okta.Pick(view))
}

// assignGroups is the dialog Assign to Groups.
func (r *request) assignGroups() error {
	app, err := r.app()
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
		view.Rows = append(view.Rows, okta.PickRow{Name: g.Group.Name, Detail: g.Group.Description, Assigned: g.Assigned, Open: r.path(tab + "/groups/" + g.Group.ID)})
	}
	return r.render(title, okta.Pick(view))
}

// appPerson gives the app and the person that the address names, and the path of the app's assignments.
func (r *request) appPerson() (app idp.App, user idp.User, tab string, err error) {
	if app, err = r.app(); err != nil {
		return app, user, "", err
	}
	user, err = r.org.User(r.ctx(), r.Param("user"))
	return app, user, appInstancePath(app.Name, app.ID) + "assignments", err
}

// assignPersonForm is the attribute form within the dialog Assign to People.
func (r *request) assignPersonForm() error {
	app, user, tab, err := r.appPerson()
	if err != nil {
		return err
	}
	values, err := r.newAssignment(app, &user)
	if err != nil {
		return err
	}
	return r.showPersonAppForm(user, app, values, nil, tab+"/people/"+user.ID, tab+"/people")
}

// assignPerson assigns the person and goes back to the dialog's list.
func (r *request) assignPerson() error {
	app, user, tab, err := r.appPerson()
	if err != nil {
		return err
	}
	typed, err := r.typedAssignment(app)
	if err != nil {
		return err
	}
	_, err = r.org.AssignUser(r.ctx(), r.actor(), app.ID, user.ID, typed)
	if rejected(err) {
		return r.showPersonAppForm(user, app, typed, err, tab+"/people/"+user.ID, tab+"/people")
	}
	if err != nil {
		return err
	}
	return r.seeOther(tab + "/people")
}

// editAppUser is the attribute form of an assignment that there is.
func (r *request) editAppUser() error {
	app, user, tab, err := r.appPerson()
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

// saveAppUser keeps the edited assignment.
func (r *request) saveAppUser() error {
	app, user, tab, err := r.appPerson()
	if err != nil {
		return err
	}
	typed, err := r.typedAssignment(app)
	if err != nil {
		return err
	}
	_, err = r.org.UpdateAppUser(r.ctx(), r.actor(), app.ID, user.ID, typed)
	if rejected(err) {
		return r.showPersonAppForm(user, app, typed, err, tab+"/people/"+user.ID+"/edit", tab)
	}
	if err != nil {
		return err
	}
	return r.done(tab, "The assignment of "+user.Name()+" was saved.")
}

// confirmUnassignPerson asks before a person loses the app, and says what that does.
func (r *request) confirmUnassignPerson() error {
	app, user, tab, err := r.appPerson()
	if err != nil {
		return err
	}
	return r.render("Unassign User", okta.Confirm(okta.ConfirmPage{
		Title: "Unassign User", Question: "Are you sure you want to unassign " + user.Name() + " from " + app.Label + "?",
		Effects: append([]string{user.Name() + " can no longer sign in to " + app.Label + " through Okta, unless a group still gives it."},
			r.deprovisionWords(app, "The account in "+app.Label)...),
		Button: "OK", Danger: true, Action: r.path(tab + "/people/" + user.ID + "/remove"), Cancel: r.path(tab),
	}))
}

// deprovisionWords says what unassigning does at the app's side.
func (r *request) deprovisionWords(app idp.App, what string) []string {
	if r.org.Entry(app).SCIM == nil {
		return nil
	}
	return []string{what + " is deactivated, if provisioning with Deactivate Users is on. What it owns there is handed over as the application does."}
}

// unassignPerson takes the app from the person.
func (r *request) unassignPerson() error {
	app, user, tab, err := r.appPerson()
	if err != nil {
		return err
	}
	if err := r.org.UnassignUser(r.ctx(), r.actor(), app.ID, user.ID); err != nil {
		return err
	}
	return r.done(tab, user.Name()+" was unassigned.")
}

// groupOfApp gives the app and the group that the address names, and the path of the app's assignments.
func (r *request) groupOfApp() (app idp.App, group idp.Group, tab string, err error) {
	if app, err = r.app(); err != nil {
		return app, group, "", err
	}
	group, err = r.org.Group(r.ctx(), r.Param("group"))
	return app, group, appInstancePath(app.Name, app.ID) + "assignments", err
}

// assignGroupForm is the attribute form within the dialog Assign to Groups.
func (r *request) assignGroupForm() error {
	app, group, tab, err := r.groupOfApp()
	if err != nil {
		return err
	}
	return r.showGroupAppForm(group, app, idp.Assignment{}, nil, tab+"/groups/"+group.ID, tab+"/groups")
}

// assignGroup assigns the group and goes back to the dialog's list.
func (r *request) assignGroup() error {
	app, group, tab, err := r.groupOfApp()
	if err != nil {
		return err
	}
	typed, err := r.typedAssignment(app)
	if err != nil {
		return err
	}
	_, err = r.org.AssignGroup(r.ctx(), r.actor(), app.ID, group.ID, typed)
	if rejected(err) {
		return r.showGroupAppForm(group, app, typed, err, tab+"/groups/"+group.ID, tab+"/groups")
	}
	if err != nil {
		return err
	}
	return r.seeOther(tab + "/groups")
}

// editAppGroup is the attribute form of a group's assignment that there is.
func (r *request) editAppGroup() error {
	app, group, tab, err := r.groupOfApp()
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

// saveAppGroup keeps the edited assignment of a group.
func (r *request) saveAppGroup() error {
	app, group, tab, err := r.groupOfApp()
	if err != nil {
		return err
	}
	typed, err := r.typedAssignment(app)
	if err != nil {
		return err
	}
	back := withQuery(tab, "filter", "groups")
	_, err = r.org.UpdateAppGroup(r.ctx(), r.actor(), app.ID, group.ID, typed)
	if rejected(err) {
		return r.showGroupAppForm(group, app, typed, err, tab+"/groups/"+group.ID+"/edit", back)
	}
	if err != nil {
		return err
	}
	return r.done(back, "The assignment of "+group.Name+" was saved.")
}

// confirmUnassignGroup asks before a group loses the app, and says what that does to its people.
func (r *request) confirmUnassignGroup() error {
	app, group, tab, err := r.groupOfApp()
	if err != nil {
		return err
	}
	return r.render("Unassign Group", okta.Confirm(okta.ConfirmPage{
		Title: "Unassign Group", Question: "Are you sure you want to unassign " + group.Name + " from " + app.Label + "?",
		Effects: append([]string{fmt.Sprintf("The group has %s. Those who have %s only through it can no longer sign in to it through Okta.", countOf(group.People, "person", "people"), app.Label)},
			r.deprovisionWords(app, "Each of their accounts in "+app.Label)...),
		Button: "OK", Danger: true, Action: r.path(tab + "/groups/" + group.ID + "/remove"), Cancel: r.path(tab, "filter", "groups"),
	}))
}

func countOf(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// unassignGroup takes the app from the group.
func (r *request) unassignGroup() error {
	app, group, tab, err := r.groupOfApp()
	if err != nil {
		return err
	}
	if err := r.org.UnassignGroup(r.ctx(), r.actor(), app.ID, group.ID); err != nil {
		return err
	}
	return r.done(withQuery(tab, "filter", "groups"), group.Name+" was unassigned.")
}
