package idp

import "strings"

// Attribute is one attribute of a profile (okta-wire 3.5).
type Attribute struct {
	Name              string   `json:"name" yaml:"name"`   // variable name
	Title             string   `json:"title" yaml:"title"` // display name
	Type              string   `json:"type" yaml:"type"`   // string, boolean, number, integer, array
	Description       string   `json:"description" yaml:"description"`
	ExternalName      string   `json:"externalName" yaml:"externalName"`
	ExternalNamespace string   `json:"externalNamespace" yaml:"externalNamespace"`
	Required          bool     `json:"required" yaml:"required"`
	Personal          bool     `json:"personal" yaml:"personal"` // scope SELF: cannot be given by a group
	Base              bool     `json:"base" yaml:"-"`            // came with the app; otherwise Custom
	Enum              []Choice `json:"enum,omitempty" yaml:"enum"`
	Combine           bool     `json:"combine" yaml:"combine"` // Combine values across groups; otherwise Use group priority
	Mapping           string   `json:"mapping" yaml:"mapping"` // expression over user.*; empty: typed on the assignment
	CreateOnly        bool     `json:"createOnly" yaml:"createOnly"`
}

// Values takes the text of an attribute that holds several values apart; they stand between commas.
func (a Attribute) Values(text string) (values []string) {
	for value := range strings.SplitSeq(text, ",") {
		if value = strings.TrimSpace(value); value != "" {
			values = append(values, value)
		}
	}
	return values
}

// ProfileType is one line of the Profile Editor's list.
type ProfileType struct {
	AppID string // empty for the Okta user profile
	Title string // "User (default)", "Sigma on AWS User"
	Type  string // "Okta" or "Application"
}
