package main

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

	"understudy/seed/script"
)

// Changes of a whole lab that are sent at the same moment, by a double click or in two windows, take turns or are refused with a
// sentence.
func TestChangesOfAWholeLabTakeTurns(t *testing.T) {
	t.Parallel()
	s := start(t)
	v := newVisitor(t, s)
	v.wants(http.StatusOK)(v.post("/labs/demo/guide/bring", url.Values{"step": {"8.5"}}))
	const undo, bring, again, back, reset, picture, fault = "/labs/demo/guide/undo", "/labs/demo/guide/bring", "/labs/demo/guide/again",
		"/labs/demo/guide/back", "/labs/demo/reset", "/labs/demo/shots/", "/labs/demo/faults/start"
	name := ""
	for _, step := range quickstart(t).Steps() {
		for _, shot := range step.Shots() {
			name = shot.Name // of the last picture, which takes longest
		}
	}
	for _, paths := range [][]string{
		{undo, undo, undo, undo, undo, undo, undo, undo},
		{bring, bring},
		{bring, undo, again, back, fault},
		{picture + name, bring, reset},
		{fault, fault, undo},
	} {
		var group sync.WaitGroup
		for _, path := range paths {
			group.Go(func() {
				b := &busy{visitor: newVisitor(t, s)}
				status, body := b.ask(http.MethodPost, path, url.Values{"step": {"7.1"}, "checkpoint": {"3"}, "what": {"step"}})
				if status != http.StatusOK && status != http.StatusSeeOther && (status != http.StatusConflict || !strings.Contains(body, ".</")) {
					t.Errorf("%s among %v: %d %.600s", path, paths, status, body)
				}
			})
		}
		group.Wait()
		v.wants(http.StatusOK)(v.get("/labs/demo/guide"))
	}
}

// Each undo of several at the same moment leads one step back; none leads to a state that another has undone.
func TestUndosAtTheSameMomentGoBackOneStepEach(t *testing.T) {
	t.Parallel()
	s := start(t)
	v := newVisitor(t, s)
	v.wants(http.StatusOK)(v.post("/labs/demo/guide/bring", url.Values{"step": {"8.5"}}))
	before, err := s.Registry.Checkpoints("demo")
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			b := &busy{visitor: newVisitor(t, s)}
			if status, body := b.ask(http.MethodPost, "/labs/demo/guide/undo", nil); status != http.StatusSeeOther {
				t.Errorf("%d %.300s", status, body)
			}
		})
	}
	group.Wait()
	after, err := s.Registry.Checkpoints("demo")
	if err != nil || len(after) != len(before)-4 {
		t.Errorf("%d checkpoints, before %d: %v", len(after), len(before), err)
	}
}

// While the instructor has opened two sections, no address leads into a step of another one.
func TestClosedSectionsCannotBeReached(t *testing.T) {
	t.Parallel()
	s := openWorkshop(t, t.TempDir(), 2)
	ann, ada := newVisitor(t, s), newVisitor(t, s)
	ann.join("Ann")
	ada.instructs(s)
	guideScript := quickstart(t)
	ann.wants(http.StatusOK)(ann.post("/labs/lab-01/guide/bring", url.Values{"step": {"5.5"}})) // leaves checkpoints in a later section
	checkpoints, err := s.Registry.Checkpoints("lab-01")
	if err != nil {
		t.Fatal(err)
	}
	ada.sets(url.Values{"sections": {"2"}})
	_, before := ann.get("/labs/lab-01/view")
	closed, order := map[string]bool{}, guideScript.Steps()
	for i, section := range guideScript.Sections {
		for _, part := range section.Parts {
			if part.Step != nil && i >= 2 {
				closed[part.Step.ID] = true
			}
		}
	}
	refused := ann.wants(http.StatusForbidden, "has not opened that section")
	tried := 0
	for i, step := range order {
		if !closed[step.ID] {
			continue
		}
		tried++
		refused(ann.post("/labs/lab-01/guide/done", url.Values{"step": {step.ID}}))
		refused(ann.post("/labs/lab-01/guide/bring", url.Values{"step": {after(order, i)}}))
		for _, shot := range step.Shots() {
			refused(ann.get("/labs/lab-01/shots/" + shot.Name))
			refused(ann.post("/labs/lab-01/shots/"+shot.Name, nil))
		}
	}
	for _, c := range checkpoints {
		if closed[c.Step] {
			tried++
			refused(ann.post("/labs/lab-01/guide/back", url.Values{"checkpoint": {strconv.Itoa(c.ID)}}))
		}
	}
	if _, now := ann.get("/labs/lab-01/view"); now != before || tried < 20 {
		t.Errorf("after %d tries the lab differs: %s", tried, firstDifference(before, now))
	}
	_, text := ann.get("/labs/lab-01/guide")
	for id := range closed {
		if strings.Contains(text, "Step "+id+"<") {
			t.Errorf("the guide shows step %s", id)
		}
	}
}

// after returns the id of the step after the one at an index; empty after the last.
func after(steps []*script.Step, i int) string {
	if i+1 < len(steps) {
		return steps[i+1].ID
	}
	return ""
}
