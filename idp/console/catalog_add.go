package console

import (
	"strings"

	"understudy/idp"
	"understudy/idp/catalog"
	"understudy/idp/web"
	"understudy/ui/okta"
)

// addForm is the form of Add Integration: General Settings and, after Next, Sign-On Options. The second step also submits
// the values of the first, so nothing is saved before Done.
type addForm struct {
	Step       int    `form:"step"` // the step that was sent
	Move       string `form:"move"` // "done", "next" or "previous"
	Label      string `form:"label"`
	Hidden     bool   `form:"hidden"`
	AutoSubmit bool   `form:"autoSubmit"`
	RelayState string `form:"defaultRelayState"`
	Format     string `form:"userNameFormat"`
}

// addIntegration shows the first step of Add Integration.
func (r *request) addIntegration() error {
	entry, err := r.pathEntry()
	if err != nil {
		return err
	}
	label := entry.Label
	if label == "" {
		label = entry.Name
	}
	fields := map[string]string{}
	for _, field := range entry.Fields {
		fields[field.Name] = field.Default
	}
	return r.render("Add "+entry.Name, okta.CatalogAdd(r.addView(entry, addForm{Step: 1, Label: label}, fields)))
}

// addIntegrationStep changes between the steps, and adds the app at Done.
func (r *request) addIntegrationStep() error {
	entry, err := r.pathEntry()
	if err != nil {
		return err
	}
	var form addForm
	if err := web.BindForm(r.Context, &form); err != nil {
		return err
	}
	fields := r.entryFields(entry)
	switch {
	case form.Move == "next" && form.Step < 2:
		form.Step = 2
		return r.render("Add "+entry.Name, okta.CatalogAdd(r.addView(entry, form, fields)))
	case form.Move == "previous":
		form.Step = 1
		return r.render("Add "+entry.Name, okta.CatalogAdd(r.addView(entry, form, fields)))
	}
	app, err := r.addApp(entry, form, fields)
	if isFormError(err) {
		view := r.addView(entry, form, fields)
		view.Step, view.Errors = 1, okta.ErrorsOf(err) // only fields of the first step can have errors
		return r.invalid("Add "+entry.Name, view.Errors, okta.CatalogAdd(view))
	}
	if err != nil {
		return err
	}
	return r.done(appInstancePath(app.Name, app.ID)+"assignments", app.Label+" was added.")
}

// addApp creates the app, then saves the settings that the catalog entry does not define.
func (r *request) addApp(entry catalog.Entry, form addForm, fields map[string]string) (idp.App, error) {
	app, err := r.org.AddApp(r.ctx(), r.actor(), idp.NewApp{
		CatalogKey: entry.Key, Label: labelFromForm(form.Label), Hidden: form.Hidden, Fields: fields,
	})
	if err != nil {
		return app, err
	}
	if form.AutoSubmit {
		general := app.General
		general.Label, general.AutoSubmit = app.Label, true
		if app, err = r.org.UpdateAppGeneral(r.ctx(), r.actor(), app.ID, general); err != nil {
			return app, err
		}
	}
	signOn := app.SignOn
	signOn.DefaultRelayState = strings.TrimSpace(form.RelayState)
	if form.Format != "" {
		signOn.UserNameFormat = form.Format
	}
	if signOn.DefaultRelayState == app.SignOn.DefaultRelayState && signOn.UserNameFormat == app.SignOn.UserNameFormat {
		return app, nil
	}
	return r.org.UpdateAppSignOn(r.ctx(), r.actor(), app.ID, signOn)
}

// entryFields reads the entry's own settings from the form, by field name.
func (r *request) entryFields(entry catalog.Entry) map[string]string {
	fields := map[string]string{}
	for _, field := range entry.Fields {
		fields[field.Name] = strings.TrimSpace(r.FormValue(field.Name))
	}
	return fields
}

func (r *request) addView(entry catalog.Entry, form addForm, fields map[string]string) okta.CatalogAddForm {
	if form.Format == "" {
		form.Format = entry.UserName
	}
	view := okta.CatalogAddForm{
		Name: entry.Name, Step: max(form.Step, 1),
		Action: r.path(catalogPath + "/" + entry.Key + "/add"), Cancel: r.path(catalogPath + "/" + entry.Key),
		Label: form.Label, HideIcon: form.Hidden, AutoSubmit: form.AutoSubmit,
		SAML: entry.SignOnMode == idp.SAML2, RelayState: form.RelayState,
		Formats: userNameFormats(form.Format, false), Format: form.Format, Settings: settingFields(entry, fields),
	}
	if entry.SAML != nil {
		view.RelayHint = entry.SAML.RelayHint
	}
	return view
}

// settingFields returns the form fields of an entry's own settings.
func settingFields(entry catalog.Entry, values map[string]string) []okta.AppSettingField {
	var list []okta.AppSettingField
	for _, field := range entry.Shown(values) {
		list = append(list, okta.AppSettingField{Name: field.Name, Label: field.Label, Hint: field.Help,
			Required: field.Required, Value: values[field.Name]})
	}
	return list
}

// userNameFormats returns the options of Application username format. custom adds the option Custom, for forms that have a
// field for its expression.
func userNameFormats(chosen string, custom bool) []okta.Option {
	var list []okta.Option
	for _, format := range idp.UserNameFormats {
		if format.Value == "custom" && !custom {
			continue
		}
		list = append(list, okta.Option{Value: format.Value, Label: format.Title, Selected: format.Value == chosen})
	}
	return list
}

// userNameFormatTitle returns the label of a username format.
func userNameFormatTitle(value string) string {
	for _, format := range idp.UserNameFormats {
		if format.Value == value {
			return format.Title
		}
	}
	return value
}

// labelFromForm returns a blank label for an empty one: an empty label of [idp.NewApp] means the label of the catalog
// entry, but the form must report that the label is missing.
func labelFromForm(label string) string {
	if label == "" {
		return " "
	}
	return label
}
