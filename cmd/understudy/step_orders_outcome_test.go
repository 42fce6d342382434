package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"understudy/seed/script"
	"understudy/seed/script/player"
)

// stepBlock is a step's comment in a guide, with its id.
var stepBlock = regexp.MustCompile(`(?s)<!-- script\nid: ([^\n]+)\n.*?-->`)

// steps gives every step of a guide by its id, in the guide's order.
func steps(t *testing.T, source string) (ids []string, blocks map[string]string) {
	t.Helper()
	blocks = map[string]string{}
	for _, match := range stepBlock.FindAllStringSubmatch(source, -1) {
		ids, blocks[match[1]] = append(ids, match[1]), match[0]
	}
	return ids, blocks
}

// variant is a walk with the quickstart's first sections and then the steps named, in that order.
func variant(t *testing.T, then ...string) *script.Script {
	t.Helper()
	return guideUntil(t, "3.3", "variants.md", then...)
}

// guideUntil is a walk with the quickstart's steps up to one, and then the steps named, of the quickstart or of a file of
// further ones, in that order. They are numbered 20.1, 20.2, …
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

// guideUntilFrom does so with the text of further steps.
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
		// A step can come twice, and its number says when it is played here.
		list = append(list, strings.Replace(block, "id: "+id+"\n", fmt.Sprintf("id: 20.%d\n", i+1), 1))
	}
	return assembled(t, head, list)
}

// quickstartSteps gives what stands before the quickstart's first section, and its steps.
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

// assembled is a guide of one section with these steps.
func assembled(t *testing.T, head string, blocks []string) *script.Script {
	t.Helper()
	guideScript, err := script.Parse("assembled.md", []byte(head+"\n\n## Variant\nDuration: 1\n\n"+strings.Join(blocks, "\n\n")+"\n"))
	if err != nil {
		t.Fatal(err)
	}
	return guideScript
}

// Who does the quickstart's steps in another order ends up in the same place.
func TestOtherOrdersLeadToTheSamePlace(t *testing.T) {
	integration := []string{"5.1", "5.2", "5.3", "5.4", "5.5", "5.6", "5.7"}
	custom := []string{"9.1", "9.2", "9.3", "9.4", "9.5"}
	orders := map[string][][]string{
		"groups pushed before the app is assigned to them": {integration,
			{"v.create-groups", "v.open-app", "7.6", "8.1", "v.bob-joins-viewers", "v.bob-is-nobody", "v.assign-app-to-viewers", "v.bob-is-a-viewer"}},
		"groups pushed after people were assigned": {integration,
			{"7.1", "7.2", "7.3", "7.4", "8.1", "v.bob-joins-viewers", "v.open-app", "7.6", "v.bob-is-a-viewer"}},
		"groups pushed before people are assigned": {integration,
			{"7.1", "7.2", "7.3", "7.4", "v.open-app", "7.6", "8.1", "v.bob-joins-viewers", "v.bob-is-a-viewer"}},
		"account type made before the push": {integration,
			{"7.1", "7.2", "7.3", "7.4", "v.open-app", "7.6", "8.1", "v.bob-joins-viewers", "v.account-type-first"}, custom, {"v.bob-cannot-export"}},
		"account type made after the push": {integration,
			{"7.1", "7.2", "7.3", "7.4", "v.open-app", "7.6", "8.1", "v.bob-joins-viewers"}, custom, {"9.6", "9.7", "v.bob-cannot-export"}},
		"names changed in between": {integration,
			{"7.1", "7.2", "7.3", "7.4", "v.open-app", "7.6", "8.1", "v.bob-joins-viewers", "v.bob-is-a-viewer", "v.rename-group", "v.rename-bob", "v.new-names-arrived"}},
		"provisioning set up after everything else": {
			{"v.create-groups", "v.assign-app-to-viewers", "8.1", "v.bob-joins-viewers", "v.bob-is-nobody"}, integration,
			{"v.bob-is-nobody", "v.provision-user", "7.6", "v.bob-is-a-viewer"}},
		"provisioning off and on again": {integration,
			{"7.1", "7.2", "7.3", "7.4", "v.open-app", "7.6", "v.provisioning-off", "8.1", "v.bob-joins-viewers", "v.bob-is-nobody", "v.provisioning-on",
				"v.bob-is-nobody", "v.provision-user", "v.bob-is-a-viewer", "v.deactivate-bob", "v.bob-is-inactive"}},
	}
	for name, parts := range orders {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var then []string
			for _, part := range parts {
				then = append(then, part...)
			}
			s, guideScript := start(t), variant(t, then...)
			report, err := player.Play(t.Context(), guideScript, player.Options{URL: s.url, BeforeStep: func(step *script.Step) {
				if n, numbered := strings.CutPrefix(step.ID, "20."); numbered {
					if n, err := strconv.Atoi(n); err != nil || strings.HasPrefix(then[n-1], "v.") { // these only look
						return
					}
				}
				if done, err := step.Evaluate(facts(t, s, guideScript)); step.Done != "" && err == nil && done {
					t.Errorf("%s is done before it is begun: %s", step.ID, step.Done)
				}
			}})
			if err != nil {
				t.Fatal(err)
			}
			for _, step := range report.Steps {
				if step.Failure != nil {
					t.Errorf("%v\n(steps 20.n are %s)", step.Failure, strings.Join(then, ", "))
				}
			}
		})
	}
}
