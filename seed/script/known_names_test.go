package script_test

import (
	"strings"
	"testing"

	"understudy/seed/script"
)

// Every place of a script that names a person refuses one whom the lab does not have, with its line and a suggestion.
func TestPeopleMustBeKnown(t *testing.T) {
	const person = "id: 0\nas: okta-admin\nsee: A\n"
	for name, yaml := range map[string]string{
		"as of a step":         "id: 1\nas: okta-amdin\nsee: A",
		"as of an action":      "id: 1\nas: okta-admin\ndo:\n  - as: okta-amdin",
		"fill":                 "id: 1\nas: okta-admin\ndo:\n  - fill: {Name: '{okta-amdin.name}'}",
		"in":                   "id: 1\nas: okta-admin\ndo:\n  - click: {name: A, in: '{okta-amdin.name}'}",
		"visit":                "id: 1\nas: okta-admin\ndo:\n  - visit: 'https://a.example/{okta-amdin.name}'",
		"see":                  "id: 1\nas: okta-admin\nsee: '{okta-amdin.name}'",
		"not-see":              "id: 1\nas: okta-admin\nnot-see: '{okta-amdin.name}'",
		"mark":                 "id: 1\nas: okta-admin\nsee: A\nshot: a\nmark: ['{okta-amdin.name}']",
		"mark in":              "id: 1\nas: okta-admin\nsee: A\nshot: a\nmark: [{box: A, in: '{okta-amdin.name}'}]",
		"mark text":            "id: 1\nas: okta-admin\nsee: A\nshot: a\nmark: [{text: 'Hello {okta-amdin.name}', at: A}]",
		"crop":                 "id: 1\nas: okta-admin\nsee: A\nshot: {name: a, crop: ['{okta-amdin.name}']}",
		"focus":                "id: 1\nas: okta-admin\nsee: A\nshot: {name: a, focus: '{okta-amdin.name}'}",
		"hover":                "id: 1\nas: okta-admin\nsee: A\nshot: {name: a, hover: '{okta-amdin.name}'}",
		"picture of an action": "id: 1\nas: okta-admin\ndo:\n  - shot: {name: a, mark: ['{okta-amdin.name}']}",
	} {
		s := parse(t, head+step(person)+step(yaml))
		err := s.CheckPeople(script.StandardIdentities)
		if err == nil || !strings.HasPrefix(err.Error(), "guide.md:") || !strings.HasSuffix(err.Error(), `unknown person "okta-amdin": did you mean okta-admin?`) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, want := range map[string]string{"sigma-admn": "did you mean sigma-admin?", "kim": "expected bob, okta-admin or sigma-admin", "bbo": "did you mean bob?"} {
		s := parse(t, "id: a\n\n# A\n\n"+step("vars: {bob: {name: Bob}}")+"\n## S\nDuration: 1\n\n"+step("id: 1\nas: "+name+"\nsee: A"))
		if err := s.CheckPeople(script.StandardIdentities); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	s, err := script.Quickstart()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.CheckPeople(script.StandardIdentities); err != nil {
		t.Error(err)
	}
}
