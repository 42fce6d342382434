package main

import (
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"understudy/seed/lab"
)

var doneCount = regexp.MustCompile(`(\d+) of (\d+) steps done`)

// shownDone matches the check mark of the step that the panel shows.
var shownDone = regexp.MustCompile(`class="guide-who">\s*<span class="pill[^"]*">.*?Done`)

func isShownDone(panel string) bool { return shownDone.MatchString(panel) }

// "Do this step for me" does every step of the quickstart, one after another, in the lab as it is. Before each step, the page on
// which the step begins has a control of the step, so that "Show me where" ends there.
func TestGuideDoesEachStepForTheLearner(t *testing.T) {
	t.Parallel()
	l := newLearner(t, start(t))
	for i, step := range quickstart(t).Steps() {
		l.post("/labs/demo/guide/step", url.Values{"step": {step.ID}, "back": {"/labs/demo"}})
		if isShownDone(l.get("/labs/demo/guide/panel?at=/okta/demo/")) {
			continue // the step before did this one, too
		}
		l.leadsToControl(step.ID)
		panel := l.post("/labs/demo/guide/do", url.Values{"step": {step.ID}, "back": {"/labs/demo/guide/panel?at=/okta/demo/"}})
		count := doneCount.FindStringSubmatch(panel)
		if count == nil {
			t.Fatalf("step %s: the panel has no count", step.ID)
		}
		if done, _ := strconv.Atoi(count[1]); done <= i {
			t.Fatalf("step %s: %s", step.ID, count[0])
		}
		if !isShownDone(panel) {
			t.Errorf("step %s has no check mark", step.ID)
		}
	}
	l.sees(l.get("/labs/demo/guide"), "62 of 62 steps done")
}

var (
	whereControls = regexp.MustCompile(`data-guide-where="([^"]*)"`)
	wherePage     = regexp.MustCompile(`href="([^"]*)#show-me-where"`)
	windowNumber  = regexp.MustCompile(`~\d+/`)
)

// leadsToControl checks that the page to which "Show me where" leads has a control of the step, for the person of the step.
func (l *learner) leadsToControl(step string) {
	l.Helper()
	panel := l.get("/labs/demo/guide/panel?at=/okta/demo/")
	controls, link := whereControls.FindStringSubmatch(panel), wherePage.FindStringSubmatch(panel)
	if controls == nil || link == nil {
		l.Errorf("step %s: the panel has no way to the control", step)
		return
	}
	var names []string
	if err := json.Unmarshal([]byte(html.UnescapeString(controls[1])), &names); err != nil {
		l.Fatal(err)
	}
	if len(names) == 0 {
		return // the step only asks to look
	}
	address, err := url.Parse(html.UnescapeString(link[1]))
	if err != nil {
		l.Fatal(err)
	}
	page := l.pageOf(address, false) + l.pageOf(address, true)
	if !slices.ContainsFunc(names, func(name string) bool { return strings.Contains(page, html.EscapeString(name)) }) {
		l.Errorf("step %s: %s has none of the controls %q", step, address, names)
	}
}

// pageOf returns the page to which a button of the panel leads, without the panel. It is the sign-in page, or the page after it.
func (l *learner) pageOf(address *url.URL, signedIn bool) string {
	l.Helper()
	product := strings.Split(address.Path, "/")[1]
	request, err := http.NewRequest(http.MethodGet, l.server.url+windowNumber.ReplaceAllString(address.String(), "/"), nil)
	if err != nil {
		l.Fatal(err)
	}
	query := address.Query()
	if path := query.Get("next") + query.Get("fromURI"); path != "" && signedIn {
		demo, release, err := l.server.Registry.Acquire(l.Context(), "demo")
		if err != nil {
			l.Fatal(err)
		}
		defer release()
		acting := demo.Act()
		defer acting.End(l.Context())
		// A person who does not exist yet sees the sign-in page.
		if cookie, err := acting.As(l.Context(), lab.Half(product), query.Get("login_hint")); err == nil {
			request.AddCookie(cookie)
			if request.URL, err = url.Parse(l.server.url + "/" + product + "/demo" + path); err != nil {
				l.Fatal(err)
			}
		}
	}
	page, _, _ := strings.Cut(l.page((&http.Client{}).Do(request)), `aria-label="Guide"`)
	return page
}

