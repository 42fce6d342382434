package console

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"understudy/idp"
	"understudy/idp/catalog"
	"understudy/idp/web"
	"understudy/ui/okta"
)

// editAppSAML is General > SAML Settings in edit mode.
func (r *request) editAppSAML() error {
	app, entry, err := r.wizardApp()
	if err != nil {
		return err
	}
	view := r.samlPage(app, samlSettings(entry, samlValues(app.SignOn, app.General.Fields)))
	return r.render(app.Label, okta.AppSAMLEdit(view))
}

// saveAppSAML saves General > SAML Settings.
func (r *request) saveAppSAML() error {
	app, entry, err := r.wizardApp()
	if err != nil {
		return err
	}
	form, err := r.FormParams()
	if err != nil {
		return err
	}
	_, err = r.org.UpdateAppSAML(r.ctx(), r.actor(), app.ID, r.entryFields(entry), samlSignOn(form))
	if isFormError(err) {
		view := r.samlPage(app, samlSettings(entry, form))
		view.Settings.Errors = okta.ErrorsOf(err)
		return r.invalid(app.Label, view.Settings.Errors, okta.AppSAMLEdit(view))
	}
	if err != nil {
		return err
	}
	return r.done(appInstancePath(app.Name, app.ID)+"general", "The SAML settings were saved.")
}

// wizardApp returns the app that the URL names, if it is one of Create App Integration: only these have SAML Settings.
func (r *request) wizardApp() (idp.App, catalog.Entry, error) {
	app, err := r.pathApp()
	if err != nil {
		return app, catalog.Entry{}, err
	}
	entry := r.org.Entry(app)
	if !entry.Wizard || entry.SAML == nil {
		return app, entry, web.ErrPageNotFound
	}
	return app, entry, nil
}

func (r *request) samlPage(app idp.App, settings okta.SAMLSettings) okta.SAMLSettingsPage {
	path := appInstancePath(app.Name, app.ID)
	return okta.SAMLSettingsPage{Head: r.appHead(app, "general"), Action: r.path(path + "general/saml"),
		Cancel: r.path(path + "general"), Settings: settings}
}

// The two answers of a select that is stored as yes or no. They are the labels of Okta, in lower case as values.
var (
	signedOptions    = []idp.Choice{{Title: "Signed", Value: "signed"}, {Title: "Unsigned", Value: "unsigned"}}
	encryptedOptions = []idp.Choice{{Title: "Unencrypted", Value: "unencrypted"}, {Title: "Encrypted", Value: "encrypted"}}
	yesNoOptions     = []idp.Choice{{Title: "Yes", Value: "yes"}, {Title: "No", Value: "no"}}
)

// samlChoices lists the selects of Configure SAML.
var samlChoices = map[string][]idp.Choice{
	"nameIdFormat": idp.NameIDFormats, "userNameFormat": idp.UserNameFormats,
	"responseSigned": signedOptions, "assertionSigned": signedOptions, "signatureAlgorithm": idp.SignatureAlgorithms,
	"digestAlgorithm": idp.DigestAlgorithms, "assertionEncryption": encryptedOptions,
	"encryptionAlgorithm": idp.EncryptionAlgorithms, "keyTransport": idp.KeyTransports, "logoutBinding": idp.LogoutBindings,
	"authnContext": idp.AuthnContexts, "honorForceAuthn": yesNoOptions,
}

// spareURLs is the number of empty rows at the end of Other Requestable SSO URLs.
const spareURLs = 3

// samlSettings returns the view of Configure SAML with the values of a form, as typed.
func samlSettings(entry catalog.Entry, form url.Values) okta.SAMLSettings {
	view := okta.SAMLSettings{Values: map[string]string{}, Choices: map[string][]okta.Option{},
		NameFormats: nameFormats, GroupFilters: options(idp.GroupFilters), DefaultIssuer: idp.DefaultIssuer}
	for name := range form {
		view.Values[name] = form.Get(name)
	}
	view.Settings = settingFields(entry, view.Values)
	for name, choices := range samlChoices {
		view.Choices[name] = options(choices)
	}
	rows := statementRows(form)
	view.Statements = append(attributeStatements(rows), spareRows...)
	view.GroupStatements = append(groupStatements(rows), spareGroupRows...)
	for i, address := range form["otherUrl"] {
		if index := at(form["otherIndex"], i); address != "" || index != "" {
			view.OtherURLs = append(view.OtherURLs, okta.SAMLOtherURL{URL: address, Index: index})
		}
	}
	view.OtherURLs = append(view.OtherURLs, make([]okta.SAMLOtherURL, spareURLs)...)
	return view
}

