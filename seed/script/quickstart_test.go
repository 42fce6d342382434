package script_test

import (
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"

	"understudy/seed/script"
)

var verbs = map[script.Verb]bool{
	script.VerbAs: true, script.VerbOpen: true, script.VerbVisit: true, script.VerbClick: true, script.VerbFill: true, script.VerbChoose: true, script.VerbTick: true,
	script.VerbUntick: true, script.VerbDrag: true, script.VerbCopy: true, script.VerbSee: true, script.VerbNotSee: true, script.VerbWait: true, script.VerbShot: true, script.VerbHold: true, script.VerbRelease: true,
}

func TestQuickstartIsWhole(t *testing.T) {
	guideScript, err := script.Quickstart()
	if err != nil {
		t.Fatal(err)
	}
	if len(guideScript.Sections) < 10 || len(guideScript.Steps()) < 60 {
		t.Errorf("%d sections, %d steps", len(guideScript.Sections), len(guideScript.Steps()))
	}
	for _, section := range guideScript.Sections {
		if section.Duration <= 0 {
			t.Errorf("%s:%d: section %q takes no time", guideScript.File, section.Line, section.Title)
		}
	}
	for _, step := range guideScript.Steps() {
		for _, action := range step.Do {
			if !verbs[action.Verb] {
				t.Errorf("%s:%d: verb %q", guideScript.File, action.Line, action.Verb)
			}
		}
		for _, action := range step.Checks {
			if action.Verb != script.VerbSee && action.Verb != script.VerbNotSee {
				t.Errorf("%s:%d: %q is no check", guideScript.File, action.Line, action.Verb)
			}
		}
	}
}

var pictureInText = regexp.MustCompile(`!\[([^\]]*)\]\(assets/([^)]+)\.png\)`)

// Each picture is taken once, and shown once, after the step that takes it.
func TestQuickstartPicturesAreUnique(t *testing.T) {
	guideScript, err := script.Quickstart()
	if err != nil {
		t.Fatal(err)
	}
	taken, shown := map[string]string{}, map[string]bool{}
	take := func(step *script.Step, name string) {
		if name == "" {
			return
		}
		if before, twice := taken[name]; twice {
			t.Errorf("picture %s is taken by steps %s and %s", name, before, step.ID)
		}
		taken[name] = step.ID
	}
	for _, section := range guideScript.Sections {
		for _, part := range section.Parts {
			if part.Step != nil {
				take(part.Step, part.Step.Shot)
				for _, action := range part.Step.Do {
					if action.Verb == script.VerbShot {
						take(part.Step, action.Name)
					}
				}
			}
			for _, image := range pictureInText.FindAllStringSubmatch(part.Markdown, -1) {
				if shown[image[2]] || taken[image[2]] == "" || image[1] == "" {
					t.Errorf("picture %s: shown before %t, taken before by step %q, alternative text %q", image[2], shown[image[2]], taken[image[2]], image[1])
				}
				shown[image[2]] = true
			}
		}
	}
	for name, step := range taken {
		if !shown[name] {
			t.Errorf("picture %s of step %s is not in the text", name, step)
		}
	}
	if len(taken) < 60 {
		t.Errorf("only %d pictures", len(taken))
	}
}

func TestLoadNamesTheFileThatIsNotThere(t *testing.T) {
	if _, err := script.Load(script.Files, "other.md"); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "other.md") {
		t.Errorf("got %v", err)
	}
}

// Whatever is read gives a script that keeps its promises, or a mistake at a line of the file.
func FuzzParse(f *testing.F) {
	source, err := script.Files.ReadFile(script.QuickstartFile)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(source)
	for _, seed := range []string{
		"", head, guide("id: 1\nsee: A"), guide("id: 1\ndo:\n  - fill: {A: '{kim.name}', in: B}\n  - copy: C as d\nsee: '{d}'"),
		guide("id: 1\ndo: {drag: {item: A, to: 2}}\ndone: any(okta.users, .id == 1)"), head + "<!-- script", head + "> <!-- walk -->",
		head + "<!-- script\n? [a]\n: *b\n-->\n", head + "<!-- walk\n---\n---\n-->\n", "\r\n# \x00\r\n", head + "<!-- walk\n&a [*a]\n-->", head + step("id: !!binary x\n<<: {}"),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		guideScript, err := script.Parse("fuzz.md", source)
		if err != nil {
			var mistake *script.Error
			if guideScript != nil || !errors.As(err, &mistake) || mistake.Text == "" || mistake.Line < 1 || mistake.Line > 1+strings.Count(string(source), "\n") {
				t.Errorf("with %v: %#v", guideScript, err)
			}
			return
		}
		if guideScript.Title == "" && !strings.Contains(string(source), "#") || guideScript.Meta["id"] == "" {
			t.Errorf("without title or id: %+v", guideScript)
		}
		seen := map[string]bool{}
		for _, step := range guideScript.Steps() {
			if step.ID == "" || seen[step.ID] || step.As == "" || len(step.Do)+len(step.Checks) == 0 || step.Line < 1 {
				t.Errorf("step %+v", step)
			}
			seen[step.ID] = true
			for _, action := range append(step.Do, step.Checks...) {
				if !verbs[action.Verb] || action.Name == "" {
					t.Errorf("step %s: action %+v", step.ID, action)
				}
			}
		}
	})
}

// Who picks a suggestion while typing never sees the page of results: the search of step 1.2 is done all the same.
func TestSearchingTheCatalogIsDoneByPickingASuggestion(t *testing.T) {
	guideScript, err := script.Quickstart()
	if err != nil {
		t.Fatal(err)
	}
	step, ok := guideScript.Step("1.2")
	if !ok {
		t.Fatal("no step 1.2")
	}
	for visited, want := range map[string]bool{
		"/admin/apps/catalog":            false,
		"/admin/apps/catalog?q":          true,
		"/admin/apps/catalog/sigmaonaws": true,
	} {
		view := map[string]any{"okta": map[string]any{"visited": []any{visited}}}
		if done, err := step.Evaluate(guideScript.Facts(view)); err != nil || done != want {
			t.Errorf("after %s: done %t, %v", visited, done, err)
		}
	}
}

// Every step has a check of its own. Learners and instructors read what it waits for: none is without its sentence, and no
// expression is one.
func TestEveryCheckSaysWhatItAwaits(t *testing.T) {
	guideScript, err := script.Quickstart()
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range guideScript.Steps() {
		if step.Done == "" || step.Awaits == "" {
			t.Errorf("step %s: done %q, awaits %q", step.ID, step.Done, step.Awaits)
		}
		if step.Awaits != "" && (!strings.HasSuffix(step.Awaits, ".") || strings.ContainsAny(step.Awaits, "(){}&|=")) {
			t.Errorf("step %s: %q is no sentence", step.ID, step.Awaits)
		}
	}
}
