package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"understudy/seed/base/waittest"
)

// undoNewest undoes the newest action of the log and waits until that has ended.
func (v *visitor) undoNewest() {
	v.Helper()
	_, console := v.get("/instructor/log")
	entry := regexp.MustCompile(`action="/instructor/undo"><input type="hidden" name="entry" value="(\d+)"`).FindStringSubmatch(console)
	if entry == nil {
		v.Fatalf("nothing can be undone: %s", console)
	}
	v.wants(http.StatusOK, "Undo: ")(v.post("/instructor/undo", url.Values{"entry": entry[1:]}))
	v.settles()
}

// Each action is previewed with the people it is for, is written to the log with the instructor's name, and can be undone. A lab is
// then as it was, and so is what the attendee sees.
func TestEveryActionIsPreviewedLoggedAndUndone(t *testing.T) {
	t.Parallel()
	s := openWorkshop(t, t.TempDir(), 5)
	ann, ben, ada := newVisitor(t, s), newVisitor(t, s), newVisitor(t, s)
	ann.join("Ann")
	ben.join("Ben")
	ada.post("/instructor", url.Values{"password": {s.Workshop.NewPassword()}, "name": {"Ada L."}})
	ada.wants(http.StatusOK)(ada.acts(url.Values{"lab": {"lab-01"}, "action": {"bring"}, "step": {"10.1"}}))
	ada.acts(url.Values{"lab": {"lab-01"}, "action": {"message"}, "message": {"The first message"}})
	ann.post("/card/hand", url.Values{"up": {"yes"}})
	look := func() string {
		_, view := ann.get("/labs/lab-01/view")
		_, card := ada.get("/instructor/cards?lab=lab-01")
		_, notice := ann.get("/card/notice")
		pin := regexp.MustCompile(`\d{3} \d{3}`).FindString(card)
		hand := strings.Contains(notice, "Lower my hand")
		locked := strings.Contains(notice, "has locked this lab")
		text, _ := json.Marshal([]any{pin, hand, locked})
		return view + string(text)
	}
	for _, tt := range []struct {
		form  url.Values
		title string
		says  string // on the attendee's pages
	}{
		{url.Values{"action": {"message"}, "message": {"Look at the board."}}, "Send the message “Look at the board.”", "Look at the board."},
		{url.Values{"action": {"bring"}, "step": {"2.1"}}, "Bring to step 2.1", "has brought your lab to step 2.1"},
		{url.Values{"action": {"undo"}}, "Undo the last step", "has undone your last step"},
		{url.Values{"action": {"reset"}}, "Reset the lab", "has reset your lab"},
		{url.Values{"action": {"start-fault"}, "fault": {"deactivated-app"}}, "Start the fault", "has started a fault"},
		{url.Values{"action": {"lock"}}, "Lock", "has locked this lab"},
		{url.Values{"action": {"lower"}}, "Lower the hand", "Raise my hand"},
		{url.Values{"action": {"new-pin"}}, "Give a new PIN", ""},
		{url.Values{"action": {"remove"}}, "Remove the attendee and the lab", ""},
	} {
		before := look()
		kind := tt.form.Get("action")
		preview := url.Values{"lab": {"lab-01", "lab-02"}}
		for key, values := range tt.form {
			preview[key] = values
		}
		ada.wants(http.StatusOK, tt.title, " for 2 attendees?", "Ann", "Ben", "lab-01", "lab-02")(ada.post("/instructor/act", preview))
		if after := look(); after != before {
			t.Fatalf("%s: the preview changed something: %s", kind, firstDifference(before, after))
		}
		tt.form.Set("lab", "lab-01")
		ada.wants(http.StatusOK)(ada.acts(tt.form))
		ada.wants(http.StatusOK, tt.title, "Ann", "<bdi>Ada L.</bdi>: done")(ada.get("/instructor/log"))
		if kind == "remove" {
			ann.wants(http.StatusForbidden)(ann.get("/labs/lab-01"))
		} else if after := look(); tt.says != "Look at the board." && after == before {
			t.Errorf("%s changes nothing", kind)
		}
		if tt.says != "" {
			ann.wants(http.StatusOK, tt.says)(ann.get("/labs/lab-01"))
		}
		ada.undoNewest()
		if after := look(); after != before {
			t.Errorf("%s: the lab differs after the undo: %s", kind, firstDifference(before, after))
		}
	}
}

