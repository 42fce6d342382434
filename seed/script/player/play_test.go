package player_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"understudy/seed/script/player"
)

const signIn = "  - visit: \"{okta}/who\"\n  - fill: {Username: NAME, Password: x}\n  - click: Sign in\n"

func signInAs(name string) string { return strings.ReplaceAll(signIn, "NAME", name) }

// identitySteps sign in kim and bob at the same time, and then give kim a fresh session.
var identitySteps = []string{
	"id: 1\ndo:\n" + signInAs("kim") + "see: Signed in as kim",
	"id: 2\ndo:\n  - as: bob\n" + signInAs("bob") + "see: Signed in as bob",
	"id: 3\nsee: Signed in as kim\nnot-see: Signed in as bob",
	"id: 4\ndo:\n  - as: bob\n  - see: Signed in as bob\n  - as: kim\nsee: Signed in as kim",
	"id: 5\nnew-window: true\ndo:\n  - visit: \"{okta}/who\"\nsee: {button: Sign in}\nnot-see: Signed in",
	"id: 6\ndo:\n  - as: bob\nsee: Signed in as bob",
}

func TestEachIdentityHasItsOwnSession(t *testing.T) {
	for _, o := range []player.Options{
		{Player: player.PlayerHTTP}, {Player: player.PlayerBrowser, FailureDir: t.TempDir()},
	} {
		t.Run(string(o.Player), func(t *testing.T) {
			report := newSite(t).passes(t, o, identitySteps...)
			if result := report.Steps[1]; result.ID != "2" || result.As != "kim" || result.Section != "First" || result.Took <= 0 {
				t.Errorf("step 2: %+v", result)
			}
		})
	}
}

// A form keeps its values after the end of a step, as in a browser. So do copied values.
func TestValuesLastOverSteps(t *testing.T) {
	s := newSite(t)
	s.page("/form", "Form", `<form method="post" action="/echo"><label>A <input name="a"></label>
		<label>B <input name="b"></label><button>Send</button></form>`)
	s.page("/key", "Key", `<label>Key <input readonly value="k-1"></label>`)
	report := s.passes(t, player.Options{},
		"id: 1\ndo:\n  - visit: \"{okta}/form\"\n  - fill: {A: one}\nsee: one",
		"id: 2\ndo:\n  - as: bob\n  - visit: \"{sigma}/../key\"\n  - copy: Key as key\nsee: \"{key}\"",
		"id: 3\ndo:\n  - fill: {B: \"{key} of {bob.name}, {bob.first-name}\"}\n  - click: Send\n"+
			"see: POST a=one&b=k-1+of+Bob+Stone%2C+Bob",
	)
	if !maps.Equal(report.Copied, map[string]string{"key": "k-1"}) {
		t.Errorf("copied %q", report.Copied)
	}
}

// A done expression is evaluated over the lab's view. A view that lacks what the expression reads fails the step or leaves
// a note.
func TestDoneIsEvaluatedOverTheView(t *testing.T) {
	const doneStep = "id: 1\ndo:\n  - visit: \"{okta}/other\"\ndone: "
	for _, c := range []struct {
		view, done      string
		failed, unclear bool // unclear: the view lacks what the expression reads
	}{
		{"", "okta.visited('/a')", false, false}, // without a view, done is not evaluated
		{`{"okta":{"visited":["/a","/b/7/c"]}}`, "okta.visited('/a')", false, false},
		{`{"okta":{"visited":["/a","/b/7/c"]}}`, "okta.visited('/b/*/c')", false, false},
		{`{"okta":{"visited":["/a","/b/7/c"]}}`, "okta.visited('/b')", true, false},
		{`{"okta":{"visited":["/a","/b/7/c"]}}`, "okta.visited('/b/*')", true, false},
		{
			`{"sigma":{"members":[{"email":"b"}]},"okta":{"users":[]}}`,
			"any(sigma.members, .email == 'b') and none(okta.users, .id == '1')", false, false,
		},
		{`{"traffic":[{"kind":"SAML"}]}`, "any(traffic, .kind == 'SCIM')", true, false},
		{`{}`, "any(okta.users, .id == '1')", false, true},
		{`{}`, "okta.visited('/a')", false, true},
		{`no JSON`, "okta.visited('/a')", false, true},
	} {
		s := newSite(t)
		s.view = c.view
		result := s.play(t, player.Options{CheckTimeout: time.Nanosecond}, doneStep+c.done).Steps[0]
		reported := result.Status == player.Failed || len(result.Notes) > 0
		failed := result.Status == player.Failed
		if c.unclear && !reported || !c.unclear && (failed != c.failed || len(result.Notes) > 0) {
			t.Errorf("%s over %s: %s, notes %q", c.done, c.view, result.Status, result.Notes)
		}
		if c.failed && !strings.Contains(result.Failure.Error(), "done “"+c.done+"”: not true in the lab's view") {
			t.Errorf("got %v", result.Failure)
		}
	}
}

