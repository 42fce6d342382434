package main

import (
	"bufio"
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"understudy/seed/script/browsertest"
	"understudy/seed/script/player"
)

// trafficLab returns a browser of a lab in which the whole quickstart was played.
func trafficLab(t *testing.T) *learner {
	t.Helper()
	l := newLearner(t, start(t))
	l.post("/labs/demo/guide/bring", url.Values{"step": {"9.8"}})
	return l
}

// link returns the address that a line of the traffic page links to.
func (l *learner) link(path, text string) string {
	l.Helper()
	page := l.get(path)
	m := regexp.MustCompile(`<a href="([^"]*)">` + regexp.QuoteMeta(html.EscapeString(text))).FindStringSubmatch(page)
	if m == nil {
		l.Fatalf("%s has no line %q", path, text)
	}
	return html.UnescapeString(m[1])
}

func (l *learner) lacks(page string, texts ...string) {
	l.Helper()
	for _, text := range texts {
		if strings.Contains(page, text) {
			l.Errorf("the page must not contain %q", text)
		}
	}
}

const (
	scimLines = "/labs/demo/traffic?kind=SCIM+call"
	samlLines = "/labs/demo/traffic?kind=SAML+message"
)

func TestTrafficIsOneTimelineOfBothSystems(t *testing.T) {
	t.Parallel()
	l := trafficLab(t)
	l.sees(l.get("/labs/demo/traffic"), "GET /profile", "Browser → Sigma", "200 OK", "redirects to /")
	l.sees(l.get(scimLines), "Okta creates Bob Stone in Sigma as viewer.", "Okta looks up the team OktaViewers in Sigma: not found.", "5.")
	actions := l.get("/labs/demo/traffic?kind=Administrator+action&system=Okta")
	l.sees(actions, "Create Okta group", "Ada Okafor → Okta")
	l.lacks(actions, "SCIM call</td>", "Browser →")
	changes := l.get("/labs/demo/traffic?kind=Changed+record")
	l.sees(changes, "Member Bob Stone was created", "userType Viewer → CreatorNoExport", "Team OktaViewers was created", "/labs/demo/traffic/")
	l.lacks(changes, "200 OK", "Browser →", "was deleted")
	l.sees(l.get("/labs/demo/traffic?changed=on"), "userType Viewer → CreatorNoExport", "Create account type")
	failures := l.get("/labs/demo/traffic?failed=on")
	l.sees(failures, "Sigma refused: The bearer token is missing or unknown.")
	l.lacks(failures, "200 OK")
	l.sees(l.get("/labs/demo/traffic?q=creates+bob"), "Okta creates Bob Stone", "1–1 of 1 lines")
	l.sees(l.get("/labs/demo/traffic?q=nobody+did+this"), "No entry matches the filter.")
	l.sees(l.get("/labs/demo/traffic?page=2"), "Previous", "101–200")
}

func TestTrafficOfANewLabIsEmpty(t *testing.T) {
	l := newLearner(t, start(t))
	l.sees(l.get("/labs/demo/traffic"), "No traffic yet.")
}

func TestTrafficUpdatesOpenPages(t *testing.T) {
	t.Parallel()
	l := newLearner(t, start(t))
	events, err := l.client.Get(l.server.url + "/labs/demo/traffic/events")
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
	l.get("/okta/demo/") // opening a page is an entry, too
	if second := next(); second == first {
		t.Errorf("two events with the same data: %s", first)
	}
	l.sees(l.get("/labs/demo/traffic"), "GET /login/login.htm")
}

func TestSAMLCardExplainsAResponse(t *testing.T) {
	t.Parallel()
	l := trafficLab(t)
	card := l.get(l.link(samlLines, "Okta signs bob.stone@brightwater.example in to Sigma"))
	l.sees(card, "The user is “bob.stone@brightwater.example” (NameID format emailAddress).",
		"The assertion may only be delivered to "+l.server.url+"/sigma/demo/api/v2/saml2/assert",
		"response and assertion with rsa-sha256", "All checks pass.", "Certificate validity", "Okta: General", "firstName",
		"&lt;saml2p:Response", "This sign-in as a sequence")
	sequence := l.get(l.link(samlLines, "Okta signs maya.rivers@brightwater.example in to Sigma") + "/sequence")
	l.sees(sequence, "<svg", "Response (POST)", "GET /finish-login", "sequenceDiagram", "Browser-&gt;&gt;Okta: AuthnRequest", "after 18 checks")
	l.lacks(sequence, "/admin/")
	l.sees(l.get(l.link(samlLines, "Sigma asks Okta to sign a user in")), "asks the identity provider to authenticate the user.", "The response must be sent to")
}

