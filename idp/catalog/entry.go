package catalog

import (
	"understudy/idp/expression"
	"understudy/idp/schema"
)

// SignOnMode is how an app signs users on.
type SignOnMode string

// The sign-on modes that are supported.
const (
	SAML2    SignOnMode = "SAML_2_0"
	Bookmark SignOnMode = "BOOKMARK"
)

// Entry is an app integration, read from a YAML file of this folder or of a user.
type Entry struct {
	Key           string             `yaml:"key"`
	Name          string             `yaml:"name"`
	Label         string             `yaml:"label"` // default label of an app
	SignOnMode    SignOnMode         `yaml:"signOnMode"`
	Category      string             `yaml:"category"`
	Verified      bool               `yaml:"verified"`
	Updated       string             `yaml:"updated"`       // "Last updated", as shown
	Functionality []string           `yaml:"functionality"` // SAML, SCIM, …
	SCIMFeatures  []string           `yaml:"scimFeatures"`  // Create, Update, Deactivate, Group Push, Import, …
	Overview      []string           `yaml:"overview"`      // paragraphs
	Wizard        bool               `yaml:"wizard"`        // made by Create App Integration; not listed in the catalog
	Fields        []Field            `yaml:"fields"`        // settings of the entry's own, on the General tab
	SAML          *SAML              `yaml:"saml"`          // nil unless SignOnMode is SAML2
	URL           string             `yaml:"url"`           // bookmark: template of the address that the tile opens
	Schema        []schema.Attribute `yaml:"schema"`        // the app user profile
	SCIM          *SCIM              `yaml:"scim"`          // nil if the app cannot be provisioned
	UserName      string             `yaml:"userNameFormat"`
	Peer          string             `yaml:"peer"` // the lab's other system that the app leads to: "sigma"; else empty
}

// Field is a setting of a catalog entry.
type Field struct {
	Name     string `yaml:"name"`
	Label    string `yaml:"label"`
	Help     string `yaml:"help"`
	Required bool   `yaml:"required"`
	URL      bool   `yaml:"url"` // must be an absolute http or https URL
	Default  string `yaml:"default"`
	WhenSet  bool   `yaml:"whenSet"` // shown only for apps that have a value for it
}

// Shown returns the settings that an app with these values offers.
func (e Entry) Shown(values map[string]string) (list []Field) {
	for _, f := range e.Fields {
		if !f.WhenSet || values[f.Name] != "" {
			list = append(list, f)
		}
	}
	return list
}

// SAML is how a SAML app's responses are addressed. Its texts are templates: {sigma} is the base URL of the peer of that
// name, {name} the app's setting of that name.
type SAML struct {
	ACS          string                          `yaml:"acs"`       // AssertionConsumerServiceURL
	Recipient    string                          `yaml:"recipient"` // empty: the ACS
	Destination  string                          `yaml:"destination"`
	Audience     string                          `yaml:"audience"` // entity ID of the service provider
	NameIDFormat string                          `yaml:"nameIdFormat"`
	AuthnContext string                          `yaml:"authnContext"` // AuthnContextClassRef
	Attributes   []expression.AttributeStatement `yaml:"attributes"`
	Instructions []string                        `yaml:"instructions"` // steps of View SAML setup instructions
	RelayHint    string                          `yaml:"relayHint"`
}

// SCIM is what the app's Provisioning tab offers.
type SCIM struct {
	AskBaseURL bool   `yaml:"askBaseUrl"`
	BaseURL    string `yaml:"baseUrl"` // template of the base URL to use when the administrator enters none; with AskBaseURL false, always
	AskToken   bool   `yaml:"askToken"`
	Style      string `yaml:"style"` // "oin" or "wizard": which of Okta's two SCIM clients sends the requests
}
