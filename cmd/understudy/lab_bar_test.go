package main

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// The lab bar shows who is signed in to this window of this browser, since when and how. Other browsers with the same window
// number do not count.
func TestLabBarShowsSessionsOfThisWindow(t *testing.T) {
	s := start(t)
	l, other := newLearner(t, s), newLearner(t, s)
	l.sees(l.get("/sigma/demo/login"), "Window 1", "Nobody is signed in to this window.")
	l.post(signInForm, adaSignsIn())
	mayaSignsIn := url.Values{"email": {"maya.rivers@brightwater.example"}, "password": {"Stage-Door-17"}}
	l.post("/sigma/demo/login", mayaSignsIn)
	l.post("/sigma/demo~2/login", mayaSignsIn)
	for _, path := range []string{"/okta/demo/admin/dashboard", "/sigma/demo/", "/labs/demo/guide"} {
		page := l.get(path)
		l.sees(page, "<strong>Okta</strong>: <bdi>Ada Okafor</bdi>", "<strong>Sigma</strong>: <bdi>Maya Rivers</bdi>", "UTC, with a password", "End this window")
		if strings.Count(page, "<strong>Sigma</strong>: <bdi>Maya") != 1 {
			t.Errorf("%s shows sessions of another window", path)
		}
	}
	other.sees(other.get("/okta/demo/"), "Nobody is signed in to this window.")
	other.post("/okta/demo/login/login.htm", adaSignsIn())

	l.post("/labs/demo/windows/name", url.Values{"window": {"2"}, "name": {"  Maya   at work "}})
	l.sees(l.get("/sigma/demo~2/"), "Window 2", "· <bdi>Maya at work</bdi>")
	l.sees(l.get("/labs/demo/windows"), "· <bdi>Maya at work</bdi>", "Ada Okafor in Okta with a password", "in another browser")
	resp, err := l.client.PostForm(s.url+"/labs/demo/windows/name", url.Values{"window": {"2"}, "name": {strings.Repeat("W", 25)}})
	if err != nil || resp.StatusCode != http.StatusUnprocessableEntity {
		t.Fatal(err, resp)
	}
	text, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil {
		t.Fatal(err)
	}
	l.sees(string(text), strings.Repeat("W", 25), "Use at most 24 letters.")
	l.post("/labs/demo/windows/name", url.Values{"window": {"7"}, "name": {"Out of the way"}})
	l.sees(l.get("/labs/demo/windows"), "Out of the way", "/okta/demo~7/")

	// The bar ends the sessions of this window in both halves. Those of other windows and browsers continue.
	page := l.post("/labs/demo/windows/end", url.Values{"window": {"0"}, "mine": {"yes"}, "back": {"/sigma/demo/"}})
	l.sees(page, "Nobody is signed in to this window.", "Sign in with")
	l.sees(l.get("/okta/demo/admin/dashboard"), "Sign In")
	l.sees(l.get("/sigma/demo~2/"), "Recents")
	other.sees(other.get("/okta/demo/admin/dashboard"), "Overview")
	l.sees(l.post("/labs/demo/windows/end", url.Values{"window": {"2"}, "mine": {"yes"}, "back": {"//elsewhere.example"}}), "Windows of lab demo")
}