// Each setting of all labs has its own form, and can be undone alone.
func TestSettingsOfTheWorkshopAreSeparate(t *testing.T) {
	t.Parallel()
	s := openWorkshop(t, t.TempDir(), 5)
	ann, ada := newVisitor(t, s), newVisitor(t, s)
	ann.join("Ann")
	ada.instructs(s)
	ada.sets(url.Values{"banner": {"Break until ten"}})
	ada.sets(url.Values{"minutes": {"12"}})
	ada.sets(url.Values{"frozen": {"true"}})
	ada.sets(url.Values{"sections": {"1"}})
	ann.wants(http.StatusOK, "Break until ten", "12 minutes left", "has frozen all labs")(ann.get("/card/notice"))
	ada.undoNewest() // sections
	ada.undoNewest() // freeze
	_, notice := ann.get("/card/notice")
	if strings.Contains(notice, "has frozen") || !strings.Contains(notice, "Break until ten") || !strings.Contains(notice, "12 minutes left") {
		t.Errorf("after two undos: %s", notice)
	}
	long := strings.Repeat("ä", 301)
	ada.wants(http.StatusBadRequest, "at most 300 characters. This one has 301.", long)(ada.post("/instructor/banner", url.Values{"banner": {long}}))
	long = strings.Repeat("ä", 501)
	ada.wants(http.StatusBadRequest, "at most 500 characters. This one has 501.", long)(
		ada.post("/instructor/act", url.Values{"action": {"message"}, "message": {long}, "lab": {"lab-01"}}))
	ann.wants(http.StatusOK, "Break until ten")(ann.get("/card/notice"))
}

// The console and the results show the fault of each lab: since when, fixed or not, and how it ended.
func TestConsoleShowsFaults(t *testing.T) {
	t.Parallel()
	s := openWorkshop(t, t.TempDir(), 5)
	ann, ada := newVisitor(t, s), newVisitor(t, s)
	ann.join("Jörg Müller")
	ada.instructs(s)
	ada.wants(http.StatusOK)(ada.acts(url.Values{"lab": {"lab-01"}, "action": {"bring"}, "step": {"10.1"}}))
	ada.wants(http.StatusOK)(ada.acts(url.Values{"lab": {"lab-01"}, "action": {"start-fault"}, "fault": {"server-error"}}))
	sees := func(path, text string) {
		t.Helper()
		waittest.Until(t, path+" shows "+text, func() (any, bool) {
			_, body := ada.get(path)
			return said(body), strings.Contains(body, text)
		})
	}
	sees("/instructor/console", "Fault “A server error” for less than a minute, not fixed")
	sees("/instructor/console?show=fault", "Jörg Müller")
	ann.wants(http.StatusUnprocessableEntity, "we do not see that in our logs", `<option value="slow" selected`)(
		ann.post("/labs/lab-01/faults/report", url.Values{"product": {"sigma"}, "observed": {"slow"}}))
	ann.wants(http.StatusUnprocessableEntity, "Okta sends its requests and messages as configured")(
		ann.post("/labs/lab-01/faults/report", url.Values{"product": {"okta"}, "observed": {"status-500"}}))
	ann.wants(http.StatusOK, "Not fixed yet")(ann.get("/labs/lab-01/faults"))
	ann.wants(http.StatusOK, "We have repaired the service")(
		ann.post("/labs/lab-01/faults/report", url.Values{"product": {"sigma"}, "observed": {"status-500"}}))
	sees("/instructor/console", "Fault “A server error” fixed")
	_, page := ann.get("/labs/lab-01/faults")
	_, state, _ := strings.Cut(page, `id="fault-state"`)
	state, _, _ = strings.Cut(state, `id="card-`)
	if !strings.Contains(state, "/faults/finish") || !strings.Contains(state, "Done") {
		t.Error("the part of the page that updates itself has no button Done")
	}
	ada.wants(http.StatusOK)(ada.acts(url.Values{"lab": {"lab-01"}, "action": {"finish-fault"}}))
	sees("/instructor/results", "A server error: fixed")
	_, text := ada.get("/instructor/results.csv")
	lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	if err != nil || len(lines) != 2 || lines[1][1] != "Jörg Müller" || lines[1][9] != "server-error: fixed" || !strings.HasPrefix(text, "\ufeff") {
		t.Errorf("%v: %q", err, text)
	}
}