// The player requests only the parts of the view that the expression reads.
func TestPlayerRequestsOnlyNeededParts(t *testing.T) {
	const lists = "any(sigma.members, .email == 'b') and none(okta.users, .id == '1') or any(okta.users, .id == '2')"
	for done, want := range map[string]string{
		"okta.visited('/a')":                    "okta.visited",
		lists:                                   "okta.users sigma.members",
		"any(traffic, .kind == 'SCIM')":         "traffic",
		"sigma.authentication.method == 'SAML'": "sigma.authentication",
		"len(okta['users']) == 1":               "okta.users",
		"any(keys(sigma), # == 'x')":            "sigma",
		"true":                                  "",
	} {
		s := newSite(t)
		s.view = `{"okta":{"users":[],"visited":[]},"sigma":{"members":[],"authentication":{"method":""}},"traffic":[]}`
		step := "id: 1\ndo:\n  - visit: \"{okta}/other\"\ndone: \"" + done + "\""
		s.play(t, player.Options{CheckTimeout: time.Nanosecond}, step)
		if got := strings.Join(s.parts, " "); got != want {
			t.Errorf("%s requests %q, want %q", done, got, want)
		}
	}
}

// A renamed label fails exactly the steps that use it. With KeepGoing the player still does the rest of a failed step, so
// that later steps find what they depend on.
func TestRenamedLabels(t *testing.T) {
	s := newSite(t)
	s.page("/form", "Form", `<form method="post" action="/echo"><label>Word <input name="w"></label>
		<input type="submit" value="Send"></form><a href="/other" aria-label="Leave">x</a>`)
	steps := []string{
		"id: 1\ndo:\n  - visit: \"{okta}/form\"\n  - fill: {Word: a}",
		"id: 2\ndo:\n  - click: Send\nsee: POST w=a",
		"id: 3\ndo:\n  - visit: \"{okta}/form\"\nsee: {link: Leave}",
		"id: 4\ndo:\n  - visit: \"{okta}/form\"\nnot-see: Elsewhere",
	}
	for label, want := range map[string][]string{"Word": {"1"}, "Send": {"2"}, "Leave": {"3"}, "Form": nil} {
		o := player.Options{KeepGoing: true, Rename: map[string]string{label: "Renamed"}}
		report := s.play(t, o, steps...)
		if got := report.FailedIDs(); !slices.Equal(got, want) {
			t.Errorf("%s: %q failed", label, got)
		}
		if len(want) > 0 {
			isFailed := func(r player.Result) bool { return r.Status == player.Failed }
			failed := report.Steps[slices.IndexFunc(report.Steps, isFailed)]
			if offered := strings.Join(failed.Failure.Offered, ", "); !strings.Contains(offered, "“Renamed”") {
				t.Errorf("%s: it offers %s", label, offered)
			}
		}
	}
}

// Both players send the Origin, Referer and Sec-Fetch-Site headers of a browser (Fetch standard, Referrer Policy, Fetch
// Metadata Request Headers).
func TestPlayersSendTheSameHeaders(t *testing.T) {
	s := newSite(t)
	other := newSite(t)
	form := func(action string) string {
		return `<form method="post" action="` + action + `"><button>Send</button></form><a href="` + action + `">Go</a>`
	}
	policy := func(path, value, action string) {
		s.mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.Header().Set("Referrer-Policy", value)
			document(w, "Form", form(action))
		})
	}
	policy("/same", "", "/echo")
	policy("/cross", "", other.URL+"/echo")
	policy("/far", "", strings.Replace(other.URL, "127.0.0.1", "localhost", 1)+"/echo")
	policy("/strict", "same-origin", other.URL+"/echo")
	policy("/none", "no-referrer", "/echo")
	policy("/origin", "strict-origin", "/echo")
	var steps []string
	for i, c := range []struct{ visit, click, origin, referer, site string }{
		{"/echo", "", "", "", "none"},
		{"/same?a=1", "Go", "", s.URL + "/same?a=1", "same-origin"},
		{"/same?a=1", "Send", s.URL, s.URL + "/same?a=1", "same-origin"},
		{"/cross?a=1", "Go", "", s.URL + "/", "same-site"}, // a site is scheme and host; the port does not matter
		{"/cross?a=1", "Send", s.URL, s.URL + "/", "same-site"},
		{"/far", "Go", "", s.URL + "/", "cross-site"},
		{"/far", "Send", s.URL, s.URL + "/", "cross-site"},
		{"/strict", "Go", "", "", "same-site"},
		{"/strict", "Send", "null", "", "same-site"},
		{"/none", "Go", "", "", "same-origin"},
		{"/none", "Send", "null", "", "same-origin"},
		{"/origin?a=1", "Go", "", s.URL + "/", "same-origin"},
	} {
		do := fmt.Sprintf("id: %d\ndo:\n  - visit: \"{okta}%s\"\n", i, c.visit)
		if c.click != "" {
			do += "  - click: " + c.click + "\n"
		}
		steps = append(steps, do+"see: \"Origin="+c.origin+"; Referer="+c.referer+"; Sec-Fetch-Site="+c.site+";\"")
	}
	for _, o := range []player.Options{
		{Player: player.PlayerHTTP, KeepGoing: true},
		{Player: player.PlayerBrowser, KeepGoing: true, FailureDir: t.TempDir()},
	} {
		t.Run(string(o.Player), func(t *testing.T) { s.passes(t, o, steps...) })
	}
}
