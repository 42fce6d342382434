package scenario_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"understudy/seed/scenario"
)

// small is a scenario without mistakes.
const small = `title: Small
identities:
  - {id: a, half: okta, name: A, role: r, username: a@a.example, password: x}
okta:
  name: Org
  users:
    - {firstName: A, lastName: B, email: a@a.example}
    - &second
      firstName: C
      lastName: D
      email: c@a.example
  groups:
    - {name: G, members: [c@a.example]}
  rules:
    - {name: R, attribute: department, operator: EQUALS, value: X, groups: [G]}
sigma:
  members:
    - {email: m@a.example, accountType: Admin}
  teams:
    - {name: T, members: [m@a.example], workspace: true}
  documents:
    - {name: Doc, owner: m@a.example, in: T, grants: [{to: T, access: view}]}
`

// Each mistake is reported with its place, and with the word that was probably meant.
func TestMistakesNamePlaceAndSuggestion(t *testing.T) {
	if _, err := scenario.Parse("small", small); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ from, to, want string }{
		{"okta:\n", "otka:\n", "small.yaml:4:1: unknown key otka; did you mean okta?"},
		{"lastName: B", "lastname: B", "small.yaml:7:22: unknown key lastname; did you mean lastName?"},
		{"members: [c@a.example]}", "members: [d@a.example]}", "small.yaml:13:27: there is no user d@a.example; did you mean "},
		{"groups: [G]", "groups: [GG]", "there is no group GG; did you mean G?"},
		{"operator: EQUALS", "operator: EQUAL", "there is no operator EQUAL; did you mean EQUALS?"},
		{"accountType: Admin", "accountType: Admn", "small.yaml:18:41: there is no account type Admn; did you mean Admin?"},
		{"access: view", "access: veiw", "there is no access veiw; did you mean view?"},
		{"in: T,", "in: U,", "there is no folder U"},
		{"half: okta", "half: otka", "small.yaml:3:5: half is okta or sigma"},
		{"username: a@a.example", "username: b@a.example", "small.yaml:3:53: there is no Okta user b@a.example"},
		{"members: [c@a.example]", "members: c@a.example", "small.yaml:13:26: expected a list, not "},
		{"okta:\n", "okta: [\n", "small.yaml:"},
		{"workspace: true", "workspace: perhaps", "small.yaml:20:"},
		{"email: c@a.example", "email: a@a.example", "a user with this login is listed above"},
		{"    - &second", "    - *third\n    - &second", "no value before this line is named &third"},
	} {
		_, err := scenario.Parse("small", strings.Replace(small, c.from, c.to, 1))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s → %s: got %v, want %q", c.from, c.to, err, c.want)
		}
	}
}

// Aliases may multiply a small text to billions of values. Such a scenario is refused quickly.
func TestAliasesAreBounded(t *testing.T) {
	row := "&a0 [x" + strings.Repeat(", x", 999) + "]"
	text := strings.Replace(small, "grants: [{to: T, access: view}]", "pages: [{elements: [{rows: ["+row+strings.Repeat(", *a0", 999)+"]}]}]", 1)
	if _, err := scenario.Parse("large", text); err == nil || !strings.Contains(err.Error(), "more than 400000 values") {
		t.Errorf("got %v", err)
	}
}

// The scenario to begin with has no mistakes, and the schema that editors use is current.
func TestTemplateAndSchemaAreCurrent(t *testing.T) {
	if _, err := scenario.Parse("new", scenario.Template); err != nil {
		t.Error(err)
	}
	path := filepath.Join("..", "..", "static", "docs", "scenario.schema.json")
	want, err := scenario.Schema()
	if err != nil {
		t.Fatal(err)
	}
	if committed, err := os.ReadFile(path); err != nil || string(committed) != string(want) {
		t.Errorf("%s is not current (%v); write it with: understudy scenario schema > static/docs/scenario.schema.json", path, err)
	}
}

// Any text is read or refused with a line; none makes the program fail.
func FuzzParse(f *testing.F) {
	f.Add(small)
	f.Add(scenario.Template)
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := scenario.Parse("fuzzed", text); err != nil && !strings.Contains(err.Error(), "fuzzed.yaml:") {
			t.Errorf("the error has no line: %v", err)
		}
	})
}