// The results have the time at each step, without the steps that the guide did, and the mistakes.
func TestResultsShowTimesAndMistakes(t *testing.T) {
	t.Parallel()
	s := openWorkshop(t, t.TempDir(), 5)
	ann, ada := newVisitor(t, s), newVisitor(t, s)
	ann.join("Ann")
	ada.instructs(s)
	ada.get("/instructor/console")
	ann.post("/okta/lab-01/login/login.htm", adaSignsIn())
	ann.completedStep("0.1", "/okta/lab-01/admin/dashboard")
	type results []struct {
		Current  string
		LastSeen string
		Steps    []struct {
			Step    string
			Done    *string
			Seconds int
			Brought bool
		}
	}
	read := func() (r results) {
		_, text := ada.get("/instructor/results.json")
		if err := json.Unmarshal([]byte(text), &r); err != nil || len(r) != 1 {
			t.Fatal(err, text)
		}
		return r
	}
	waittest.Until(t, "the results have step 0.1", func() (any, bool) {
		r := read()[0]
		return r, r.Current == "0.2" && len(r.Steps) == 2 && r.Steps[0].Done != nil && !r.Steps[0].Brought && r.Steps[1].Done == nil && r.LastSeen != ""
	})
	ada.wants(http.StatusOK)(ada.acts(url.Values{"lab": {"lab-01"}, "action": {"bring"}, "step": {"2.1"}}))
	waittest.Until(t, "the results have the steps that the guide did", func() (any, bool) {
		r := read()[0]
		for _, step := range r.Steps[1 : len(r.Steps)-1] {
			if !step.Brought {
				return r, false
			}
		}
		return r, r.Current == "2.1" && len(r.Steps) > 10
	})
	ada.wants(http.StatusOK, "Where people lost time", "Ann", "All steps")(ada.get("/instructor/results"))
}

// A prepared card has a lab, the join code and a PIN. Any spacing of the PIN is accepted. A new PIN replaces the old one.
func TestPreparedCardsAndPINs(t *testing.T) {
	t.Parallel()
	s := openWorkshop(t, t.TempDir(), 3)
	ann, ada := newVisitor(t, s), newVisitor(t, s)
	first := ann.join("Ann")
	ada.instructs(s)
	ada.wants(http.StatusBadRequest, "Only 2 labs are free", `value="3"`)(ada.post("/instructor/prepare", url.Values{"cards": {"3"}}))
	_, cards := ada.post("/instructor/prepare", url.Values{"cards": {"2"}})
	ada.wants(http.StatusOK, "blue-lantern", "Card 2", "Card 3", first, "QR code")(200, cards)
	_, card, _ := strings.Cut(cards, `id="lab-02"`)
	pin := regexp.MustCompile(`\d{3} \d{3}`).FindString(card)
	ada.wants(http.StatusOK, "Not here yet")(ada.get("/instructor/console?show=prepared"))
	for i, typed := range []string{pin, strings.ReplaceAll(pin, " ", ""), " " + pin[:3] + " - " + pin[4:] + " ", strings.Join(strings.Split(pin, ""), " ")} {
		holder := newVisitor(t, s)
		holder.wants(http.StatusOK, "Card of Card 2", "Your PIN is "+pin)(holder.post("/return", url.Values{"name": {"card 2"}, "pin": {typed}}))
		if i == 0 {
			holder.wants(http.StatusOK)(holder.get("/labs/lab-02"))
		}
	}
	if _, console := ada.get("/instructor/console?show=prepared"); strings.Contains(console, "Card 2") || !strings.Contains(console, "Card 3") {
		t.Error("the console does not notice that card 2 is used")
	}
	status, fresh := ada.acts(url.Values{"lab": {"lab-01"}, "action": {"new-pin"}})
	second := regexp.MustCompile(`\d{3} \d{3}`).FindString(fresh)
	if status != http.StatusOK || second == first || second == "" || strings.Contains(fresh, "lab-02") {
		t.Errorf("%d: the new PIN is %q: %.300s", status, second, fresh)
	}
	phone := newVisitor(t, s)
	phone.wants(http.StatusUnprocessableEntity, "PIN is wrong")(phone.post("/return", url.Values{"name": {"Ann"}, "pin": {first}}))
	phone.wants(http.StatusOK, "Card of Ann")(phone.post("/return", url.Values{"name": {"Ann"}, "pin": {second}}))
	ann.wants(http.StatusOK, "Your PIN is "+second)(ann.get("/card"))
}

