package main

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"understudy/seed/content"
	"understudy/seed/script"
	"understudy/seed/script/player"
)

// courses are the built-in guides besides the quickstart. Each begins in the scenario that it names.
var courses = []string{"offboarding", "troubleshooting", "scim"}

// startCourse starts a server with a lab of the guide's scenario. The guide scim gets a SCIM server of another project.
func startCourse(t *testing.T, name string) (*running, *script.Script) {
	t.Helper()
	text, err := script.Files.ReadFile(name + ".md")
	if err != nil {
		t.Fatal(err)
	}
	source, command := string(text), serveCommand{contentFlags: contentFlags{Guide: []string{name}}}
	if name == "scim" {
		baseURL, token := startForeignPeer(t)
		address, err := url.Parse(baseURL)
		if err != nil {
			t.Fatal(err)
		}
		command.AllowEgress = []string{address.Host}
		source = strings.NewReplacer("http://127.0.0.1:8090/scim/v2", baseURL, "a-token-of-your-server", token).Replace(source)
	}
	guideScript, err := script.Parse(name+".md", []byte(source))
	if err != nil {
		t.Fatal(err)
	}
	return startWith(t, command), guideScript
}

// Both players play each course from a fresh lab to the end, and the guide of the lab sees that all steps are completed.
func TestCoursesArePlayed(t *testing.T) {
	for _, name := range courses {
		for _, with := range []player.Player{player.PlayerHTTP, player.PlayerBrowser} {
			t.Run(name+" "+string(with), func(t *testing.T) {
				t.Parallel()
				s, guideScript := startCourse(t, name)
				report, err := player.Play(t.Context(), guideScript, player.Options{URL: s.url, Player: with, FailureDir: t.TempDir()})
				if err != nil {
					t.Fatal(err)
				}
				for _, played := range report.Steps {
					if played.Failure != nil {
						t.Fatal(played.Failure)
					}
				}
				if report.Count(player.Passed) != len(guideScript.Steps()) {
					t.Error(report.Summary())
				}
			})
		}
	}
}

// Each step has a check that is false at the beginning, a sentence that says what the check waits for, a hint, and a page or a request
// with which it begins. Each course has its own scenario, and a learner finds the course on the start page.
func TestCoursesAreComplete(t *testing.T) {
	t.Parallel()
	usable := content.BuiltInOnly().Usable(content.Guides)
	for _, name := range courses {
		if !slices.ContainsFunc(usable, func(i content.Item) bool { return i.Name == name && i.Needs != "" }) {
			t.Errorf("%s is not offered with a scenario", name)
		}
		s, guideScript := startCourse(t, name)
		now := facts(t, s, guideScript)
		for _, step := range guideScript.Steps() {
			if done, err := step.Evaluate(now); step.Done == "" || err == nil && done {
				t.Errorf("%s, step %s: the check %q is true before the step", name, step.ID, step.Done)
			}
			if step.Awaits == "" || len(step.Hints) == 0 {
				t.Errorf("%s, step %s: awaits or hint is missing", name, step.ID)
			}
		}
	}
}

// A lab can be brought to the end of a course: the server plays all steps, also those that start a fault.
func TestLabsAreBroughtThroughCourses(t *testing.T) {
	for _, name := range courses {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, guideScript := startCourse(t, name)
			steps := guideScript.Steps()
			last := steps[len(steps)-1].ID
			if name == "scim" {
				last = "4.1" // the built-in guide does not know the address of a server of the test's own
			}
			l := newLearner(t, s)
			l.sees(l.post("/labs/demo/guide/bring", url.Values{"step": {last}}), "Step "+last)
		})
	}
}
