package lab

import (
	"bytes"
	"net/url"
	"strings"
	"testing"

	"understudy/seed/base/problem"
)

func TestLabTravelsAsOneFile(t *testing.T) {
	r := newRig(t, t.TempDir())
	r.create("demo")
	v := r.visitor()
	v.signIn("/okta/demo")
	v.post("/okta/demo/admin/groups/new", url.Values{"name": {"Travellers"}})
	var file bytes.Buffer
	if err := r.registry.Export(t.Context(), "demo", &file); err != nil {
		t.Fatal(err)
	}
	elsewhere := newRig(t, t.TempDir())
	if err := elsewhere.registry.Import(t.Context(), "arrived", bytes.NewReader(file.Bytes())); err != nil {
		t.Fatal(err)
	}
	w := elsewhere.visitor()
	w.signIn("/okta/arrived")
	if _, body, _ := w.get("/okta/arrived/admin/groups"); !strings.Contains(body, "Travellers") {
		t.Error("what was in the lab has not arrived")
	}
	if err := elsewhere.registry.Import(t.Context(), "arrived", bytes.NewReader(file.Bytes())); !problem.Is(err, problem.Conflict) {
		t.Errorf("the name is taken: %v", err)
	}
}

func TestLabsAreMadeOnTheStartPage(t *testing.T) {
	r := newRig(t, t.TempDir())
	v := r.visitor()
	if _, body, _ := v.get("/"); !strings.Contains(body, "Create a lab") {
		t.Error("the start page does not offer it")
	}
	if status, body, _ := v.post("/labs", url.Values{"name": {"No Name"}}); status != 422 || !strings.Contains(body, "small letters") || !strings.Contains(body, `value="No Name"`) {
		t.Errorf("%d %s", status, body)
	}
	if status, _, path := v.post("/labs", url.Values{"name": {"mine"}}); status != 200 || path != "/labs/mine" {
		t.Errorf("%d %s", status, path)
	}
	if status, body, _ := v.post("/labs", url.Values{"name": {"mine"}}); status != 422 || !strings.Contains(body, "already") {
		t.Errorf("%d %s", status, body)
	}
}

func TestClockIsMovedVisibly(t *testing.T) {
	r := newRig(t, t.TempDir())
	r.create("demo")
	v := r.visitor()
	v.signIn("/okta/demo")
	if status, body, _ := v.post("/labs/demo/clock", url.Values{"days": {"3"}}); status != 200 || !strings.Contains(body, "3 days ahead") {
		t.Errorf("%d %s", status, body)
	}
	// The session has timed out by the lab's clock, and the sign-in page says why the clock is another.
	if _, body, _ := v.get("/okta/demo/admin/dashboard"); !strings.Contains(body, "Clock 3 days ahead") || !strings.Contains(body, "Sign In") {
		t.Errorf("%s", body)
	}
	if status, _, _ := v.post("/labs/demo/clock", url.Values{"days": {"-1"}}); status != 400 {
		t.Errorf("going back in time: %d", status)
	}
	v.post("/labs/demo/clock", url.Values{"days": {"0"}})
	if _, body, _ := v.get("/okta/demo/"); strings.Contains(body, "days ahead") {
		t.Error("the clock is still ahead")
	}
}
