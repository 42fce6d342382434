package script_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"understudy/seed/script"
)

// head is the start of a guide file, up to the first section. Text that follows it begins in line 8.
const head = "id: small\n\n# Small\n\n## First\nDuration: 1\n\n"

// step puts YAML into a script comment.
func step(yaml string) string { return "<!-- script\n" + strings.Trim(yaml, "\n") + "\n-->\n" }

// guide is a guide file with these steps, all played by the identity kim.
func guide(steps ...string) string {
	var b strings.Builder
	b.WriteString(head)
	for _, yaml := range steps {
		b.WriteString(step("as: kim\n"+strings.Trim(yaml, "\n")) + "\n")
	}
	return b.String()
}

func parse(t testing.TB, source string) *script.Script {
	t.Helper()
	s, err := script.Parse("guide.md", []byte(source))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestParseReadsWholeFile(t *testing.T) {
	s := parse(t, `id: small
authors: Kim
feedback link: https://example.com

# A **small** guide

Ignored by codelabs.

<!-- script
vars:
  bob:
    first-name: Bob
    last-name: Stone
    email: bob@example.com
    password: x
-->

## First things
Duration: 5

Read this.

<!-- script
id: 1.10
as: kim
new-window: true
do:
  - visit: "{okta}/start"
shot: one
mark: [Save, Cancel]
done: okta.visited("/start")
see: Welcome
-->
![One](assets/one.png)

<!-- an ordinary comment -->

## Second things
Duration: 1:02:03

<!--script
id: 2.1b
as: kim
see: Home
not-see: [Fault, Error]
-->
`)
	if s.Title != "A small guide" || s.Meta["id"] != "small" ||
		s.Meta["feedback link"] != "https://example.com" {
		t.Errorf("title %q, metadata %q", s.Title, s.Meta)
	}
	if got := s.Vars["bob"]; got["name"] != "Bob Stone" || got["username"] != "bob@example.com" {
		t.Errorf("got %q, want name and username completed", got)
	}
	if len(s.Sections) != 2 || s.Sections[0].Title != "First things" ||
		s.Sections[0].Duration != 5*time.Minute ||
		s.Sections[1].Duration != time.Hour+2*time.Minute+3*time.Second || s.Sections[1].Line != 38 {
		t.Fatalf("sections %+v", s.Sections)
	}
	first, found := s.Step("1.10")
	if !found {
		t.Fatal("step 1.10 is missing")
	}
	marks := []script.Mark{{Control: "Save"}, {Control: "Cancel"}}
	if first.As != "kim" || !first.NewWindow || first.Shot != "one" || !slices.Equal(first.Picture.Marks, marks) ||
		first.Done == "" || first.Line != 23 {
		t.Errorf("step %+v", first)
	}
	if second, _ := s.Step("2.1b"); second == nil || len(second.Do) != 0 || len(second.Checks) != 3 {
		t.Errorf("step %+v", second)
	}
	var text []string
	for _, part := range s.Sections[0].Parts {
		if part.Step == nil {
			text = append(text, part.Markdown)
		}
	}
	want := []string{"Read this.\n", "![One](assets/one.png)\n\n<!-- an ordinary comment -->\n"}
	if !slices.Equal(text, want) {
		t.Errorf("text %q", text)
	}
}

func TestParseReadsEveryVerb(t *testing.T) {
	for _, c := range []struct {
		yaml string
		want []script.Action
	}{
		{"as: bob", []script.Action{{Verb: script.VerbAs, Name: "bob"}}},
		{"open: Applications > Applications", []script.Action{{Verb: script.VerbOpen, Name: "Applications > Applications"}}},
		{"visit: http://x.example/a?b=c", []script.Action{{Verb: script.VerbVisit, Name: "http://x.example/a?b=c"}}},
		{"click: Save", []script.Action{{Verb: script.VerbClick, Name: "Save"}}},
		{"click: [Save, Done]", []script.Action{
			{Verb: script.VerbClick, Name: "Save"},
			{Verb: script.VerbClick, Name: "Done"},
		}},
		{"click: {name: Edit, in: Bob Stone}", []script.Action{{Verb: script.VerbClick, Name: "Edit", In: "Bob Stone"}}},
		{"fill: {User name: bob, Note: a}", []script.Action{
			{Verb: script.VerbFill, Name: "User name", Value: "bob"},
			{Verb: script.VerbFill, Name: "Note", Value: "a"},
		}},
		{"fill: {Note: a, in: Bob, Age: 7}", []script.Action{
			{Verb: script.VerbFill, Name: "Note", Value: "a", In: "Bob"},
			{Verb: script.VerbFill, Name: "Age", Value: "7", In: "Bob"},
		}},
		{"choose: Weekly", []script.Action{{Verb: script.VerbChoose, Name: "Weekly"}}},
		{"choose: {Role: Viewer, in: Bob}", []script.Action{
			{Verb: script.VerbChoose, Name: "Role", Value: "Viewer", In: "Bob"},
		}},
		{"tick: Remember me", []script.Action{{Verb: script.VerbTick, Name: "Remember me"}}},
		{"untick: {name: Allow, in: Bob}", []script.Action{{Verb: script.VerbUntick, Name: "Allow", In: "Bob"}}},
		{"drag: {item: Rule B, to: 1}", []script.Action{{Verb: script.VerbDrag, Name: "Rule B", To: 1}}},
		{"copy: Sign on URL as sso-url", []script.Action{{Verb: script.VerbCopy, Name: "Sign on URL", Value: "sso-url"}}},
		{"copy: {name: Sign as a person as who, in: Site}", []script.Action{
			{Verb: script.VerbCopy, Name: "Sign as a person", In: "Site", Value: "who"},
		}},
		{"see: {button: Save, in: Bob}", []script.Action{
			{Verb: script.VerbSee, Kind: script.KindButton, Name: "Save", In: "Bob"},
		}},
		{"see: {text: Saved, in: Bob}", []script.Action{{Verb: script.VerbSee, Name: "Saved", In: "Bob"}}},
		{"not-see: [{link: Save}, Gone]", []script.Action{
			{Verb: script.VerbNotSee, Kind: script.KindLink, Name: "Save"},
			{Verb: script.VerbNotSee, Name: "Gone"},
		}},
		{"wait: Finished", []script.Action{{Verb: script.VerbWait, Name: "Finished"}}},
		{"shot: ok-1", []script.Action{{Verb: script.VerbShot, Name: "ok-1"}}},
	} {
		t.Run(c.yaml, func(t *testing.T) {
			got := parse(t, guide("id: 1.1\ndo:\n  - "+c.yaml)).Steps()[0].Do
			for i := range got {
				if got[i].Line != 12 {
					t.Errorf("line %d, not 12", got[i].Line)
				}
				got[i].Line = 0
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestParseReadsDurations(t *testing.T) {
	for value, want := range map[string]time.Duration{
		"0": 0, "5": 5 * time.Minute, "90": 90 * time.Minute, "1:30": 90 * time.Second, "0:05": 5 * time.Second,
		"1:00:00": time.Hour,
		"":        -1, "5m": -1, "-5": -1, "1:2:3:4": -1, "1:": -1, ":30": -1, "1.5": -1, "99999": -1, "٣": -1,
	} {
		s, err := script.Parse("guide.md", []byte("id: a\n\n# A\n\n## S\nDuration: "+value+"\n\nText.\n"))
		switch {
		case want < 0 && (err == nil || !strings.HasPrefix(err.Error(), "guide.md:6: ")):
			t.Errorf("%q: %v", value, err)
		case want >= 0 && (err != nil || s.Sections[0].Duration != want):
			t.Errorf("%q: %v", value, err)
		}
	}
}

// mistakes are guide files with one mistake each. A want that begins with a digit begins with the line of the mistake.
var mistakes = []struct{ name, source, want string }{
	{"no title", "id: a\n", "1: the file has no title"},
	{"no id", "# A\n", "1: the metadata has no id"},
	{"second title", "id: a\n\n# A\n\n# B\n", "5: the file has a second title"},
	{"metadata key", "id: a\nauthor: Kim\n\n# A\n", `2: unknown metadata key "author"`},
	{"metadata form", "id: a\nhello\n\n# A\n", "2: expected metadata in the form key: value"},
	{"no duration", "id: a\n\n# A\n\n## S\n\nText.\n", "7: expected one line “Duration: minutes”"},
	{"no duration before a list", "id: a\n\n# A\n\n## S\n\n- Text.\n",
		"7: expected the Duration: line of the section first"},
	{"no duration before a section", "id: a\n\n# A\n\n## S\n\n## T\n",
		"7: the section before this heading has no Duration: line"},
	{"no duration at the end", "id: a\n\n# A\n\n## S\n", "the last section has no Duration: line"},
	{"no duration before a step", "id: a\n\n# A\n\n## S\n\n" + step("id: 1"),
		"7: expected the Duration: line of the section first"},
	{"duration without blank line", "id: a\n\n# A\n\n## S\nDuration: 1\nEnvironment: web\n", "6: expected one line"},
	{"text that begins like metadata", head + "Environment: is a word.\n",
		`8: a paragraph must not begin with "Environment:" here`},
	{"vars in a section", head + step("vars: {bob: {name: Bob}}"), `9: unknown key "vars"`},
	{"step before a section", "id: a\n\n# A\n\n" + step("id: 1"),
		`6: unknown key "id": a script comment before the first section has after, scenario, vars, bind, people or names`},
	{"variable name", "id: a\n\n# A\n\n" + step("vars:\n  Bob: {name: Bob}"), `7: invalid variable name "Bob"`},
	{"not closed", head + "<!-- script\nid: 1\n", "8: the script comment is not closed"},
	{"text after the comment", head + "<!-- script\nid: 1\nas: kim\nsee: A\n--> more\n",
		"12: expected nothing after -->"},
	{"in a list", head + "- A\n\n  <!-- script\n  id: 1\n  -->\n", "10: expected the script comment on separate lines"},
	{"in a sentence", head + "Text <!-- script id: 1 --> more.\n", "8: expected the script comment on separate lines"},
	{"inside other HTML", head + "<aside class=\"positive\">\n<!-- script\nid: 1\n-->\n</aside>\n",
		"9: expected the script comment on separate lines"},
	{"after another comment", head + "<!-- note --> <!-- script\nid: 1\n-->\n",
		"8: expected the script comment on separate lines"},
	{"empty", head + "<!-- script -->\n", "8: the script comment is empty"},
	{"not YAML", head + step("id: 1\nas: [kim"), "invalid YAML"},
	{"no mapping", head + step("- id: 1"), "9: expected a mapping (key: value)"},
	{"no id", head + step("as: kim\nsee: A"), "8: the step has no id"},
	{"no as", head + step("id: 1\nsee: A"), "8: step 1 has no as"},
	{"no actions and no checks", head + step("id: 1\nas: kim"), "8: step 1 has no actions and no checks"},
	{"bad id", head + step("id: one\nas: kim\nsee: A"), `9: invalid step ID "one"`},
	{"bad identity", head + step("id: 1\nas: Kim\nsee: A"), `10: invalid identity "Kim"`},
	{"same id", guide("id: 1\nsee: A", "id: 1\nsee: B"), "14: step 1 is already defined in line 8"},
	{"key twice", guide("id: 1\nsee: A\nid: 2"), "12: "},
	{"unknown key", guide("id: 1\nlook: A"), `11: unknown key "look"`},
	{"unknown verb", guide("id: 1\ndo:\n  - press: A"), `12: unknown verb "press"`},
	{"two verbs in an item", guide("id: 1\ndo:\n  - click: A\n    see: B"), "12: expected one verb in a list item"},
	{"new window", guide("id: 1\nnew-window: maybe\nsee: A"), "11: expected true or false"},
	{"picture", guide("id: 1\nsee: A\nshot: ../x"), `12: invalid picture name "../x"`},
	{"hold of something else", guide("id: 1\ndo:\n  - hold: the line"),
		`12: hold does not apply to "the line": expected provisioning`},
	{"language", guide("id: 1\ndo:\n  - shot: {name: a, language: English}"),
		`12: remove the key language`},
	{"bar", guide("id: 1\ndo:\n  - shot: {name: a, bar: maybe}"), `12: invalid bar "maybe": expected on or off`},
	{"height", guide("id: 1\ndo:\n  - shot: {name: a, height: 1}"), `12: invalid height "1"`},
	{"two pictures of one name", guide("id: 1\nsee: A\nshot: a", "id: 2\ndo:\n  - shot: {name: a}"),
		"19: picture a is already taken in line 12"},
	{"unknown variable in a mark", guide("id: 1\nsee: A\nshot: a\nmark: ['{code}']"), "12: unknown variable {code}"},
	{"unknown variable in a crop", guide("id: 1\nsee: A\nshot: {name: a, crop: ['{code}']}"), "12: unknown variable {code}"},
	{"picture of an action", guide("id: 1\ndo:\n  - shot: a/b"), `12: invalid picture name "a/b"`},
	{"done", guide("id: 1\nsee: A\ndone: okta.("), "12: done:"},
	{"done is not boolean", guide("id: 1\nsee: A\ndone: '7'"), "12: done:"},
	{"done uses unknown name", guide("id: 1\nsee: A\ndone: google.users"), "12: done:"},
	{"empty see", guide("id: 1\nsee:"), "11: "},
	{"variable without quotes", guide("id: 1\nsee: {okta}"), "11: "},
	{"open with an empty part", guide("id: 1\ndo:\n  - open: A > > B"), `12: the path "A > > B" has an empty part`},
	{"click without label", guide("id: 1\ndo:\n  - click: {in: A}"), "12: click has no label"},
	{"click with a kind", guide("id: 1\ndo:\n  - click: {button: A}"), `12: unknown key "button"`},
	{"see with an unknown kind", guide("id: 1\nsee: {image: A}"), `11: unknown key "image"`},
	{"fill without label", guide("id: 1\ndo:\n  - fill: {in: A}"), "12: fill has no label"},
	{"fill without value", guide("id: 1\ndo:\n  - fill: A"), "12: expected a mapping (key: value)"},
	{"copy without variable", guide("id: 1\ndo:\n  - copy: Sign on URL"),
		"12: copy has no variable: expected Label as name"},
	{"copy without label", guide("id: 1\ndo:\n  - copy: {in: Site}"), "12: copy has no label"},
	{"copy key", guide("id: 1\ndo:\n  - copy: {name: A as b, of: Site}"), `12: unknown key "of"`},
	{"drag without position", guide("id: 1\ndo:\n  - drag: {item: A}"),
		"12: drag is incomplete: expected {item: …, to: 1}"},
	{"drag to position 0", guide("id: 1\ndo:\n  - drag: {item: A, to: 0}"), "12: expected a position from 1"},
	{"drag key", guide("id: 1\ndo:\n  - drag: {item: A, over: B}"), `12: unknown key "over"`},
	{"unknown variable", guide("id: 1\nsee: 'Hello {bobby}'"), "11: unknown variable {bobby}"},
	{"a request without an address", guide("id: 1\ndo:\n  - request: {method: GET}"), "request has no address"},
	{"a request with another key", guide("id: 1\ndo:\n  - request: {to: a, url: b}"), "unknown key \"url\""},
	{"a method that does not exist", guide("id: 1\ndo:\n  - request: {to: a, method: FETCH}"), "the method \"FETCH\": expected one of GET"},
	{"a status that does not exist", guide("id: 1\ndo:\n  - request: {to: a, status: 99}"), "a status from 100 to 599"},
	{"a header of the player", guide("id: 1\ndo:\n  - request: {to: a, headers: {Host: b}}"), "cannot set the header Host"},
	{"no header", guide("id: 1\ndo:\n  - request: {to: a, headers: {'A b': c}}"), "is not a header"},
	{"a variable that cannot be saved", guide("id: 1\ndo:\n  - request: {to: a, save: {okta: b}}"), "cannot be a variable"},
	{"a value that is saved later", guide("id: 1\ndo:\n  - request: {to: '{a}'}\n  - request: {to: a, save: {a: b}}"), "unknown variable {a}"},
	{"copied later", guide("id: 1\nsee: '{code}'", "id: 2\ndo:\n  - copy: Code as code"), "11: unknown variable {code}"},
	{"unknown field", guide("id: 1\nsee: '{kim.shoe-size}'"), `11: kim has no field "shoe-size"`},
}

// The error names the file, the line, what is wrong and what is expected.
func TestParseReportsMistakes(t *testing.T) {
	for _, c := range mistakes {
		t.Run(c.name, func(t *testing.T) {
			s, err := script.Parse("guide.md", []byte(c.source))
			var mistake *script.Error
			if s != nil || !errors.As(err, &mistake) || mistake.File != "guide.md" {
				t.Fatalf("got %v, %v, want an *Error", s, err)
			}
			text, namesLine := err.Error(), c.want[0] <= '9'
			if !strings.Contains(text, c.want) || namesLine && !strings.HasPrefix(text, "guide.md:"+c.want) {
				t.Errorf("got  %s\nwant %s", text, c.want)
			}
		})
	}
}

// Script comments in code blocks and code spans are examples, not steps.
func TestParseIgnoresCode(t *testing.T) {
	s := parse(t, head+"```\n<!-- script\nid: 9\n-->\n```\n\nWrite `<!-- script -->` so.\n")
	if len(s.Steps()) != 0 || len(s.Sections[0].Parts) != 1 {
		t.Errorf("parts %+v", s.Sections[0].Parts)
	}
}

func TestStepsUsing(t *testing.T) {
	s := parse(t, guide(
		"id: 1\ndo:\n  - click: {name: Edit, in: Site}",
		"id: 2\ndo:\n  - open: Site > Edit\nnot-see: Save",
		"id: 3\ndo:\n  - choose: {Role: Edit}\n  - visit: http://Edit",
		"id: 4\nsee: Edit it",
	))
	for label, want := range map[string][]string{
		"Edit": {"1", "2", "3"}, "Site": {"1", "2"}, "Save": nil, "Edit it": {"4"},
	} {
		if got := s.StepsUsing(label); !slices.Equal(got, want) {
			t.Errorf("%s: %q", label, got)
		}
	}
	if _, found := s.Step("5"); found {
		t.Error("Step finds a step 5 that does not exist")
	}
}
