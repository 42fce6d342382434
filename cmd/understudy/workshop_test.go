package main

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"understudy/seed/base/waittest"
	"understudy/seed/workshop"
)

// openWorkshop starts a workshop within the test's process and keeps it in a directory.
func openWorkshop(t *testing.T, dir string, labs int) *running {
	t.Helper()
	command := workshopCommand{dataFlags: dataFlags{Data: dir}, Labs: labs, Code: "blue-lantern", Addr: "127.0.0.1:0"}
	s, err := command.start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() }) // closing twice is harmless
	return s
}

// visitor is a browser without scripts. Responses of any status are returned.
type visitor struct {
	*testing.T
	url     string
	client  *http.Client
	uploads []*slowUpload // that the visitor has begun
}

func newVisitor(t *testing.T, s *running) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{T: t, url: s.url, client: &http.Client{Jar: jar, Timeout: waittest.Deadline}}
}

func (v *visitor) read(resp *http.Response, err error) (int, string) {
	v.Helper()
	if err != nil {
		v.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		v.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

func (v *visitor) get(path string) (int, string) {
	v.Helper()
	return v.read(v.client.Get(v.url + path))
}

func (v *visitor) post(path string, form url.Values) (int, string) {
	v.Helper()
	return v.read(v.client.PostForm(v.url+path, form))
}

// wants returns a check of a status and of texts that a page must contain.
func (v *visitor) wants(wanted int, texts ...string) func(int, string) {
	return func(status int, body string) {
		v.Helper()
		if status != wanted {
			v.Errorf("status %d, not %d: %.400s", status, wanted, body)
		}
		for _, text := range texts {
			if !strings.Contains(body, text) {
				v.Errorf("the page lacks %q", text)
			}
		}
	}
}

// join joins the workshop and returns the PIN on the attendee's card.
func (v *visitor) join(nickname string) (pin string) {
	v.Helper()
	status, body := v.post("/join", url.Values{"code": {"Blue Lantern"}, "nickname": {nickname}})
	_, after, found := strings.Cut(body, "Your PIN is ")
	if status != http.StatusOK || !found {
		v.Fatalf("status %d: %.400s", status, body)
	}
	return after[:7] // in two groups
}

// acts applies an action of the console without the preview, and waits until it has ended.
func (v *visitor) acts(form url.Values) (status int, body string) {
	v.Helper()
	form.Set("sure", "true")
	status, body = v.post("/instructor/act", form)
	if status == http.StatusOK {
		v.settles()
	}
	return status, body
}

// settles waits until no action of an instructor is running.
func (v *visitor) settles() {
	v.Helper()
	waittest.Until(v.T, "no action is running", func() (any, bool) {
		status, body := v.get("/instructor/log")
		return status, status == http.StatusOK && !strings.Contains(body, `action="/instructor/cancel"`)
	})
}

// sets changes settings of all labs, each with its own form.
func (v *visitor) sets(form url.Values) {
	v.Helper()
	for field, path := range map[string]string{
		"banner": "banner", "frozen": "freeze", "sections": "sections", "minutes": "timer",
	} {
		if values, given := form[field]; given {
			v.wants(http.StatusOK)(v.post("/instructor/"+path, url.Values{field: values}))
		}
	}
}

func (v *visitor) instructs(s *running) {
	v.Helper()
	v.wants(http.StatusOK, "Attendees", "blue-lantern")(v.post("/instructor", url.Values{"password": {s.Workshop.NewPassword()}}))
}

func TestAttendeesJoinAndHaveALabOfTheirOwn(t *testing.T) {
	s := openWorkshop(t, t.TempDir(), 2)
	ann, ben, eve := newVisitor(t, s), newVisitor(t, s), newVisitor(t, s)
	ann.wants(http.StatusOK, "Join the workshop")(ann.get("/"))
	wrongCode := url.Values{"code": {"red-lantern"}, "nickname": {"Ann"}}
	ann.wants(http.StatusUnprocessableEntity, "not the code of the workshop", `value="Ann"`)(ann.post("/join", wrongCode))
	ann.join("Ann")
	ben.wants(http.StatusUnprocessableEntity, "Another attendee has this nickname")(ben.post("/join", url.Values{"code": {"blue-lantern"}, "nickname": {"ann"}}))
	ben.join("")
	eve.wants(http.StatusUnprocessableEntity, "All labs are taken")(eve.post("/join", url.Values{"code": {"blue-lantern"}, "nickname": {"Eve"}}))

	ann.wants(http.StatusOK, "Card of Ann", "lab-01", "Prompt-Corner-24")(ann.get("/"))
	ann.wants(http.StatusOK, "Sign In", "Raise my hand", "Step 0.1")(ann.get("/okta/lab-01/"))
	for _, path := range []string{
		"/okta/lab-01/", "/okta/lab-01~2/", "/sigma/lab-01/login", "/labs/lab-01", "/labs/lab-01/view", "/labs/lab-01/guide",
		"/labs/lab-01/export", "/labs/lab-01/mail", "/labs/lab-01/traffic",
	} {
		for name, stranger := range map[string]*visitor{"another attendee": ben, "somebody without a lab": eve} {
			if status, body := stranger.get(path); status != http.StatusForbidden || !strings.Contains(body, "another attendee") {
				t.Errorf("%s at %s: %d", name, path, status)
			}
		}
	}
	ben.wants(http.StatusForbidden)(ben.post("/labs/lab-01/reset", nil))
	for _, path := range []string{"/instructor/console", "/instructor/projector", "/instructor/cards", "/instructor/results.csv", "/instructor/results.json"} {
		ben.wants(http.StatusUnauthorized)(ben.get(path))
	}
	ben.wants(http.StatusUnauthorized)(ben.post("/instructor/wipe", url.Values{"sure": {"true"}}))
	ben.wants(http.StatusNotFound)(ben.post("/labs", url.Values{"name": {"mine"}}))
}

func TestPINBringsBackAndCannotBeGuessed(t *testing.T) {
	t.Parallel()
	s := openWorkshop(t, t.TempDir(), 5)
	laptop := newVisitor(t, s)
	pin := laptop.join("Ann")
	phone := newVisitor(t, s)
	phone.wants(http.StatusOK, "Card of Ann")(phone.post("/return", url.Values{"name": {"ANN"}, "pin": {pin}}))
	// Both devices are admitted. The guide on the phone continues the work on the laptop.
	laptop.wants(http.StatusOK, "Step 1.1")(laptop.post("/labs/lab-01/guide/bring", url.Values{"step": {"1.1"}}))
	phone.wants(http.StatusOK, "Go to step 1.1")(phone.get("/labs/lab-01/guide"))
	for range 5 {
		another := newVisitor(t, s)
		another.wants(http.StatusOK, "Card of Ann")(another.post("/return", url.Values{"name": {"Ann"}, "pin": {pin}}))
	}
	phone.wants(http.StatusForbidden)(phone.get("/labs/lab-01/guide")) // the oldest devices lose access after five new ones
	guesser := newVisitor(t, s)
	limited := false
	for range 10 {
		status, _ := guesser.post("/return", url.Values{"name": {"Ann"}, "pin": {"000000"}})
		limited = limited || status == http.StatusForbidden
	}
	if !limited {
		t.Error("ten wrong PINs in a row are not limited")
	}
	if status, _ := guesser.post("/return", url.Values{"name": {"Ann"}, "pin": {pin}}); status != http.StatusForbidden {
		t.Error("the right PIN works while guesses are limited")
	}
	password := newVisitor(t, s)
	for range 10 {
		if status, _ := password.post("/instructor", url.Values{"password": {"wrong"}}); status == http.StatusForbidden {
			return
		}
	}
	t.Error("ten wrong passwords in a row are not limited")
}

func TestInstructorsWatchAndHelp(t *testing.T) {
	t.Parallel()
	s := openWorkshop(t, t.TempDir(), 5)
	ann, ada, second := newVisitor(t, s), newVisitor(t, s), newVisitor(t, s)
	ann.join("Ann")
	newVisitor(t, s).join("Ben")
	ada.wants(http.StatusUnprocessableEntity, "not the instructor password")(ada.post("/instructor", url.Values{"password": {"wrong"}}))
	ada.instructs(s)
	second.instructs(s)

	ann.post("/okta/lab-01/login/login.htm", adaSignsIn())
	ann.post("/card/hand", url.Values{"up": {"yes"}})
	ada.wants(http.StatusOK, "Ann", "Ben", "Hand up", "1</span>", "0.2")(ada.get("/instructor/console"))
	ada.wants(http.StatusOK)(ada.get("/labs/lab-01"))
	ann.wants(http.StatusOK, "An instructor is looking at this lab.")(ann.get("/okta/lab-01/admin/dashboard"))

	ada.wants(http.StatusOK)(ada.acts(url.Values{"lab": {"lab-01"}, "action": {"bring"}, "step": {"7.6"}}))
	ann.wants(http.StatusOK, "The instructor has brought your lab to step 7.6.", "OktaViewers", "Step 7.6")(ann.get("/okta/lab-01/admin/groups"))
	ada.wants(http.StatusOK)(ada.acts(url.Values{"lab": {"lab-01"}, "action": {"message"}, "message": {"Look at the board."}}))
	ann.wants(http.StatusOK, "Look at the board.")(ann.get("/okta/lab-01/admin/groups"))

	ada.wants(http.StatusOK, "Start the fault")(ada.acts(url.Values{"lab": {"lab-01"}, "action": {"start-fault"}, "fault": {"clock-off"}}))
	ann.wants(http.StatusOK, "has started a fault in your lab", "A fault is active.", "Every setting is as it was.")(ann.get("/okta/lab-01/admin/groups"))
	ada.wants(http.StatusOK)(ada.acts(url.Values{"lab": {"lab-01"}, "action": {"undo-fault"}}))
	_, text := ann.get("/okta/lab-01/admin/groups")
	if !strings.Contains(text, "The instructor has undone the fault in your lab.") || strings.Contains(text, `aria-label="Fault"`) {
		t.Error("the fault is still active")
	}

	ada.acts(url.Values{"lab": {"lab-01"}, "action": {"lock"}})
	ann.wants(http.StatusForbidden, "locked this lab")(ann.post("/okta/lab-01/admin/groups/new", url.Values{"name": {"X"}}))
	ann.wants(http.StatusOK, "locked this lab")(ann.get("/okta/lab-01/admin/groups"))
	ada.acts(url.Values{"all": {"true"}, "action": {"unlock"}})
	ann.wants(http.StatusOK)(ann.post("/okta/lab-01/admin/groups/new", url.Values{"name": {"X"}}))
	ada.sets(url.Values{"banner": {"Break until ten"}, "frozen": {"true"}, "sections": {"2"}, "minutes": {"12"}})
	ann.wants(http.StatusForbidden, "attention")(ann.post("/okta/lab-01/admin/groups/new", url.Values{"name": {"Y"}}))
	ann.wants(http.StatusOK, "Break until ten", "12 minutes left", "has not opened the next section")(ann.get("/okta/lab-01/admin/groups"))
	ada.wants(http.StatusOK, "blue-lantern", "2 of 5 have joined", "QR code")(ada.get("/instructor/projector"))
	ada.wants(http.StatusOK, "Ann", "Prompt-Corner-24")(ada.get("/instructor/cards"))

	ada.sets(url.Values{"sections": {"0"}})
	ada.acts(url.Values{"all": {"true"}, "action": {"reset"}})
	ann.wants(http.StatusOK, "The instructor has reset your lab.")(ann.get("/okta/lab-01/admin/groups"))
	_, text = ada.get("/instructor/results.json")
	var results []struct{ Nickname string }
	if err := json.Unmarshal([]byte(text), &results); err != nil || len(results) != 2 {
		t.Errorf("%v: %s", err, text)
	}
	ada.wants(http.StatusOK, "lab,nickname,joined", "lab-01,Ann")(ada.get("/instructor/results.csv"))
	ada.wants(http.StatusBadRequest, "No attendee is selected")(ada.acts(url.Values{"action": {"reset"}}))
	ada.wants(http.StatusBadRequest)(ada.post("/instructor/wipe", nil))
	ada.wants(http.StatusOK, "Nobody has joined yet")(ada.post("/instructor/wipe", url.Values{"sure": {"true"}}))
	ann.wants(http.StatusForbidden)(ann.get("/okta/lab-01/"))
}

func TestConsoleUpdatesOpenPages(t *testing.T) {
	s := openWorkshop(t, t.TempDir(), 5)
	ann, ada := newVisitor(t, s), newVisitor(t, s)
	ann.join("Ann")
	ada.instructs(s)
	events, err := ada.client.Get(s.url + "/instructor/events")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = events.Body.Close() }()
	lines := bufio.NewScanner(events.Body)
	next := func() {
		t.Helper()
		for lines.Scan() {
			if lines.Text() == "event: workshop" {
				return
			}
		}
		t.Fatal("the stream ended")
	}
	next()
	ann.post("/okta/lab-01/login/login.htm", adaSignsIn())
	next()
	if status, _ := ann.get("/instructor/events"); status != http.StatusUnauthorized {
		t.Errorf("an attendee reads the console's events: status %d", status)
	}
}

// completedStep fails the test unless the panel of a page shows a step with its check mark: the panel stays at a completed step until
// the learner goes on.
func (v *visitor) completedStep(step, page string) {
	v.Helper()
	status, body := v.get(page)
	v.wants(http.StatusOK, "Step "+step+"<")(status, body)
	if !isShownDone(body) {
		v.Errorf("the panel shows step %s without a check mark", step)
	}
}

func TestWorkshopSurvivesARestart(t *testing.T) {
	dir := t.TempDir()
	s := openWorkshop(t, dir, 5)
	ann, ada := newVisitor(t, s), newVisitor(t, s)
	ann.join("Ann")
	ada.instructs(s)
	ann.post("/okta/lab-01/login/login.htm", adaSignsIn())
	ann.completedStep("0.1", "/okta/lab-01/admin/dashboard")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again := openWorkshop(t, dir, 5)
	if again.Workshop.NewPassword() != "" {
		t.Error("the restart created a new password")
	}
	ann.url, ada.url = again.url, again.url // cookies apply to all ports of a host
	ann.wants(http.StatusOK, "Dashboard")(ann.get("/okta/lab-01/admin/dashboard"))
	ann.completedStep("0.1", "/okta/lab-01/admin/dashboard")
	ada.wants(http.StatusOK, "Ann", "blue-lantern")(ada.get("/instructor/console"))
	if matches, err := filepath.Glob(filepath.Join(dir, "labs", "*.db")); err != nil || len(matches) != 1 {
		t.Errorf("labs: %v %v", matches, err)
	}
}

func TestPublicAddressesNeedAFlag(t *testing.T) {
	for host, refused := range map[string]bool{
		"127.0.0.1": false, "192.168.7.4": false, "10.1.2.3": false, "fd00::1": false, "8.8.8.8": true, "2606:4700::1": true,
		"100.64.0.9": false, "100.128.0.9": true, "::ffff:8.8.8.8": true, "localhost": false, "192.0.2.2": false, "198.51.100.7": false,
		"203.0.113.7": false, "198.18.0.1": false, "198.20.0.1": true, "2001:db8::1": false, "240.0.0.1": false} {
		if err := refusePublic(t.Context(), host); (err != nil) != refused {
			t.Errorf("%s: %v", host, err)
		}
	}
}

// The address for attendees is neither 0.0.0.0 nor the loopback, which a phone cannot reach.
func TestAttendeesGetAReachableAddress(t *testing.T) {
	known, err := workshop.Addresses()
	if err != nil {
		t.Fatal(err)
	}
	command := workshopCommand{dataFlags: dataFlags{Data: t.TempDir()}, Labs: 1, Addr: "0.0.0.0:0", AllowPublic: true}
	s, err := command.start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	u, err := url.Parse(s.Workshop.Address)
	if err != nil || u.Hostname() == "0.0.0.0" || len(known) > 0 && u.Hostname() != known[0].Addr.String() {
		t.Errorf("%s %v; this machine has %v", s.Workshop.Address, err, known)
	}
}
