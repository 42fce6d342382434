package lab_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"understudy/seed/door/doortest"
	"understudy/seed/lab"
)

func viewOf(v *doortest.Browser, name string) (view lab.View, text string) {
	v.T.Helper()
	status, text, _ := v.Get("/labs/" + name + "/view")
	if status != 200 {
		v.T.Fatalf("the view answers %d: %s", status, text)
	}
	if err := json.Unmarshal([]byte(text), &view); err != nil {
		v.T.Fatal(err)
	}
	return view, text
}

func TestViewShowsBothHalvesAndVisitedPages(t *testing.T) {
	r := doortest.New(t, t.TempDir())
	r.Create("demo")
	v := r.Browser()
	before, _ := viewOf(v, "demo")
	if len(before.Okta.Visited) != 0 {
		t.Errorf("a new lab has visited pages: %v", before.Okta.Visited)
	}
	v.SignIn("/okta/demo")
	v.Get("/okta/demo~2/admin/groups") // not signed in there: the sign-in page is opened
	v.Get("/okta/demo/admin/apps/catalog")
	after, text := viewOf(v, "demo")
	if !slices.Contains(after.Okta.Visited, "/admin/apps/catalog") || slices.Contains(after.Okta.Visited, "/admin/groups") {
		t.Errorf("visited: %v", after.Okta.Visited)
	}
	if after.Sigma.Authentication.Method != "Password" || len(after.Sigma.Members) != 12 || len(after.Okta.Groups) < 3 {
		t.Errorf("the halves are not there: %s", text)
	}
	for _, secret := range []string{"Prompt-Corner-24", "$2a$", "PRIVATE KEY"} {
		if strings.Contains(text, secret) {
			t.Errorf("the view shows %s", secret)
		}
	}
}

func TestViewShowsOnlyRequestedParts(t *testing.T) {
	r := doortest.New(t, t.TempDir())
	r.Create("demo")
	v := r.Browser()
	v.SignIn("/okta/demo")
	whole, _ := viewOf(v, "demo")
	for query, members := range map[string]int{
		"?part=okta.visited&part=sigma.members": len(whole.Sigma.Members),
		"?part=okta.visited&part=sigma":         len(whole.Sigma.Members),
		"?part=okta.visited":                    0,
	} {
		status, text, _ := v.Get("/labs/demo/view" + query)
		var view lab.View
		if err := json.Unmarshal([]byte(text), &view); err != nil || status != http.StatusOK {
			t.Fatal(status, err)
		}
		if len(view.Okta.Visited) == 0 || len(view.Okta.Users) != 0 || len(view.Okta.Groups) != 0 || len(view.Sigma.Members) != members {
			t.Errorf("%s shows %s", query, text)
		}
	}
}

// The guide knows the state that a page reported. The response to the browser does not contain the state.
func TestVisitsContainThePageState(t *testing.T) {
	r := doortest.New(t, t.TempDir())
	r.Create("demo")
	response, err := http.Get(r.HTTP.URL + "/sigma/demo/login")
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if got := response.Header.Get("X-Page-State"); got != "" {
		t.Errorf("the state %q left the server", got)
	}
	l, release, err := r.Registry.Acquire(t.Context(), "demo")
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	view, err := l.View(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(view.Sigma.Visited, "/login#Password") {
		t.Errorf("visited %q", view.Sigma.Visited)
	}
}
