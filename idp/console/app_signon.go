package console

import (
	"net/url"
	"slices"
	"strings"

	"understudy/idp"
	"understudy/idp/web"
	"understudy/ui/okta"
)

// appSignOn is the tab Sign On. Administrators copy its URLs into the application, so no URL names a window.
func (r *request) appSignOn() error {
	app, err := r.pathApp()
	if err != nil {
		return err
	}
	path := appInstancePath(app.Name, app.ID)
	view := okta.AppSignOnPage{
		Head: r.appHead(app, "sign-on"), EditPath: r.path(path + "sign-on/edit"),
		UsernameFormat: userNameFormatTitle(app.SignOn.UserNameFormat), UsernameUpdateOn: "Create and update",
		UsernameCustom: app.SignOn.UserNameTemplate,
	}
	if app.SignOnMode != idp.SAML2 {
		view.Bookmark = r.org.BookmarkURL(app, r.address.Peer)
		return r.render(app.Label, okta.AppSignOn(view))
	}
	view.DefaultRelayState, view.DisableForceAuthn = app.SignOn.DefaultRelayState, app.SignOn.DisableForceAuthn
	view.Statements = append(attributeStatements(app.SignOn.Attributes), shownGroupStatements(app.SignOn.Attributes)...)
	view.SignOnURL, view.MetadataURL = r.address.URL(app.SSOPath()), r.address.URL(app.MetadataPath())
	view.SignOutURL, view.Issuer = r.address.Base(), app.Issuer()
	if app.LogsOut() {
		view.SignOutURL = r.address.URL(app.SLOPath())
	}
	view.GeneratePath, view.InstructionsPath = r.path(path+"sign-on/certificates"), r.path(path+"sign-on/instructions")
	view.PreviewPath = r.path(path + "sign-on/preview")
	settings, err := r.org.Settings(r.ctx())
	if err != nil {
		return err
	}
	view.DetailsLabel, view.OtherDetailsLabel = settings.Label(idp.LabelMoreDetails), settings.OtherLabel(idp.LabelMoreDetails)
	keys, err := r.org.AppKeys(r.ctx(), app.ID)
	if err != nil {
		return err
	}
	for _, key := range keys {
		below := path + "sign-on/certificates/" + key.ID
		certificate := okta.AppCertificate{
			Type: "SHA-2", KeyID: key.ID, Active: key.Active,
			Created: shortDate(key.Created), Expires: shortDate(key.Expires),
			ActivatePath: r.path(below + "/activate"), MetadataPath: r.path(below + "/metadata"),
			CertificatePath: r.path(below + "/okta.cert"),
		}
		if key.Active {
			view.Certificate, view.CertificatePath = key.PEM(), certificate.CertificatePath
			view.Fingerprint = key.Fingerprint()
			certificate.MetadataPath = view.MetadataURL
		}
		view.Certificates = append(view.Certificates, certificate)
	}
	return r.render(app.Label, okta.AppSignOn(view))
}

// spareRows and spareGroupRows are the empty rows at the end of the forms for attribute statements.
var (
	spareRows      = slices.Repeat([]okta.AttributeStatement{{Format: "unspecified"}}, 3)
	spareGroupRows = slices.Repeat([]okta.AttributeStatement{{Format: "unspecified", Filter: "STARTS_WITH"}}, 2)
)

// signOnForm is the form of Sign On > Settings, without the rows of attribute statements.
type signOnForm struct {
	RelayState        string `form:"defaultRelayState"`
	DisableForceAuthn bool   `form:"disableForceAuthn"`
	UserNameFormat    string `form:"userNameFormat"`
	UserNameTemplate  string `form:"userNameTemplate"`
}

// signOn converts the form. rows has the attribute statements, and before the settings that other forms edit.
func (f signOnForm) signOn(rows url.Values, before idp.AppSignOn) idp.AppSignOn {
	return idp.AppSignOn{
		DefaultRelayState: strings.TrimSpace(f.RelayState), DisableForceAuthn: f.DisableForceAuthn,
		UserNameFormat: f.UserNameFormat, UserNameTemplate: strings.TrimSpace(f.UserNameTemplate),
		Attributes: statementRows(rows), SAML: before.SAML,
	}
}

// statementRows reads the attribute statements of a form: parallel lists, one entry per row. It skips rows without name
// and value.
func statementRows(form url.Values) []idp.AttributeStatement {
	var list []idp.AttributeStatement
	for i, name := range form["attributeName"] {
		statement := idp.AttributeStatement{Name: strings.TrimSpace(name), NameFormat: at(form["attributeFormat"], i),
			Value: strings.TrimSpace(at(form["attributeValue"], i))}
		if statement.Name != "" || statement.Value != "" {
			list = append(list, statement)
		}
	}
	for i, name := range form["groupName"] {
		statement := idp.AttributeStatement{Name: strings.TrimSpace(name), NameFormat: at(form["groupFormat"], i),
			Filter: at(form["groupFilter"], i), FilterValue: at(form["groupFilterValue"], i)}
		if statement.Name != "" || statement.FilterValue != "" {
			list = append(list, statement)
		}
	}
	return list
}

