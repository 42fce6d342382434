package console

import (
	"strings"

	"understudy/idp"
	"understudy/idp/web"
	"understudy/seed/base/problem"
	"understudy/ui/okta"
)

// app is the app that the address names. The name in the address must be the app's own, as one page has one address.
func (r *request) app() (idp.App, error) {
	app, err := r.org.App(r.ctx(), r.Param("id"))
	if err == nil && app.Name != r.Param("name") {
		return idp.App{}, problem.New(problem.NotFound, "There is no such application.")
	}
	return app, err
}

// appTabs are the tabs of an app page in Okta's order. Those that need provisioning are there only for apps that can be
// provisioned.
var appTabs = []struct {
	path, label string
	scim        bool
}{
	{"general", "General", false},
	{"sign-on", "Sign On", false},
	{"mobile", "Mobile", false},
	{"provisioning", "Provisioning", true},
	{"import", "Import", true},
	{"assignments", "Assignments", false},
	{"push-groups", "Push Groups", true},
}

// appHead is what stands above the tabs of an app's pages.
func (r *request) appHead(app idp.App, tab string) okta.AppHead {
	path := appInstancePath(app.Name, app.ID)
	entry := r.org.Entry(app)
	head := okta.AppHead{
		ID: app.ID, Label: app.Label, Kind: entry.Name, Active: app.Status == idp.AppActive,
		Path: r.path(path), ListPath: r.path(appsPath),
		LogsPath:     r.path(logPath, "q", `target.id eq "`+app.ID+`"`),
		ActivatePath: r.path(path + "activate"), DeactivatePath: r.path(path + "deactivate"), DeletePath: r.path(path + "delete"),
		ImportsPath: r.path(path + "import"), CanImport: entry.SCIM != nil,
	}
	for _, t := range appTabs {
		if !t.scim || entry.SCIM != nil {
			head.Tabs = append(head.Tabs, okta.AppTab{Label: t.label, Path: r.path(path + t.path), Current: t.path == tab})
		}
	}
	return head
}

// appGeneral is the tab General.
func (r *request) appGeneral() error {
	app, err := r.app()
	if err != nil {
		return err
	}
	path := appInstancePath(app.Name, app.ID)
	view := okta.AppGeneralPage{
		Head: r.appHead(app, "general"), EditPath: r.path(path + "general/edit"), EmbedLink: r.address.URL(app.EmbedPath()),
		Settings: []okta.Fact{
			{Label: "Application label", Value: app.Label},
			{Label: "Application Visibility", Value: visibility(app.General)},
		},
	}
	for _, field := range r.org.Entry(app).Shown(app.General.Fields) {
		view.Settings = append(view.Settings, okta.Fact{Label: field.Label, Value: app.General.Fields[field.Name], Note: field.Help})
	}
	view.Settings = append(view.Settings,
		okta.Fact{Label: "Application notes for end users", Value: app.General.NotesEndUser},
		okta.Fact{Label: "Application notes for admins", Value: app.General.NotesAdmin},
	)
	return r.render(app.Label, okta.AppGeneral(view))
}

func visibility(general idp.AppGeneral) string {
	var parts []string
	if general.Hidden {
		parts = append(parts, "Do not display application icon to users")
	} else {
		parts = append(parts, "Displayed to the people who are assigned to it")
	}
	if general.AutoSubmit {
		parts = append(parts, "Automatically log in when user lands on login page")
	}
	return strings.Join(parts, "; ")
}

// generalForm is General > App Settings in edit mode.
type generalForm struct {
	Label        string `form:"label"`
	Hidden       bool   `form:"hidden"`
	AutoSubmit   bool   `form:"autoSubmit"`
	NotesEndUser string `form:"notesEndUser"`
	NotesAdmin   string `form:"notesAdmin"`
}

// editAppGeneral shows the form.
func (r *request) editAppGeneral() error {
	app, err := r.app()
	if err != nil {
		return err
	}
	return r.render(app.Label, okta.AppGeneralEdit(r.generalView(app, app.Label, app.General)))
}

// saveAppGeneral keeps it.
func (r *request) saveAppGeneral() error {
	app, err := r.app()
	if err != nil {
		return err
	}
	var form generalForm
	if err := r.Bind(&form); err != nil {
		return err
	}
	general := idp.AppGeneral{
		Label: strings.TrimSpace(form.Label), Hidden: form.Hidden, AutoSubmit: form.AutoSubmit,
		NotesEndUser: strings.TrimSpace(form.NotesEndUser), NotesAdmin: strings.TrimSpace(form.NotesAdmin),
		Fields: r.entryFields(r.org.Entry(app)),
	}
	_, err = r.org.UpdateAppGeneral(r.ctx(), r.actor(), app.ID, general)
	if rejected(err) {
		view := r.generalView(app, form.Label, general)
		view.Errors = okta.ErrorsOf(err)
		return r.invalid(app.Label, view.Errors, okta.AppGeneralEdit(view))
	}
	if err != nil {
		return err
	}
	return r.done(appInstancePath(app.Name, app.ID)+"general", "The app settings were saved.")
}

func (r *request) generalView(app idp.App, label string, general idp.AppGeneral) okta.AppGeneralForm {
	path := appInstancePath(app.Name, app.ID)
	return okta.AppGeneralForm{
		Head: r.appHead(app, "general"), Action: r.path(path + "general/edit"), Cancel: r.path(path + "general"),
		Label: label, HideIcon: general.Hidden, AutoSubmit: general.AutoSubmit,
		EndUser: general.NotesEndUser, Admin: general.NotesAdmin,
		Settings: settingFields(r.org.Entry(app), general.Fields),
	}
}

// appOtherTab stands in for tabs that this app does not have or that are not built yet.
func (r *request) appOtherTab() error {
	app, err := r.app()
	if err != nil {
		return err
	}
	for _, tab := range appTabs {
		if tab.path == r.Param("tab") {
			return r.render(app.Label, okta.AppNotBuilt(okta.AppNotBuiltPage{Head: r.appHead(app, tab.path), Tab: tab.label}))
		}
	}
	return web.ErrPageNotFound
}