func TestSAMLCardNamesTheCheckThatFailed(t *testing.T) {
	t.Parallel()
	l := trafficLab(t)
	l.post(signInForm, adaSignsIn())
	appPath := l.link("/okta/demo/admin/apps/active", "Sigma on AWS")
	page := l.get(appPath + "/general/edit")
	form := url.Values{}
	for _, m := range regexp.MustCompile(`<input[^>]*name="([^"]*)"[^>]*value="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		form.Set(m[1], html.UnescapeString(m[2]))
	}
	form.Set("sigma", "https://app.elsewhere.example")
	l.post(appPath+"/general/edit", form)
	person, app := l.choice("person", "bob.stone@brightwater.example"), l.choice("app", "Sigma on AWS")
	preview := l.get("/labs/demo/traffic/preview?person=" + person + "&app=" + app)
	l.sees(preview, "Sigma would reject the sign-in", "Sigma rejects the response because of the check Destination.", "https://app.elsewhere.example")
}

// Each check of the SAML card has a link. If the link names a form field, the page has that field.
func TestChecksLinkToTheirSettings(t *testing.T) {
	t.Parallel()
	l := trafficLab(t)
	l.post(signInForm, adaSignsIn())
	maya := newLearner(t, start(t)) // in a lab where Maya still signs in with a password
	maya.post("/sigma/demo/login", url.Values{"email": {"maya.rivers@brightwater.example"}, "password": {"Stage-Door-17"}})
	card := l.get(l.link(samlLines, "Okta signs maya.rivers@brightwater.example in to Sigma"))
	_, table, _ := strings.Cut(card, "What Sigma checked, in this order")
	table, _, _ = strings.Cut(table, "</table>")
	rows := strings.Count(table, "<tr") - 1
	links := regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(table, -1)
	if rows != 19 || len(links) != rows {
		t.Fatalf("%d checks have %d links", rows, len(links))
	}
	for _, m := range links {
		address, field, named := strings.Cut(html.UnescapeString(m[1]), "#")
		who := l
		if strings.HasPrefix(address, "/sigma/") {
			who = maya
		}
		page := who.get(address)
		if named && field != "field-audience" && !strings.Contains(page, `id="`+field+`"`) { // the audience field is shown only if it is set
			t.Errorf("%s has no %s", address, field)
		}
	}
}

// choice returns the value of an option of the preview form.
func (l *learner) choice(field, label string) string {
	l.Helper()
	_, after, _ := strings.Cut(l.get("/labs/demo/traffic/preview"), `name="`+field+`"`)
	after, _, _ = strings.Cut(after, "</select>")
	m := regexp.MustCompile(`value="([^"]*)"[^>]*>[^<]*` + regexp.QuoteMeta(label)).FindStringSubmatch(after)
	if m == nil {
		l.Fatalf("%s has no choice %q", field, label)
	}
	return m[1]
}

func TestPreviewChangesNothing(t *testing.T) {
	t.Parallel()
	l := trafficLab(t)
	before := l.get("/labs/demo/view")
	app := l.choice("app", "Sigma on AWS")
	bob := l.get("/labs/demo/traffic/preview?person=" + l.choice("person", "bob.stone@brightwater.example") + "&app=" + app)
	l.sees(bob, "The sign-in would succeed", "In Sigma, bob.stone@brightwater.example is the member Bob Stone with the account type CreatorNoExport.",
		"Okta would send this request", "PUT http", "&#34;userType&#34;: &#34;CreatorNoExport&#34;")
	henrik := l.get("/labs/demo/traffic/preview?person=" + l.choice("person", "henrik.sund@brightwater.example") + "&app=" + app)
	l.sees(henrik, "Okta would not sign this person in", "User is not assigned to this application.", "Okta would send nothing")
	if after := l.get("/labs/demo/view"); after != before {
		t.Error("a preview changed the lab")
	}
}

func TestSCIMCardExplainsACallAndSendsItAgain(t *testing.T) {
	t.Parallel()
	l := trafficLab(t)
	path := l.link(scimLines, "Okta creates Bob Stone in Sigma as viewer.")
	card := l.get(path)
	l.sees(card, "The member Bob Stone is new.", "Account Type", "Authorization: Bearer ••••", "Authorization: Bearer $TOKEN",
		"--data-raw", "user.firstName", "201 Created")
	again := l.post(path+"/again", nil)
	l.sees(again, "but Sigma refused", "409 Conflict")
	promoted := l.get(l.link(scimLines, "Okta updates the profile of Bob Stone: userType Viewer → CreatorNoExport."))
	l.sees(promoted, "The record before and after", "userType", "CreatorNoExport")
	notFound := l.link(scimLines, "Okta looks up the team OktaViewers in Sigma: not found.")
	l.sees(l.post(notFound+"/again", nil), "Okta looks up the team OktaViewers in Sigma: found.")
}

