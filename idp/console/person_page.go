package console

import (
	"strings"

	"understudy/idp"
	"understudy/idp/schema"
	"understudy/idp/web"
	"understudy/ui/okta"
)

// personPath returns the path of a person's page.
func personPath(id string) string { return "/admin/user/profile/view/" + id }

// pathUser returns the person whom the URL names.
func (r *request) pathUser() (idp.User, error) { return r.org.User(r.ctx(), r.Param("id")) }

// person is the page of a person with one of its tabs; Applications by default.
func (r *request) person() error {
	user, err := r.pathUser()
	if err != nil {
		return err
	}
	switch r.Param("tab") {
	case "", "applications":
		return r.personApplications(user)
	case "groups":
		return r.personGroupList(user)
	case "profile":
		return r.personProfile(user)
	case "devices", "admin-roles":
		return r.personOther(user, r.Param("tab"))
	}
	return web.ErrPageNotFound
}

// personHead returns the header and the tabs of a person page. LogsPath finds events about and by the person.
func (r *request) personHead(user idp.User, tab string) okta.PersonHead {
	path := personPath(user.ID)
	head := okta.PersonHead{
		Name: user.Name(), Username: user.Login(), Email: user.Email(),
		Status: user.Status.Label(), Tone: tone(user.Status), Since: user.StatusChanged,
		Path: r.path(path), ListPath: r.path(peoplePath), Tab: tab,
		LogsPath:  r.path(logPath, "q", `target.id eq "`+user.ID+`" or actor.id eq "`+user.ID+`"`),
		CanAssign: user.Status != idp.Deprovisioned,
	}
	shown, more := allowedLifecycles(user.Status)
	head.Actions, head.More = r.lifecycleButtons(path, shown), r.lifecycleButtons(path, more)
	return head
}

func (r *request) lifecycleButtons(path string, actions []lifecycle) (list []okta.LifecycleAction) {
	for _, a := range actions {
		list = append(list, okta.LifecycleAction{Label: a.label, Path: r.path(path + "/lifecycle/" + a.key),
			NoConfirm: a.question == "", Danger: a.danger})
	}
	return list
}

// personApplications is the tab Applications. An assignment through a group has no RemovePath.
func (r *request) personApplications(user idp.User) error {
	apps, err := r.org.AppsOf(r.ctx(), user.ID)
	if err != nil {
		return err
	}
	view := okta.PersonAppsPage{Head: r.personHead(user, "applications")}
	for _, app := range apps {
		path := personPath(user.ID) + "/apps/" + app.AppID
		row := okta.PersonAppRow{Label: app.AppLabel, AppPath: r.path(appInstancePath(app.AppName, app.AppID)),
			Username: app.UserName, Assignment: "Individual", Error: app.SyncError, Inactive: app.AppStatus == idp.AppInactive,
			EditPath: r.path(path + "/edit"), RemovePath: r.path(path + "/remove")}
		if app.Scope == idp.GroupScope {
			row.Assignment, row.RemovePath = app.GroupName, ""
		}
		view.Rows = append(view.Rows, row)
	}
	return r.render(user.Name(), okta.PersonApps(view))
}

// appInstancePath returns the path of an app's page, with a slash at its end.
func appInstancePath(name, id string) string { return "/admin/app/" + name + "/instance/" + id + "/" }

// personGroupList is the tab Groups. Reason tells why the person cannot be removed from a group.
func (r *request) personGroupList(user idp.User) error {
	groups, err := r.org.GroupsOf(r.ctx(), user.ID)
	if err != nil {
		return err
	}
	view := okta.PersonGroupsPage{Head: r.personHead(user, "groups")}
	byRule, err := r.org.GroupRulesOf(r.ctx(), user.ID)
	if err != nil {
		return err
	}
	for _, group := range groups {
		row := okta.PersonGroupRow{Name: group.Name, Description: group.Description, Path: r.path(groupPath(group.ID))}
		switch group.Type {
		case idp.BuiltIn:
			row.Reason = "Everybody is in this group"
		case idp.AppSourcedGroup:
			row.Reason = "Managed by the app it was imported from"
		default:
			if rule := byRule[group.ID]; rule != "" {
				row.Reason = "Managed by the rule " + rule
				break
			}
			row.RemovePath = r.path(personPath(user.ID) + "/groups/" + group.ID + "/remove")
		}
		view.Rows = append(view.Rows, row)
	}
	return r.render(user.Name(), okta.PersonGroups(view))
}