// parsedWorkshop is the command "workshop" as the program reads it with a variable in its environment.
func parsedWorkshop(t *testing.T, variable, value string) workshopCommand {
	t.Helper()
	t.Setenv(variable, value)
	var line commandLine
	parser, err := kong.New(&line, kong.DefaultEnvars("UNDERSTUDY"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse([]string{"workshop"}); err != nil {
		t.Fatal(err)
	}
	return line.Workshop
}

// The instructor password comes from a file, a flag or the environment, and can be replaced while the server runs. It is in no answer.
// The newest password wins: the one that was replaced in the console stays at a start with the same file, and a changed file wins.
func TestReplacedPasswordStaysAtTheNextStart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "password")
	starts := func(text string) *running {
		if err := os.WriteFile(file, []byte(text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := (&workshopCommand{dataFlags: dataFlags{Data: dir}, Labs: 1, Addr: "127.0.0.1:0", PasswordFile: file}).start(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		return s
	}
	signsIn := func(s *running, password string, wanted int) *visitor {
		v := newVisitor(t, s)
		v.wants(wanted)(v.post("/instructor", url.Values{"password": {password}}))
		return v
	}
	s := starts("password of the file")
	ada := signsIn(s, "password of the file", http.StatusOK)
	ada.wants(http.StatusOK)(ada.post("/instructor/password",
		url.Values{"password": {"password of the file"}, "new": {"password of the console"}, "again": {"password of the console"}}))
	_ = s.Close()
	for range 2 { // a second restart changes nothing either
		s = starts("password of the file")
		signsIn(s, "password of the file", http.StatusUnprocessableEntity)
		signsIn(s, "password of the console", http.StatusOK)
		if text := passwordText(s.Workshop); !strings.Contains(text, "replaced in the console") {
			t.Errorf("the start says %q", text)
		}
		_ = s.Close()
	}
	s = starts("newer password of the file")
	signsIn(s, "password of the console", http.StatusUnprocessableEntity)
	signsIn(s, "newer password of the file", http.StatusOK)
}

func TestInstructorPasswordCanBeSetAndReplaced(t *testing.T) { //nolint:paralleltest // it sets the environment
	dir := t.TempDir()
	file := filepath.Join(dir, "password")
	if err := os.WriteFile(file, []byte("correct horse\nsecond line\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	open := func(c workshopCommand) *running {
		c.Data, c.Labs, c.Code, c.Addr = filepath.Join(dir, "data"), 2, "blue-lantern", "127.0.0.1:0"
		s, err := c.start(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		return s
	}
	enters := func(v *visitor, password string, status int) {
		t.Helper()
		v.wants(status)(v.post("/instructor", url.Values{"password": {password}}))
	}
	s := open(workshopCommand{PasswordFile: file})
	if s.Workshop.NewPassword() != "" || s.Workshop.Config.Password != "" {
		t.Error("the password stays in memory")
	}
	ada, bob := newVisitor(t, s), newVisitor(t, s)
	enters(ada, "correct horse", http.StatusOK)
	enters(bob, "correct horse", http.StatusOK)
	replace := func(old, fresh, again string) (int, string) {
		return ada.post("/instructor/password", url.Values{"password": {old}, "new": {fresh}, "again": {again}})
	}
	ada.wants(http.StatusBadRequest, "not the instructor password")(replace("wrong", "battery staple", "battery staple"))
	ada.wants(http.StatusBadRequest, "passwords differ")(replace("correct horse", "battery staple", "battery stapel"))
	ada.wants(http.StatusBadRequest, "at least 8 characters")(replace("correct horse", "short", "short"))
	status, body := replace("correct horse", "battery staple", "battery staple")
	ada.wants(http.StatusOK, "Replace the instructor password")(status, body)
	if strings.Contains(body, "battery") || strings.Contains(body, "correct horse") {
		t.Error("the page shows a password")
	}
	bob.wants(http.StatusUnauthorized)(bob.get("/instructor/console")) // signed out
	enters(bob, "correct horse", http.StatusUnprocessableEntity)
	enters(bob, "battery staple", http.StatusOK)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(workshopCommand{}) // keeps the stored one
	ada.url, bob.url = s.url, s.url
	ada.wants(http.StatusOK)(ada.get("/instructor/console"))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(workshopCommand{Password: "third password"})
	ada.url = s.url
	ada.wants(http.StatusUnauthorized)(ada.get("/instructor/console"))
	enters(ada, "third password", http.StatusOK)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(parsedWorkshop(t, "UNDERSTUDY_INSTRUCTOR_PASSWORD", "password of the environment"))
	ada.url = s.url
	ada.wants(http.StatusUnauthorized)(ada.get("/instructor/console"))
	enters(ada, "password of the environment", http.StatusOK)
	if _, err := (&workshopCommand{Password: "short", Labs: 1, Addr: "127.0.0.1:0", dataFlags: dataFlags{Data: t.TempDir()}}).start(t.Context()); err == nil {
		t.Error("a password of five characters is accepted")
	}
}

// importInto uploads an exported lab in the settings of a workshop.
func (v *visitor) importInto(name string, file []byte) (int, string) {
	v.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if err := form.WriteField("lab", name); err != nil {
		v.Fatal(err)
	}
	part, err := form.CreateFormFile("file", "lab.understudy")
	if err != nil {
		v.Fatal(err)
	}
	if _, err := part.Write(file); err != nil {
		v.Fatal(err)
	}
	if err := form.Close(); err != nil {
		v.Fatal(err)
	}
	return v.read(v.client.Post(v.url+"/instructor/import", form.FormDataContentType(), &body))
}

// beginsImport sends the beginning of an upload, and returns the answer to it: the file itself never arrives.
func (v *visitor) beginsImport() (int, string) {
	v.Helper()
	body, upload := io.Pipe()
	defer func() { _ = upload.Close() }()
	go func() { _, _ = io.WriteString(upload, "--x\r\n") }() // the client closes the pipe when it has the answer
	return v.read(v.client.Post(v.url+"/instructor/import", "multipart/form-data; boundary=x", body))
}

// A lab that was exported at one address works at another: sign-on and provisioning follow it. A workshop imports it for an attendee.
func TestImportedLabWorksAtItsNewAddress(t *testing.T) {
	t.Parallel()
	old := start(t)
	v := newVisitor(t, old)
	v.wants(http.StatusOK)(v.post("/labs/demo/guide/bring", url.Values{"step": {"10.1"}}))
	status, file := v.get("/labs/demo/export")
	if status != http.StatusOK {
		t.Fatal(status)
	}
	s := openWorkshop(t, t.TempDir(), 5)
	ann, ada := newVisitor(t, s), newVisitor(t, s)
	ann.join("Ann")
	ada.instructs(s)
	ada.wants(http.StatusBadRequest, "was not exported from a lab")(ada.importInto("lab-01", []byte("hello")))
	ada.wants(http.StatusBadRequest, "was not exported from a lab")(ada.importInto("lab-01", make([]byte, 17<<20)))
	ann.wants(http.StatusUnauthorized)(ann.beginsImport())
	ada.wants(http.StatusBadRequest, "Choose an attendee")(ada.importInto("lab-77", []byte(file)))
	ann.wants(http.StatusOK, "Step 0.1")(ann.get("/okta/lab-01/login/login.htm"))
	ada.wants(http.StatusOK, "Import a lab")(ada.importInto("lab-01", []byte(file)))
	ann.wants(http.StatusOK, "has replaced your lab", "Step 10.1")(ann.get("/okta/lab-01/login/login.htm"))
	ann.post("/sigma/lab-01/login", mayaSignsIn())
	_, view := ann.get("/labs/lab-01/view")
	for _, foreign := range []string{old.url, "/okta/demo", "/sigma/demo"} {
		for _, key := range []string{"idpLoginURL", "defaultRelayState", "baseURL", "copied"} {
			if _, after, _ := strings.Cut(view, `"`+key+`"`); strings.Contains(after[:min(300, len(after))], foreign) {
				t.Errorf("%s still contains %s: %.300s", key, foreign, after)
			}
		}
	}
	// These faults start only where sign-on and provisioning work: with the addresses of this server.
	for _, fault := range []string{"wrong-acs", "relay-state", "revoked-token"} {
		ada.wants(http.StatusOK)(ada.acts(url.Values{"lab": {"lab-01"}, "action": {"start-fault"}, "fault": {fault}}))
		ada.wants(http.StatusOK)(ada.acts(url.Values{"lab": {"lab-01"}, "action": {"undo-fault"}}))
	}
	// On another server without a workshop, too, and under another name.
	third := start(t)
	w := newVisitor(t, third)
	w.wants(http.StatusOK)(w.upload("moved", []byte(file)))
	for _, fault := range []string{"wrong-acs", "revoked-token"} {
		w.wants(http.StatusOK, "Not fixed yet")(w.post("/labs/moved/faults/start", url.Values{"fault": {fault}}))
		w.wants(http.StatusOK)(w.post("/labs/moved/faults/undo", nil))
	}
}

// Whoever joins sees the banner at once. A notice of an action keeps the instructor's message. An action cannot be undone before a newer
// one in the same lab. Pages that need a sign-in link to it.
func TestMessagesAndUndoKeepWhatIsNewer(t *testing.T) {
	t.Parallel()
	s := openWorkshop(t, t.TempDir(), 2)
	ada, ann := newVisitor(t, s), newVisitor(t, s)
	ann.wants(http.StatusUnauthorized, `href="/instructor"`, "Sign in as an instructor")(ann.get("/instructor/console"))
	ann.wants(http.StatusUnauthorized, "Join the workshop")(ann.get("/card"))
	ada.instructs(s)
	ada.wants(http.StatusOK)(ada.post("/instructor/banner", url.Values{"banner": {"Welcome to the class"}}))
	ann.wants(http.StatusOK, "Your PIN is", "Welcome to the class")(ann.post("/join", joins("Ann")))
	ada.wants(http.StatusOK)(ada.acts(url.Values{"action": {"message"}, "message": {"Look at page 4."}, "lab": {"lab-01"}}))
	reset := url.Values{"action": {"reset"}, "lab": {"lab-01"}}
	ada.wants(http.StatusOK)(ada.acts(reset))
	ann.wants(http.StatusOK, "Look at page 4. The instructor has reset your lab.")(ann.get("/card"))
	ada.wants(http.StatusOK)(ada.acts(reset))
	entries, err := s.Workshop.Entries(t.Context())
	if err != nil || len(entries) < 2 || !entries[0].CanUndo || entries[1].CanUndo {
		t.Fatalf("%+v %v", entries, err)
	}
	undo := func(i int) (int, string) {
		return ada.post("/instructor/undo", url.Values{"entry": {strconv.FormatInt(entries[i].ID, 10)}})
	}
	ada.wants(http.StatusConflict, "Undo the newer action first")(undo(1))
	ada.wants(http.StatusOK)(undo(0))
	ada.settles()
	ada.wants(http.StatusOK)(undo(1))
	ada.settles()
}
