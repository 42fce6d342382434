package main

import (
	"bufio"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"understudy/seed/base/waittest"
	"understudy/seed/script/browsertest"
	"understudy/seed/script/player"
)

// learner is a browser without scripts. A response other than 200 fails the test.
type learner struct {
	*testing.T
	server *running
	client *http.Client
}

func newLearner(t *testing.T, s *running) *learner {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &learner{T: t, server: s, client: &http.Client{Jar: jar, Timeout: waittest.Deadline}}
}

func (l *learner) page(resp *http.Response, err error) string {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		l.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK {
		l.Fatalf("%s answered %s: %s", resp.Request.URL, resp.Status, body)
	}
	return string(body)
}

func (l *learner) get(path string) string {
	l.Helper()
	return l.page(l.client.Get(l.server.url + path))
}

func (l *learner) post(path string, form url.Values) string {
	l.Helper()
	return l.page(l.client.PostForm(l.server.url+path, form))
}

// copies reports a copied value to the guide, as the script of a page does.
func (l *learner) copies(label, value string) {
	l.Helper()
	l.tells(url.Values{"label": {label}, "value": {value}})
}

func (l *learner) tells(what url.Values) {
	l.Helper()
	resp, err := l.client.PostForm(l.server.url+"/labs/demo/clipboard", what)
	if err != nil || resp.StatusCode != http.StatusNoContent {
		l.Fatal(err, resp)
	}
	_ = resp.Body.Close()
}

func (l *learner) sees(page string, texts ...string) {
	l.Helper()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			l.Errorf("the page lacks %q\n%.300s", text, page)
		}
	}
}

// turnTo selects Next or Previous in the panel.
func (l *learner) turnTo(step string) {
	l.Helper()
	l.post("/labs/demo/guide/step", url.Values{"step": {step}})
}

// openStep is what a page with the panel has while this is the first step that is not done.
func openStep(id string) string { return html.EscapeString(`"current":"` + id + `"`) }

const signInForm = "/okta/demo/login/login.htm"

func adaSignsIn() url.Values {
	return url.Values{"username": {"ada.okafor@brightwater.example"}, "password": {"Prompt-Corner-24"}, "fromURI": {"/admin/dashboard"}}
}

func TestGuideIsOnEveryPageAndCompletesSteps(t *testing.T) {
	l := newLearner(t, start(t))
	l.sees(l.get("/okta/demo/"), `aria-label="Guide"`, "0 of 62 steps done", "Step 0.1")
	page := l.post(signInForm, adaSignsIn())
	l.sees(page, "Step 0.1", "1 of 62 steps done")
	if !isShownDone(page) {
		t.Error("the finished step has no check mark")
	}
	next := url.Values{"step": {"0.2"}, "back": {"/okta/demo/admin/apps/catalog"}}
	l.sees(l.post("/labs/demo/guide/step", next), "Step 0.2", "2 of 62 steps done") // steps count in any order: 1.1 is done, 0.2 is not
	l.sees(l.get("/labs/demo/guide"), "Single Sign-On with Sigma and Okta", "Step 9.8", "Bring me here", "Go back")

	hidden := l.post("/labs/demo/guide/show", url.Values{"shown": {"no"}, "back": {"/okta/demo/admin/groups"}})
	l.sees(hidden, "Show guide", "Groups")
	if strings.Contains(hidden, "steps done") {
		t.Error("the page shows the hidden guide")
	}
	l.sees(l.post("/labs/demo/guide/show", url.Values{"shown": {"yes"}, "back": {"//elsewhere.example/"}}), "Single Sign-On with Sigma and Okta", "Lab demo")
}

func TestGuideUpdatesOpenPages(t *testing.T) {
	l := newLearner(t, start(t))
	events, err := l.client.Get(l.server.url + "/labs/demo/guide/events")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = events.Body.Close() }()
	lines := bufio.NewScanner(events.Body)
	next := func() string {
		t.Helper()
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				return data
			}
		}
		t.Fatal("the stream ended")
		return ""
	}
	first := next()
	if !strings.Contains(first, `"current":"0.1"`) {
		t.Errorf("the first event is %s", first)
	}
	// A page names the state that it shows, so that it notices a change between its rendering and the first event.
	l.sees(l.get("/okta/demo/"), `data-guide-state="`+html.EscapeString(first)+`"`)
	l.copies("Sign on URL", "http://lab.example/sso")
	if shelved := next(); shelved == first {
		t.Error("a copied value does not update the other windows")
	}
	newLearner(t, l.server).post(signInForm, adaSignsIn())
	if second := next(); !strings.Contains(second, `"current":"0.2"`) {
		t.Errorf("the event after the sign-in is %s", second)
	}
}