// personProfile is the tab Profile. The profile of a deactivated person cannot be edited.
func (r *request) personProfile(user idp.User) error {
	view := okta.PersonProfilePage{Head: r.personHead(user, "profile")}
	if user.Status != idp.Deprovisioned {
		view.EditPath = r.path(personPath(user.ID) + "/profile/edit")
	}
	for _, attribute := range schema.User() {
		fact := okta.ProfileFact{Label: attribute.Title, Variable: attribute.Name, Value: user.Profile[attribute.Name]}
		view.Facts = append(view.Facts, fact)
	}
	return r.render(user.Name(), okta.PersonProfile(view))
}

// personOther is one of the tabs Devices and Admin roles. Devices is not built; Admin roles lists the roles of the person.
func (r *request) personOther(user idp.User, tab string) error {
	view := okta.PersonRolesPage{Head: r.personHead(user, tab), Devices: tab == "devices"}
	roles, err := r.org.Roles(r.ctx(), user.ID)
	if err != nil {
		return err
	}
	for _, role := range roles {
		view.Roles = append(view.Roles, okta.ProfileFact{Label: role.Label, Variable: role.Role})
	}
	return r.render(user.Name(), okta.PersonRoles(view))
}

// editProfile is the tab Profile in edit mode.
func (r *request) editProfile() error {
	user, err := r.pathUser()
	if err != nil {
		return err
	}
	return r.render(user.Name(), okta.PersonProfileEdit(r.profileForm(user, user.Profile)))
}

// saveProfile saves the edited profile.
func (r *request) saveProfile() error {
	user, err := r.pathUser()
	if err != nil {
		return err
	}
	typed := idp.Profile{}
	for _, attribute := range schema.User() {
		typed[attribute.Name] = strings.TrimSpace(r.FormValue(attribute.Name))
	}
	_, err = r.org.UpdateProfile(r.ctx(), r.actor(), user.ID, typed)
	if isFormError(err) {
		view := r.profileForm(user, typed)
		view.Errors = okta.ErrorsOf(err)
		return r.invalid(user.Name(), view.Errors, okta.PersonProfileEdit(view))
	}
	if err != nil {
		return err
	}
	return r.done(personPath(user.ID)+"/profile", "The profile was saved.")
}

func (r *request) profileForm(user idp.User, values idp.Profile) okta.PersonProfileForm {
	view := okta.PersonProfileForm{Head: r.personHead(user, "profile"),
		Action: r.path(personPath(user.ID) + "/profile/edit"), Cancel: r.path(personPath(user.ID) + "/profile")}
	for _, attribute := range schema.User() {
		view.Fields = append(view.Fields, attributeField(attribute, values[attribute.Name]))
	}
	return view
}

// attributeField returns the form field of a profile attribute.
func attributeField(attribute idp.Attribute, value string) okta.AttributeField {
	field := okta.AttributeField{Name: attribute.Name, Label: attribute.Title, Hint: attribute.Description, Value: value,
		Type: attribute.Type, Required: attribute.Required}
	if attribute.Type == "array" && field.Hint == "" {
		field.Hint = "Separate several values with commas."
	}
	if len(attribute.Enum) == 0 {
		return field
	}
	field.Type = "select"
	known := value == ""
	for _, choice := range attribute.Enum {
		option := okta.Option{Value: choice.Value, Label: choice.Title, Selected: choice.Value == value}
		field.Options = append(field.Options, option)
		known = known || choice.Value == value
	}
	if !known { // keep a value that was removed from the list, until another one is selected
		field.Options = append(field.Options, okta.Option{Value: value, Label: value, Selected: true})
	}
	return field
}
