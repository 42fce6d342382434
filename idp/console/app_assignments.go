package console

import (
	"fmt"
	"strconv"
	"strings"

	"understudy/idp"
	"understudy/ui/okta"
)

// appAssignments is the tab Assignments. It lists people by name, or groups by priority.
func (r *request) appAssignments() error {
	app, err := r.pathApp()
	if err != nil {
		return err
	}
	path := appInstancePath(app.Name, app.ID) + "assignments"
	query := strings.TrimSpace(r.QueryParam("q"))
	view := okta.AppAssignmentsPage{
		Head: r.appHead(app, "assignments"), Groups: r.QueryParam("filter") == "groups", Query: query,
		SearchPath: r.path(path), PeoplePath: r.path(path), GroupsPath: r.path(path, "filter", "groups"),
		AssignPeople: r.path(path + "/people"), AssignGroups: r.path(path + "/groups"), ConvertPath: r.path(path + "/convert"),
		PeopleCount: app.People, GroupCount: app.Groups,
	}
	fill := r.fillAppPeople
	if view.Groups {
		fill = r.fillAppGroups
	}
	if err := fill(app, path, &view); err != nil {
		return err
	}
	if view.WaitingCount, err = r.org.WaitingUsers(r.ctx(), app.ID); err != nil {
		return err
	}
	if view.WaitingCount > 0 {
		view.ProvisionPath = r.path(path + "/provision")
	}
	return r.render(app.Label, okta.AppAssignments(view))
}

// assignedBefore is Okta's text on the row of a person who waits for Provision User. See idp/OKTA.md.
const assignedBefore = "User was assigned this application before Provisioning was enabled " +
	"and not provisioned in the downstream application. Click Provision User."

// fillAppPeople adds the people of the app. A group assignment has no RemovePath: only the group can be unassigned.
func (r *request) fillAppPeople(app idp.App, path string, view *okta.AppAssignmentsPage) error {
	people, err := r.org.AppUsers(r.ctx(), app.ID, idp.AppUserQuery{Text: view.Query, Page: r.page()})
	if err != nil {
		return err
	}
	view.Page = paging(r, people, path, "q", view.Query)
	for _, person := range people.Items {
		below := path + "/people/" + person.UserID
		row := okta.AppPersonRow{
			Name: person.User.Name(), Username: person.UserName, PersonPath: r.path(personPath(person.UserID)),
			Type: person.Scope.Label(), Error: person.SyncError, Waiting: person.BeforeProv,
			EditPath: r.path(below + "/edit"), RemovePath: r.path(below + "/remove"),
		}
		if person.BeforeProv {
			row.Error = assignedBefore
		}
		if person.SyncState == idp.SyncError {
			row.RetryPath = r.path(below + "/retry")
		}
		if person.Scope == idp.GroupScope {
			row.GroupName, row.RemovePath = person.GroupName, ""
		}
		view.People = append(view.People, row)
	}
	return nil
}

// fillAppGroups adds the groups of the app, ordered by priority. The page counts priorities from 1, the org from 0.
func (r *request) fillAppGroups(app idp.App, path string, view *okta.AppAssignmentsPage) error {
	groups, err := r.org.AppGroups(r.ctx(), app.ID)
	if err != nil {
		return err
	}
	schema, err := r.org.AppSchema(r.ctx(), app.ID)
	if err != nil {
		return err
	}
	if view.Query == "" { // in a filtered list, a position is not a priority
		view.OrderPath = r.path(path + "/priorities")
	}
	for i, group := range groups {
		if view.Query != "" && !strings.Contains(strings.ToLower(group.GroupName), strings.ToLower(view.Query)) {
			continue
		}
		below := path + "/groups/" + group.GroupID
		view.GroupRows = append(view.GroupRows, okta.AppGroupRow{
			ID: group.GroupID, Name: group.GroupName, Description: group.Description,
			GroupPath: r.path(groupPath(group.GroupID)), Profile: profileText(schema, group.Profile),
			Priority: group.Priority + 1, First: i == 0, Last: i == len(groups)-1,
			EditPath: r.path(below + "/edit"), RemovePath: r.path(below + "/remove"), MovePath: r.path(below + "/move"),
		})
	}
	return nil
}

// moveAppGroup changes a group's priority with a button: one up, one down, or to the top.
func (r *request) moveAppGroup() error { return r.moveToPriority(r.Param("group"), r.FormValue("to")) }

// dropAppGroup changes a group's priority to the position, from 1, to which it was dragged.
func (r *request) dropAppGroup() error {
	return r.moveToPriority(r.FormValue("id"), r.FormValue("position"))
}

// moveToPriority moves a group as the form says; see [newPriority] for to.
func (r *request) moveToPriority(groupID, to string) error {
	app, err := r.pathApp()
	if err != nil {
		return err
	}
	group, err := r.org.AppGroup(r.ctx(), app.ID, groupID)
	if err != nil {
		return err
	}
	priority, ok := newPriority(group.Priority, to)
	if !ok {
		return errBadForm
	}
	if err := r.org.MoveAppGroup(r.ctx(), r.actor(), app.ID, group.GroupID, priority); err != nil {
		return err
	}
	moved, err := r.org.AppGroup(r.ctx(), app.ID, group.GroupID)
	if err != nil {
		return err
	}
	return r.done(withQuery(appInstancePath(app.Name, app.ID)+"assignments", "filter", "groups"), priorityNotice(moved))
}

// newPriority returns the new priority, from 0, of a group with the priority now. to is "up", "down", "top", or a
// position from 1. ok is false for everything else.
func newPriority(now int, to string) (priority int, ok bool) {
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

// priorityNotice returns the notice after a group has moved.
func priorityNotice(group idp.AppGroup) string {
	return fmt.Sprintf("%s now has priority %d.", group.GroupName, group.Priority+1)
}