func TestGuideBringsALabToAStepAndBack(t *testing.T) {
	t.Parallel()
	l := newLearner(t, start(t))
	l.post(signInForm, adaSignsIn())
	l.post("/okta/demo/admin/groups/new", url.Values{"name": {"My own group"}})
	brought := l.post("/labs/demo/guide/bring", url.Values{"step": {"9.8"}})
	l.sees(brought, "Before the guide rebuilt the lab")
	groups := l.get("/okta/demo/admin/groups") // still signed in
	l.sees(groups, "OktaCreatorNoExport", "Step 9.8", "Clipboard: 5 copied", "For Sigma: Identity provider X509 certificate")
	if strings.Contains(groups, "My own group") {
		t.Error("the lab has a group that the guide does not make")
	}
	id := ""
	for _, line := range strings.Split(brought, "<li>") {
		if strings.Contains(line, "Before the guide rebuilt the lab") {
			_, after, _ := strings.Cut(line, `name="checkpoint" value="`)
			id, _, _ = strings.Cut(after, `"`)
		}
	}
	l.post("/labs/demo/guide/back", url.Values{"checkpoint": {id}})
	groups = l.get("/okta/demo/admin/groups")
	l.sees(groups, "My own group", openStep("0.2"))
	if strings.Contains(groups, "OktaCreatorNoExport") {
		t.Error("the lab still has a group of the guide")
	}
}

// Behind a proxy that ends TLS, the guide copies the addresses that a person sees there.
func TestGuideBringsALabToAStepBehindAProxy(t *testing.T) {
	l := newLearner(t, startWith(t, serveCommand{TrustProxy: true, AllowHost: []string{"training.example"}}))
	request, err := http.NewRequest(http.MethodPost, l.server.url+"/labs/demo/guide/bring", strings.NewReader("step=2.1"))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("X-Forwarded-Proto", "https")
	request.Header.Set("X-Forwarded-Host", "training.example")
	l.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := l.client.Do(request)
	if err != nil || resp.StatusCode != http.StatusSeeOther {
		t.Fatal(err, resp)
	}
	_ = resp.Body.Close()
	l.sees(l.get("/labs/demo/view"), `"https://training.example/sigma/demo/finish-login"`, `"https://training.example/okta/demo/app/sigmaonaws/`)
}

func TestUndoTakesTheLastStepBack(t *testing.T) {
	l := newLearner(t, start(t))
	l.get("/okta/demo/")
	l.post(signInForm, adaSignsIn())
	l.get("/okta/demo/admin/dashboard")
	before := l.get("/labs/demo/view")
	l.sees(l.get("/okta/demo/admin/apps/catalog"), "2 of 62 steps done", "Undo last step")
	l.post("/labs/demo/guide/undo", url.Values{"back": {"/labs/demo/guide"}})
	if after := l.get("/labs/demo/view"); after != before {
		t.Errorf("undo did not restore the lab:\n%s\n%s", before, after)
	}
	l.sees(l.get("/labs/demo/guide"), "1 of 62 steps done")
}

