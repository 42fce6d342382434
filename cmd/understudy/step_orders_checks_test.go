package main

import (
	"slices"
	"strings"
	"testing"

	"understudy/seed/script"
	"understudy/seed/script/player"
)

// inOrder returns the quickstart with its steps in another order. Each move puts the steps from…to after the step behind.
func inOrder(t *testing.T, moves ...move) *script.Script {
	t.Helper()
	head, ids, blocks := quickstartSteps(t)
	for _, m := range moves {
		first, last := slices.Index(ids, m.from), slices.Index(ids, m.to)
		if first < 0 || last < first {
			t.Fatalf("no steps %s to %s", m.from, m.to)
		}
		moved := slices.Clone(ids[first : last+1])
		ids = slices.Delete(ids, first, last+1)
		ids = slices.Insert(ids, slices.Index(ids, m.behind)+1, moved...)
	}
	var list []string
	for _, id := range ids {
		list = append(list, blocks[id])
	}
	return assembled(t, head, list)
}

type move struct{ from, to, behind string }

// In the guide's order and in three others, the check of each step fails before the step and passes after it (the player tests
// the latter). The guide reports no mistakes.
func TestStepsAreNotDoneBeforeTheyArePlayed(t *testing.T) {
	for name, moves := range map[string][]move{
		"as written": nil,
		"Sigma's side first": {
			{"0.2", "0.2", ""}, {"1.5", "1.6", "0.1"}, {"2.5", "2.5", "2.3"}, {"6.1", "6.2", "3.3"},
		},
		"people before groups": {
			{"8.1", "8.3", "6.2"}, {"8.4", "8.4", "7.3"}, {"10.6", "10.6", "10.1"},
		},
		"the custom account type early": {
			{"9.1", "9.1", "6.2"}, {"9.7", "9.7", "9.4"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, guideScript := start(t), inOrder(t, moves...)
			ahead := guideScript.Steps()
			early := map[string]bool{} // steps that were reported as done too early
			report, err := player.Play(t.Context(), guideScript, player.Options{URL: s.url, BeforeStep: func(step *script.Step) {
				now := facts(t, s, guideScript)
				for _, later := range ahead {
					if later.Done == "" || early[later.ID] {
						continue
					}
					if done, err := later.Evaluate(now); err == nil && done {
						early[later.ID] = true
						t.Errorf("step %s is done before step %s is played: %s", later.ID, step.ID, later.Done)
					}
				}
				for _, sentence := range step.Mistakes(now) {
					t.Errorf("step %s reports a mistake before it is played: %s", step.ID, sentence)
				}
				ahead = ahead[1:]
			}})
			if err != nil {
				t.Fatal(err)
			}
			for _, step := range report.Steps {
				if step.Failure != nil {
					t.Fatal(step.Failure)
				}
			}
		})
	}
}

// The guide accepts names of groups, people and account types that the learner chooses.
func TestNamesCanBeChosenFreely(t *testing.T) {
	t.Parallel()
	source, err := script.Files.ReadFile(script.QuickstartFile)
	if err != nil {
		t.Fatal(err)
	}
	text := string(source)
	for _, typed := range []string{"My", "Team"} { // the beginnings of the two groups' names
		text = strings.Replace(text, "fill: {Enter a group to push: Ok}", "fill: {Enter a group to push: "+typed+"}", 1)
	}
	own := strings.NewReplacer("OktaViewers", "MyViewers", "OktaCreators", "Team B", "OktaCreatorNoExport", "Quiet makers", "OktaCreatorNo", "Quiet",
		"CreatorNoExport", "No Download", "first-name: Bob", "first-name: Zoë", "bob.stone@", "zoe.stone@", "Bob Stone-Field", "Zoë Stone-Field")
	played, err := script.Parse("own-names.md", []byte(own.Replace(text)))
	if err != nil {
		t.Fatal(err)
	}
	s, guide := start(t), quickstart(t)
	var before *script.Step
	check := func() {
		if before == nil || before.Done == "" {
			return
		}
		step, _ := guide.Step(before.ID)
		now := facts(t, s, guide)
		if done, err := step.Evaluate(now); err != nil || !done {
			t.Errorf("step %s does not count as done: %s (%v)", step.ID, step.Done, err)
		}
	}
	report, err := player.Play(t.Context(), played, player.Options{URL: s.url, BeforeStep: func(step *script.Step) { check(); before = step }})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range report.Steps {
		if step.Failure != nil {
			t.Fatal(step.Failure)
		}
	}
	check()

	// The guide uses the learner's names from then on.
	l := newLearner(t, s)
	page := l.get("/labs/demo/guide")
	l.sees(page, "Zoë is a new employee", "<strong>MyViewers</strong>", "<strong>Team B</strong>",
		"<strong>Quiet makers</strong>", "the name <strong>No Download</strong>", "as Zoë")
	for _, guides := range []string{"OktaViewers", "OktaCreator", "CreatorNoExport", "Bob"} {
		if strings.Contains(page, guides) {
			t.Errorf("the guide still uses the name %s", guides)
		}
	}
}