// The learner has chosen other names, and done a part of the step. The guide does the rest, with these names.
func TestGuideFinishesAStepWithTheLearnersNames(t *testing.T) {
	t.Parallel()
	l := newConsoleReader(t, "7.2")
	l.post("/okta/demo/admin/groups/new", url.Values{"name": {"Sales Readers"}})
	l.post("/labs/demo/guide/do", url.Values{"step": {"7.3"}, "back": {"/okta/demo/admin/groups"}})
	page := l.get("/labs/demo/view")
	l.sees(page, "Sales Readers")
	l.lacks(page, "OktaViewers")
	l.sees(l.get("/labs/demo/guide"), "Sales Readers")
	l.turnTo("7.3")
	if panel := l.get("/labs/demo/guide/panel?at=/okta/demo/"); !isShownDone(panel) {
		t.Error("step 7.3 is not done")
	}
}

// Bob has a password that the learner chose. The guide cannot sign in as Bob, says what to do, and leaves the lab as it is.
func TestGuideSaysWhyItCannotDoAStep(t *testing.T) {
	t.Parallel()
	l := newConsoleReader(t, "8.1")
	l.post("/okta/demo/admin/users/new", url.Values{"firstName": {"Robin"}, "lastName": {"Hale"}, "login": {"robin.hale@brightwater.example"},
		"email": {"robin.hale@brightwater.example"}, "activation": {"now"}, "setPassword": {"true"}, "password": {"My-Own-Choice-9"}, "mustChange": {"true"}})
	l.sees(l.get("/labs/demo/view"), "robin.hale@brightwater.example")
	l.turnTo("8.2")
	before := l.get("/labs/demo/view")
	page := l.post("/labs/demo/guide/do", url.Values{"step": {"8.2"}, "back": {"/okta/demo/admin/users"}})
	l.sees(page, "People", "The guide could not do step 8.2.", "If you chose another password for Robin, sign in as Robin")
	if after := l.get("/labs/demo/view"); after != before {
		t.Error("the attempt changed the lab")
	}
	l.turnTo("8.1")
	l.turnTo("8.2")
	l.lacks(l.get("/labs/demo/guide/panel?at=/okta/demo/"), "The guide could not do step")
}

// A step that cannot be done yet: the guide says in plain words what the step waits for, without the file and the expression of its check.
func TestGuideSaysWhatAStepWaitsFor(t *testing.T) {
	t.Parallel()
	l := newLearner(t, start(t))
	l.post("/labs/demo/guide/do", url.Values{"step": {"8.4"}, "back": {"/labs/demo"}})
	panel := l.get("/labs/demo/guide/panel?at=/okta/demo/")
	l.sees(panel, "The guide could not do step 8.4.", "The step is completed when this is true: Bob is in OktaViewers and is a member of Sigma.")
	l.lacks(panel, ".md:", "newcomer", "not true")
}

// A learner who goes on without Next, and makes a mistake in the next step, is told so below the done step.
func TestMistakeInTheNextStepIsShownWithTheDoneStep(t *testing.T) {
	t.Parallel()
	l := newLearner(t, start(t))
	l.post(signInForm, adaSignsIn())
	l.lacks(l.get("/labs/demo/guide/panel?at=/okta/demo/"), "not yet")
	l.post("/sigma/demo/login", url.Values{"email": {"grace.lin@brightwater.example"}, "password": {"Green-Room-88"}})
	panel := l.get("/labs/demo/guide/panel?at=/okta/demo/")
	if !isShownDone(panel) {
		t.Error("the panel left the done step")
	}
	l.sees(panel, "Step 0.1", "Step 0.2: not yet", "Another person has signed in to Sigma")
}
