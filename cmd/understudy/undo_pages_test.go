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

// consoleReader is a browser that is signed in as administrator of both halves and has the SCIM token.
type consoleReader struct {
	*learner
	token string
}

// settle waits until provisioning has no open jobs and the guide has been updated.
func (l *consoleReader) settle() {
	l.Helper()
	demo, release, err := l.server.Registry.Acquire(l.Context(), "demo")
	if err != nil {
		l.Fatal(err)
	}
	defer release()
	if err := demo.Runner.Settled(l.Context()); err != nil {
		l.Fatal(err)
	}
	l.get("/labs/demo/guide/panel")
}

// newConsoleReader signs in to a lab that the guide has brought to a step.
func newConsoleReader(t *testing.T, step string) *consoleReader {
	t.Helper()
	l := &consoleReader{learner: newLearner(t, start(t))}
	l.post(signInForm, adaSignsIn())
	l.post("/sigma/demo/login", mayaSignsIn()) // before the guide turns passwords off; the session is kept
	l.post("/labs/demo/guide/bring", url.Values{"step": {step}})
	l.settle()
	demo, release, err := l.server.Registry.Acquire(t.Context(), "demo")
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
	l.allPages() // from now on, opening pages changes nothing
	l.settle()
	return l
}

// scim sends a request to Sigma's SCIM server.
func (l *consoleReader) scim(method, path, body string) (int, string) {
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

// consoleLink matches links to pages of both consoles.
var consoleLink = regexp.MustCompile(`href="(/okta/demo/admin[^"#]*|/sigma/demo/[^"#]*)`)

// notCompared matches addresses that the test does not compare: those outside the consoles, workbooks (opening one is recorded), and the preview
// of a response (it contains the current time).
var notCompared = regexp.MustCompile(`/sso/saml|/saml2/|/sigma/demo/workbook/|/sign-on/preview`)

// withFixedRange sets a fixed time range for the System Log. The default range ends at the current minute.
func withFixedRange(path string) string {
	const systemLog, span = "/okta/demo/admin/reports/system-log", "from=2020-01-01T00:00&to=2100-01-01T00:00"
	switch {
	case !strings.HasPrefix(path, systemLog) || strings.Contains(path, "from="):
		return path
	case strings.Contains(path, "?"):
		return path + "&" + span
	}
	return path + "?" + span
}

var (
	// identifier matches an identifier of Okta or of Sigma in an address.
	identifier = regexp.MustCompile(`\b(?:0[0-9a-z][a-zA-Z0-9]{18}|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-zA-Z]{22})\b`)
	// lastUsed matches when a SCIM token was last used, to the minute. The requests of this test use it.
	lastUsed = regexp.MustCompile(`data-label="Last used">[^<]*<`)
	// guidePanel matches the guide beside a page. Which step it shows is the learner's choice; TestStepsAndSectionsCanBeStartedAgain covers it.
	guidePanel = regexp.MustCompile(`(?s)<aside class="guide[^"]*".*?</aside>`)
)

// pagesOfAKind is the number of pages that are compared of those whose addresses differ only in an identifier, such as the pages of people.
const pagesOfAKind = 6

// allPages returns the pages of both consoles that links lead to, at most pagesOfAKind of a kind, and the responses of the SCIM server.
func (l *consoleReader) allPages() map[string]string {
	l.Helper()
	seen, kinds := map[string]string{}, map[string]int{}
	for _, path := range []string{"Users", "Groups", "Users?count=2&startIndex=2", "ServiceProviderConfig", "ResourceTypes", "Schemas"} {
		status, text := l.scim(http.MethodGet, path, "")
		if status != http.StatusOK {
			l.Fatalf("%s: %d %s", path, status, text)
		}
		seen["scim "+path] = text
	}
	// until each page that a seen page links to is seen
	for next := []string{"/okta/demo/admin/dashboard", "/sigma/demo/home", "/labs/demo/mail"}; len(next) > 0; {
		path := withFixedRange(next[0])
		next = next[1:]
		kind := identifier.ReplaceAllString(path, "ID")
		if _, known := seen[path]; known || kind != path && kinds[kind] == pagesOfAKind {
			continue
		}
		kinds[kind]++
		resp, err := l.client.Get(l.server.url + path)
		if err != nil {
			l.Fatal(err)
		}
		text, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil || resp.StatusCode >= http.StatusInternalServerError && resp.StatusCode != http.StatusNotImplemented {
			l.Fatalf("%s: %v %s", path, err, resp.Status)
		}
		seen[path] = resp.Status + "\n" + guidePanel.ReplaceAllString(lastUsed.ReplaceAllString(string(text), ""), "")
		for _, found := range consoleLink.FindAllStringSubmatch(string(text), -1) {
			if to := html.UnescapeString(found[1]); !notCompared.MatchString(to) {
				next = append(next, to)
			}
		}
	}
	return seen
}

// link returns the first address on a page, after a text, that matches a pattern.
func (l *consoleReader) link(page, after, pattern string) string {
	l.Helper()
	text := l.get(page)
	_, text, _ = strings.Cut(text, after)
	found := regexp.MustCompile(`href="(` + pattern + `)"`).FindStringSubmatch(text)
	if found == nil {
		l.Fatalf("%s leads to no %s after %q", page, pattern, after)
	}
	return found[1]
}

func (l *consoleReader) group(name string) string {
	l.Helper()
	return l.link("/okta/demo/admin/groups?q="+url.QueryEscape(name), "</thead>", `/okta/demo/admin/group/[^"/]+`)
}

// createGroup does step 7.2 of the guide.
func (l *consoleReader) createGroup() {
	l.Helper()
	l.post("/okta/demo/admin/groups/new", url.Values{"name": {"OktaViewers"}})
	l.settle()
	l.sees(l.get("/labs/demo/guide/panel"), openStep("7.3"))
}

// assignGroup does step 7.3 of the guide.
func (l *consoleReader) assignGroup() {
	l.Helper()
	list := l.group("OktaViewers") + "/assign-apps"
	l.post(l.link(list, "Sigma on AWS", list+`/[^"/]+`), url.Values{"userType": {"viewer"}})
	l.settle()
	l.sees(l.get("/labs/demo/guide/panel"), openStep("7.4"))
}

// makeOtherChanges makes changes in both halves that no step of the guide asks for.
func (l *consoleReader) makeOtherChanges() {
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
	undo := func(l *consoleReader) { l.post("/labs/demo/guide/undo", url.Values{"back": {"/labs/demo/guide"}}) }
	l := newConsoleReader(t, "7.2")
	l.createGroup()
	start, before := l.get("/labs/demo/view"), l.allPages()
	if len(before) < 300 {
		t.Fatalf("only %d pages", len(before))
	}
	t.Log(len(before), "pages")
	for _, tt := range []struct {
		name     string
		do, undo func(*consoleReader)
		direct   bool // undo restores the state directly before do; otherwise the state at the end of the previous step
	}{
		{"a step of the guide", (*consoleReader).assignGroup, undo, false},
		{"a step and other changes", func(l *consoleReader) { l.assignGroup(); l.makeOtherChanges() }, undo, false},
		{"other changes during a step", (*consoleReader).makeOtherChanges, func(l *consoleReader) {
			l.post("/labs/demo/guide/again", url.Values{"what": {"step"}, "back": {"/labs/demo/guide"}})
		}, false},
		{"a fault", func(l *consoleReader) {
			l.post("/labs/demo/faults/start", url.Values{"fault": {"wrong-acs"}})
			l.settle()
		}, undo, true},
		{"an undone fault", func(l *consoleReader) {
			l.post("/labs/demo/faults/start", url.Values{"fault": {"wrong-audience"}})
			l.settle()
		},
			func(l *consoleReader) { l.post("/labs/demo/faults/undo", nil) }, true},
		{"a reset", func(l *consoleReader) { l.post("/labs/demo/reset", nil); l.settle() }, undo, true},
		{"a reset, and work after it", func(l *consoleReader) {
			l.post("/labs/demo/reset", nil)
			newLearner(l.T, l.server).post("/okta/demo/login/login.htm", url.Values{"username": {"henrik.sund@brightwater.example"}, "password": {"Ladder-And-Rope-3"}})
		}, undo, true},
		{"being brought to a step", func(l *consoleReader) { l.post("/labs/demo/guide/bring", url.Values{"step": {"2.1"}}) }, func(l *consoleReader) {
			page := l.get("/labs/demo/guide")
			_, page, _ = strings.Cut(page, "Before the guide rebuilt the lab") // the newest checkpoint of this kind
			_, page, _ = strings.Cut(page, `name="checkpoint" value="`)
			id, _, _ := strings.Cut(page, `"`)
			l.post("/labs/demo/guide/back", url.Values{"checkpoint": {id}})
		}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l.T = t
			view := start
			if tt.direct {
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
			after := l.allPages()
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