// samlSignOn converts the form of Configure SAML.
func samlSignOn(form url.Values) idp.AppSignOn {
	on := func(name string) bool { return form.Get(name) == "true" }
	s := idp.AppSignOn{
		DefaultRelayState: strings.TrimSpace(form.Get("defaultRelayState")), DisableForceAuthn: form.Get("honorForceAuthn") == "no",
		UserNameFormat: form.Get("userNameFormat"), UserNameTemplate: strings.TrimSpace(form.Get("userNameTemplate")),
		Attributes: statementRows(form),
		SAML: idp.SAMLOptions{
			NameIDFormat: form.Get("nameIdFormat"), Recipient: form.Get("recipient"), Destination: form.Get("destination"),
			ResponseUnsigned: form.Get("responseSigned") == "unsigned", AssertionUnsigned: form.Get("assertionSigned") == "unsigned",
			SignatureAlgorithm: form.Get("signatureAlgorithm"), DigestAlgorithm: form.Get("digestAlgorithm"),
			Encryption: idp.AssertionEncryption{On: form.Get("assertionEncryption") == "encrypted",
				Algorithm: form.Get("encryptionAlgorithm"), KeyTransport: form.Get("keyTransport"),
				Certificate: strings.TrimSpace(form.Get("encryptionCertificate"))},
			SignatureCertificate: strings.TrimSpace(form.Get("signatureCertificate")), SignedRequests: on("signedRequests"),
			Logout: idp.SingleLogout{FromApp: on("logoutFromApp"), ResponseURL: form.Get("logoutUrl"), Issuer: form.Get("logoutIssuer"),
				FromOkta: on("logoutFromOkta"), RequestURL: form.Get("logoutRequestUrl"), Binding: form.Get("logoutBinding"),
				SessionIndex: on("logoutSessionIndex")},
			AuthnContext: form.Get("authnContext"), Issuer: form.Get("issuer"), OtherURLs: otherURLs(form),
		},
	}
	if on("sameUrl") {
		s.SAML.Recipient, s.SAML.Destination = "", ""
	}
	return s
}

// otherURLs reads the rows of Other Requestable SSO URLs. It skips empty rows. An index that is no number becomes -1, which
// the org refuses.
func otherURLs(form url.Values) (list []idp.ACSEndpoint) {
	for i, address := range form["otherUrl"] {
		index := strings.TrimSpace(at(form["otherIndex"], i))
		if address == "" && index == "" {
			continue
		}
		n, err := strconv.Atoi(index)
		if err != nil {
			n = -1
		}
		list = append(list, idp.ACSEndpoint{URL: address, Index: n})
	}
	return list
}

// samlValues returns the values of the form of Configure SAML for stored settings.
func samlValues(s idp.AppSignOn, fields map[string]string) url.Values {
	form := url.Values{}
	values := optionValues(s.SAML)
	maps.Copy(values, fields)
	maps.Copy(values, logoutValues(s.SAML.Logout))
	values["defaultRelayState"], values["userNameFormat"], values["userNameTemplate"] = s.DefaultRelayState, s.UserNameFormat, s.UserNameTemplate
	values["honorForceAuthn"] = either(s.DisableForceAuthn, "no", "yes")
	for name, value := range values {
		if value != "" {
			form.Set(name, value)
		}
	}
	add := func(name, value string) { form[name] = append(form[name], value) }
	for _, row := range attributeStatements(s.Attributes) {
		add("attributeName", row.Name)
		add("attributeFormat", row.Format)
		add("attributeValue", row.Value)
	}
	for _, row := range groupStatements(s.Attributes) {
		add("groupName", row.Name)
		add("groupFormat", row.Format)
		add("groupFilter", row.Filter)
		add("groupFilterValue", row.Value)
	}
	for _, endpoint := range s.SAML.OtherURLs {
		add("otherUrl", endpoint.URL)
		add("otherIndex", strconv.Itoa(endpoint.Index))
	}
	return form
}

