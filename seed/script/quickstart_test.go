package script_test

import (
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"

	"understudy/seed/script"
)

func TestQuickstartIsComplete(t *testing.T) {
	s, err := script.Quickstart()
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Sections) < 10 || len(s.Steps()) < 60 {
		t.Errorf("%d sections, %d steps", len(s.Sections), len(s.Steps()))
	}
	for _, section := range s.Sections {
		if section.Duration <= 0 {
			t.Errorf("%s:%d: section %q has no duration", s.File, section.Line, section.Title)
		}
	}
	for _, step := range s.Steps() {
		for _, action := range step.Do {
			if !verbs[action.Verb] {
				t.Errorf("%s:%d: unknown verb %q", s.File, action.Line, action.Verb)
			}
		}
		for _, action := range step.Checks {
			if action.Verb != script.VerbSee && action.Verb != script.VerbNotSee {
				t.Errorf("%s:%d: %q is not a check", s.File, action.Line, action.Verb)
			}
		}
	}
}

var pictureInText = regexp.MustCompile(`!\[([^\]]*)\]\(assets/([^)]+)\.png\)`)

// Each picture is taken by one step and shown once in the text, after that step.
func TestQuickstartPicturesAreUnique(t *testing.T) {
	s, err := script.Quickstart()
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
	for _, section := range s.Sections {
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
					t.Errorf("picture %s: shown before %t, taken before by step %q, alternative text %q",
						image[2], shown[image[2]], taken[image[2]], image[1])
				}
				shown[image[2]] = true
			}
		}
	}
	for name, step := range taken {
		if !shown[name] {
			t.Errorf("picture %s of step %s is not shown in the text", name, step)
		}
	}
	if len(taken) < 60 {
		t.Errorf("got %d pictures, want at least 60", len(taken))
	}
}

func TestLoadErrorNamesTheMissingFile(t *testing.T) {
	_, err := script.Load(script.Files, "other.md")
	if !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "other.md") {
		t.Errorf("got %v", err)
	}
}

// A learner who picks a suggestion while typing never opens the page of results. Such a learner has still completed step 1.2.
func TestCatalogSearchIsDoneByPickingSuggestion(t *testing.T) {
	s, err := script.Quickstart()
	if err != nil {
		t.Fatal(err)
	}
	step, ok := s.Step("1.2")
	if !ok {
		t.Fatal("no step 1.2")
	}
	for visited, want := range map[string]bool{
		"/admin/apps/catalog":            false,
		"/admin/apps/catalog?q":          true,
		"/admin/apps/catalog/sigmaonaws": true,
	} {
		view := map[string]any{"okta": map[string]any{"visited": []any{visited}}}
		if done, err := step.Evaluate(s.Facts(view)); err != nil || done != want {
			t.Errorf("after %s: done %t, %v", visited, done, err)
		}
	}
}

// A password that another person had to change in an earlier step is no mistake of step 8.2.
func TestEarlierPasswordChangeIsNoMistake(t *testing.T) {
	s, err := script.Quickstart()
	if err != nil {
		t.Fatal(err)
	}
	step, _ := s.Step("8.2")
	for status, want := range map[string]int{"ACTIVE": 0, "PASSWORD_EXPIRED": 1} {
		other := map[string]any{"isNew": true, "status": status, "profile": map[string]any{"login": "maya@x.example", "email": "maya@x.example"}}
		bob := map[string]any{"isNew": true, "status": "PASSWORD_EXPIRED", "profile": map[string]any{"login": "bob@x.example", "email": "bob@x.example"}}
		view := map[string]any{
			"okta": map[string]any{
				"users": []any{bob, other}, "logs": []any{}, "apps": []any{}, "groups": []any{},
				"visited": []any{"/login/change-password", "/login/change-password#maya@x.example"},
			},
			"sigma": map[string]any{"members": []any{map[string]any{"email": "maya.rivers@brightwater.example"}}},
		}
		if said := step.Mistakes(s.Facts(view)); len(said) != want {
			t.Errorf("with %s: %q", status, said)
		}
	}
}

// Every step of the quickstart has a check or is confirmed by the learner, and has a sentence that tells learners and instructors what the check waits for.
func TestEveryStepSaysWhatItAwaits(t *testing.T) {
	s, err := script.Quickstart()
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range s.Steps() {
		if step.Done == "" && step.Confirm == "" || step.Awaits == "" {
			t.Errorf("step %s: done %q, awaits %q", step.ID, step.Done, step.Awaits)
		}
		if step.Awaits != "" && (!strings.HasSuffix(step.Awaits, ".") || strings.ContainsAny(step.Awaits, "(){}&|=")) {
			t.Errorf("step %s: %q is not a sentence", step.ID, step.Awaits)
		}
	}
}
