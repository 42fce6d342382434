package idp

// Entry is an app of the catalog: a data file under catalog/, so that adding one needs no code.
type Entry struct {
	Key           string       `yaml:"key"`
	Name          string       `yaml:"name"`
	Label         string       `yaml:"label"` // default label of an instance
	SignOnMode    SignOnMode   `yaml:"signOnMode"`
	Category      string       `yaml:"category"`
	Verified      bool         `yaml:"verified"`
	Updated       string       `yaml:"updated"`       // "Last updated", as shown
	Functionality []string     `yaml:"functionality"` // SAML, SCIM, …
	SCIMFeatures  []string     `yaml:"scimFeatures"`  // Create, Update, Deactivate, Group Push, Import, …
	Overview      []string     `yaml:"overview"`      // paragraphs
	Wizard        bool         `yaml:"wizard"`        // made by Create App Integration, not in the catalog
	Fields        []EntryField `yaml:"fields"`        // settings of its own, on the General tab
	SAML          *EntrySAML   `yaml:"saml"`
	URL           string       `yaml:"url"` // bookmark: where the tile leads; template
	Schema        []Attribute  `yaml:"schema"`
	SCIM          *EntrySCIM   `yaml:"scim"`
	UserName      string       `yaml:"userNameFormat"` // default of the app's username format
	Peer          string       `yaml:"peer"`           // name of the other half of the lab, where the app is it
}

// EntryField is a setting of a catalog entry.
type EntryField struct {
	Name     string `yaml:"name"`
	Label    string `yaml:"label"`
	Help     string `yaml:"help"`
	Required bool   `yaml:"required"`
	URL      bool   `yaml:"url"` // must be an absolute http(s) address
	Default  string `yaml:"default"`
	WhenSet  bool   `yaml:"whenSet"` // offered only in apps that have a value for it
}

// Shown gives the settings that an app with these values offers.
func (e Entry) Shown(values map[string]string) (list []EntryField) {
	for _, f := range e.Fields {
		if !f.WhenSet || values[f.Name] != "" {
			list = append(list, f)
		}
	}
	return list
}

// EntrySAML is how a SAML app's responses are addressed. Texts are templates: {sigma} is the address of the other half,
// {name} the setting of that name.
type EntrySAML struct {
	ACS          string               `yaml:"acs"`
	Recipient    string               `yaml:"recipient"`
	Destination  string               `yaml:"destination"`
	Audience     string               `yaml:"audience"`
	NameIDFormat string               `yaml:"nameIdFormat"`
	AuthnContext string               `yaml:"authnContext"`
	Attributes   []AttributeStatement `yaml:"attributes"`
	Instructions []string             `yaml:"instructions"` // View SAML setup instructions: steps
	RelayHint    string               `yaml:"relayHint"`
}

// EntrySCIM is what the app's Provisioning tab offers.
type EntrySCIM struct {
	AskBaseURL bool   `yaml:"askBaseUrl"`
	BaseURL    string `yaml:"baseUrl"` // template, when it is not asked for
	AskToken   bool   `yaml:"askToken"`
	Style      string `yaml:"style"` // "oin" or "wizard": which of Okta's two SCIM client behaviours
}

// Catalog is the app catalog. It does not change while the program runs.
type Catalog struct {
	entries []Entry
	byKey   map[string]int
}
