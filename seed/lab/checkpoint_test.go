package lab

import (
	"net/url"
	"strings"
	"testing"

	"understudy/seed/base/problem"
)

func TestCheckpointBringsTheLabBack(t *testing.T) {
	r := newRig(t, t.TempDir())
	r.create("demo")
	v := r.visitor()
	v.signIn("/okta/demo")
	_, before := v.view("demo")
	c, err := r.registry.SaveCheckpoint(t.Context(), "demo", "Before “it”", "1.3")
	if err != nil {
		t.Fatal(err)
	}
	if status, body, _ := v.post("/okta/demo/admin/groups/new", url.Values{"name": {"Made later"}}); status != 200 || !strings.Contains(body, "Made later") {
		t.Fatalf("%d %s", status, body)
	}
	if _, after := v.view("demo"); after == before {
		t.Fatal("nothing changed")
	}
	if err := r.registry.RestoreCheckpoint(t.Context(), "demo", c.ID); err != nil {
		t.Fatal(err)
	}
	if _, after := v.view("demo"); after != before {
		t.Errorf("the lab is not as it was:\n%s\n%s", before, after)
	}
	if status, body, path := v.get("/okta/demo/admin/groups"); status != 200 || path != "/okta/demo/admin/groups" || strings.Contains(body, "Made later") {
		t.Errorf("who was signed in is not any more, or sees what was undone: %d %s", status, path)
	}
	list, err := r.registry.Checkpoints("demo")
	if err != nil || len(list) != 1 || list[0].Label != "Before “it”" || list[0].Step != "1.3" {
		t.Errorf("checkpoints: %+v %v", list, err)
	}
	if err := r.registry.RestoreCheckpoint(t.Context(), "demo", 99); !problem.Is(err, problem.NotFound) {
		t.Errorf("a checkpoint that is not there: %v", err)
	}
	if err := r.registry.DropCheckpoints("demo", 0); err != nil {
		t.Fatal(err)
	}
	if list, _ = r.registry.Checkpoints("demo"); len(list) != 0 {
		t.Errorf("left: %+v", list)
	}
}
