package lab

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

func (v *visitor) view(lab string) (view View, text string) {
	v.t.Helper()
	status, text, _ := v.get("/labs/" + lab + "/view")
	if status != 200 {
		v.t.Fatalf("the view answers %d: %s", status, text)
	}
	if err := json.Unmarshal([]byte(text), &view); err != nil {
		v.t.Fatal(err)
	}
	return view, text
}

func TestViewShowsBothHalvesAndWhatWasSeen(t *testing.T) {
	r := newRig(t, t.TempDir())
	r.create("demo")
	v := r.visitor()
	before, _ := v.view("demo")
	if len(before.Okta.Visited) != 0 {
		t.Errorf("a fresh lab was visited: %v", before.Okta.Visited)
	}
	v.signIn("/okta/demo")
	v.get("/okta/demo~2/admin/groups") // not signed in there: the page that is seen is the sign-in page
	v.get("/okta/demo/admin/apps/catalog")
	after, text := v.view("demo")
	if !slices.Contains(after.Okta.Visited, "/admin/apps/catalog") || slices.Contains(after.Okta.Visited, "/admin/groups") {
		t.Errorf("visited: %v", after.Okta.Visited)
	}
	if after.Sigma.Authentication.Method != "Password" || len(after.Sigma.Members) != 4 || len(after.Okta.Groups) < 3 {
		t.Errorf("the halves are not there: %s", text)
	}
	for _, secret := range []string{"Prompt-Corner-24", "$2a$", "PRIVATE KEY"} {
		if strings.Contains(text, secret) {
			t.Errorf("the view shows %s", secret)
		}
	}
}

func TestViewShowsOnlyThePartsThatAreAskedFor(t *testing.T) {
	r := newRig(t, t.TempDir())
	r.create("demo")
	v := r.visitor()
	v.signIn("/okta/demo")
	whole, _ := v.view("demo")
	for query, members := range map[string]int{"?part=okta.visited&part=sigma.members": len(whole.Sigma.Members), "?part=okta.visited&part=sigma": len(whole.Sigma.Members), "?part=okta.visited": 0} {
		status, text, _ := v.get("/labs/demo/view" + query)
		var view View
		if err := json.Unmarshal([]byte(text), &view); err != nil || status != http.StatusOK {
			t.Fatal(status, err)
		}
		if len(view.Okta.Visited) == 0 || len(view.Okta.Users) != 0 || len(view.Okta.Groups) != 0 || len(view.Sigma.Members) != members {
			t.Errorf("%s shows %s", query, text)
		}
	}
}

func TestLabSettingIsKept(t *testing.T) {
	r := newRig(t, t.TempDir())
	r.create("demo")
	v := r.visitor()
	status, body, path := v.post("/labs/demo/settings", url.Values{"unknownTypes": {"refuse"}})
	if status != 200 || path != "/labs/demo" || !strings.Contains(body, `value="refuse" checked`) {
		t.Errorf("%s answers %d: %s", path, status, body)
	}
}

// What a page shows that its address does not tell is known to the guide, and to nobody outside.
func TestVisitsKnowWhatAPageShowed(t *testing.T) {
	r := newRig(t, t.TempDir())
	r.create("demo")
	answer, err := http.Get(r.server.URL + "/sigma/demo/login")
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if got := answer.Header.Get("X-Page-State"); got != "" {
		t.Errorf("the state %q left the server", got)
	}
	l, release, err := r.registry.Acquire(t.Context(), "demo")
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
