package console

import (
	"strings"

	"understudy/idp"
	"understudy/idp/provision"
	"understudy/idp/web"
	"understudy/seed/base/problem"
	"understudy/ui/okta"
)

// provisioned gives the app that the address names, which must be one that can be provisioned, with its settings.
func (r *request) provisioned() (app idp.App, in idp.Integration, err error) {
	if app, err = r.app(); err != nil {
		return app, in, err
	}
	if r.org.Entry(app).SCIM == nil {
		return app, in, web.ErrPageNotFound
	}
	in, err = r.org.Integration(r.ctx(), app.ID)
	return app, in, err
}

// appProvisioning is the tab Provisioning: what there is to set up, or To App once that is done.
func (r *request) appProvisioning() error {
	app, in, err := r.provisioned()
	if err != nil {
		return err
	}
	if in.Enabled {
		return r.toApp()
	}
	return r.render(app.Label, okta.ProvisioningOff(okta.ProvisioningStart{
		Head: r.appHead(app, "provisioning"), ConfigurePath: r.path(provisioningPath(app) + "/integration/edit"),
		Features: r.org.Entry(app).SCIMFeatures,
	}))
}

func provisioningPath(app idp.App) string { return appInstancePath(app.Name, app.ID) + "provisioning" }

func (r *request) provisioningNav(app idp.App, current string) okta.ProvisioningNav {
	path := provisioningPath(app)
	return okta.ProvisioningNav{
		ToApp: r.path(path + "/to-app"), ToOkta: r.path(path + "/to-okta"), Integration: r.path(path + "/integration"), Current: current,
	}
}

// integration is Provisioning > Integration.
func (r *request) integration() error {
	app, in, err := r.provisioned()
	if err != nil {
		return err
	}
	if !in.Enabled {
		return r.appProvisioning()
	}
	view := okta.IntegrationPage{
		Head: r.appHead(app, "provisioning"), Nav: r.provisioningNav(app, "integration"), EditPath: r.path(provisioningPath(app) + "/integration/edit"),
		Facts: []okta.Fact{
			{Label: "API integration", Value: "Enabled"},
			{Label: "Base URL", Value: in.BaseURL},
			{Label: "API Token", Value: "Kept, and not shown"},
			{Label: "Import Groups", Value: yesNo(in.ImportGroups)},
		},
	}
	return r.render(app.Label, okta.Integration(view))
}

func yesNo(yes bool) string {
	if yes {
		return "Yes"
	}
	return "No"
}

// integrationForm is Configure API Integration.
type integrationForm struct {
	Enabled      bool   `form:"enabled"`
	BaseURL      string `form:"baseUrl"`
	Token        string `form:"token"`
	ImportGroups bool   `form:"importGroups"`
	Move         string `form:"move"` // "test" or "save"
}

// editIntegration shows the form.
func (r *request) editIntegration() error {
	app, in, err := r.provisioned()
	if err != nil {
		return err
	}
	form := integrationForm{Enabled: in.Enabled, BaseURL: in.BaseURL, ImportGroups: in.ImportGroups}
	return r.render(app.Label, okta.IntegrationEdit(r.integrationView(app, in, form)))
}

func (r *request) integrationView(app idp.App, in idp.Integration, form integrationForm) okta.IntegrationForm {
	view := okta.IntegrationForm{
		Head: r.appHead(app, "provisioning"), Action: r.path(provisioningPath(app) + "/integration/edit"), Cancel: r.path(provisioningPath(app)),
		Enabled: form.Enabled, AskBaseURL: r.org.Entry(app).SCIM.AskBaseURL, BaseURL: form.BaseURL, Token: form.Token,
		TokenKept: in.Token != "", ImportGroups: form.ImportGroups,
	}
	if in.Enabled {
		nav := r.provisioningNav(app, "integration")
		view.Nav = &nav
	}
	return view
}

