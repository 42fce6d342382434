package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"understudy/seed/lab"
	"understudy/seed/script"
	"understudy/seed/script/player"
)

// facts returns the view of the lab demo that the expressions of a script read.
func facts(t *testing.T, s *running, guideScript *script.Script) script.Facts {
	t.Helper()
	response, err := http.Get(s.url + "/labs/demo/view")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var view map[string]any
	if err := json.NewDecoder(response.Body).Decode(&view); err != nil {
		t.Fatal(err)
	}
	return guideScript.Facts(view)
}

// playScript parses and plays a script. A failed step, or a violated rule of axe, fails the test.
func playScript(t *testing.T, source string, o player.Options) {
	t.Helper()
	guideScript, err := script.Parse("script.md", []byte(source))
	if err != nil {
		t.Fatal(err)
	}
	report, err := player.Play(t.Context(), guideScript, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range report.Steps {
		if step.Failure != nil {
			t.Error(step.Failure)
		}
	}
	for _, v := range report.Violations {
		t.Error(v)
	}
}

// scripted plays steps in a server's lab demo. A failed step ends the test.
func scripted(t *testing.T, s *running, steps string) {
	t.Helper()
	playScript(t, "id: steps\nsummary: steps of a test\n\n# Steps\n\n## Steps\nDuration: 1\n\n"+steps, player.Options{URL: s.url})
	if t.Failed() {
		t.FailNow()
	}
}

// stepBlock matches the script comment of a step. The first group is the step's ID.
var stepBlock = regexp.MustCompile(`(?s)<!-- script\nid: ([^\n]+)\n.*?-->`)

// steps returns the script comments of a guide by step ID, and the IDs in order.
func steps(t *testing.T, source string) (ids []string, blocks map[string]string) {
	t.Helper()
	blocks = map[string]string{}
	for _, match := range stepBlock.FindAllStringSubmatch(source, -1) {
		ids, blocks[match[1]] = append(ids, match[1]), match[0]
	}
	return ids, blocks
}

// variant returns a script of the quickstart's first sections, followed by the named steps.
func variant(t *testing.T, then ...string) *script.Script {
	t.Helper()
	return guideUntil(t, "3.3", "variants.md", then...)
}

// guideUntil returns a script of the quickstart's steps up to last, followed by the named steps. These are taken from the
// quickstart or from a file in testdata, and are numbered 20.1, 20.2, and so on.
func guideUntil(t *testing.T, last, file string, then ...string) *script.Script {
	t.Helper()
	return guideUntilFrom(t, last, readTestdata(t, file), then...)
}

func readTestdata(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// guideUntilFrom is like guideUntil; more is the text of the additional steps.
func guideUntilFrom(t *testing.T, last, more string, then ...string) *script.Script {
	t.Helper()
	head, ids, blocks := quickstartSteps(t)
	_, extra := steps(t, more)
	var list []string
	for _, id := range ids[:slices.Index(ids, last)+1] {
		list = append(list, blocks[id])
	}
	for i, id := range then {
		block, known := blocks[id]
		if !known {
			block, known = extra[id]
		}
		if !known {
			t.Fatalf("there is no step %s", id)
		}
		// A step can be played twice, so each gets its own number.
		list = append(list, strings.Replace(block, "id: "+id+"\n", fmt.Sprintf("id: 20.%d\n", i+1), 1))
	}
	return assembled(t, head, list)
}

// sequel is a list of steps that follow a step of the quickstart.
type sequel struct {
	name   string
	steps  *script.Script // as [guideUntil] returns it; only the steps 20.1, 20.2 and so on are played
	before func()         // the lab is as it was after the step
	after  func()         // the steps were played
}

// playSequels plays the quickstart up to a step, and then each sequel in the lab as it is after that step. A failed step fails
// the test.
func playSequels(t *testing.T, s *running, last string, o player.Options, sequels []sequel) {
	t.Helper()
	played := 0
	o.URL, o.To, o.Variants = s.url, last, func(after string) (list []player.Variant) {
		if after != last {
			return nil
		}
		for _, q := range sequels {
			played++
			list = append(list, q.variant(t, s))
		}
		return list
	}
	report, err := player.Play(t.Context(), quickstart(t), o)
	if err != nil || !report.OK() {
		t.Fatal(err, report.FailedIDs())
	}
	if played == 0 || played != len(sequels) {
		t.Errorf("%d of %d sequels were played", played, len(sequels))
	}
}

// variant plays the sequel and takes the lab back.
func (q sequel) variant(t *testing.T, s *running) player.Variant {
	t.Helper()
	var steps []*script.Step
	for _, step := range q.steps.Steps() {
		if strings.HasPrefix(step.ID, "20.") {
			steps = append(steps, step)
		}
	}
	var before lab.Checkpoint
	return player.Variant{
		Steps: steps,
		Before: func() (err error) {
			if before, err = s.Registry.SaveCheckpoint(t.Context(), "demo", q.name, ""); err == nil {
				q.before()
			}
			return err
		},
		After: func(report player.Report) error {
			if len(report.Steps) != len(steps) {
				t.Errorf("%s: %d of %d steps were played", q.name, len(report.Steps), len(steps))
			}
			for _, step := range report.Steps {
				if step.Failure != nil {
					t.Errorf("%s: %v", q.name, step.Failure)
				}
			}
			q.after()
			return s.Registry.RestoreCheckpoint(t.Context(), "demo", before.ID)
		},
	}
}

// quickstartSteps returns the text before the quickstart's first section, and its steps.
func quickstartSteps(t *testing.T) (head string, ids []string, blocks map[string]string) {
	t.Helper()
	source, err := script.Files.ReadFile(script.QuickstartFile)
	if err != nil {
		t.Fatal(err)
	}
	head, _, found := strings.Cut(string(source), "\n## ")
	if !found {
		t.Fatal("the quickstart has no sections")
	}
	ids, blocks = steps(t, string(source))
	return head, ids, blocks
}

// assembled parses a guide that has one section with these steps.
func assembled(t *testing.T, head string, blocks []string) *script.Script {
	t.Helper()
	guideScript, err := script.Parse("assembled.md", []byte(head+"\n\n## Variant\nDuration: 1\n\n"+strings.Join(blocks, "\n\n")+"\n"))
	if err != nil {
		t.Fatal(err)
	}
	return guideScript
}
