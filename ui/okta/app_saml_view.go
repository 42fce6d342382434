package okta

import (
	"strconv"

	"understudy/ui/kit"
)

// SAMLSettings holds the fields of Configure SAML, by the names of the form. Values are shown as they were typed.
type SAMLSettings struct {
	Settings        []AppSettingField   // of the catalog entry: single sign-on URL and audience
	Values          map[string]string   // of the fields that are there once; a checkbox that is on has the value "true"
	Choices         map[string][]Option // of the selects
	OtherURLs       []SAMLOtherURL      // one for each row of the form, including empty rows
	Statements      []AttributeStatement
	GroupStatements []AttributeStatement
	NameFormats     []Option
	GroupFilters    []Option
	DefaultIssuer   string
	Errors          FormErrors
}

// SAMLOtherURL is a row of Other Requestable SSO URLs.
type SAMLOtherURL struct{ URL, Index string }

// SAMLSettingsPage is General > SAML Settings in edit mode.
type SAMLSettingsPage struct {
	Head     AppHead
	Action   string
	Cancel   string
	Settings SAMLSettings
}

// text is a text field of Configure SAML.
func (s SAMLSettings) text(name, label, hint string) kit.Field {
	return kit.Field{Name: name, Label: label, Hint: hint, Value: s.Values[name], Error: s.Errors.For(name)}
}

// choose is a select of Configure SAML.
func (s SAMLSettings) choose(name, label string) kit.Field {
	f := s.text(name, label, "")
	f.Control, f.Options = kit.Select, kitOptions(s.Choices[name])
	return f
}

// certificate is a field for a certificate of the service provider.
func (s SAMLSettings) certificate(name, label, hint string) kit.Field {
	f := s.text(name, label, hint)
	f.Control, f.Mono, f.Rows = kit.TextArea, true, 4
	return f
}

// box is a checkbox of Configure SAML.
func (s SAMLSettings) box(name, label string) kit.Field {
	f := s.text(name, label, "")
	f.Control, f.Value, f.Checked = kit.Checkbox, "true", s.Values[name] == "true"
	return f
}

// customUsername is the expression that belongs to the username format Custom.
func (s SAMLSettings) customUsername() kit.Field {
	f := s.text("userNameTemplate", "Custom username expression", "Okta uses the expression only with the format Custom, for example user.email")
	f.Mono = true
	return f
}

// issuer is the field SAML Issuer ID.
func (s SAMLSettings) issuer() kit.Field {
	f := s.text("issuer", "SAML Issuer ID", "Leave the field empty for "+s.DefaultIssuer)
	f.Placeholder = s.DefaultIssuer
	return f
}

// advancedOpen reports whether an advanced setting has an error, so that the person sees it at once.
func (s SAMLSettings) advancedOpen() bool {
	for _, e := range s.Errors {
		switch e.Field {
		case "defaultRelayState", "nameIdFormat", "userNameFormat", "userNameTemplate", "recipient", "destination",
			"attributes", "groupAttributes", "label":
			continue
		}
		known := false
		for _, f := range s.Settings {
			known = known || f.Name == e.Field
		}
		if !known {
			return true
		}
	}
	return false
}

// rowID is the id of a field in a row.
func rowID(name string, row int) string { return name + "-" + strconv.Itoa(row) }
