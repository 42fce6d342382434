package main

import (
	"encoding/json"
	"net/http"
	"testing"

	"understudy/seed/walk"
)

// facts are what the script's expressions can see of the lab demo.
func facts(t *testing.T, s *server, script *walk.Script) walk.Facts {
	t.Helper()
	answer, err := http.Get(s.url + "/labs/demo/view")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	var view map[string]any
	if err := json.NewDecoder(answer.Body).Decode(&view); err != nil {
		t.Fatal(err)
	}
	return script.Facts(view)
}

// Every check is red before its step and green after it (the player sees to that), and no mistake is seen where none is made.
func TestChecksAreRedBeforeTheirStep(t *testing.T) {
	t.Parallel()
	s, script := start(t), quickstart(t)
	unchecked := 0
	report, err := walk.Play(t.Context(), script, walk.Options{URL: s.url, Before: func(step *walk.Step) {
		if step.Done == "" {
			unchecked++
			return
		}
		now := facts(t, s, script)
		if done, err := step.Evaluate(now); err == nil && done {
			t.Errorf("step %s is done before it is begun: %s", step.ID, step.Done)
		}
		for _, sentence := range step.Missed(now) {
			t.Errorf("step %s complains before anybody tried it: %s", step.ID, sentence)
		}
	}})
	if err != nil || !report.OK() {
		t.Fatal(err, report.FailedIDs())
	}
	t.Logf("%d of %d steps have no check of their own", unchecked, len(script.Steps()))
}
