package main

import (
	"net/url"
	"regexp"
	"strconv"
	"testing"
)

var doneCount = regexp.MustCompile(`(\d+) of (\d+) steps done`)

// shownDone matches the check mark of the step that the panel shows.
var shownDone = regexp.MustCompile(`class="guide-who">\s*<span class="pill[^"]*">.*?Done`)

func isShownDone(panel string) bool { return shownDone.MatchString(panel) }

// "Do this step for me" does every step of the quickstart, one after another, in the lab as it is. Before each step, the page on
// which the step begins has a control of the step, so that "Show me where" ends there.
func TestGuideDoesEachStepForTheLearner(t *testing.T) {
	t.Parallel()
	l := newLearner(t, start(t))
	for i, step := range quickstart(t).Steps() {
		l.post("/labs/demo/guide/step", url.Values{"step": {step.ID}, "back": {"/labs/demo"}})
		if isShownDone(l.get("/labs/demo/guide/panel?at=/okta/demo/")) {
			continue // the step before did this one, too
		}
		panel := l.post("/labs/demo/guide/do", url.Values{"step": {step.ID}, "back": {"/labs/demo/guide/panel?at=/okta/demo/"}})
		count := doneCount.FindStringSubmatch(panel)
		if count == nil {
			t.Fatalf("step %s: the panel has no count", step.ID)
		}
		if done, _ := strconv.Atoi(count[1]); done <= i {
			t.Fatalf("step %s: %s", step.ID, count[0])
		}
		if !isShownDone(panel) {
			t.Errorf("step %s has no check mark", step.ID)
		}
	}
	l.sees(l.get("/labs/demo/guide"), "62 of 62 steps done")
}
