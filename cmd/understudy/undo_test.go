package main

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"understudy/seed/lab"
	"understudy/seed/script"
	"understudy/seed/script/player"
)

// The test undoes each step, from the last to the first. Each undo restores the view that the lab had before.
func TestUndoRestoresEveryStepByteForByte(t *testing.T) {
	t.Parallel()
	l := newLearner(t, start(t))
	views := map[int]string{} // by checkpoint
	settled := func() {       // waits until provisioning has no open jobs
		demo, release, err := l.server.Registry.Acquire(t.Context(), "demo")
		if err != nil {
			t.Fatal(err)
		}
		defer release()
		if err := demo.Runner.Settled(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	look := func() {
		settled()
		l.get("/labs/demo/guide/panel") // opening the panel completes the step
		kept, err := l.server.Registry.Checkpoints("demo")
		if err != nil || len(kept) == 0 {
			t.Fatal(err, "no checkpoint")
		}
		if _, known := views[kept[0].ID]; !known {
			views[kept[0].ID] = l.get("/labs/demo/view")
		}
	}
	report, err := player.Play(t.Context(), quickstart(t), player.Options{URL: l.server.url, BeforeStep: func(*script.Step) { look() }})
	if err != nil || !report.OK() {
		t.Fatal(err, report.FailedIDs())
	}
	look()
	if len(views) < 50 {
		t.Fatalf("only %d checkpoints", len(views))
	}
	for { // until one checkpoint is left
		kept, err := l.server.Registry.Checkpoints("demo")
		if err != nil {
			t.Fatal(err)
		}
		if len(kept) < 2 {
			break
		}
		l.post("/labs/demo/guide/undo", url.Values{"back": {"/labs/demo/guide/panel"}})
		settled()
		if now := l.get("/labs/demo/view"); now != views[kept[1].ID] {
			t.Fatalf("after undoing %q the lab is not as it was after %q: %s", kept[0].Label, kept[1].Label, firstDifference(views[kept[1].ID], now))
		}
	}
}

func TestStepsAndSectionsCanBeStartedAgain(t *testing.T) {
	t.Parallel()
	l := newLearner(t, start(t))
	l.post("/labs/demo/guide/bring", url.Values{"step": {"8.5"}})
	l.post(signInForm, adaSignsIn())
	l.post("/okta/demo/admin/groups/new", url.Values{"name": {"A wrong turn"}})
	l.sees(l.get("/okta/demo/admin/groups"), "A wrong turn", "Step 8.5", "Start this step again")
	l.post("/labs/demo/guide/again", url.Values{"what": {"step"}, "back": {"/okta/demo/admin/groups"}})
	l.lacks(l.get("/okta/demo/admin/groups"), "A wrong turn")
	l.sees(l.get("/okta/demo/admin/groups"), "Step 8.5")
	l.sees(l.get("/okta/demo/admin/users"), "Bob")
	section := l.post("/labs/demo/guide/again", url.Values{"what": {"section"}, "back": {"/okta/demo/admin/users"}})
	l.sees(section, "Step 8.1")
	l.lacks(strings.SplitN(section, `aria-label="Guide"`, 2)[0], "Bob Stone")
	l.sees(l.get("/labs/demo/guide"), "Before going back")
}

// A reset can be undone.
func TestResetCanBeUndone(t *testing.T) {
	t.Parallel()
	l := newLearner(t, start(t))
	l.post("/labs/demo/guide/bring", url.Values{"step": {"7.6"}})
	before := l.get("/labs/demo/view")
	l.post("/labs/demo/reset", nil)
	if l.get("/labs/demo/view") == before {
		t.Fatal("the reset changed nothing")
	}
	l.sees(l.post("/labs/demo/guide/undo", url.Values{"back": {"/labs/demo/guide"}}), "Step 7.6")
	if after := l.get("/labs/demo/view"); after != before {
		t.Errorf("undo did not restore the lab: %s", firstDifference(before, after))
	}
}

// After going back to a checkpoint and completing a step, undo undoes the step and not the going back.
func TestUndoAfterGoingBackUndoesTheStep(t *testing.T) {
	t.Parallel()
	l := newLearner(t, start(t))
	l.post("/labs/demo/guide/bring", url.Values{"step": {"9.8"}})
	kept, err := l.server.Registry.Checkpoints("demo")
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(kept, func(k lab.Checkpoint) bool { return k.Step == "0.1" })
	l.post("/labs/demo/guide/back", url.Values{"checkpoint": {strconv.Itoa(kept[i].ID)}})
	before := l.get("/labs/demo/view")
	l.sees(l.post(signInForm, adaSignsIn()), openStep("0.2"))
	l.sees(l.get("/okta/demo/admin/apps/catalog"), "2 of 62 steps done")
	l.post("/labs/demo/guide/undo", url.Values{"back": {"/labs/demo/guide"}})
	if after := l.get("/labs/demo/view"); after != before {
		t.Errorf("undo did not restore the state before the step: %s", firstDifference(before, after))
	}
}
