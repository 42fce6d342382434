package walk_test

import (
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"

	"understudy/seed/walk"
)

var verbs = map[walk.Verb]bool{
	walk.VerbAs: true, walk.VerbOpen: true, walk.VerbVisit: true, walk.VerbClick: true, walk.VerbFill: true, walk.VerbChoose: true, walk.VerbTick: true,
	walk.VerbUntick: true, walk.VerbDrag: true, walk.VerbCopy: true, walk.VerbSee: true, walk.VerbNotSee: true, walk.VerbWait: true, walk.VerbShot: true, walk.VerbHold: true, walk.VerbRelease: true,
}

func TestQuickstartIsWhole(t *testing.T) {
	script, err := walk.Quickstart()
	if err != nil {
		t.Fatal(err)
	}
	if len(script.Sections) < 10 || len(script.Steps()) < 60 {
		t.Errorf("%d sections, %d steps", len(script.Sections), len(script.Steps()))
	}
	for _, section := range script.Sections {
		if section.Duration <= 0 {
			t.Errorf("%s:%d: section %q takes no time", script.File, section.Line, section.Title)
		}
	}
	for _, step := range script.Steps() {
		for _, action := range step.Do {
			if !verbs[action.Verb] {
				t.Errorf("%s:%d: verb %q", script.File, action.Line, action.Verb)
			}
		}
		for _, action := range step.Checks {
			if action.Verb != walk.VerbSee && action.Verb != walk.VerbNotSee {
				t.Errorf("%s:%d: %q is no check", script.File, action.Line, action.Verb)
			}
		}
	}
}

var pictureInText = regexp.MustCompile(`!\[([^\]]*)\]\(assets/([^)]+)\.png\)`)

// Each picture is taken once, and shown once, after the step that takes it.
func TestQuickstartPicturesAreUnique(t *testing.T) {
	script, err := walk.Quickstart()
	if err != nil {
		t.Fatal(err)
	}
	taken, shown := map[string]string{}, map[string]bool{}
	take := func(step *walk.Step, name string) {
		if name == "" {
			return
		}
		if before, twice := taken[name]; twice {
			t.Errorf("picture %s is taken by steps %s and %s", name, before, step.ID)
		}
		taken[name] = step.ID
	}
	for _, section := range script.Sections {
		for _, part := range section.Parts {
			if part.Step != nil {
				take(part.Step, part.Step.Shot)
				for _, action := range part.Step.Do {
					if action.Verb == walk.VerbShot {
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
	if _, err := walk.Load(walk.Files, "other.md"); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "other.md") {
		t.Errorf("got %v", err)
	}
}

// Whatever is read gives a script that keeps its promises, or a mistake at a line of the file.
func FuzzParse(f *testing.F) {
	source, err := walk.Files.ReadFile(walk.QuickstartFile)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(source)
	for _, seed := range []string{
		"", head, guide("id: 1\nsee: A"), guide("id: 1\ndo:\n  - fill: {A: '{kim.name}', in: B}\n  - copy: C as d\nsee: '{d}'"),
		guide("id: 1\ndo: {drag: {item: A, to: 2}}\ndone: any(okta.users, .id == 1)"), head + "<!-- walk", head + "> <!-- walk -->",
		head + "<!-- walk\n? [a]\n: *b\n-->\n", head + "<!-- walk\n---\n---\n-->\n", "\r\n# \x00\r\n", head + "<!-- walk\n&a [*a]\n-->", head + step("id: !!binary x\n<<: {}"),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		script, err := walk.Parse("fuzz.md", source)
		if err != nil {
			var mistake *walk.Error
			if script != nil || !errors.As(err, &mistake) || mistake.Text == "" || mistake.Line < 1 || mistake.Line > 1+strings.Count(string(source), "\n") {
				t.Errorf("with %v: %#v", script, err)
			}
			return
		}
		if script.Title == "" && !strings.Contains(string(source), "#") || script.Meta["id"] == "" {
			t.Errorf("without title or id: %+v", script)
		}
		seen := map[string]bool{}
		for _, step := range script.Steps() {
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
	script, err := walk.Quickstart()
	if err != nil {
		t.Fatal(err)
	}
	step, ok := script.Step("1.2")
	if !ok {
		t.Fatal("no step 1.2")
	}
	for visited, want := range map[string]bool{
		"/admin/apps/catalog":            false,
		"/admin/apps/catalog?q":          true,
		"/admin/apps/catalog/sigmaonaws": true,
	} {
		view := map[string]any{"okta": map[string]any{"visited": []any{visited}}}
		if done, err := step.Evaluate(script.Facts(view)); err != nil || done != want {
			t.Errorf("after %s: done %t, %v", visited, done, err)
		}
	}
}

// Every step has a check of its own. Learners and instructors read what it waits for: none is without its sentence, and no
// expression is one.
func TestEveryCheckSaysWhatItAwaits(t *testing.T) {
	script, err := walk.Quickstart()
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range script.Steps() {
		if step.Done == "" || step.Awaits == "" {
			t.Errorf("step %s: done %q, awaits %q", step.ID, step.Done, step.Awaits)
		}
		if step.Awaits != "" && (!strings.HasSuffix(step.Awaits, ".") || strings.ContainsAny(step.Awaits, "(){}&|=")) {
			t.Errorf("step %s: %q is no sentence", step.ID, step.Awaits)
		}
	}
}