// saveIntegration tests the credentials, and keeps them when that was asked for and they work.
func (r *request) saveIntegration() error {
	app, in, err := r.provisioned()
	if err != nil {
		return err
	}
	var form integrationForm
	if err := r.Bind(&form); err != nil {
		return err
	}
	typed := idp.Credentials{Enabled: form.Enabled, BaseURL: form.BaseURL, Token: form.Token, ImportGroups: form.ImportGroups}
	view := r.integrationView(app, in, form)
	if form.Enabled || form.Move == "test" {
		if err := r.testCredentials(app.ID, typed); rejected(err) {
			view.Errors = okta.ErrorsOf(err)
			return r.invalid(app.Label, view.Errors, okta.IntegrationEdit(view))
		} else if err != nil {
			return err
		}
	}
	if form.Move == "test" {
		view.Verified = app.Label + " was verified successfully!"
		return r.render(app.Label, okta.IntegrationEdit(view))
	}
	if _, err := r.org.SaveCredentials(r.ctx(), r.actor(), app.ID, typed); err != nil {
		return err
	}
	if !form.Enabled {
		return r.done(provisioningPath(app), "The API integration is off. Its settings are kept.")
	}
	return r.done(provisioningPath(app), "The API integration was saved.")
}

func (r *request) testCredentials(appID string, typed idp.Credentials) error {
	checked, err := r.org.CheckCredentials(r.ctx(), appID, typed)
	if err != nil {
		return err
	}
	return provision.From(r.ctx()).TestCredentials(r.ctx(), checked)
}

// toApp is Provisioning > To App.
func (r *request) toApp() error {
	app, in, err := r.provisioned()
	if err != nil {
		return err
	}
	if !in.Enabled {
		return r.appProvisioning()
	}
	schema, err := r.org.AppSchema(r.ctx(), app.ID)
	if err != nil {
		return err
	}
	path := provisioningPath(app)
	view := okta.ToAppPage{
		Head: r.appHead(app, "provisioning"), Nav: r.provisioningNav(app, "to-app"), EditPath: r.path(path + "/to-app/edit"),
		Switches:    toAppSwitches(app, idp.ToApp{CreateUsers: in.CreateUsers, UpdateUsers: in.UpdateUsers, DeactivateUsers: in.DeactivateUsers}),
		ProfilePath: r.path(profilePath(app.ID)), ForceSyncPath: r.path(path + "/force-sync"),
		Unmapped: r.QueryParam("unmapped") == "show",
	}
	view.UnmappedPath = r.path(path + "/to-app")
	if !view.Unmapped {
		view.UnmappedPath = r.path(path+"/to-app", "unmapped", "show")
	}
	for _, attribute := range schema {
		if attribute.Mapping == "" && !view.Unmapped {
			continue
		}
		row := okta.MappingRow{Title: attribute.Title, Name: attribute.Name, Type: "Group", Value: attribute.Mapping,
			ApplyOn: "Create and update", EditPath: r.path(path + "/mappings/" + attribute.Name)}
		if attribute.Personal {
			row.Type = "Personal"
		}
		if attribute.CreateOnly {
			row.ApplyOn = "Create"
		}
		view.Mappings = append(view.Mappings, row)
	}
	return r.render(app.Label, okta.ToApp(view))
}

func toAppSwitches(app idp.App, to idp.ToApp) []okta.ProvisioningSwitch {
	return []okta.ProvisioningSwitch{
		{Name: "createUsers", Title: "Create Users", On: to.CreateUsers,
			Text: "Whoever is assigned " + app.Label + " in Okta gets a user there, or is linked to the one that is there already."},
		{Name: "updateUsers", Title: "Update User Attributes", On: to.UpdateUsers,
			Text: "Changes of the Okta profile overwrite the attributes of the user in " + app.Label + "."},
		{Name: "deactivateUsers", Title: "Deactivate Users", On: to.DeactivateUsers,
			Text: "Whoever is unassigned, or deactivated in Okta, is deactivated in " + app.Label + ", and reactivated when the app is assigned again."},
		{Name: "syncPassword", Title: "Sync Password",
			Text: "Okta passwords become passwords of " + app.Label + ".", Unbuilt: app.Label + " does not support this."},
	}
}

// editToApp shows the switches as a form.
func (r *request) editToApp() error {
	app, in, err := r.provisioned()
	if err != nil {
		return err
	}
	return r.showToApp(app, idp.ToApp{CreateUsers: in.CreateUsers, UpdateUsers: in.UpdateUsers, DeactivateUsers: in.DeactivateUsers}, nil)
}

