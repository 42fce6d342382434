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

// looking is a browser that is signed in as administrator of both halves and has the SCIM token.
type looking struct {
	*learner
	token string
}

// settle waits until provisioning has no open jobs and the guide has been updated.
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

// newLooking signs in to a lab that the guide has brought to a step.
func newLooking(t *testing.T, step string) *looking {
	t.Helper()
	l := &looking{learner: newLearner(t, start(t))}
	l.post(signInForm, adaSignsIn())
	l.post("/sigma/demo/login", mayaSignsIn()) // before the guide turns passwords off; the session is kept
	l.post("/labs/demo/guide/bring", url.Values{"step": {step}})
	l.settle()
	demo, release, err := l.server.registry.Acquire(t.Context(), "demo")
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	clipboard, err := demo.Clipboard(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range clipboard {
		if item.Label == "Bearer Token" {
			l.token = item.Value
		}
	}
	l.all() // from now on, opening pages changes nothing
	l.settle()
	return l
}

// scim sends a request to Sigma's SCIM server.
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

// linked matches links to pages of both consoles.
var linked = regexp.MustCompile(`href="(/okta/demo/admin[^"#]*|/sigma/demo/[^"#]*)`)

// apart matches addresses that are not compared: those outside the consoles, workbooks (opening one is recorded), and the preview
// of a response (it contains the current time).
var apart = regexp.MustCompile(`/sso/saml|/saml2/|/sigma/demo/workbook/|/sign-on/preview`)

// always sets a fixed time range for the System Log. The default range ends at the current minute.
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

// all returns each page of both consoles that links lead to, and the responses of the SCIM server.
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

// link returns the first address on a page, after a text, that matches a pattern.
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

// makesAGroup does step 7.2 of the guide.
func (l *looking) makesAGroup() {
	l.Helper()
	l.post("/okta/demo/admin/groups/new", url.Values{"name": {"OktaViewers"}})
	l.settle()
	l.sees(l.get("/labs/demo/guide/panel"), "Step 7.3")
}

// assignsTheGroup does step 7.3 of the guide.
// assignsTheGroup does step 7.3 of the guide.
func (l *looking) assignsTheGroup() {
	l.Helper()
	list := l.group("OktaViewers") + "/assign-apps"
	l.post(l.link(list, "Sigma on AWS", list+`/[^"/]+`), url.Values{"userType": {"viewer"}})
	l.settle()
	l.sees(l.get("/labs/demo/guide/panel"), "Step 7.4")
}

// changesThings makes changes in both halves that no step of the guide asks for.
func (l *looking) changesThings() {
	l.Helper()
	l.post(l.group("Finance")+"/delete", nil)
	status, made := l.scim(http.MethodPost, "Users", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],
		"userName":"eve@brightwater.example","name":{"givenName":"Eve","familyName":"Moss"},"active":true}`)
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

// After an undo, each page of both consoles and each response of the SCIM server is the same as before, byte for byte.
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
		atOnce   bool // undo restores the state right before do; otherwise that at the end of the step before
	}{
		{"a step of the guide", (*looking).assignsTheGroup, undo, false},
		{"a step and other changes", func(l *looking) { l.assignsTheGroup(); l.changesThings() }, undo, false},
		{"other changes during a step", (*looking).changesThings, func(l *looking) {
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
			_, page, _ = strings.Cut(page, "Before the guide rebuilt the lab") // the newest checkpoint of this kind
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
				t.Fatal("the action changed nothing")
			}
			tt.undo(l)
			l.settle()
			if now := l.get("/labs/demo/view"); now != view {
				t.Errorf("the lab is not as it was: %s", firstDifference(view, now))
			}
			after := l.all()
			if len(after) != len(before) {
				t.Errorf("there were %d pages before, and there are %d after", len(before), len(after))
			}
			for _, path := range slices.Sorted(maps.Keys(before)) {
				if after[path] != before[path] {
					t.Fatalf("%s is not as it was: %s", path, firstDifference(before[path], after[path]))
				}
			}
		})
	}
}
