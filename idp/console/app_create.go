package console

import (
	"net/http"
	"strings"

	"understudy/idp"
	"understudy/idp/catalog"
	"understudy/idp/web"
	"understudy/ui/okta"
)

// wizardSAML is the catalog key of the apps that Create App Integration creates.
const wizardSAML = "custom_saml"

// createApp asks for the sign-in method of the new app. Only SAML 2.0 can be selected so far.
func (r *request) createApp() error {
	if r.QueryParam("method") == "saml" {
		return r.Redirect(http.StatusSeeOther, r.path("/admin/apps/create/saml"))
	}
	return r.render("Create a new app integration", okta.CreateApp(okta.CreateAppPage{
		Action: r.path("/admin/apps/create"), Cancel: r.path(appsPath),
		Methods: []okta.Option{
			{Value: "oidc", Label: "OIDC - OpenID Connect", Disabled: true,
				Hint: "Token-based sign-in for custom apps. Not part of this stand-in yet."},
			{Value: "saml", Label: "SAML 2.0", Selected: true,
				Hint: "XML-based open standard for single sign-on. Use it if the application only supports SAML."},
			{Value: "swa", Label: "SWA - Secure Web Authentication", Disabled: true,
				Hint: "Password vaulting for applications without SAML or OIDC. Not part of this stand-in yet."},
			{Value: "api", Label: "API Services", Disabled: true,
				Hint: "Machine-to-machine access with OAuth 2.0. Not part of this stand-in yet."},
		},
	}))
}

// samlForm is the form of Create SAML Integration. Each step submits the values of both, so nothing is saved before Finish.
type samlForm struct {
	Step       int      `form:"step"`
	Move       string   `form:"move"` // "next", "previous" or "finish"
	Label      string   `form:"label"`
	Hidden     bool     `form:"hidden"`
	RelayState string   `form:"defaultRelayState"`
	Format     string   `form:"userNameFormat"`
	Names      []string `form:"attributeName"`
	Formats    []string `form:"attributeFormat"`
	Values     []string `form:"attributeValue"`
}

// createSAML shows the first step, General Settings.
func (r *request) createSAML() error {
	entry, ok := r.org.Catalog().Entry(wizardSAML)
	if !ok {
		return web.ErrPageNotFound
	}
	fields := map[string]string{}
	for _, field := range entry.Fields {
		fields[field.Name] = field.Default
	}
	return r.render("Create SAML Integration", okta.CreateSAML(r.samlView(entry, samlForm{Step: 1}, fields)))
}

// createSAMLStep changes between the steps, and creates the app at Finish.
func (r *request) createSAMLStep() error {
	entry, ok := r.org.Catalog().Entry(wizardSAML)
	if !ok {
		return web.ErrPageNotFound
	}
	var form samlForm
	if err := r.Bind(&form); err != nil {
		return err
	}
	fields := r.entryFields(entry)
	const title = "Create SAML Integration"
	switch form.Move {
	case "next":
		if strings.TrimSpace(form.Label) == "" {
			view := r.samlView(entry, form, fields)
			view.Errors = okta.FormErrors{{Field: "label", Message: "App name is required."}}
			return r.invalid(title, view.Errors, okta.CreateSAML(view))
		}
		form.Step = 2
		return r.render(title, okta.CreateSAML(r.samlView(entry, form, fields)))
	case "previous":
		form.Step = 1
		return r.render(title, okta.CreateSAML(r.samlView(entry, form, fields)))
	}
	app, err := r.finishSAML(form, fields)
	if isFormError(err) {
		view := r.samlView(entry, form, fields)
		view.Errors = okta.ErrorsOf(err)
		if view.Errors.For("label") != "" {
			view.Step = 1
		}
		return r.invalid(title, view.Errors, okta.CreateSAML(view))
	}
	if err != nil {
		return err
	}
	return r.done(appInstancePath(app.Name, app.ID)+"sign-on", app.Label+" was created.")
}

// finishSAML creates the app with its sign-on settings.
func (r *request) finishSAML(form samlForm, fields map[string]string) (idp.App, error) {
	return r.org.AddApp(r.ctx(), r.actor(), idp.NewApp{
		CatalogKey: wizardSAML, Label: labelFromForm(form.Label), Hidden: form.Hidden, Fields: fields,
		SignOn: &idp.AppSignOn{DefaultRelayState: form.RelayState, UserNameFormat: form.Format,
			Attributes: statementRows(form.Names, form.Formats, form.Values)},
	})
}

// samlView returns the form of the wizard, with empty rows for further attribute statements.
func (r *request) samlView(entry catalog.Entry, form samlForm, fields map[string]string) okta.CreateSAMLForm {
	if form.Format == "" {
		form.Format = entry.UserName
	}
	view := okta.CreateSAMLForm{
		Step: max(form.Step, 1), Action: r.path("/admin/apps/create/saml"), Cancel: r.path(appsPath),
		Label: form.Label, HideIcon: form.Hidden, RelayState: form.RelayState,
		Settings: settingFields(entry, fields), Formats: userNameFormats(form.Format, false), Format: form.Format,
		Statements: attributeStatements(statementRows(form.Names, form.Formats, form.Values)), NameFormats: nameFormats,
	}
	for range spareStatements {
		view.Statements = append(view.Statements, okta.AttributeStatement{Format: "unspecified"})
	}
	return view
}
