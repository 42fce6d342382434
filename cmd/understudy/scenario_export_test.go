package main

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"understudy/seed/lab"
	"understudy/seed/scenario"
	"understudy/seed/script"
	"understudy/seed/script/player"
)

// exported returns a lab of a server as a scenario, read from the text that an instructor gets.
func exported(t *testing.T, s *running, name string) scenario.Scenario {
	t.Helper()
	l, release, err := s.Registry.Acquire(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	if err := l.Runner.Settled(t.Context()); err != nil {
		t.Fatal(err)
	}
	made, err := l.AsScenario(t.Context(), "After the quickstart")
	if err != nil {
		t.Fatal(err)
	}
	text, err := scenario.Format(made)
	if err != nil {
		t.Fatal(err)
	}
	read, err := scenario.Parse("after", text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return read
}

// generated matches what every lab has its own of: identifiers, times and the lab's name in addresses.
var generated = regexp.MustCompile(`"(gam|00u|00g|0oa|0ua|0pr|gPm|gPr|exk)[0-9A-Za-z]{17}"|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z` +
	`|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\bexk[0-9A-Za-z]{17}|/(okta|sigma)/(demo|copy)|"[0-9A-Za-z]{29}"` +
	`|(?m)^ *"(externalSessionId|rootSessionId|certificate)": .*$|"(trs)?[0-9A-Za-z]{20,32}"` +
	`|https?://[0-9.:]+#`)

// leftOut matches what a scenario leaves out: empty attributes of profiles, and which request wrote a log event.
var leftOut = regexp.MustCompile(`(?m)^ *"[a-zA-Z]+": "",?\n|^ *"(requestId|requestUri|url|isNew)": .*\n`)

var lastComma = regexp.MustCompile(`,(\s*[}\]])`)

// view returns the view of a lab without what is generated, by half and part. What was recorded in the lab is left out.
func view(t *testing.T, v *visitor, name string) map[string]string {
	t.Helper()
	_, body := v.get("/labs/" + name + "/view")
	var halves map[string]json.RawMessage
	if err := json.Unmarshal([]byte(body), &halves); err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, half := range []string{"okta", "sigma"} {
		var list map[string]any
		if err := json.Unmarshal(halves[half], &list); err != nil {
			t.Fatal(err)
		}
		delete(list, "visited")
		delete(list, "logs") // the view leaves out what happened before the lab; the exported texts are compared below
		delete(list, "audit")
		for part, content := range list {
			text, err := json.MarshalIndent(content, "", " ")
			if err != nil {
				t.Fatal(err)
			}
			parts[half+"."+part] = generated.ReplaceAllString(lastComma.ReplaceAllString(leftOut.ReplaceAllString(string(text), ""), "$1"), "#")
		}
	}
	return parts
}

// A lab after the quickstart becomes a scenario, and a lab that is created from it equals the first: the parts of its view, its
// sign-on and its provisioning. A scenario of that lab is the same scenario.
func TestALabBecomesAScenarioAndALabAgain(t *testing.T) {
	t.Parallel()
	s := start(t)
	report, err := player.Play(t.Context(), quickstart(t), player.Options{URL: s.url})
	if err != nil || !report.OK() {
		t.Fatal(err, report.FailedIDs())
	}
	made := exported(t, s, "demo")
	if strings.Contains(made.Text, s.url) {
		at := strings.Index(made.Text, s.url)
		t.Errorf("the scenario contains the address of the server: %s", made.Text[max(0, at-300):at+100])
	}
	if err := s.Registry.Create(t.Context(), "copy", made); err != nil {
		t.Fatal(err)
	}
	v := newVisitor(t, s)
	before, after := view(t, v, "demo"), view(t, v, "copy")
	for part, content := range before {
		if content != after[part] {
			t.Errorf("%s: %s", part, firstDifference(content, after[part]))
		}
	}
	if len(before) < 8 {
		t.Errorf("the view has only %d parts", len(before))
	}
	if again := exported(t, s, "copy"); withoutTimes(again.Text) != withoutTimes(made.Text) {
		t.Errorf("the scenario of the copy differs: %s", firstDifference(withoutTimes(made.Text), withoutTimes(again.Text)))
	}
	signsOnAndProvisions(t, s)
	if err := s.Registry.ResetTo(t.Context(), "copy", "", lab.EndSessions); err != nil {
		t.Fatal(err)
	}
	signsOnAndProvisions(t, s)
}

var times = regexp.MustCompile(`(created|lastLogin|lastActive|lastUsed|updated|at|expires): \S+`)

func withoutTimes(text string) string { return times.ReplaceAllString(text, "$1: #") }

// signsOnAndProvisions signs a person on to Sigma in the lab copy, and lets Okta provision a change.
func signsOnAndProvisions(t *testing.T, s *running) {
	t.Helper()
	report, err := player.Play(t.Context(), parsed(t, `id: after
summary: after the quickstart

# After

<!-- script
vars:
  bob: {first-name: Bob, last-name: Stone, email: bob.stone@brightwater.example, password: Second-Night-32}
-->

## After
Duration: 1

Sign on, and change a name.

<!-- script
id: 1.1
as: bob
do:
  - visit: "{okta}/"
  - fill: {Username: "{bob.email}", Password: "{bob.password}"}
  - click: Sign in
  - click: Sigma on AWS
see: My Documents
-->
<!-- script
id: 1.2
as: okta-admin
do:
  - visit: "{admin}"
  - fill: {Username: "{okta-admin.username}", Password: "{okta-admin.password}"}
  - click: Sign in
  - open: Directory > People
  - click: Bob Stone-Field
  - open: Profile
  - click: Edit
  - fill: {Last name: Stonehouse}
  - click: Save
see: Bob Stonehouse
done: any(sigma.members, .lastName == "Stonehouse" && .email == "bob.stone@brightwater.example")
-->
`), player.Options{URL: s.url, Lab: "copy"})
	if err != nil || !report.OK() {
		t.Error(err, report.Summary(), report.FailedIDs())
		for _, step := range report.Steps {
			if step.Failure != nil {
				t.Error(step.Failure)
			}
		}
	}
}

func parsed(t *testing.T, source string) *script.Script {
	t.Helper()
	read, err := script.Parse("script.md", []byte(source))
	if err != nil {
		t.Fatal(err)
	}
	return read
}
