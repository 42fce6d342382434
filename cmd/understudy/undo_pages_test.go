package main

import (
	"html"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// looking is an administrator of both halves, who has their token too, and can look at everything there is.
type looking struct {
	*learner
	token string
}

// settle waits until what is being sent at this moment has arrived, and the guide has seen it.
func (l *looking) settle() {
	l.Helper()
	demo, release, err := l.server.registry.Acquire(l.Context(), "demo")
	if err != nil {
		l.Fatal(err)
	}
	defer release()
	if err := demo.Runner.Settled(l.Context()); err != nil {
		l.Fatal(err)
	}
	l.get("/labs/demo/guide/panel")
}

// newLooking is signed in to a lab that the guide has brought to a step.
func newLooking(t *testing.T, step string) *looking {
	t.Helper()
	l := &looking{learner: newLearner(t, start(t))}
	l.post(signInForm, adaSignsIn())
	l.post("/sigma/demo/login", mayaSignsIn()) // by a password while there is one; whoever is signed in stays so
	l.post("/labs/demo/guide/bring", url.Values{"step": {step}})
	l.settle()
	demo, release, err := l.server.registry.Acquire(t.Context(), "demo")
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	shelf, err := demo.Clipboard(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range shelf {
		if item.Label == "Bearer Token" {
			l.token = item.Value
		}
	}
	l.all() // what can be seen was seen: looking again changes nothing
	l.settle()
	return l
}

// scim asks Sigma's directory.
func (l *looking) scim(method, path, body string) (int, string) {
	l.Helper()
	request, err := http.NewRequest(method, l.server.url+"/sigma/demo/scim/v2/"+path, strings.NewReader(body))
	if err != nil {
		l.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+l.token)
	request.Header.Set("Content-Type", "application/scim+json")
	resp, err := http.DefaultClient.Do(request)
	if err != nil {
		l.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		l.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

// linked finds the pages of both consoles that a page leads to.
var linked = regexp.MustCompile(`href="(/okta/demo/admin[^"#]*|/sigma/demo/[^"#]*)`)

// apart are addresses that lead out of the consoles, workbooks, as to open one is noted, and so is not only looking, and the
// preview of a response, which names the moment it is asked for.
var apart = regexp.MustCompile(`/sso/saml|/saml2/|/sigma/demo/workbook/|/sign-on/preview`)

// always gives the System Log a span of its own: without one it is that until the present minute.
func always(path string) string {
	const systemLog, span = "/okta/demo/admin/reports/system-log", "from=2020-01-01T00:00&to=2100-01-01T00:00"
	switch {
	case !strings.HasPrefix(path, systemLog) || strings.Contains(path, "from="):
		return path
	case strings.Contains(path, "?"):
		return path + "&" + span
	}
	return path + "?" + span
}

// all is every page of both consoles that links lead to, with what the directory answers.
func (l *looking) all() map[string]string {
	l.Helper()
	seen := map[string]string{}
	for _, path := range []string{"Users", "Groups", "Users?count=2&startIndex=2", "ServiceProviderConfig", "ResourceTypes", "Schemas"} {
		status, text := l.scim(http.MethodGet, path, "")
		if status != http.StatusOK {
			l.Fatalf("%s: %d %s", path, status, text)
		}
		seen["scim "+path] = text
	}
	for next := []string{"/okta/demo/admin/dashboard", "/sigma/demo/home", "/labs/demo/mail"}; len(next) > 0; {
		path := always(next[0])
		next = next[1:]
		if _, known := seen[path]; known {
			continue
		}
		resp, err := l.client.Get(l.server.url + path)
		if err != nil {
			l.Fatal(err)
		}
		text, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil || resp.StatusCode >= http.StatusInternalServerError && resp.StatusCode != http.StatusNotImplemented {
			l.Fatalf("%s: %v %s", path, err, resp.Status)
		}
		seen[path] = resp.Status + "\n" + string(text)
		for _, found := range linked.FindAllStringSubmatch(string(text), -1) {
			if to := html.UnescapeString(found[1]); !apart.MatchString(to) {
				next = append(next, to)
			}
		}
	}
	return seen
}

// link finds the first address on a page that ends so.
func (l *looking) link(page, after, pattern string) string {
	l.Helper()
	text := l.get(page)
	_, text, _ = strings.Cut(text, after)
	found := regexp.MustCompile(`href="(` + pattern + `)"`).FindStringSubmatch(text)
	if found == nil {
		l.Fatalf("%s leads to no %s after %q", page, pattern, after)
	}
	return found[1]
}

func (l *looking) group(name string) string {
	l.Helper()
	return l.link("/okta/demo/admin/groups?q="+url.QueryEscape(name), "</thead>", `/okta/demo/admin/group/[^"/]+`)
}

// The guide's step 7.2, and then 7.3, as a person does them.
func (l *looking) makesAGroup() {
	l.Helper()
	l.post("/okta/demo/admin/groups/new", url.Values{"name": {"OktaViewers"}})
	l.settle()
	l.sees(l.get("/labs/demo/guide/panel"), "Step 7.3")
}

func (l *looking) assignsTheGroup() {
	l.Helper()
	list := l.group("OktaViewers") + "/assign-apps"
	l.post(l.link(list, "Sigma on AWS", list+`/[^"/]+`), url.Values{"userType": {"viewer"}})
	l.settle()
	l.sees(l.get("/labs/demo/guide/panel"), "Step 7.4")
}

// changesThings does what no step of the guide asks for, on both sides and between them.
func (l *looking) changesThings() {
	l.Helper()
	l.post(l.group("Finance")+"/delete", nil)
	status, made := l.scim(http.MethodPost, "Users", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"eve@brightwater.example","name":{"givenName":"Eve","familyName":"Moss"},"active":true}`)
	if status != http.StatusCreated {
		l.Fatal(status, made)
	}
	status, made = l.scim(http.MethodPost, "Groups", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Made over SCIM"}`)
	if status != http.StatusCreated {
		l.Fatal(status, made)
	}
	l.post("/sigma/demo/new/folder", url.Values{"name": {"A folder"}})
	l.post("/labs/demo/settings", url.Values{"unknownTypes": {"refused"}})
	l.settle()
}

// Whatever was done, undone it is gone from every page of both consoles that a link leads to, and from what the directory
// answers, to the last byte.
func TestUndoIsSeenOnEveryPageAndByTheAPI(t *testing.T) {
	t.Parallel()
	undo := func(l *looking) { l.post("/labs/demo/guide/undo", url.Values{"back": {"/labs/demo/guide"}}) }
	l := newLooking(t, "7.2")
	l.makesAGroup()
	begun, before := l.get("/labs/demo/view"), l.all()
	if len(before) < 300 {
		t.Fatalf("only %d pages", len(before))
	}
	for _, tt := range []struct {
		name     string
		do, undo func(*looking)
		atOnce   bool // leads back to the moment before do, with what was seen until then; else to the end of the step before
	}{
		{"a step of the guide", (*looking).assignsTheGroup, undo, false},
		{"a step and things beside it", func(l *looking) { l.assignsTheGroup(); l.changesThings() }, undo, false},
		{"things beside the present step", (*looking).changesThings, func(l *looking) {
			l.post("/labs/demo/guide/again", url.Values{"what": {"step"}, "back": {"/labs/demo/guide"}})
		}, false},
		{"a fault", func(l *looking) { l.post("/labs/demo/faults/start", url.Values{"fault": {"wrong-acs"}}); l.settle() }, undo, true},
		{"an undone fault", func(l *looking) {
			l.post("/labs/demo/faults/start", url.Values{"fault": {"wrong-audience"}})
			l.settle()
		},
			func(l *looking) { l.post("/labs/demo/faults/undo", nil) }, true},
		{"a reset", func(l *looking) { l.post("/labs/demo/reset", nil); l.settle() }, undo, true},
		{"a reset, and work after it", func(l *looking) {
			l.post("/labs/demo/reset", nil)
			newLearner(l.T, l.server).post("/okta/demo/login/login.htm", url.Values{"username": {"henrik.sund@brightwater.example"}, "password": {"Ladder-And-Rope-3"}})
		}, undo, true},
		{"being brought to a step", func(l *looking) { l.post("/labs/demo/guide/bring", url.Values{"step": {"2.1"}}) }, func(l *looking) {
			page := l.get("/labs/demo/guide")
			_, page, _ = strings.Cut(page, "Before the guide rebuilt the lab") // the newest such moment
			_, page, _ = strings.Cut(page, `name="checkpoint" value="`)
			id, _, _ := strings.Cut(page, `"`)
			l.post("/labs/demo/guide/back", url.Values{"checkpoint": {id}})
		}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l.T = t
			view := begun
			if tt.atOnce {
				view = l.get("/labs/demo/view")
			}
			tt.do(l)
			if l.get("/labs/demo/view") == view {
				t.Fatal("nothing was done")
			}
			tt.undo(l)
			l.settle()
			if now := l.get("/labs/demo/view"); now != view {
				t.Errorf("the lab is not as it was: %s", firstDifference(view, now))
			}
			after := l.all()
			if len(after) != len(before) {
				t.Errorf("there were %d pages, and now there are %d", len(before), len(after))
			}
			for _, path := range slices.Sorted(maps.Keys(before)) {
				if after[path] != before[path] {
					t.Fatalf("%s is not as it was: %s", path, firstDifference(before[path], after[path]))
				}
			}
		})
	}
}
