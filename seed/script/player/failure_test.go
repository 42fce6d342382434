package player_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"understudy/seed/script/player"
)

// A failure names the step, its place in the file, the action, the page, and the controls that the page has.
func TestFailureDescribesThePage(t *testing.T) {
	s := newSite(t)
	s.page("/start", "Start", `<a href="/other">Go on</a><form action="/echo"><label>Name <input name="n"></label>
		<label><input type="checkbox" name="c"> Agree</label><label>Role <select name="r"><option>Viewer</select></label>
		<button disabled>Save</button></form>`)
	failure := s.fails(t, player.Options{}, "id: 7.3\ndo:\n  - visit: \"{okta}/start\"\n  - click: {name: Send, in: Form}")
	if failure.Step != "7.3" || failure.At != "guide.md:13" || failure.Action != "click “Send” in “Form”" ||
		failure.Title != "Start" || failure.URL != s.URL+"/start" || failure.Picture != "" {
		t.Errorf("%+v", failure)
	}
	want := []string{"link “Go on”", "button “Save” (disabled)", "field “Name”", "box “Agree”", "choice “Role”"}
	if !slices.Equal(failure.Offered, want) {
		t.Errorf("offered %q", failure.Offered)
	}
	text := failure.Error()
	for _, part := range []string{
		"step 7.3 (guide.md:13): click “Send” in “Form”: no link or button “Send”",
		"on page   " + s.URL + "/start “Start”", "it offers link “Go on”, button",
	} {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in\n%s", part, text)
		}
	}
}

func TestHTTPPlayerReportsFailures(t *testing.T) {
	page := `<form method="post" action="/echo"><label>Name <input name="n"></label>
		<label>Locked <input readonly value="x"></label><label>Empty <input readonly></label>
		<label><input type="checkbox"> Agree</label>
		<label>Role <select name="r"><option>Viewer</option><option disabled>Owner</option></select></label>
		<fieldset><legend>Pace</legend><label><input type="radio" name="p"> Slow</label></fieldset>
		<button>Send</button><button formaction="/broken">Break</button><button disabled>Save</button>
		<button type="button">Menu</button><span role="switch" tabindex="0">Power</span></form>
		<button>Loose</button><a href="javascript:void(0)">Script</a><a href="/round">Round</a>
		<a href="/echo?1">Twin</a><a href="/echo?2">Twin</a>
		<ul><li>Bob <a href="/x">Edit</a></li></ul><nav><a href="/x">Home</a></nav><p>Here</p>`
	for _, c := range []struct{ do, want string }{
		{"click: Nothing", "no link or button “Nothing”"},
		{"click: send", "no link or button “send”"}, // upper and lower case differ
		{
			"click: {name: Edit, in: Kim}",
			"no link or button “Edit” in a row, list item, region or dialog with “Kim”",
		},
		{"click: Twin", "2 controls are named “Twin”: add the row, region or dialog"},
		{"click: Save", "the link or button “Save” is disabled"},
		{"click: Menu", "this button needs JavaScript"},
		{"click: Loose", "this button belongs to no form"},
		{"click: Script", "cannot be followed without JavaScript"},
		{"click: Round", "more than 20 redirects"},
		{"click: Break", "returned 500: Something broke"},
		{"fill: {Surname: x}", "no field “Surname”"},
		{"fill: {Locked: y}", "the field “Locked” is read-only"},
		{"fill: {Role: Viewer}", "no field “Role”"},
		{"choose: {Role: Admin}", "“Role” has the options “Viewer”, “Owner”, not “Admin”"},
		{"choose: {Role: Owner}", "not “Owner”"},
		{"choose: {Pace: Fast}", "no select “Pace”, and no group “Pace” with a choice “Fast”"},
		{"choose: {Rhythm: Slow}", "no group “Rhythm”"},
		{"choose: Fast", "no choice “Fast”"},
		{"tick: Name", "no box “Name”"},
		{"tick: Power", "this checkbox needs JavaScript"},
		{"copy: Empty as empty", "the field “Empty” is empty"},
		{"copy: Nothing as nothing", "no field “Nothing”"},
		{"see: There", "not shown"},
		{"see: {button: Home}", "not shown"},
		{"see: {text: Here, in: Bob}", "not shown"},
		{"not-see: Here", "shown, but must not be"},
		{"not-see: {link: Home}", "shown, but must not be"},
		{"open: Away", "no link “Away” in the navigation"},
		{"open: Away > Home", "no link “Home” in a navigation group “Away”, and no link “Away”"},
		{"drag: {item: Kim, to: 1}", "no row with “Kim”"},
		{"drag: {item: Bob, to: 2}", "no button or link “Move down”"},
		{"visit: nowhere://", "is not an address"},
		{"as: bob", "no page is open in this window: visit a page first"},
	} {
		t.Run(c.do, func(t *testing.T) {
			s := newSite(t)
			s.page("/start", "Start", page)
			failure := s.fails(t, player.Options{}, "id: 1\ndo:\n  - visit: \"{okta}/start\"\n  - "+c.do+"\nsee: Here")
			if text := failure.Err.Error(); !strings.Contains(text, c.want) {
				t.Errorf("got  %s\nwant %s", text, c.want)
			}
		})
	}
}

