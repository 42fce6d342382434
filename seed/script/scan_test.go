package script_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"understudy/seed/script"
)

// checkOf parses a guide whose only step has the check.
func checkOf(t *testing.T, expression string) (*script.Script, *script.Check) {
	t.Helper()
	s := parse(t, guide("id: 1\nsee: A\ndone: '"+expression+"'"))
	return s, s.Steps()[0].Check()
}

// A check names the parts that it reads, and searches logs separately where the result for a longer log follows from the result
// so far.
func TestCheckNamesItsPartsAndScans(t *testing.T) {
	for expression, want := range map[string]string{
		`okta.visited("/a")`:                                                          "okta.visited",
		`any(okta.logs, .eventType == "a")`:                                           " any okta.logs",
		`not any(traffic, .kind == "a") && len(okta.users) > 0`:                       "okta.users any traffic",
		`findIndex(sigma.audit, .name == "a") < findIndex(sigma.audit, .name == "b")`: " findIndex sigma.audit findIndex sigma.audit",
		`any(okta.logs, .actor == okta.users[0].id)`:                                  " any okta.logs(okta.users)",
		`any(okta.users, .id == "a")`:                                                 "okta.users",
		// These searches depend on more than one entry, so they read the whole log.
		`len(okta.logs) > 0`:                                              "okta.logs",
		`any(okta.logs[0:1], .eventType == "a")`:                          "okta.logs",
		`any(okta.logs, len(okta.logs) > 3)`:                              "okta.logs",
		`let a = "b"; any(okta.logs, .eventType == a)`:                    "okta.logs",
		`any(okta.groups, any(okta.logs, .eventType == "a"))`:             "okta.groups any okta.logs",
		`count(traffic, .status == 1) == 2 && any(traffic, .status == 3)`: "traffic any traffic",
	} {
		_, check := checkOf(t, expression)
		got := strings.Join(check.Parts(), " ")
		for _, scan := range check.Scans() {
			got += " " + scan.Kind + " " + scan.Log
			if len(scan.Parts) > 0 {
				got += "(" + strings.Join(scan.Parts, " ") + ")"
			}
		}
		if got != want {
			t.Errorf("%s reads %q, want %q", expression, got, want)
		}
	}
}

// A check that is evaluated piece by piece, as its logs grow, gives what it gives over the whole logs.
func TestScansOfGrowingLogsGiveTheResultOfTheWholeLog(t *testing.T) {
	expressions := []string{
		`any(okta.logs, .kind == "a")`,
		`not any(okta.logs, .kind == "a" && .who == okta.users[0].id)`,
		`any(okta.logs, .kind == "a" && .deep.name == "x")`, // fails for entries without deep
		`any(traffic, .deep.name == "x") || any(traffic, .kind == "b")`,
		`findIndex(sigma.audit, .kind == "a") < findIndex(sigma.audit, .kind == "b")`,
		`none(okta.logs, .deep.name == "x") && none(traffic, .kind == "a")`,
		`findIndex(traffic, .kind == "a") < findIndex(traffic, .deep.name == "x")`,
		`len(okta.users) == 1 && findIndex(traffic, .kind == "c") == 2`,
	}
	random := rand.New(rand.NewPCG(1, 2))
	for _, expression := range expressions {
		s, check := checkOf(t, expression)
		scans := check.Scans()
		for range 200 {
			logs := map[string][]any{}
			results := make([]script.ScanResult, len(scans))
			for range 4 {
				for _, log := range []string{"okta.logs", "sigma.audit", "traffic"} {
					added := entries(random)
					facts := s.Facts(viewWith(map[string][]any{log: added})) // only what is new
					for i := range scans {
						if scans[i].Log == log {
							results[i] = scans[i].Extend(results[i], facts, len(added))
						}
					}
					if log == "traffic" { // oldest first
						logs[log] = append(logs[log], added...)
					} else {
						logs[log] = slices.Concat(added, logs[log])
					}
				}
				want, wantErr := check.EvaluateWhole(s.Facts(viewWith(logs)))
				got, err := check.Evaluate(s.Facts(viewWith(nil)), results)
				if got != want || wantErr == nil && err != nil {
					t.Fatalf("%s: piece by piece %v %v, whole %v %v\n%v", expression, got, err, want, wantErr, logs)
				}
			}
		}
	}
}

// entries makes up to three entries of a log.
func entries(random *rand.Rand) []any {
	list := []any{}
	for range random.IntN(4) {
		entry := map[string]any{"kind": string(rune('a' + random.IntN(4))), "who": fmt.Sprint(random.IntN(2))}
		if random.IntN(2) == 0 {
			entry["deep"] = map[string]any{"name": string(rune('w' + random.IntN(2)))}
		}
		list = append(list, entry)
	}
	return list
}

func viewWith(logs map[string][]any) map[string]any {
	list := func(name string) []any { return append([]any{}, logs[name]...) }
	return map[string]any{
		"okta":  map[string]any{"users": []any{map[string]any{"id": "1"}}, "logs": list("okta.logs")},
		"sigma": map[string]any{"audit": list("sigma.audit")}, "traffic": list("traffic"),
	}
}

// Each search of a log in the guides that come with the program is a scan: no check reads whole logs again and again.
func TestGuidesReadLogsOnlyByScans(t *testing.T) {
	s, err := script.Quickstart()
	if err != nil {
		t.Fatal(err)
	}
	scans := 0
	for _, step := range s.Steps() {
		for _, check := range append(step.MistakeChecks(), step.Check()) {
			if check == nil {
				continue
			}
			scans += len(check.Scans())
			for _, part := range check.Parts() {
				if slices.Contains([]string{"okta", "sigma", "okta.logs", "sigma.audit", "traffic"}, part) {
					t.Errorf("a check of step %s reads all of %s", step.ID, part)
				}
			}
		}
	}
	if scans < 10 {
		t.Errorf("%d scans", scans)
	}
}