// optionValues returns the values of the fields that are there once, without those of single logout.
func optionValues(o idp.SAMLOptions) map[string]string {
	return map[string]string{
		"nameIdFormat": o.NameIDFormat, "recipient": o.Recipient, "destination": o.Destination,
		"sameUrl":        either(o.Recipient == "" && o.Destination == "", "true", ""),
		"responseSigned": either(o.ResponseUnsigned, "unsigned", "signed"), "assertionSigned": either(o.AssertionUnsigned, "unsigned", "signed"),
		"signatureAlgorithm": o.SignatureAlgorithm, "digestAlgorithm": o.DigestAlgorithm,
		"assertionEncryption": either(o.Encryption.On, "encrypted", "unencrypted"), "encryptionAlgorithm": o.Encryption.Algorithm,
		"keyTransport": o.Encryption.KeyTransport, "encryptionCertificate": o.Encryption.Certificate,
		"signatureCertificate": o.SignatureCertificate, "signedRequests": either(o.SignedRequests, "true", ""),
		"authnContext": o.AuthnContext, "issuer": o.Issuer,
	}
}

func logoutValues(l idp.SingleLogout) map[string]string {
	return map[string]string{
		"logoutFromApp": either(l.FromApp, "true", ""), "logoutUrl": l.ResponseURL, "logoutIssuer": l.Issuer,
		"logoutFromOkta": either(l.FromOkta, "true", ""), "logoutRequestUrl": l.RequestURL,
		"logoutBinding": l.Binding, "logoutSessionIndex": either(l.SessionIndex, "true", ""),
	}
}

func either(is bool, yes, no string) string {
	if is {
		return yes
	}
	return no
}

// entryDefaults returns the default of each setting of an entry.
func entryDefaults(entry catalog.Entry) map[string]string {
	fields := map[string]string{}
	for _, field := range entry.Fields {
		fields[field.Name] = field.Default
	}
	return fields
}

// options returns the options of a select.
func options(choices []idp.Choice) []okta.Option {
	var list []okta.Option
	for _, choice := range choices {
		list = append(list, okta.Option{Value: choice.Value, Label: choice.Title})
	}
	return list
}

// titleOf returns the label of a value; that of the first choice for an empty value.
func titleOf(choices []idp.Choice, value string) string {
	i := slices.IndexFunc(choices, func(c idp.Choice) bool { return c.Value == value })
	if i < 0 {
		i = 0
	}
	return choices[i].Title
}

// samlFacts lists the SAML Settings of an app of Create App Integration.
func samlFacts(s idp.SAMLSettings, signOn idp.AppSignOn) []okta.Fact {
	o := s.Options
	encryption := "Unencrypted"
	if o.Encryption.On {
		encryption = titleOf(idp.EncryptionAlgorithms, o.Encryption.Algorithm) + ", " + titleOf(idp.KeyTransports, o.Encryption.KeyTransport)
	}
	var urls []string
	for _, endpoint := range o.OtherURLs {
		urls = append(urls, strconv.Itoa(endpoint.Index)+": "+endpoint.URL)
	}
	facts := []okta.Fact{
		{Label: "Single Sign On URL", Value: s.ACS}, {Label: "Recipient URL", Value: s.Recipient}, {Label: "Destination URL", Value: s.Destination},
		{Label: "Audience Restriction", Value: s.Audience}, {Label: "Default Relay State", Value: s.RelayState},
		{Label: "Name ID Format", Value: titleOf(idp.NameIDFormats, s.NameIDFormat)},
		{Label: "Response", Value: either(o.ResponseUnsigned, "Unsigned", "Signed")},
		{Label: "Assertion Signature", Value: either(o.AssertionUnsigned, "Unsigned", "Signed")},
		{Label: "Signature Algorithm", Value: titleOf(idp.SignatureAlgorithms, o.SignatureAlgorithm)},
		{Label: "Digest Algorithm", Value: titleOf(idp.DigestAlgorithms, o.DigestAlgorithm)},
		{Label: "Assertion Encryption", Value: encryption},
		{Label: "SAML Single Logout", Value: either(o.Logout.FromApp || o.Logout.FromOkta, "Enabled", "Disabled")},
		{Label: "SAML Signed Request", Value: either(o.SignedRequests, "Enabled", "Disabled")},
		{Label: "Other Requestable SSO URLs", Value: strings.Join(urls, ", ")},
		{Label: "authnContextClassRef", Value: titleOf(idp.AuthnContexts, s.AuthnContext)},
		{Label: "Honor Force Authentication", Value: either(signOn.DisableForceAuthn, "No", "Yes")},
	}
	if o.Issuer != "" {
		facts = append(facts, okta.Fact{Label: "SAML Issuer ID", Value: o.Issuer})
	}
	return facts
}