// A step without an action and a check is not a step that passed, and stops nothing.
func TestStepWithoutAScriptDoesNotPass(t *testing.T) {
	s := newSite(t)
	s.page("/start", "Start", "<p>Here</p>")
	report := s.play(t, player.Options{}, "id: 1\ndo:\n  - visit: \"{okta}/start\"", "id: 2\nconfirm: I have done this", "id: 3\nsee: Here")
	if got, want := report.Summary(), "2 passed, 0 failed, 1 not scripted"; got != want || !report.OK() {
		t.Errorf("the summary is %q, want %q; OK is %t", got, want, report.OK())
	}
}

func TestPlayStopsAtFirstFailure(t *testing.T) {
	s := newSite(t)
	steps := []string{
		"id: 1\ndo:\n  - visit: \"{okta}/other\"",
		"id: 2\ndo:\n  - click: Nothing\n  - click: Deeper",
		"id: 3\nsee: You went on.",
		"id: 4\nsee: Other",
	}
	var log strings.Builder
	for _, c := range []struct {
		o                         player.Options
		passed, failed, notPlayed int
	}{
		{player.Options{Log: &log}, 1, 1, 2},
		{player.Options{KeepGoing: true}, 3, 1, 0},
		{player.Options{To: "1"}, 1, 0, 0},
		{player.Options{To: "2"}, 1, 1, 0},
		{player.Options{To: "3"}, 1, 1, 1},
		{player.Options{To: "3", KeepGoing: true}, 2, 1, 0},
	} {
		report := s.play(t, c.o, steps...)
		if report.Count(player.Passed) != c.passed || report.Count(player.Failed) != c.failed ||
			report.Count(player.NotPlayed) != c.notPlayed {
			t.Errorf("to %q, keep going %t: %+v", c.o.To, c.o.KeepGoing, report.Steps)
		}
		if want := c.failed+c.notPlayed == 0; report.OK() != want {
			t.Errorf("to %q, keep going %t: OK is %t", c.o.To, c.o.KeepGoing, !want)
		}
		if c.failed > 0 && !slices.Equal(report.FailedIDs(), []string{"2"}) {
			t.Errorf("failed: %q", report.FailedIDs())
		}
	}
	for _, part := range []string{"ok   1 ", "FAIL 2 ", "step 2 (guide.md:", "2 not played\n"} {
		if !strings.Contains(log.String(), part) {
			t.Errorf("%q is not in the log:\n%s", part, &log)
		}
	}
	if !strings.HasSuffix(log.String(), "1 passed, 1 failed\n") {
		t.Errorf("the log does not end with the summary:\n%s", &log)
	}
}

// Play returns an error when it cannot start; it does not report failed steps.
func TestPlayThatCannotStart(t *testing.T) {
	s := newSite(t)
	s.mux.HandleFunc("/labs/empty", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("{}")) })
	s.mux.HandleFunc("/labs/page", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<p>Hello")) })
	for want, o := range map[string]player.Options{
		"guide.md has no step 9":                           {To: "9"},
		"read the card of lab none":                        {Lab: "none"},
		"returned 404 Not Found":                           {Lab: "a/b"},
		"has no addresses or no identities":                {Lab: "empty"},
		"did not return JSON":                              {Lab: "page"},
		`unknown player "piano": expected http or browser`: {Player: "piano"},
		"start /nowhere/chromium":                          {Player: player.PlayerBrowser, Browser: "/nowhere/chromium"},
	} {
		o.URL = s.URL
		_, err := player.Play(t.Context(), parse(t, guide("id: 1\nsee: A")), o)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	_, err := player.Play(stopped, parse(t, guide("id: 1\nsee: A")), player.Options{URL: s.URL})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestMissingBrowserSaysWhatToInstall(t *testing.T) {
	s := newSite(t)
	t.Setenv("PATH", t.TempDir())
	o := player.Options{URL: s.URL, Player: player.PlayerBrowser}
	_, err := player.Play(t.Context(), parse(t, guide("id: 1\nsee: A")), o)
	if !errors.Is(err, player.ErrNoBrowser) || !strings.Contains(err.Error(), "install Chromium") {
		t.Errorf("got %v", err)
	}
}
