package script_test

import (
	"reflect"
	"strings"
	"testing"

	"understudy/seed/script"
)

// A step says how its picture is taken and what the picture points at.
func TestParseReadsPictureOptions(t *testing.T) {
	t.Parallel()
	const before = "id: x\n\n# T\n\n## S\nDuration: 1\n\n<!-- script\nid: 1\nas: kim\ndo:\n  - click: Save\n"
	parse := func(yaml string) (*script.Script, error) { return script.Parse("t.md", []byte(before+yaml+"\n-->\n")) }
	s, err := parse(`mark: [Save, {arrow: Edit, in: Settings}]
shot: {name: one, width: 800, crop: Site, padding: 0, theme: dark, focus: Name, hover: Save, mark: {text: "Look, here", at: "{okta-admin.name}"}}`)
	if err != nil {
		t.Fatal(err)
	}
	want := []script.Shot{{
		Name: "one", Width: 800, Crop: []string{"Site"}, Theme: "dark", Focus: "Name", Hover: "Save", Line: 14,
		Marks: []script.Mark{
			{Control: "Save"},
			{Kind: script.MarkArrow, Control: "Edit", In: "Settings"},
			{Kind: script.MarkText, Control: "{okta-admin.name}", Text: "Look, here"},
		},
	}}
	if got := s.Steps()[0].Shots(); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	for yaml, want := range map[string]string{
		"shot: {width: 800}":                   `invalid picture name ""`,
		"shot: {name: A b}":                    `invalid picture name "A b"`,
		"shot: {name: a, width: 8 px}":         `invalid width "8 px": expected a number of pixels from 240 to 3840`,
		"shot: {name: a, padding: -1}":         `invalid padding "-1": expected a number of pixels from 0 to 400`,
		"shot: {name: a, theme: blue}":         `invalid theme "blue": expected light or dark`,
		"shot: {name: a, colour: red}":         `unknown key "colour"`,
		"shot: a\nmark: [{circle: Save}]":      `unknown mark "circle"`,
		"shot: a\nmark: [{text: Here}]":        "the mark points at no control",
		"shot: a\nmark: [{badge: [Save, No]}]": "expected text",
	} {
		_, err := parse(yaml)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "t.md:1") {
			t.Errorf("%s: got %v, want %s", yaml, err, want)
		}
	}
}