// A completed step stays completed if its condition is no longer met, because the learner may have changed the lab on purpose.
// A later step that needs the condition says so itself. Starting again, or going back, makes the step open again.
func TestAStepStaysDoneWhenItsConditionIsUnmetAgain(t *testing.T) {
	t.Parallel()
	l := newConsoleReader(t, "7.2")
	l.createGroup()
	count := regexp.MustCompile(`\d+ of 62 steps done`).FindString(l.get("/labs/demo/guide/panel"))
	if count == "" {
		t.Fatal("the panel has no count")
	}
	l.post(l.group("OktaViewers")+"/delete", nil)
	l.lacks(strings.SplitN(l.get("/okta/demo/admin/groups"), `aria-label="Guide"`, 2)[0], "OktaViewers") // the condition of 7.2 is not met
	l.sees(l.get("/labs/demo/guide/panel"), count, openStep("7.3"))
	if err := l.server.Registry.CloseIdle(0); err != nil { // the lab is opened again, with an empty cache
		t.Fatal(err)
	}
	l.sees(l.get("/labs/demo/guide/panel"), count, openStep("7.3"))

	l.post("/labs/demo/guide/again", url.Values{"what": {"step"}, "back": {"/labs/demo/guide"}})
	l.sees(l.get("/okta/demo/admin/groups"), "OktaViewers", count, openStep("7.3"))
	l.post("/labs/demo/guide/again", url.Values{"what": {"section"}, "back": {"/labs/demo/guide"}})
	page := l.get("/okta/demo/admin/groups")
	l.lacks(strings.SplitN(page, `aria-label="Guide"`, 2)[0], "OktaViewers")
	l.lacks(page, count, openStep("7.3"))
	l.createGroup() // completes the step again
}

// A link to another window of the lab opens one tab for the window, however often it is selected. Each page names its own tab.
func TestEachWindowOfALabHasOneTab(t *testing.T) {
	l := newLearner(t, start(t))
	okta := l.get("/okta/demo/login/login.htm")
	l.sees(okta, `data-guide-tab="understudy-demo-1"`, "Step 0.1", "Skip")
	l.lacks(okta, "_blank", `target="understudy-demo-1"`) // the step belongs to the tab at hand
	l.turnTo("0.2")
	l.sees(l.get("/okta/demo/login/login.htm"), `target="understudy-demo-2"`)
	l.sees(l.get("/sigma/demo~2/login"), `data-guide-tab="understudy-demo-2"`)
	l.lacks(l.get("/sigma/demo~2/login"), ` target=`)
}

// The page under an open dialog is fetched by the script of the dialog. Nobody has opened that page, so that it completes no step.
func TestPageUnderADialogCompletesNoStep(t *testing.T) {
	l := newLearner(t, start(t))
	l.post(signInForm, adaSignsIn())
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, l.server.url+"/okta/demo/admin/apps/catalog", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Page-Below", "yes")
	l.page(l.client.Do(request))
	l.sees(l.get("/labs/demo/guide/panel"), "1 of 62 steps done")
}

func TestClipboardKeepsCopiedValues(t *testing.T) {
	l := newLearner(t, start(t))
	l.copies("Sign on URL", "http://lab.example/sso")
	l.sees(l.get("/sigma/demo/login"), "http://lab.example/sso", "For Sigma: Identity provider login URL")
}

// A copied value completes a step. The learner can complete only those steps that the lab cannot observe.
func TestStepsThatTheLabCannotObserve(t *testing.T) {
	l := newLearner(t, start(t))
	l.post("/labs/demo/guide/bring", url.Values{"step": {"1.7"}})
	l.sees(l.get("/sigma/demo/login"), "Step 1.7", "I have done this")
	l.copies("Sign on URL", "http://lab.example/sso")
	if page := l.get("/sigma/demo/login"); !strings.Contains(page, "Step 1.7") || !isShownDone(page) {
		t.Error("the finished step is not shown until Next")
	}
	l.turnTo("1.8")
	l.sees(l.get("/sigma/demo/login"), "Step 1.8", "I have done this")
	l.sees(l.post("/labs/demo/guide/done", url.Values{"step": {"1.8"}, "back": {"/sigma/demo/login"}}), "Step 1.9", "I have done this")
	l.post("/labs/demo/guide/undo", url.Values{"back": {"/sigma/demo/login"}})
	l.turnTo("1.8")
	l.sees(l.get("/sigma/demo/login"), "Step 1.8")
	l.tells(url.Values{"into": {"Identity provider login URL"}, "from": {"Metadata URL"}})
	l.sees(l.get("/sigma/demo/login"), "Step 1.8", "You pasted another value")
	l.tells(url.Values{"into": {"Identity provider login URL"}, "from": {"Sign on URL"}})
	l.turnTo("1.9")
	l.sees(l.get("/sigma/demo/login"), "Step 1.9")
	l.copies("Signing Certificate", "-----BEGIN CERTIFICATE-----")
	l.turnTo("1.10")
	page := l.get("/sigma/demo/login")
	l.sees(page, "Step 1.10")
	if strings.Contains(page, "I have done this") {
		t.Error("a step that the lab can observe can be completed by hand")
	}
	resp, err := l.client.PostForm(l.server.url+"/labs/demo/guide/done", url.Values{"step": {"1.10"}})
	if err != nil || resp.StatusCode != http.StatusConflict {
		t.Fatal(err, resp)
	}
	_ = resp.Body.Close()
	l.sees(l.get("/sigma/demo/login"), "Step 1.10")
}

