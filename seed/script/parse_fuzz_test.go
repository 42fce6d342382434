package script_test

import (
	"errors"
	"strings"
	"testing"

	"understudy/seed/script"
)

// verbs holds all verbs that a script may use.
var verbs = map[script.Verb]bool{
	script.VerbAs: true, script.VerbOpen: true, script.VerbVisit: true, script.VerbClick: true, script.VerbFill: true,
	script.VerbChoose: true, script.VerbTick: true, script.VerbUntick: true, script.VerbDrag: true, script.VerbCopy: true,
	script.VerbSee: true, script.VerbNotSee: true, script.VerbWait: true, script.VerbShot: true, script.VerbHold: true,
	script.VerbRelease: true, script.VerbRequest: true, script.VerbSignedIn: true,
}

// Parse returns either a valid script, or an *Error at a line of the file.
func FuzzParse(f *testing.F) {
	source, err := script.Files.ReadFile(script.QuickstartFile)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(source)
	for _, seed := range []string{
		"",
		head,
		guide("id: 1\nsee: A"),
		guide("id: 1\ndo:\n  - fill: {A: '{kim.name}', in: B}\n  - copy: C as d\nsee: '{d}'"),
		guide("id: 1\ndo:\n  - request: {to: '{okta}/a', headers: {A: b}, status: 201, expect: {a.0: b}, save: {c: d}}\nsee: '{c}'"),
		guide("id: 1\ndo: {drag: {item: A, to: 2}}\ndone: any(okta.users, .id == 1)"),
		head + "<!-- script",
		head + "> <!-- script -->",
		head + "<!-- script\n? [a]\n: *b\n-->\n",
		head + "<!-- script\n---\n---\n-->\n",
		"\r\n# \x00\r\n",
		head + "<!-- script\n&a [*a]\n-->",
		head + step("id: !!binary x\n<<: {}"),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		s, err := script.Parse("fuzz.md", source)
		if err != nil {
			var mistake *script.Error
			lines := 1 + strings.Count(string(source), "\n")
			if s != nil || !errors.As(err, &mistake) || mistake.Text == "" || mistake.Line < 1 || mistake.Line > lines {
				t.Errorf("got %v and %#v, want an *Error at a line of the file", s, err)
			}
			return
		}
		if s.Title == "" && !strings.Contains(string(source), "#") || s.Meta["id"] == "" {
			t.Errorf("the script has no title or no id: %+v", s)
		}
		seen := map[string]bool{}
		for _, step := range s.Steps() {
			if step.ID == "" || seen[step.ID] || step.As == "" || len(step.Do)+len(step.Checks)+len(step.Confirm) == 0 || step.Line < 1 {
				t.Errorf("the step is incomplete: %+v", step)
			}
			seen[step.ID] = true
			for _, action := range append(step.Do, step.Checks...) {
				if !verbs[action.Verb] || action.Name == "" {
					t.Errorf("step %s: the action is incomplete: %+v", step.ID, action)
				}
			}
		}
	})
}