// at returns the element of a list, or "" past its end.
func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return ""
}

// editAppSignOn is Sign On > Settings in edit mode.
func (r *request) editAppSignOn() error {
	app, err := r.pathApp()
	if err != nil {
		return err
	}
	return r.render(app.Label, okta.AppSignOnEdit(r.signOnView(app, app.SignOn)))
}

// saveAppSignOn saves Sign On > Settings.
func (r *request) saveAppSignOn() error {
	app, err := r.pathApp()
	if err != nil {
		return err
	}
	var form signOnForm
	if err := web.BindForm(r.Context, &form); err != nil {
		return err
	}
	rows, err := r.FormParams()
	if err != nil {
		return err
	}
	signOn := form.signOn(rows, app.SignOn)
	_, err = r.org.UpdateAppSignOn(r.ctx(), r.actor(), app.ID, signOn)
	if isFormError(err) {
		view := r.signOnView(app, signOn)
		view.Errors = okta.ErrorsOf(err)
		return r.invalid(app.Label, view.Errors, okta.AppSignOnEdit(view))
	}
	if err != nil {
		return err
	}
	return r.done(appInstancePath(app.Name, app.ID)+"sign-on", "The sign-on settings were saved.")
}

func (r *request) signOnView(app idp.App, signOn idp.AppSignOn) okta.AppSignOnForm {
	path := appInstancePath(app.Name, app.ID)
	view := okta.AppSignOnForm{
		Head: r.appHead(app, "sign-on"), Action: r.path(path + "sign-on/edit"), Cancel: r.path(path + "sign-on"),
		SAML: app.SignOnMode == idp.SAML2, DefaultRelayState: signOn.DefaultRelayState,
		DisableForceAuthn: signOn.DisableForceAuthn,
		Statements:        append(attributeStatements(signOn.Attributes), spareRows...), NameFormats: nameFormats,
		GroupStatements: append(groupStatements(signOn.Attributes), spareGroupRows...), GroupFilters: options(idp.GroupFilters),
		UsernameFormats: userNameFormats(signOn.UserNameFormat, true), UsernameFormat: signOn.UserNameFormat,
		UsernameCustom: signOn.UserNameTemplate,
	}
	if saml := r.org.Entry(app).SAML; saml != nil {
		view.RelayHint = saml.RelayHint
	}
	return view
}

// nameFormats lists the name formats of an attribute statement (SAML core 8.2).
var nameFormats = []okta.Option{
	{Value: "unspecified", Label: "Unspecified"}, {Value: "uri", Label: "URI Reference"}, {Value: "basic", Label: "Basic"},
}

// attributeStatements returns the rows of attribute statements that are not about groups.
func attributeStatements(list []idp.AttributeStatement) []okta.AttributeStatement {
	var rows []okta.AttributeStatement
	for _, s := range list {
		if s.Filter == "" {
			rows = append(rows, okta.AttributeStatement{Name: s.Name, Format: nameFormatOf(s), Value: s.Value})
		}
	}
	return rows
}

// groupStatements returns the rows of group attribute statements.
func groupStatements(list []idp.AttributeStatement) []okta.AttributeStatement {
	var rows []okta.AttributeStatement
	for _, s := range list {
		if s.Filter != "" {
			rows = append(rows, okta.AttributeStatement{Name: s.Name, Format: nameFormatOf(s), Filter: s.Filter, Value: s.FilterValue})
		}
	}
	return rows
}

// shownGroupStatements returns the group attribute statements with the filter in words.
func shownGroupStatements(list []idp.AttributeStatement) []okta.AttributeStatement {
	rows := groupStatements(list)
	for i := range rows {
		rows[i].Value = "Groups: " + titleOf(idp.GroupFilters, rows[i].Filter) + " " + rows[i].Value
	}
	return rows
}

// nameFormatOf returns the name format of a statement. Empty means "unspecified".
func nameFormatOf(s idp.AttributeStatement) string {
	if s.NameFormat == "" {
		return "unspecified"
	}
	return s.NameFormat
}

// appInstructions is View SAML setup instructions.
func (r *request) appInstructions() error {
	app, err := r.pathApp()
	if err != nil {
		return err
	}
	if app.SignOnMode != idp.SAML2 {
		return web.ErrPageNotFound
	}
	_, key, err := r.org.SigningKey(r.ctx(), app.ID)
	if err != nil {
		return err
	}
	path := appInstancePath(app.Name, app.ID)
	view := okta.AppInstructionsPage{
		Label: app.Label, SignOnURL: r.address.URL(app.SSOPath()), Issuer: app.Issuer(), Certificate: key.PEM(),
		CertificatePath: r.path(path + "sign-on/certificates/" + key.ID + "/okta.cert"),
		MetadataURL:     r.address.URL(app.MetadataPath()), BackPath: r.path(path + "sign-on"),
	}
	if saml := r.org.Entry(app).SAML; saml != nil {
		view.Steps = saml.Instructions
	}
	if app.LogsOut() {
		view.SignOutURL = r.address.URL(app.SLOPath())
	}
	return r.render("How to Configure SAML 2.0 for "+app.Label, okta.AppInstructions(view))
}