// axe checks the guide panel on pages of each frame in Chromium, at two widths.
func TestGuideIsAccessible(t *testing.T) {
	t.Parallel()
	l := newLearner(t, start(t))
	l.post("/labs/demo/guide/bring", url.Values{"step": {"9.8"}})
	const pages = `id: guide-pages
summary: pages with the guide

# Pages with the guide

## Pages
Duration: 1

<!-- script
id: 1.1
as: okta-admin
do:
  - visit: "{admin}"
  - see: 9.8
  - fill: {Username: "{okta-admin.username}", Password: "{okta-admin.password}"}
  - click: {name: Sign in, in: Sign In}
  - see: Dashboard
  - see: Whole guide
  - open: Security > Authenticators
  - click: Password
  - see: Default Policy
  - click: Edit
  - see: Password expires after
  - open: Applications > Applications
  - click: Sigma on AWS
  - click: Sign On
  - click: Preview SAML
  - see: SAML response
  - visit: "{okta}/../../labs/demo/windows"
  - see: Window 2
  - as: sigma-admin
  - visit: "{sigma}/login"
  - see: Whole guide
  - visit: "{okta}/../../labs/demo/guide"
see: Bring me here
-->
`
	playScript(t, pages, player.Options{
		URL: l.server.url, Player: player.PlayerBrowser, ShowGuide: true, Axe: browsertest.Axe, AxeNarrow: true, FailureDir: t.TempDir(),
	})
}

func TestPictureLinkRebuildsItsState(t *testing.T) {
	l := newLearner(t, start(t))
	l.post(signInForm, adaSignsIn())
	l.sees(l.get("/labs/demo/shots/ok25"), "Picture ok25", "Step 2.7", "Bring the lab to the state of this picture")
	made := l.post("/labs/demo/shots/ok25", nil)
	l.sees(made, "The lab is in the state of this picture.", "/assign-apps")
	_, after, _ := strings.Cut(made, `and open <a href="`)
	path, _, _ := strings.Cut(after, `"`)
	l.sees(l.get(path), "Assign Applications", "Maya Rivers")
	if page := l.get(path); strings.Contains(page, ">Assigned<") {
		t.Error("the lab is past the picture")
	}
}

// axe checks pages with tables, forms, notices and pills in the dark theme.
func TestDarkPagesAreAccessible(t *testing.T) {
	t.Parallel()
	l := newLearner(t, start(t))
	l.post("/labs/demo/guide/bring", url.Values{"step": {"9.8"}})
	const pages = `id: dark-pages
summary: pages in the dark

# Pages in the dark

## Pages
Duration: 1

<!-- script
id: 1.1
as: okta-admin
do:
  - visit: "{admin}"
  - fill: {Username: "{okta-admin.username}", Password: "{okta-admin.password}"}
  - click: {name: Sign in, in: Sign In}
  - open: Directory > People
  - click: Bob Stone
  - open: Applications > Applications
  - click: Sigma on AWS
  - click: Provisioning
  - click: Push Groups
  - open: Reports > System Log
  - as: sigma-admin
  - visit: "{sigma}/"
  - click: Sign in with SSO
  - fill: {Username: "{sigma-admin.email}", Password: "{sigma-admin.password}"}
  - click: Sign in
  - open: Administration > Account Types
  - click: CreatorNoExport
  - visit: "{sigma}/home"
  - click: Sales Performance
see: Revenue
-->
`
	playScript(t, pages, player.Options{URL: l.server.url, Player: player.PlayerBrowser, Theme: "dark", Axe: browsertest.Axe, FailureDir: t.TempDir()})
}
