// Package schema describes the attributes of Okta's profiles: the user profile of the org, and the profile that an app
// keeps for each of its users. Directory > Profile Editor shows both.
//
// The package is pure: types, Okta's base attributes, and the checks of an attribute that the Profile Editor saves.
// The org stores app attributes in idp/schema_edit.go; idp/catalog defines the initial ones of each integration.
//
//	schema.go  Attribute, Choice, and the user profile ([User])
//	check.go   what the Profile Editor accepts
package schema

import "strings"

// Attribute is one attribute of a profile. Its JSON form is stored, its YAML form is part of a catalog entry.
type Attribute struct {
	Name              string   `json:"name" yaml:"name"`                           // variable name: "firstName"
	Title             string   `json:"title" yaml:"title"`                         // display name: "First name"
	Type              string   `json:"type" yaml:"type"`                           // string, boolean, number, integer or array
	Description       string   `json:"description" yaml:"description"`             // may be empty
	ExternalName      string   `json:"externalName" yaml:"externalName"`           // SCIM path: "name.givenName"
	ExternalNamespace string   `json:"externalNamespace" yaml:"externalNamespace"` // SCIM schema URI; empty for the core schema
	Required          bool     `json:"required" yaml:"required"`
	Personal          bool     `json:"personal" yaml:"personal"` // scope SELF: a group assignment cannot set it
	Base              bool     `json:"base" yaml:"-"`            // came with the app; otherwise custom
	Enum              []Choice `json:"enum,omitempty" yaml:"enum"`
	Combine           bool     `json:"combine" yaml:"combine"` // "Combine values across groups"; otherwise "Use group priority"
	Mapping           string   `json:"mapping" yaml:"mapping"` // expression over user.*; empty: typed on the assignment
	CreateOnly        bool     `json:"createOnly" yaml:"createOnly"`
}

// Choice is a value with its label, in an attribute's enum or a form's list.
type Choice struct {
	Title string `json:"title" yaml:"title"`
	Value string `json:"value" yaml:"value"`
}

// Values splits the text of a multi-valued attribute at its commas. Spaces around a value and empty values are dropped.
func (a Attribute) Values(text string) (values []string) {
	for value := range strings.SplitSeq(text, ",") {
		if value = strings.TrimSpace(value); value != "" {
			values = append(values, value)
		}
	}
	return values
}

// User returns the attributes of Okta's default user profile that the pages show. Source: Okta's Users API,
// "Default profile properties".
func User() []Attribute {
	list := []Attribute{
		{Name: "login", Title: "Username", Required: true}, {Name: "firstName", Title: "First name", Required: true},
		{Name: "lastName", Title: "Last name", Required: true}, {Name: "email", Title: "Primary email", Required: true},
		{Name: "secondEmail", Title: "Secondary email"}, {Name: "displayName", Title: "Display name"},
		{Name: "nickName", Title: "Nickname"}, {Name: "title", Title: "Title"},
		{Name: "mobilePhone", Title: "Mobile phone"}, {Name: "primaryPhone", Title: "Primary phone"},
		{Name: "city", Title: "City"}, {Name: "countryCode", Title: "Country code"},
		{Name: "preferredLanguage", Title: "Preferred language"}, {Name: "locale", Title: "Locale"},
		{Name: "timezone", Title: "Time zone"}, {Name: "userType", Title: "User type"},
		{Name: "employeeNumber", Title: "Employee number"}, {Name: "costCenter", Title: "Cost center"},
		{Name: "organization", Title: "Organization"}, {Name: "division", Title: "Division"},
		{Name: "department", Title: "Department"}, {Name: "manager", Title: "Manager"},
	}
	for i := range list {
		list[i].Type, list[i].Base = "string", true
	}
	return list
}
