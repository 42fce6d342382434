package script_test

import (
	"reflect"
	"strings"
	"testing"

	"understudy/seed/script"
)

// How a picture is taken, and what it points at, stands in the step.
func TestPictureOptions(t *testing.T) {
	t.Parallel()
	const before, after = "id: x\n\n# T\n\n## S\nDuration: 1\n\n<!-- script\nid: 1\nas: kim\ndo:\n  - click: Save\n", "\n-->\n"
	parse := func(yaml string) (*script.Script, error) { return script.Parse("t.md", []byte(before+yaml+after)) }
	guideScript, err := parse(`mark: [Save, {arrow: Edit, in: Settings}]
shot: {name: one, width: 800, crop: Site, padding: 0, theme: dark, focus: Name, hover: Save, mark: {text: "Look, here", at: "{okta-admin.name}"}}`)
	if err != nil {
		t.Fatal(err)
	}
	want := []script.Shot{{Name: "one", Width: 800, Crop: []string{"Site"}, Theme: "dark", Focus: "Name", Hover: "Save", Line: 14, Marks: []script.Mark{
		{Control: "Save"}, {Kind: script.MarkArrow, Control: "Edit", In: "Settings"}, {Kind: script.MarkText, Control: "{okta-admin.name}", Text: "Look, here"},
	}}}
	if got := guideScript.Steps()[0].Shots(); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	for yaml, want := range map[string]string{
		"shot: {width: 800}":                   `"" is no name of a picture`,
		"shot: {name: A b}":                    `"A b" is no name of a picture`,
		"shot: {name: a, width: 8 px}":         `width is a number of pixels from 240 to 3840, not "8 px"`,
		"shot: {name: a, padding: -1}":         `padding is a number of pixels from 0 to 400, not "-1"`,
		"shot: {name: a, theme: blue}":         `a theme is light or dark, not "blue"`,
		"shot: {name: a, colour: red}":         `unknown key "colour"`,
		"shot: a\nmark: [{circle: Save}]":      `unknown callout "circle"`,
		"shot: a\nmark: [{text: Here}]":        "a callout points at a control",
		"shot: a\nmark: [{badge: [Save, No]}]": "here stands a text",
	} {
		if _, err := parse(yaml); err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "t.md:1") {
			t.Errorf("%s: got %v, want %s", yaml, err, want)
		}
	}
}

// The second guide begins where the quickstart has come to.
func TestOffboardingIsAGuideToo(t *testing.T) {
	t.Parallel()
	guideScript, err := script.Load(script.Files, "offboarding.md")
	if err != nil {
		t.Fatal(err)
	}
	quickstart, err := script.Quickstart()
	if err != nil {
		t.Fatal(err)
	}
	if _, found := quickstart.Step(guideScript.After); !found || len(guideScript.Steps()) != 5 {
		t.Errorf("after %q, %d steps", guideScript.After, len(guideScript.Steps()))
	}
}