func TestDecoderChecksAPastedMessage(t *testing.T) {
	t.Parallel()
	l := trafficLab(t)
	card := l.get(l.link(samlLines, "Okta signs maya.rivers@brightwater.example in to Sigma"))
	_, after, _ := strings.Cut(card, `aria-label="Text of XML"`)
	_, after, _ = strings.Cut(after, ">")
	xml, _, _ := strings.Cut(after, "</pre>")
	decoded := l.post("/labs/demo/traffic/decode", url.Values{"message": {html.UnescapeString(xml)}})
	l.sees(decoded, "“maya.rivers@brightwater.example”", "If this message were sent to this lab&#39;s Sigma now:", "Sigma rejects the response")
	resp, err := l.client.PostForm(l.server.url+"/labs/demo/traffic/decode", url.Values{"message": {"what is this?"}})
	if err != nil || resp.StatusCode != http.StatusUnprocessableEntity {
		t.Fatal(err, resp.Status)
	}
	_ = resp.Body.Close()
}

func TestHARContainsNoSecrets(t *testing.T) {
	t.Parallel()
	l := trafficLab(t)
	text := l.get("/labs/demo/traffic/har")
	var har struct {
		Log struct {
			Version string
			Entries []struct {
				StartedDateTime string
				Request         struct{ Method, URL string }
				Response        struct{ Status int }
			}
		}
	}
	if err := json.Unmarshal([]byte(text), &har); err != nil || har.Log.Version != "1.2" || len(har.Log.Entries) < 100 {
		t.Fatal(err, har.Log.Version, len(har.Log.Entries))
	}
	kinds := map[string]bool{}
	for i, e := range har.Log.Entries {
		u, err := url.Parse(e.Request.URL)
		if err != nil || e.Request.Method == "" || e.Response.Status == 0 || i > 0 && e.StartedDateTime < har.Log.Entries[i-1].StartedDateTime {
			t.Fatalf("entry %d: %+v %v", i, e, err)
		}
		kinds[strings.SplitN(strings.TrimPrefix(u.Path, "/"), "/", 4)[0]] = true
	}
	if !kinds["okta"] || !kinds["sigma"] {
		t.Error(kinds)
	}
	l.lacks(text, "Prompt-Corner-24", "sigma_scim", `"Authorization","value":"Bearer s`)
}

func TestUnknownMessageIsNotFound(t *testing.T) {
	l := newLearner(t, start(t))
	for _, path := range []string{"/labs/demo/traffic/77", "/labs/demo/traffic/x", "/labs/demo/traffic/77/sequence"} {
		resp, err := l.client.Get(l.server.url + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", path, resp.Status)
		}
	}
}

// axe checks the traffic pages in Chromium, at two widths.
func TestTrafficIsAccessible(t *testing.T) {
	t.Parallel()
	l := trafficLab(t)
	const pages = `id: traffic-pages
summary: pages of the traffic

# Pages of the traffic

## Pages
Duration: 1

<!-- script
id: 1.1
as: okta-admin
do:
  - visit: "{okta}/../../labs/demo/traffic"
  - see: Everything that happened in both systems
  - choose: {Kind: SAML message}
  - click: Filter
  - visit: "{okta}/../..RESPONSE"
  - see: What Sigma checked, in this order
  - click: This sign-in as a sequence
  - see: Diagram
  - visit: "{okta}/../../labs/demo/traffic?kind=SCIM+call"
  - click: Okta creates Bob Stone in Sigma as viewer.
  - see: Attributes from Okta to Sigma
  - visit: "{okta}/../../labs/demo/traffic/decode"
  - fill: {SAML message: "<Response xmlns='urn:oasis:names:tc:SAML:2.0:protocol'/>"}
  - click: Decode
  - visit: "{okta}/../../labs/demo/traffic/preview"
  - choose: {Person: Bob Stone (bob.stone@brightwater.example)}
  - click: Preview
see: The sign-in would succeed
-->
`
	response := l.link(samlLines, "Okta signs maya.rivers@brightwater.example in to Sigma")
	playScript(t, strings.Replace(pages, "RESPONSE", response, 1), player.Options{
		URL: l.server.url, Player: player.PlayerBrowser, Axe: browsertest.Axe, AxeNarrow: true, FailureDir: t.TempDir(),
	})
}
