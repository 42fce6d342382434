package main

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// fetch returns a page, and its status and type.
func (v *visitor) fetch(path string) (status int, kind, body string) {
	v.Helper()
	resp, err := v.client.Get(v.url + path)
	if err != nil {
		v.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if strings.Contains(resp.Header.Get("Content-Type"), "event-stream") {
		return resp.StatusCode, "text/event-stream", ""
	}
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		v.Fatal(err)
	}
	return resp.StatusCode, resp.Header.Get("Content-Type"), string(text)
}

// Every page of a lab shows what the instructor says above its content: pages of both products, pages about the lab, and error
// pages. Nobody else reads it.
func TestNoticeStandsAboveEveryPageOfALab(t *testing.T) {
	t.Parallel()
	s := openWorkshop(t, t.TempDir(), 5)
	ann, ben, ada := newVisitor(t, s), newVisitor(t, s), newVisitor(t, s)
	ann.join("Ann")
	ben.join("Ben")
	ada.instructs(s)
	ada.wants(http.StatusOK)(ada.acts(url.Values{"lab": {"lab-01"}, "action": {"bring"}, "step": {"5.1"}}))
	ann.post("/okta/lab-01/login/login.htm", adaSignsIn())
	ann.post("/sigma/lab-01/login", mayaSignsIn())
	ada.acts(url.Values{"lab": {"lab-01"}, "action": {"message"}, "message": {"Look at the board."}})
	ada.sets(url.Values{"banner": {"Break until ten"}, "frozen": {"true"}, "minutes": {"12"}})
	texts := []string{`class="workshop-notice workshop-notice-urgent"`, "Look at the board.", "Break until ten", "has frozen all labs", "12 minutes left", "Lower my hand"}
	ann.post("/card/hand", url.Values{"up": {"yes"}})
	pages := 0
	for _, r := range s.Door.Routes() {
		if r.Method != http.MethodGet || r.Half == "" && !strings.Contains(r.Path, ":lab") {
			continue
		}
		path := address(r, "lab-01")
		status, kind, body := ann.fetch(path)
		if !strings.HasPrefix(kind, "text/html") || strings.Contains(body, "autosubmit.js") || !strings.Contains(body, "<main") {
			continue // a message, a picture, or a part of a page
		}
		pages++
		above, _, _ := strings.Cut(body, "<main")
		for _, text := range texts {
			if !strings.Contains(above, text) {
				t.Errorf("%s (%d): %q does not stand above the content", path, status, text)
			}
		}
		if _, _, foreign := ben.fetch(path); strings.Contains(foreign, "Look at the board.") {
			t.Errorf("%s: another attendee reads the message", path)
		}
	}
	if pages < 100 {
		t.Errorf("only %d pages were tried", pages)
	}
	for path, status := range map[string]int{ // error pages
		"/okta/lab-01/admin/no-such-page": http.StatusNotFound, "/sigma/lab-01/no-such-page": http.StatusNotFound,
		"/labs/lab-01/mail/999": http.StatusNotFound, "/labs/lab-01/no-such-page": http.StatusNotFound,
	} {
		ann.wants(status, texts...)(ann.get(path))
	}
	ann.wants(http.StatusForbidden, texts...)(ann.post("/okta/lab-01/admin/groups/new", url.Values{"name": {"X"}}))
	ann.wants(http.StatusForbidden, texts...)(ann.post("/labs/lab-01/reset", nil))
	ada.wants(http.StatusOK, "This is the lab of", "Look at the board.")(ada.get("/labs/lab-01"))

	ann.post("/card/dismiss", nil)
	ann.post("/card/banner", nil)
	for _, path := range []string{"/okta/lab-01/", "/labs/lab-01/traffic"} {
		if _, body := ann.get(path); strings.Contains(body, "Look at the board.") || strings.Contains(body, "Break until ten") {
			t.Errorf("%s shows what was dismissed", path)
		}
	}
	ada.sets(url.Values{"banner": {"Break until eleven"}})
	ann.wants(http.StatusOK, "Break until eleven")(ann.get("/labs/lab-01/traffic"))
}
