package console

import (
	"strings"

	"understudy/idp"
	"understudy/idp/web"
	"understudy/ui/okta"
)

// appGeneral is the tab General.
func (r *request) appGeneral() error {
	app, err := r.pathApp()
	if err != nil {
		return err
	}
	path := appInstancePath(app.Name, app.ID)
	view := okta.AppGeneralPage{
		Head: r.appHead(app, "general"), EditPath: r.path(path + "general/edit"),
		EmbedLink: r.address.URL(app.EmbedPath()),
		Settings: []okta.Fact{
			{Label: "Application label", Value: app.Label},
			{Label: "Application Visibility", Value: visibility(app.General)},
		},
	}
	for _, field := range r.org.Entry(app).Shown(app.General.Fields) {
		fact := okta.Fact{Label: field.Label, Value: app.General.Fields[field.Name], Note: field.Help}
		view.Settings = append(view.Settings, fact)
	}
	view.Settings = append(view.Settings,
		okta.Fact{Label: "Application notes for end users", Value: app.General.NotesEndUser},
		okta.Fact{Label: "Application notes for admins", Value: app.General.NotesAdmin},
	)
	if entry := r.org.Entry(app); entry.Wizard && entry.SAML != nil {
		view.SAML = samlFacts(r.org.SAMLSettings(app, r.address.Peer), app.SignOn)
		view.SAMLPath = r.path(path + "general/saml")
	}
	return r.render(app.Label, okta.AppGeneral(view))
}

// visibility describes the two settings of Application Visibility.
func visibility(general idp.AppGeneral) string {
	var parts []string
	if general.Hidden {
		parts = append(parts, "Do not display application icon to users")
	} else {
		parts = append(parts, "Displayed to assigned people")
	}
	if general.AutoSubmit {
		parts = append(parts, "Automatically log in when user lands on login page")
	}
	return strings.Join(parts, "; ")
}

// generalForm is the form of General > App Settings.
type generalForm struct {
	Label        string `form:"label"`
	Hidden       bool   `form:"hidden"`
	AutoSubmit   bool   `form:"autoSubmit"`
	NotesEndUser string `form:"notesEndUser"`
	NotesAdmin   string `form:"notesAdmin"`
}

// editAppGeneral is General > App Settings in edit mode.
func (r *request) editAppGeneral() error {
	app, err := r.pathApp()
	if err != nil {
		return err
	}
	return r.render(app.Label, okta.AppGeneralEdit(r.generalView(app, app.Label, app.General)))
}

// saveAppGeneral saves General > App Settings.
func (r *request) saveAppGeneral() error {
	app, err := r.pathApp()
	if err != nil {
		return err
	}
	var form generalForm
	if err := web.BindForm(r.Context, &form); err != nil {
		return err
	}
	general := idp.AppGeneral{
		Label: strings.TrimSpace(form.Label), Hidden: form.Hidden, AutoSubmit: form.AutoSubmit,
		NotesEndUser: strings.TrimSpace(form.NotesEndUser), NotesAdmin: strings.TrimSpace(form.NotesAdmin),
		Fields: r.entryFields(r.org.Entry(app)),
	}
	_, err = r.org.UpdateAppGeneral(r.ctx(), r.actor(), app.ID, general)
	if isFormError(err) {
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
