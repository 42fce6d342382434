package main

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// from submits a form with the address of a page as its Referer, and returns the path of the response.
func (v *visitor) from(page, path string, form url.Values) string {
	v.Helper()
	req, err := http.NewRequestWithContext(v.Context(), http.MethodPost, v.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Referer", page)
	resp, err := v.client.Do(req)
	if err != nil {
		v.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.Request.URL.Path
}

// Forty people behind one router, and so with one address, can join in one minute.
func TestFortyPeopleBehindOneAddressCanJoin(t *testing.T) {
	t.Parallel()
	s := openWorkshop(t, t.TempDir(), 40)
	for i := range 40 {
		newVisitor(t, s).join(fmt.Sprintf("Person %d", i+1))
	}
	again, checked := newVisitor(t, s), 0
	for refused := false; !refused; { // until the right code, too, is refused: the limit refills while a busy machine takes its time
		status, page := again.post("/join", url.Values{"code": {"red-lantern"}})
		if status != http.StatusForbidden {
			again.wants(http.StatusUnprocessableEntity, "not the code")(status, page)
			checked++
			continue
		}
		status, page = again.post("/join", url.Values{"code": {"blue-lantern"}})
		refused = status == http.StatusForbidden && strings.Contains(page, "Too many attempts")
	}
	if checked < 5 {
		t.Errorf("only %d people may mistype the code", checked)
	}
}

func TestJoiningAgainKeepsTheLab(t *testing.T) {
	t.Parallel()
	s := openWorkshop(t, t.TempDir(), 5)
	ann := newVisitor(t, s)
	ann.join("Ann")
	ann.wants(http.StatusOK, "Card of Ann", "lab-01")(ann.post("/join", url.Values{"code": {"blue-lantern"}, "nickname": {"Ann"}}))
	ann.wants(http.StatusOK, "Card of Ann", "lab-01")(ann.post("/join", url.Values{"code": {"blue-lantern"}, "nickname": {"Ann the Second"}}))
	newVisitor(t, s).join("Ann the Second") // the nickname is free
}

func TestWorkshopStripLeadsBackToThePage(t *testing.T) {
	t.Parallel()
	s := openWorkshop(t, t.TempDir(), 5)
	ann, ada := newVisitor(t, s), newVisitor(t, s)
	ann.join("Ann")
	ada.instructs(s)
	page := s.url + "/okta/lab-01/login/login.htm"
	if at := ann.from(page, "/card/hand", url.Values{"up": {"yes"}}); at != "/okta/lab-01/login/login.htm" {
		t.Errorf("raising a hand leads to %s", at)
	}
	ann.wants(http.StatusOK, "Lower my hand")(ann.get("/okta/lab-01/login/login.htm"))
	for _, elsewhere := range []string{"", s.url + "/join", "http://elsewhere.example/okta/x"} {
		if at := ann.from(elsewhere, "/card/hand", url.Values{"up": {"no"}}); at != "/card" {
			t.Errorf("from %q a hand leads to %s", elsewhere, at)
		}
	}
	ada.acts(url.Values{"all": {"true"}, "action": {"message"}, "message": {"Look at the board."}})
	ann.wants(http.StatusOK, "Look at the board.", "Dismiss")(ann.get("/okta/lab-01/login/login.htm"))
	ann.wants(http.StatusOK, "Look at the board.", "data-workshop-notice")(ann.get("/card/notice"))
	if _, text := ada.get("/okta/lab-01/login/login.htm"); strings.Contains(text, "Raise my hand") || !strings.Contains(text, "Look at the board.") {
		t.Error("an instructor's page has the attendee's buttons, or lacks the message")
	}
	ann.from(page, "/card/dismiss", nil)
	if _, text := ann.get("/card/notice"); strings.Contains(text, "Look at the board.") {
		t.Error("a dismissed message is still shown")
	}
	stranger := newVisitor(t, s)
	stranger.wants(http.StatusUnauthorized)(stranger.get("/card/notice"))
}

// An action on several labs that fails in one is done in the others. The response names the lab that failed.
func TestActionsOnSeveralLabsReportFailures(t *testing.T) {
	t.Parallel()
	s := openWorkshop(t, t.TempDir(), 5)
	ann, ben, ada := newVisitor(t, s), newVisitor(t, s), newVisitor(t, s)
	ann.join("Ann")
	ben.join("Ben")
	ada.instructs(s)
	ann.post("/okta/lab-01/login/login.htm", adaSignsIn())
	ann.completedStep("0.1", "/okta/lab-01/admin/dashboard")
	undoAll := url.Values{"all": {"true"}, "action": {"undo"}}
	ada.wants(http.StatusConflict, "There is a problem", "Ben (lab-02): There is no step to undo.", "Attendees")(
		ada.acts(undoAll))
	ann.wants(http.StatusOK, "The instructor has undone your last step.")(ann.get("/okta/lab-01/login/login.htm"))
	ada.wants(http.StatusConflict, "lab-77: This lab has no attendee any more.")(ada.acts(url.Values{"lab": {"lab-77"}, "action": {"lock"}}))
	ada.wants(http.StatusBadRequest, "Enter the minutes as a whole number", "Attendees")(ada.post("/instructor/timer", url.Values{"minutes": {"soon"}}))
}

func TestTimerCanBeExtended(t *testing.T) {
	t.Parallel()
	s := openWorkshop(t, t.TempDir(), 5)
	ada := newVisitor(t, s)
	ada.instructs(s)
	ada.post("/instructor/extend", nil)
	if _, text := ada.get("/instructor/console"); strings.Contains(text, "left") && strings.Contains(text, "5 more minutes") {
		t.Error("a timer that was not started was extended")
	}
	ada.wants(http.StatusOK, "10 minutes left", "5 more minutes")(ada.post("/instructor/timer", url.Values{"minutes": {"10"}}))
	ada.wants(http.StatusOK, "15 minutes left")(ada.post("/instructor/extend", nil))
	ada.wants(http.StatusOK, "15 minutes left")(ada.get("/instructor/projector"))
}

// A nickname can be any text: a spreadsheet formula, right-to-left, long, HTML or emoji.
func TestNicknamesOfAnyKind(t *testing.T) {
	t.Parallel()
	s := openWorkshop(t, t.TempDir(), 10)
	ada := newVisitor(t, s)
	ada.instructs(s)
	for _, nickname := range []string{`=1+1`, "\u202eRTL", "مريم", "👩‍🚀", `<b>"x",y`, strings.Repeat("W", 30)} {
		newVisitor(t, s).join(nickname)
	}
	_, text := ada.get("/instructor/results.csv")
	lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(lines) != 7 {
		t.Fatal(err, text)
	}
	for i, want := range []string{"'=1+1", "RTL", "مريم", "👩‍🚀", `<b>"x",y`, strings.Repeat("W", 30)} {
		if got := lines[i+1][1]; got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
	_, text = ada.get("/instructor/console")
	if strings.Contains(text, "<b>") || strings.Contains(text, "\u202e") {
		t.Error("a nickname is not escaped on the page")
	}
}

// Attendees cannot be brought beyond the open sections. Instructors can bring them to any step.
func TestAttendeesCannotSkipToClosedSections(t *testing.T) {
	t.Parallel()
	s := openWorkshop(t, t.TempDir(), 5)
	ann, ada := newVisitor(t, s), newVisitor(t, s)
	ann.join("Ann")
	ada.instructs(s)
	ada.sets(url.Values{"sections": {"2"}}) // opens "Before you begin" and section 1
	for _, step := range []string{"9.8", "2.2", ""} {
		ann.wants(http.StatusForbidden, "has not opened that section")(ann.post("/labs/lab-01/guide/bring", url.Values{"step": {step}}))
	}
	ann.wants(http.StatusOK)(ann.post("/labs/lab-01/guide/bring", url.Values{"step": {"2.1"}})) // all of section 1 is done before step 2.1
	ann.wants(http.StatusNotFound)(ann.post("/labs/lab-01/guide/bring", url.Values{"step": {"77"}}))
	ada.wants(http.StatusOK)(ada.acts(url.Values{"lab": {"lab-01"}, "action": {"bring"}, "step": {"5.1"}}))
}
