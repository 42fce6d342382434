package console

import (
	"strings"

	"understudy/idp"
	"understudy/idp/web"
	"understudy/ui/okta"
)

// pathGroup returns the group that the URL names.
func (r *request) pathGroup() (idp.Group, error) { return r.org.Group(r.ctx(), r.Param("id")) }

// group is the page of a group with one of its tabs; People by default.
func (r *request) group() error {
	group, err := r.pathGroup()
	if err != nil {
		return err
	}
	head, err := r.groupHead(group)
	if err != nil {
		return err
	}
	switch head.Tab = r.Param("tab"); head.Tab {
	case "", "people":
		head.Tab = "people"
		return r.groupPeople(group, head)
	case "applications":
		return r.groupApplications(group, head)
	case "profile":
		return r.groupProfile(group, head)
	case "directories":
		return r.render(group.Name, okta.GroupTabNotBuilt(head, "Directories"))
	case "admin-roles":
		return r.render(group.Name, okta.GroupTabNotBuilt(head, "Admin roles"))
	}
	return web.ErrPageNotFound
}

// groupHead returns the header of a group page. WhyNot explains why the people of an app group or built-in group cannot be
// changed.
func (r *request) groupHead(group idp.Group) (okta.GroupHead, error) {
	source, err := r.sourceOf(group)
	head := okta.GroupHead{Name: group.Name, Description: group.Description, Source: source,
		People: group.People, Apps: group.Apps, CanAssignPeople: group.Type == idp.OktaGroup,
		Path: r.path(groupPath(group.ID)), ListPath: r.path(groupsPath),
		LogsPath: r.path(logPath, "q", `target.id eq "`+group.ID+`"`)}
	switch group.Type {
	case idp.OktaGroup:
		head.DeletePath = r.path(groupPath(group.ID) + "/delete")
	case idp.BuiltIn:
		head.ReadOnlyReason = "Everybody in the org is in this group. You cannot add or remove people, or delete the group."
	default:
		head.ReadOnlyReason = "This group was imported from " + source + ". Manage its members in " + source + "."
	}
	return head, err
}

// groupPeople is the tab People. A member whom a rule added has no RemovePath: the rule would add the person again.
func (r *request) groupPeople(group idp.Group, head okta.GroupHead) error {
	query := idp.UserQuery{GroupID: group.ID, Text: strings.TrimSpace(r.QueryParam("q")), Page: r.page()}
	members, err := r.org.Users(r.ctx(), query)
	if err != nil {
		return err
	}
	path := groupPath(group.ID) + "/people"
	view := okta.GroupPeoplePage{Head: head, SearchPath: r.path(path), Query: query.Text,
		Page: paging(r, members, path, "q", query.Text)}
	byRule, err := r.org.GroupRuleMembers(r.ctx(), group.ID)
	if err != nil {
		return err
	}
	for _, user := range members.Items {
		row := okta.GroupMemberRow{PersonRow: r.personRow(user), Managed: "Manually"}
		if rule := byRule[user.ID]; rule != "" {
			row.Managed = "By the rule " + rule
		} else if head.CanAssignPeople {
			row.RemovePath = r.path(path + "/" + user.ID + "/remove")
		} else {
			row.Managed = head.Source
		}
		view.Rows = append(view.Rows, row)
	}
	return r.render(group.Name, okta.GroupPeople(view))
}

// groupApplications is the tab Applications.
func (r *request) groupApplications(group idp.Group, head okta.GroupHead) error {
	apps, err := r.org.AppsOfGroup(r.ctx(), group.ID)
	if err != nil {
		return err
	}
	view := okta.GroupAppsPage{Head: head}
	for _, assigned := range apps {
		schema, err := r.org.AppSchema(r.ctx(), assigned.AppID)
		if err != nil {
			return err
		}
		path := groupPath(group.ID) + "/apps/" + assigned.AppID
		view.Rows = append(view.Rows, okta.GroupAppRow{Label: assigned.AppLabel,
			AppPath: r.path(appInstancePath(assigned.AppName, assigned.AppID)), Profile: profileText(schema, assigned.Profile),
			EditPath: r.path(path + "/edit"), RemovePath: r.path(path + "/remove")})
	}
	return r.render(group.Name, okta.GroupApps(view))
}

// profileText returns the values of an assignment with the titles of the app's profile: "User Type: Viewer".
func profileText(schema []idp.Attribute, profile map[string]string) string {
	var words []string
	for _, attribute := range schema {
		value := profile[attribute.Name]
		if value == "" {
			continue
		}
		for _, choice := range attribute.Enum {
			if choice.Value == value {
				value = choice.Title
			}
		}
		words = append(words, attribute.Title+": "+value)
	}
	return strings.Join(words, ", ")
}

// groupProfile is the tab Profile. Only groups of Okta itself can be edited.
func (r *request) groupProfile(group idp.Group, head okta.GroupHead) error {
	view := okta.GroupProfilePage{Head: head, Facts: []okta.ProfileFact{
		{Label: "Name", Variable: "name", Value: group.Name},
		{Label: "Description", Variable: "description", Value: group.Description},
	}}
	if group.Type == idp.OktaGroup {
		view.EditPath = r.path(groupPath(group.ID) + "/profile/edit")
	}
	return r.render(group.Name, okta.GroupProfile(view))
}

// editGroup is the group's profile in edit mode.
func (r *request) editGroup() error {
	group, err := r.pathGroup()
	if err != nil {
		return err
	}
	return r.render("Edit "+group.Name, okta.GroupEdit(r.groupForm(group, group.Name, group.Description)))
}

func (r *request) groupForm(group idp.Group, name, description string) okta.GroupForm {
	return okta.GroupForm{Title: "Edit " + group.Name, Action: r.path(groupPath(group.ID) + "/profile/edit"),
		Cancel: r.path(groupPath(group.ID) + "/profile"), Name: name, Description: description}
}

// saveGroup saves the edited profile.
func (r *request) saveGroup() error {
	group, err := r.pathGroup()
	if err != nil {
		return err
	}
	name, description := strings.TrimSpace(r.FormValue("name")), strings.TrimSpace(r.FormValue("description"))
	_, err = r.org.UpdateGroup(r.ctx(), r.actor(), group.ID, name, description)
	if isFormError(err) {
		view := r.groupForm(group, name, description)
		view.Errors = okta.ErrorsOf(err)
		return r.invalid(view.Title, view.Errors, okta.GroupEdit(view))
	}
	if err != nil {
		return err
	}
	return r.done(groupPath(group.ID)+"/profile", "The group was saved.")
}

// confirmDeleteGroup asks for confirmation and lists the effects.
func (r *request) confirmDeleteGroup() error {
	group, err := r.pathGroup()
	if err != nil {
		return err
	}
	return r.render("Delete "+group.Name, okta.Confirm(okta.ConfirmPage{
		Title: "Delete " + group.Name, Question: "Delete this group?", Button: "Delete", Danger: true,
		Effects: []string{"The people in the group are not deleted. They lose the applications that they have only through this group.",
			"If Deactivate Users is on for such an application, their accounts in the application are deactivated.",
			"If the group is pushed to an application, the push ends. The group in the application does not change."},
		Action: r.path(groupPath(group.ID) + "/delete"), Cancel: r.path(groupPath(group.ID)),
	}))
}

// deleteGroup deletes the group.
func (r *request) deleteGroup() error {
	group, err := r.pathGroup()
	if err != nil {
		return err
	}
	if err := r.org.DeleteGroup(r.ctx(), r.actor(), group.ID); err != nil {
		return err
	}
	return r.done(groupsPath, "The group "+group.Name+" was deleted.")
}
