package console

import (
	"strings"

	"understudy/idp"
	"understudy/idp/provision"
	"understudy/idp/web"
	"understudy/seed/base/problem"
	"understudy/ui/okta"
)

// pathProvisionedApp returns the app that the URL names, with its API integration. The app must support provisioning.
func (r *request) pathProvisionedApp() (app idp.App, in idp.Integration, err error) {
	if app, err = r.pathApp(); err != nil {
		return app, in, err
	}
	if r.org.Entry(app).SCIM == nil {
		return app, in, web.ErrPageNotFound
	}
	in, err = r.org.Integration(r.ctx(), app.ID)
	return app, in, err
}

// appProvisioning is the tab Provisioning: the invitation to configure it, or To App once it is configured.
func (r *request) appProvisioning() error {
	app, in, err := r.pathProvisionedApp()
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
		ToApp: r.path(path + "/to-app"), ToOkta: r.path(path + "/to-okta"), Integration: r.path(path + "/integration"),
		Current: current,
	}
}

// integration is Provisioning > Integration.
func (r *request) integration() error {
	app, in, err := r.pathProvisionedApp()
	if err != nil {
		return err
	}
	if !in.Enabled {
		return r.appProvisioning()
	}
	view := okta.IntegrationPage{
		Head: r.appHead(app, "provisioning"), Nav: r.provisioningNav(app, "integration"),
		EditPath: r.path(provisioningPath(app) + "/integration/edit"),
		Facts: []okta.Fact{
			{Label: "API integration", Value: "Enabled"},
			{Label: "Base URL", Value: in.BaseURL},
			{Label: "API Token", Value: "Saved, not shown"},
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

// integrationForm is the form of Configure API Integration.
type integrationForm struct {
	Enabled      bool   `form:"enabled"`
	BaseURL      string `form:"baseUrl"`
	Token        string `form:"token"`
	ImportGroups bool   `form:"importGroups"`
	Move         string `form:"move"` // "test" or "save"
}

// editIntegration is Provisioning > Integration in edit mode.
func (r *request) editIntegration() error {
	app, in, err := r.pathProvisionedApp()
	if err != nil {
		return err
	}
	form := integrationForm{Enabled: in.Enabled, BaseURL: in.BaseURL, ImportGroups: in.ImportGroups}
	return r.render(app.Label, okta.IntegrationEdit(r.integrationView(app, in, form)))
}

// integrationView returns the form. It never contains the saved token, only whether there is one.
func (r *request) integrationView(app idp.App, in idp.Integration, form integrationForm) okta.IntegrationForm {
	view := okta.IntegrationForm{
		Head:   r.appHead(app, "provisioning"),
		Action: r.path(provisioningPath(app) + "/integration/edit"), Cancel: r.path(provisioningPath(app)),
		Enabled: form.Enabled, AskBaseURL: r.org.Entry(app).SCIM.AskBaseURL, BaseURL: form.BaseURL, Token: form.Token,
		TokenStored: in.Token != "", ImportGroups: form.ImportGroups, OwnBaseURL: r.org.SCIMBaseURL(app, r.address.Peer),
	}
	if in.Enabled {
		nav := r.provisioningNav(app, "integration")
		view.Nav = &nav
	}
	return view
}

// saveIntegration tests the credentials. With Save it also saves them, if the test succeeds.
func (r *request) saveIntegration() error {
	app, in, err := r.pathProvisionedApp()
	if err != nil {
		return err
	}
	var form integrationForm
	if err := web.BindForm(r.Context, &form); err != nil {
		return err
	}
	typed := idp.Credentials{Enabled: form.Enabled, BaseURL: form.BaseURL, Token: form.Token, ImportGroups: form.ImportGroups}
	if strings.TrimSpace(form.BaseURL) == "" {
		typed.BaseURL = r.org.SCIMBaseURL(app, r.address.Peer)
	}
	view := r.integrationView(app, in, form)
	if form.Enabled || form.Move == "test" {
		if err := r.testCredentials(app.ID, typed); isFormError(err) {
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

// testCredentials sends a request to the app. A form error tells what is wrong.
func (r *request) testCredentials(appID string, typed idp.Credentials) error {
	checked, err := r.org.CheckCredentials(r.ctx(), appID, typed)
	if err != nil {
		return err
	}
	return provision.From(r.ctx()).TestCredentials(r.ctx(), checked)
}

// toApp is Provisioning > To App.
func (r *request) toApp() error {
	app, in, err := r.pathProvisionedApp()
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
		Switches:    toAppSwitches(app, toAppOf(in)),
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

// toAppSwitches returns the settings of Provisioning > To App, in the order of Okta. Sync Password cannot be enabled.
func toAppSwitches(app idp.App, to idp.ToApp) []okta.ProvisioningSwitch {
	return []okta.ProvisioningSwitch{
		{Name: "createUsers", Title: "Create Users", On: to.CreateUsers,
			Text: "Okta creates a user in " + app.Label + " for each person who is assigned the app, or links them to an existing user."},
		{Name: "updateUsers", Title: "Update User Attributes", On: to.UpdateUsers,
			Text: "Okta sends changes of the Okta profile to the user in " + app.Label + ", and overwrites the attributes there."},
		{Name: "deactivateUsers", Title: "Deactivate Users", On: to.DeactivateUsers,
			Text: "Okta deactivates the user in " + app.Label + " when the app is unassigned or the person is deactivated in Okta. " +
				"Okta reactivates the user when the app is assigned again."},
		{Name: "syncPassword", Title: "Sync Password",
			Text: "Okta sends Okta passwords to " + app.Label + ".", NotBuilt: app.Label + " does not support this."},
	}
}

// editToApp is Provisioning > To App in edit mode.
func (r *request) editToApp() error {
	app, in, err := r.pathProvisionedApp()
	if err != nil {
		return err
	}
	return r.showToApp(app, toAppOf(in), nil)
}

// toAppOf returns the switches of an integration.
func toAppOf(in idp.Integration) idp.ToApp {
	return idp.ToApp{CreateUsers: in.CreateUsers, UpdateUsers: in.UpdateUsers, DeactivateUsers: in.DeactivateUsers}
}

// showToApp shows the form of To App, with err when it is a form error.
func (r *request) showToApp(app idp.App, to idp.ToApp, err error) error {
	view := okta.ToAppForm{
		Head: r.appHead(app, "provisioning"), Nav: r.provisioningNav(app, "to-app"), Switches: toAppSwitches(app, to),
		Action: r.path(provisioningPath(app) + "/to-app/edit"), Cancel: r.path(provisioningPath(app) + "/to-app"),
	}
	if err == nil {
		return r.render(app.Label, okta.ToAppEdit(view))
	}
	if !isFormError(err) {
		return err
	}
	view.Errors = okta.ErrorsOf(err)
	return r.invalid(app.Label, view.Errors, okta.ToAppEdit(view))
}

// saveToApp saves Provisioning > To App.
func (r *request) saveToApp() error {
	app, _, err := r.pathProvisionedApp()
	if err != nil {
		return err
	}
	to := idp.ToApp{CreateUsers: r.checked("createUsers"), UpdateUsers: r.checked("updateUsers"),
		DeactivateUsers: r.checked("deactivateUsers")}
	if _, err := r.org.SaveToApp(r.ctx(), r.actor(), app.ID, to); err != nil {
		return r.showToApp(app, to, err)
	}
	return r.done(provisioningPath(app)+"/to-app", "The provisioning settings were saved.")
}

// checked reports whether a checkbox of the form is selected.
func (r *request) checked(field string) bool { return r.FormValue(field) == "true" }

// forceSync is Force Sync: it pushes the profiles of all assigned people.
func (r *request) forceSync() error {
	app, _, err := r.pathProvisionedApp()
	if err != nil {
		return err
	}
	n, err := r.org.ForceSync(r.ctx(), r.actor(), app.ID)
	if isFormError(err) {
		return r.done(provisioningPath(app)+"/to-app", problem.As(err).Message)
	}
	if err != nil {
		return err
	}
	return r.done(provisioningPath(app)+"/to-app", plural(n, "profile is", "profiles are")+" pushed to "+app.Label+".")
}

// toOkta is Provisioning > To Okta.
func (r *request) toOkta() error {
	app, in, err := r.pathProvisionedApp()
	if err != nil {
		return err
	}
	if !in.Enabled {
		return r.appProvisioning()
	}
	view := okta.ToOktaPage{Head: r.appHead(app, "provisioning"), Nav: r.provisioningNav(app, "to-okta")}
	view.Sections = []okta.ToOktaSection{
		{Title: "General", Facts: []okta.Fact{
			{Label: "Schedule import", Value: "Never", Note: "Select Import Now on the Import tab to start an import."},
			{Label: "Okta username format", Value: "Custom: the user name in " + app.Label},
			{Label: "Import Groups", Value: yesNo(in.ImportGroups)},
		}},
		{Title: "User Creation & Matching", Facts: []okta.Fact{
			{Label: "Imported user is an exact match to Okta user if", Value: "Okta username format matches, or email matches"},
			{Label: "Allow partial matches", Value: "Yes: first and last name match"},
			{Label: "Confirm matched users", Value: "Manually"},
			{Label: "Confirm new users", Value: "Manually"},
		}},
		{Title: "Profile & Lifecycle Sourcing", Facts: []okta.Fact{
			{Label: "Allow " + app.Label + " to source Okta users", Value: "No"},
		}},
	}
	return r.render(app.Label, okta.ToOkta(view))
}

// provisionUsers is Provision User: it provisions the people who were assigned before provisioning was enabled.
func (r *request) provisionUsers() error {
	app, _, err := r.pathProvisionedApp()
	if err != nil {
		return err
	}
	n, err := r.org.ProvisionUsers(r.ctx(), r.actor(), app.ID)
	path := appInstancePath(app.Name, app.ID) + "assignments"
	if isFormError(err) {
		return r.done(path, problem.As(err).Message)
	}
	if err != nil {
		return err
	}
	return r.done(path, plural(n, "person is", "people are")+" being provisioned to "+app.Label+".")
}

// retryUser is Retry: it provisions one person again.
func (r *request) retryUser() error {
	app, user, tab, err := r.pathAppAndUser()
	if err != nil {
		return err
	}
	err = r.org.RetryUser(r.ctx(), r.actor(), app.ID, user.ID)
	if isFormError(err) {
		return r.done(tab, problem.As(err).Message)
	}
	if err != nil {
		return err
	}
	return r.done(tab, strings.TrimSpace(user.Name())+" is being provisioned to "+app.Label+" again.")
}
