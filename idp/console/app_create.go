package console

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"understudy/idp"
	"understudy/idp/catalog"
	"understudy/idp/web"
	"understudy/ui/kit"
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
				Hint: "Token-based sign-in for custom apps. Not available in this org."},
			{Value: "saml", Label: "SAML 2.0", Selected: true,
				Hint: "XML-based open standard for single sign-on. Use it if the application only supports SAML."},
			{Value: "swa", Label: "SWA - Secure Web Authentication", Disabled: true,
				Hint: "Password vaulting for applications without SAML or OIDC. Not available in this org."},
			{Value: "api", Label: "API Services", Disabled: true,
				Hint: "Machine-to-machine access with OAuth 2.0. Not available in this org."},
		},
	}))
}

// samlForm is the form of Create SAML Integration, without the fields of Configure SAML. Each step submits the values of
// both, so nothing is saved before Finish.
type samlForm struct {
	Step   int    `form:"step"`
	Move   string `form:"move"` // "next", "previous" or "finish"
	Label  string `form:"label"`
	Hidden bool   `form:"hidden"`
}

// createSAML shows the first step, General Settings.
func (r *request) createSAML() error {
	entry, ok := r.org.Catalog().Entry(wizardSAML)
	if !ok {
		return web.ErrPageNotFound
	}
	settings := samlValues(idp.AppSignOn{UserNameFormat: entry.UserName}, entryDefaults(entry))
	return r.render("Create SAML Integration", okta.CreateSAML(r.samlView(entry, samlForm{Step: 1}, settings)))
}

// createSAMLStep changes between the steps, and creates the app at Finish.
func (r *request) createSAMLStep() error {
	entry, ok := r.org.Catalog().Entry(wizardSAML)
	if !ok {
		return web.ErrPageNotFound
	}
	var form samlForm
	if err := web.BindForm(r.Context, &form); err != nil {
		return err
	}
	settings, err := r.FormParams()
	if err != nil {
		return err
	}
	const title = "Create SAML Integration"
	switch form.Move {
	case "next":
		if strings.TrimSpace(form.Label) == "" {
			view := r.samlView(entry, form, settings)
			view.Errors = okta.FormErrors{{Field: "label", Message: "App name is required."}}
			return r.invalid(title, view.Errors, okta.CreateSAML(view))
		}
		form.Step = 2
		return r.render(title, okta.CreateSAML(r.samlView(entry, form, settings)))
	case "previous":
		form.Step = 1
		return r.render(title, okta.CreateSAML(r.samlView(entry, form, settings)))
	}
	app, err := r.finishSAML(entry, form, settings)
	if isFormError(err) {
		view := r.samlView(entry, form, settings)
		view.Errors = okta.ErrorsOf(err)
		view.Settings.Errors = view.Errors
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
func (r *request) finishSAML(entry catalog.Entry, form samlForm, settings url.Values) (idp.App, error) {
	signOn := samlSignOn(settings)
	return r.org.AddApp(r.ctx(), r.actor(), idp.NewApp{CatalogKey: wizardSAML, Label: labelFromForm(form.Label),
		Hidden: form.Hidden, Fields: r.entryFields(entry), SignOn: &signOn})
}

// samlView returns the form of the wizard.
func (r *request) samlView(entry catalog.Entry, form samlForm, settings url.Values) okta.CreateSAMLForm {
	view := okta.CreateSAMLForm{
		Step: max(form.Step, 1), Action: r.path("/admin/apps/create/saml"), Cancel: r.path(appsPath),
		Label: form.Label, HideIcon: form.Hidden, Settings: samlSettings(entry, settings),
	}
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		if slices.Contains([]string{"step", "move", "label", "hidden"}, name) {
			continue
		}
		for _, value := range settings[name] {
			view.Kept = append(view.Kept, kit.Hidden{Name: name, Value: value})
		}
	}
	return view
}
