package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"understudy/seed/script"
	"understudy/seed/script/player"
)

// draftGuide loads the guide in the order of the quickstart's first draft.
func draftGuide(t *testing.T) *script.Script {
	t.Helper()
	guideScript, err := script.Load(script.Files, "draft.md")
	if err != nil {
		t.Fatal(err)
	}
	return guideScript
}

// playDraft plays a guide in a lab of the scenario "draft". A failed step fails the test.
func playDraft(t *testing.T, guideScript *script.Script, o player.Options) (*running, player.Report) {
	t.Helper()
	s := startWith(t, serveCommand{contentFlags: contentFlags{Guide: []string{"draft"}}})
	return s, playOn(t, s, guideScript, o)
}

// playOn plays a guide on a server. A failed step fails the test.
func playOn(t *testing.T, s *running, guideScript *script.Script, o player.Options) player.Report {
	t.Helper()
	o.URL = s.url
	report, err := player.Play(t.Context(), guideScript, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range report.Steps {
		if step.Failure != nil {
			t.Fatal(step.Failure)
		}
	}
	return report
}

// The pages are those of the quickstart, where axe-core judges them.
func TestBothPlayersWalkTheDraft(t *testing.T) {
	for _, p := range []player.Player{player.PlayerHTTP, player.PlayerBrowser} {
		t.Run(string(p), func(t *testing.T) {
			t.Parallel()
			o := player.Options{Player: p, FailureDir: t.TempDir()}
			guideScript := draftGuide(t)
			_, report := playDraft(t, guideScript, o)
			if len(report.Steps) != len(guideScript.Steps()) || len(report.Steps) < 60 {
				t.Errorf("%s of %d steps", report.Summary(), len(guideScript.Steps()))
			}
		})
	}
}

// The text of step 8.1 says how many people and applications the groups have.
func TestDraftCountsItsPeopleAndApplications(t *testing.T) {
	t.Parallel()
	guideScript := draftGuide(t)
	s, _ := playDraft(t, guideScript, player.Options{To: "8.1"})
	expect := `len(okta.users) == 3 && len(find(okta.groups, .profile.name == "Everyone").apps) == 0 &&
		len(find(okta.groups, .profile.name == "FinanceViewers").members) == 0 && len(find(okta.groups, .profile.name == "FinanceViewers").apps) == 1`
	check := fmt.Sprintf("id: facts\nsummary: Facts\n\n# Facts\n\n## Facts\nDuration: 1\n\n<!-- script\nid: 1.1\nas: okta-admin\nsee: A\ndone: '%s'\n-->\n",
		strings.Join(strings.Fields(expect), " "))
	parsed, err := script.Parse("facts.md", []byte(check))
	if err != nil {
		t.Fatal(err)
	}
	now := facts(t, s, parsed)
	if done, err := parsed.Steps()[0].Evaluate(now); err != nil || !done {
		t.Errorf("the groups have other people or applications: %v", now["okta"].(map[string]any)["groups"])
	}
}

// A guide that calls a control by its name in another release finds the control, in both directions.
func TestWordingsOfAScenarioAreBothFound(t *testing.T) {
	t.Parallel()
	source, err := script.Files.ReadFile("draft.md")
	if err != nil {
		t.Fatal(err)
	}
	other, err := script.Parse("other.md", []byte(strings.ReplaceAll(string(source), "Show details", "More details")))
	if err != nil {
		t.Fatal(err)
	}
	playDraft(t, other, player.Options{To: "2.7"})
	quick, err := script.Files.ReadFile(script.QuickstartFile)
	if err != nil {
		t.Fatal(err)
	}
	playScript(t, strings.ReplaceAll(string(quick), "More details", "Show details"), player.Options{URL: start(t).url, To: "1.7"})
}

// The guide is offered where labs get their guides.
func TestTheDraftIsOffered(t *testing.T) {
	t.Parallel()
	v := newVisitor(t, start(t))
	v.wants(http.StatusOK, "in the order of the draft", "A small organization")(v.get("/"))
}

// draftMistakes lists the mistakes in the steps that only this guide has. The others are in mistakes.
var draftMistakes = []mistake{
	{"10.1", []string{"m.everyone-gets-the-app"}, "10.2", "You assigned the application to another group"},
	{"10.2", []string{"m.push-linked-only"}, "10.3", "linked, but not pushed"},
	{"10.4", []string{"m.type-with-download"}, "10.5", "allows downloads"},
	{"10.4", []string{"m.type-without-workbooks"}, "10.5", "may not create workbooks"},
	{"10.7", []string{"m.viewers-edited"}, "10.8", "You edited another group"},
	{"10.7", []string{"m.admins"}, "10.8", "could export everything"},
	{"10.8", []string{"m.creator-first"}, "10.9", "Bob is already a Creator"},
	{"10.9", []string{"m.other-letters"}, "11.1", "is not the name of an account type in Sigma"},
	{"11.1", []string{"m.viewers-get-the-type"}, "11.2", "the User Type of another group"},
	{"11.2", []string{"m.one-up"}, "11.3", "another group has a higher priority"},
	{"11.3", []string{"m.last-again"}, "11.4", "Bob is still a Viewer"},
}

func TestDraftDescribesMistakes(t *testing.T) {
	for _, c := range draftMistakes {
		t.Run(c.step+" "+c.says, func(t *testing.T) {
			t.Parallel()
			guideScript := draftUntil(t, c.after, c.then...)
			step, _ := draftGuide(t).Step(c.step)
			complains := func(s *running) bool {
				return slices.ContainsFunc(step.Mistakes(facts(t, s, guideScript)), func(said string) bool { return strings.Contains(said, c.says) })
			}
			s := startWith(t, serveCommand{contentFlags: contentFlags{Guide: []string{"draft"}}})
			playOn(t, s, guideScript, player.Options{BeforeStep: func(next *script.Step) {
				if next.ID == "20.1" && complains(s) {
					t.Error("the guide reports the mistake before it is made")
				}
			}})
			if !complains(s) {
				t.Errorf("the guide does not report the mistake; it says %q", step.Mistakes(facts(t, s, guideScript)))
			}
			if done, err := step.Evaluate(facts(t, s, guideScript)); err == nil && done {
				t.Error("the step counts as done, so the guide does not show the sentence")
			}
		})
	}
}

func TestEveryMistakeOfTheDraftIsMade(t *testing.T) {
	for _, step := range draftGuide(t).Steps() {
		for _, miss := range step.Misses {
			said := func(c mistake) bool { return strings.Contains(miss.Say, c.says) }
			here := func(c mistake) bool { return c.step == step.ID && said(c) }
			if !slices.ContainsFunc(draftMistakes, here) && !slices.ContainsFunc(mistakes, said) && !strings.Contains(miss.Say, "select Show details") {
				t.Errorf("step %s: this mistake is not tested: %s", step.ID, miss.Say)
			}
		}
	}
}

// draftUntil returns the guide's steps up to last, followed by steps of testdata/draft_mistakes.md.
func draftUntil(t *testing.T, last string, then ...string) *script.Script {
	t.Helper()
	source, err := script.Files.ReadFile("draft.md")
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(string(source), "\n## ")
	ids, blocks := steps(t, string(source))
	_, extra := steps(t, readTestdata(t, "draft_mistakes.md"))
	var list []string
	for _, id := range ids[:slices.Index(ids, last)+1] {
		list = append(list, blocks[id])
	}
	for i, id := range then {
		list = append(list, strings.Replace(extra[id], "id: "+id+"\n", fmt.Sprintf("id: 20.%d\n", i+1), 1))
	}
	return assembled(t, head, list)
}
