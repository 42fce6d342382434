package lab_test

import (
	"bytes"
	"net/url"
	"strings"
	"testing"

	"understudy/seed/base/problem"
	"understudy/seed/door/doortest"
)

func TestLabTravelsAsOneFile(t *testing.T) {
	r := doortest.New(t, t.TempDir())
	r.Create("demo")
	v := r.Browser()
	v.SignIn("/okta/demo")
	v.Post("/okta/demo/admin/groups/new", url.Values{"name": {"Travellers"}})
	var file bytes.Buffer
	if err := r.Registry.Export(t.Context(), "demo", &file); err != nil {
		t.Fatal(err)
	}
	elsewhere := doortest.New(t, t.TempDir())
	if err := elsewhere.Registry.Import(t.Context(), "arrived", bytes.NewReader(file.Bytes())); err != nil {
		t.Fatal(err)
	}
	w := elsewhere.Browser()
	w.SignIn("/okta/arrived")
	if _, body, _ := w.Get("/okta/arrived/admin/groups"); !strings.Contains(body, "Travellers") {
		t.Error("what was in the lab has not arrived")
	}
	if err := elsewhere.Registry.Import(t.Context(), "arrived", bytes.NewReader(file.Bytes())); !problem.Is(err, problem.Conflict) {
		t.Errorf("the name is taken: %v", err)
	}
}
