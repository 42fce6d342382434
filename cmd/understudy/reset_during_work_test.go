package main

import (
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// resetUnderWay is the message for a form that was submitted during a reset.
const resetUnderWay = "This lab was reset while your request was running. Open the page again."

// busy is a browser that submits forms and opens pages continuously while its lab is reset.
type busy struct {
	*visitor
	name  string
	forms map[string]url.Values
	pages []string
}

// work runs until stop is closed. A page must answer 200. A form may fail only with the message about a reset.
func (b *busy) work(stop <-chan struct{}) {
	for n := 0; ; { // until stop is closed
		for path, form := range b.forms {
			if form.Has("name") {
				n++ // a name can be used once
				form.Set("name", "Mine "+strconv.Itoa(n))
			}
			status, body := b.ask(http.MethodPost, path, form)
			if status >= 400 && (status != http.StatusConflict || !strings.Contains(body, resetUnderWay)) {
				b.Errorf("%s: the form %s is answered with %d without the message about a reset: %.400s", b.name, path, status, body)
			}
		}
		for _, path := range b.pages {
			if status, body := b.ask(http.MethodGet, path, nil); status != http.StatusOK || body == "" { // the sign-in page counts, too
				b.Errorf("%s: %s is answered with %d: %.400s", b.name, path, status, body)
			}
		}
		select {
		case <-stop:
			return
		default:
		}
	}
}

// ask sends a request from any goroutine. It does not follow redirects of forms: a reset may remove their target.
func (b *busy) ask(method, path string, form url.Values) (int, string) {
	request, err := http.NewRequest(method, b.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.Error(err)
		return 0, ""
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	client := *b.client
	if method == http.MethodPost {
		client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	}
	resp, err := client.Do(request)
	if err != nil {
		b.Error(err)
		return 0, ""
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		b.Error(err)
	}
	return resp.StatusCode, string(body)
}

func mayaSignsIn() url.Values {
	return url.Values{"email": {"maya.rivers@brightwater.example"}, "password": {"Stage-Door-17"}}
}

// inOkta and inSigma return busy browsers of the administrators of both halves.
func inOkta(v *visitor, lab string) *busy {
	return &busy{v, "the browser in Okta", map[string]url.Values{
		"/okta/" + lab + "/admin/groups/new": {"name": {"Mine"}, "description": {"made meanwhile"}},
	}, []string{
		"/okta/" + lab + "/admin/groups", "/okta/" + lab + "/admin/users", "/okta/" + lab + "/admin/dashboard",
		"/labs/" + lab + "/guide", "/labs/" + lab, "/labs/" + lab + "/traffic",
	}}
}

func inSigma(v *visitor, lab string) *busy {
	return &busy{v, "the browser in Sigma", map[string]url.Values{
		"/sigma/" + lab + "/new/folder": {"name": {"Mine"}},
	}, []string{
		"/sigma/" + lab + "/home", "/sigma/" + lab + "/admin/people", "/sigma/" + lab + "/admin/teams",
		"/labs/" + lab + "/guide/panel", "/labs/" + lab + "/mail",
	}}
}

// signingIn adds a sign-in form to the forms of a browser.
func (b *busy) signingIn(path string, form url.Values) *busy {
	b.forms[path] = form
	return b
}

// meanwhile runs resets while the browsers work.
func meanwhile(resets func(), workers ...*busy) {
	stop := make(chan struct{})
	var group sync.WaitGroup
	for _, worker := range workers {
		group.Go(func() { worker.work(stop) })
	}
	resets()
	close(stop)
	group.Wait()
}

// An attendee works in Okta, a helper in Sigma of the same lab, and an instructor resets the lab repeatedly. Nobody gets a server
// error or "no such lab", and both are notified of each reset.
func TestResetsByAnInstructorDuringWork(t *testing.T) {
	t.Parallel()
	s := openWorkshop(t, t.TempDir(), 3)
	ann, ben, ada := newVisitor(t, s), newVisitor(t, s), newVisitor(t, s)
	ann.join("Ann")
	ben.instructs(s)
	ada.instructs(s)
	const said = "The instructor has reset your lab."
	signed := func(page string) func(int, string) { return ann.wants(http.StatusOK, said, page) }
	ann.post("/okta/lab-01/login/login.htm", adaSignsIn())
	ben.post("/sigma/lab-01/login", mayaSignsIn())
	meanwhile(func() {
		for range 15 {
			ada.wants(http.StatusOK)(ada.acts(url.Values{"lab": {"lab-01"}, "action": {"reset"}}))
			signed("Groups")(ann.get("/okta/lab-01/admin/groups")) // sessions are kept
			signed("Maya Rivers")(ben.get("/sigma/lab-01/admin/people"))
			ann.wants(http.StatusOK)(ann.post("/card/dismiss", nil))
			if _, page := ben.get("/sigma/lab-01/home"); strings.Contains(page, said) {
				t.Error("a dismissed notice is shown again")
			}
		}
	}, inOkta(ann, "lab-01"), inSigma(ben, "lab-01"))
}

// Without a workshop anybody can reset a lab. The others are signed out and notified.
func TestResetsByAnybodyDuringWork(t *testing.T) {
	t.Parallel()
	s := start(t)
	ann, ben, cem := newVisitor(t, s), newVisitor(t, s), newVisitor(t, s)
	const said = "This lab was reset at "
	form := adaSignsIn()
	form.Set("fromURI", "/admin/groups")
	ann.wants(http.StatusOK, "Groups")(ann.post("/okta/demo/login/login.htm", form))
	ben.wants(http.StatusOK, "Maya Rivers")(ben.post("/sigma/demo/login", mayaSignsIn()))
	for _, page := range []string{"/okta/demo/", "/sigma/demo/login"} {
		if _, text := cem.get(page); strings.Contains(text, said) {
			t.Errorf("%s reports a reset that did not happen", page)
		}
	}
	reset := func() { cem.wants(http.StatusOK)(cem.post("/labs/demo/reset", nil)) }
	told := func() {
		ann.wants(http.StatusOK, said)(ann.get("/okta/demo/admin/groups"))
		ben.wants(http.StatusOK, said)(ben.get("/sigma/demo/home"))
	}
	reset()
	ann.wants(http.StatusOK, "Sign In")(ann.get("/okta/demo/admin/groups"))
	ben.wants(http.StatusOK, "Sign in")(ben.get("/sigma/demo/home"))
	told()
	meanwhile(func() {
		for range 15 {
			reset()
			told()
		}
	}, inOkta(ann, "demo").signingIn("/okta/demo/login/login.htm", adaSignsIn()), inSigma(ben, "demo").signingIn("/sigma/demo/login", mayaSignsIn()))
	ann.wants(http.StatusOK)(ann.post("/labs/demo/guide/undo", nil)) // undoes the last reset
	if _, page := ann.get("/okta/demo/"); strings.Contains(page, said) {
		t.Error("the notice about an undone reset is still shown")
	}
}

// A form whose body arrives during a reset is not applied to the new lab. The response says why.
func TestFormSubmittedDuringAReset(t *testing.T) {
	t.Parallel()
	s := start(t)
	for half, form := range map[string]struct {
		path string
		text string
	}{
		"okta":  {"/okta/demo/login/login.htm", adaSignsIn().Encode()},
		"sigma": {"/sigma/demo/login", mayaSignsIn().Encode()},
	} {
		v := newVisitor(t, s)
		v.client.Transport = &http.Transport{ExpectContinueTimeout: time.Minute}
		begun, answered := make(chan struct{}), make(chan struct{})
		ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{Got100Continue: func() { close(begun) }})
		body, rest := io.Pipe()
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+form.path, body)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Expect", "100-continue")
		go func() {
			defer close(answered)
			resp, err := v.client.Do(request)
			if err != nil {
				t.Error(err)
				return
			}
			defer func() { _ = resp.Body.Close() }()
			text, err := io.ReadAll(resp.Body)
			if err != nil || resp.StatusCode != http.StatusConflict ||
				!strings.Contains(string(text), "This lab was reset") || !strings.Contains(string(text), resetUnderWay) {
				t.Errorf("%s: %v %s: %.400s", half, err, resp.Status, text)
			}
		}()
		select {
		case <-begun: // the server reads the form
			newVisitor(t, s).post("/labs/demo/reset", nil)
			if _, err := io.WriteString(rest, form.text); err != nil {
				t.Fatal(err)
			}
		case <-answered:
		}
		_ = rest.Close()
		<-answered
		v.client.CloseIdleConnections()
	}
}