func (r *request) showToApp(app idp.App, to idp.ToApp, err error) error {
	view := okta.ToAppForm{
		Head: r.appHead(app, "provisioning"), Nav: r.provisioningNav(app, "to-app"), Switches: toAppSwitches(app, to),
		Action: r.path(provisioningPath(app) + "/to-app/edit"), Cancel: r.path(provisioningPath(app) + "/to-app"),
	}
	if err == nil {
		return r.render(app.Label, okta.ToAppEdit(view))
	}
	if !rejected(err) {
		return err
	}
	view.Errors = okta.ErrorsOf(err)
	return r.invalid(app.Label, view.Errors, okta.ToAppEdit(view))
}

// saveToApp keeps the switches.
func (r *request) saveToApp() error {
	app, _, err := r.provisioned()
	if err != nil {
		return err
	}
	to := idp.ToApp{CreateUsers: r.ticked("createUsers"), UpdateUsers: r.ticked("updateUsers"), DeactivateUsers: r.ticked("deactivateUsers")}
	if _, err := r.org.SaveToApp(r.ctx(), r.actor(), app.ID, to); err != nil {
		return r.showToApp(app, to, err)
	}
	return r.done(provisioningPath(app)+"/to-app", "The provisioning settings were saved.")
}

func (r *request) ticked(field string) bool { return r.FormValue(field) == "true" }

// forceSync pushes everybody's profile.
func (r *request) forceSync() error {
	app, _, err := r.provisioned()
	if err != nil {
		return err
	}
	n, err := r.org.ForceSync(r.ctx(), r.actor(), app.ID)
	if rejected(err) {
		return r.done(provisioningPath(app)+"/to-app", problem.As(err).Message)
	}
	if err != nil {
		return err
	}
	return r.done(provisioningPath(app)+"/to-app", countOf(n, "profile is", "profiles are")+" pushed to "+app.Label+".")
}

// toOkta is Provisioning > To Okta.
func (r *request) toOkta() error {
	app, in, err := r.provisioned()
	if err != nil {
		return err
	}
	if !in.Enabled {
		return r.appProvisioning()
	}
	view := okta.ToOktaPage{Head: r.appHead(app, "provisioning"), Nav: r.provisioningNav(app, "to-okta"), Sections: []okta.ToOktaSection{
		{Title: "General", Facts: []okta.Fact{
			{Label: "Schedule import", Value: "Never", Note: "Imports are started by hand on the tab Import."},
			{Label: "Okta username format", Value: "Custom: the user name in " + app.Label},
			{Label: "Import Groups", Value: yesNo(in.ImportGroups)},
		}},
		{Title: "User Creation & Matching", Facts: []okta.Fact{
			{Label: "Imported user is an exact match to Okta user if", Value: "Okta username format matches, or email matches"},
			{Label: "Allow partial matches", Value: "Yes: first and last name match"},
			{Label: "Confirm matched users", Value: "By hand"},
			{Label: "Confirm new users", Value: "By hand"},
		}},
		{Title: "Profile & Lifecycle Sourcing", Facts: []okta.Fact{
			{Label: "Allow " + app.Label + " to source Okta users", Value: "No"},
		}},
	}}
	return r.render(app.Label, okta.ToOkta(view))
}

// provisionUsers is the button Provision User: it sends everybody who was assigned before provisioning was switched on.
func (r *request) provisionUsers() error {
	app, _, err := r.provisioned()
	if err != nil {
		return err
	}
	n, err := r.org.ProvisionUsers(r.ctx(), r.actor(), app.ID)
	path := appInstancePath(app.Name, app.ID) + "assignments"
	if rejected(err) {
		return r.done(path, problem.As(err).Message)
	}
	if err != nil {
		return err
	}
	return r.done(path, countOf(n, "person is", "people are")+" being provisioned to "+app.Label+".")
}

// retryUser sends one person again.
func (r *request) retryUser() error {
	app, user, tab, err := r.appPerson()
	if err != nil {
		return err
	}
	err = r.org.RetryUser(r.ctx(), r.actor(), app.ID, user.ID)
	if rejected(err) {
		return r.done(tab, problem.As(err).Message)
	}
	if err != nil {
		return err
	}
	return r.done(tab, strings.TrimSpace(user.Name())+" is being provisioned to "+app.Label+" again.")
}
