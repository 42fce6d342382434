package console

import (
	"understudy/idp"
	"understudy/idp/web"
	"understudy/seed/base/problem"
	"understudy/ui/okta"
)

// pathApp returns the app that the URL names by ID. The app's name in the URL must match, so that each page has one URL.
func (r *request) pathApp() (idp.App, error) {
	app, err := r.org.App(r.ctx(), r.Param("id"))
	if err == nil && app.Name != r.Param("name") {
		return idp.App{}, problem.New(problem.NotFound, "This application does not exist.")
	}
	return app, err
}

// appTabs lists the tabs of an app page in Okta's order. A tab with scim is shown only for apps that support provisioning.
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

// appHead returns the header and the tabs of an app page. tab is the path of the current tab.
func (r *request) appHead(app idp.App, tab string) okta.AppHead {
	path := appInstancePath(app.Name, app.ID)
	entry := r.org.Entry(app)
	head := okta.AppHead{
		ID: app.ID, Label: app.Label, Kind: entry.Name, Active: app.Status == idp.AppActive,
		Path: r.path(path), ListPath: r.path(appsPath),
		LogsPath:     r.path(logPath, "q", `target.id eq "`+app.ID+`"`),
		ActivatePath: r.path(path + "activate"), DeactivatePath: r.path(path + "deactivate"),
		DeletePath:  r.path(path + "delete"),
		ImportsPath: r.path(path + "import"), CanImport: entry.SCIM != nil,
	}
	for _, t := range appTabs {
		if !t.scim || entry.SCIM != nil {
			link := okta.AppTab{Label: t.label, Path: r.path(path + t.path), Current: t.path == tab}
			head.Tabs = append(head.Tabs, link)
		}
	}
	return head
}

// appOtherTab is the page of a tab that this app does not have, or that this stand-in does not have yet.
func (r *request) appOtherTab() error {
	app, err := r.pathApp()
	if err != nil {
		return err
	}
	for _, tab := range appTabs {
		if tab.path == r.Param("tab") {
			return r.render(app.Label, okta.AppTabNotBuilt(okta.AppTabNotBuiltPage{Head: r.appHead(app, tab.path), Tab: tab.label}))
		}
	}
	return web.ErrPageNotFound
}
