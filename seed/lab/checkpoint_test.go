package lab_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"understudy/seed/base/problem"
	"understudy/seed/door/doortest"
)

func TestCheckpointBringsTheLabBack(t *testing.T) {
	r := doortest.New(t, t.TempDir())
	r.Create("demo")
	v := r.Browser()
	v.SignIn("/okta/demo")
	_, before := viewOf(v, "demo")
	c, err := r.Registry.SaveCheckpoint(t.Context(), "demo", "Before “it”", "1.3")
	if err != nil {
		t.Fatal(err)
	}
	if status, body, _ := v.Post("/okta/demo/admin/groups/new", url.Values{"name": {"Made later"}}); status != 200 || !strings.Contains(body, "Made later") {
		t.Fatalf("%d %s", status, body)
	}
	if _, after := viewOf(v, "demo"); after == before {
		t.Fatal("nothing changed")
	}
	if err := r.Registry.RestoreCheckpoint(t.Context(), "demo", c.ID); err != nil {
		t.Fatal(err)
	}
	if _, after := viewOf(v, "demo"); after != before {
		t.Errorf("the lab is not as it was:\n%s\n%s", before, after)
	}
	if status, body, path := v.Get("/okta/demo/admin/groups"); status != 200 || path != "/okta/demo/admin/groups" || strings.Contains(body, "Made later") {
		t.Errorf("who was signed in is not any more, or sees what was undone: %d %s", status, path)
	}
	list, err := r.Registry.Checkpoints("demo")
	if err != nil || len(list) != 1 || list[0].Label != "Before “it”" || list[0].Step != "1.3" {
		t.Errorf("checkpoints: %+v %v", list, err)
	}
	if err := r.Registry.RestoreCheckpoint(t.Context(), "demo", 99); !problem.Is(err, problem.NotFound) {
		t.Errorf("a checkpoint that is not there: %v", err)
	}
	if err := r.Registry.DropCheckpoints("demo", 0); err != nil {
		t.Fatal(err)
	}
	if list, _ = r.Registry.Checkpoints("demo"); len(list) != 0 {
		t.Errorf("left: %+v", list)
	}
}

// The list of checkpoints is kept in memory, and follows each change.
func TestCheckpointListFollowsEachChange(t *testing.T) {
	r := doortest.New(t, t.TempDir())
	r.Create("demo")
	wantLabels := func(want ...string) {
		t.Helper()
		list, err := r.Registry.Checkpoints("demo")
		var labels []string
		for _, c := range list {
			labels = append(labels, c.Label)
		}
		if err != nil || !slices.Equal(labels, want) {
			t.Errorf("checkpoints %q, want %q; %v", labels, want, err)
		}
	}
	save := func(label string) int {
		t.Helper()
		c, err := r.Registry.SaveCheckpoint(t.Context(), "demo", label, "")
		if err != nil {
			t.Fatal(err)
		}
		return c.ID
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	wantLabels()
	first := save("one")
	wantLabels("one")
	save("two")
	wantLabels("two", "one")
	must(r.Registry.DropCheckpoints("demo", first))
	wantLabels("one")
	must(r.Registry.RestoreCheckpoint(t.Context(), "demo", first))
	wantLabels("one")
	must(r.Registry.Delete(t.Context(), "demo"))
	wantLabels()
	r.Create("demo")
	wantLabels()
	save("three")
	wantLabels("three")
}
