package sso_test

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"understudy/seed/base/address"
	"understudy/seed/base/exchange"
	"understudy/sp"
	"understudy/sp/sso"
)

// Login CSRF: somebody begins a sign-on, keeps the response, and makes another browser post it. That browser must not be signed
// in as them, whatever it holds.
func TestResponseIsAcceptedOnlyInTheBrowserThatBegan(t *testing.T) {
	l := newLab(t, sp.MethodSAML)
	l.begin(0, "")
	victim := l.browser
	l.browser = nil
	attackers := l.begin(0, "")
	if victim.Value == l.browser.Value {
		t.Fatal("two browsers have one secret")
	}
	form := url.Values{"SAMLResponse": {l.response(attackers).encode(t)}}
	again := url.Values{"SAMLResponse": form["SAMLResponse"], "resubmitted": {"1"}}
	for name, attempt := range map[string]struct {
		form    url.Values
		cookies []*http.Cookie
	}{
		"a cookie of an own sign-on":    {form, []*http.Cookie{victim}},
		"the same, submitted again":     {again, []*http.Cookie{victim}},
		"no cookie, submitted again":    {again, nil},
		"an empty cookie":               {again, []*http.Cookie{{Name: "sigma_sso"}}},
		"a cookie that is no secret":    {again, []*http.Cookie{{Name: "sigma_sso", Value: attackers}}},
		"the cookie under another name": {again, []*http.Cookie{{Name: "sigma_sid", Value: l.browser.Value}}},
	} {
		t.Run(name, func(t *testing.T) {
			l.refusedBy(l.do(http.MethodPost, sp.ACSPath, 0, attempt.form, attempt.cookies...), "InResponseTo")
		})
	}
	for _, window := range []int{0, 2} {
		w := l.do(http.MethodPost, sp.ACSPath, window, form)
		if w.Code != http.StatusOK || len(w.Result().Cookies()) != 0 || w.Header().Get("Location") != "" {
			t.Errorf("without a cookie, window %d: %d with %v", window, w.Code, w.Result().Cookies())
		}
	}
	l.signedIn(l.do(http.MethodPost, sp.ACSPath, 0, form, l.browser)) // nothing of this spent the request
}

// A browser does not send the cookie with a form of another site. The page that it gets instead sends the same form from
// Sigma's own site.
func TestResponseOfAnotherSiteIsSentAgain(t *testing.T) {
	l := newLab(t, sp.MethodSAML)
	field := l.response(l.begin(2, "/workspaces")).encode(t)
	w := l.do(http.MethodPost, sp.ACSPath, 0, url.Values{"SAMLResponse": {field}, "RelayState": {`a"b&c`}})
	action, form := forwarded(t, w)
	if action != "/sigma/demo"+sp.ACSPath || form.Get("SAMLResponse") != field || form.Get("RelayState") != `a"b&c` {
		t.Fatalf("the page sends %v to %s", form, action)
	}
	if !strings.Contains(w.Body.String(), "autosubmit.js") {
		t.Error("the page needs a click")
	}
	_, _, to := l.signedIn(l.do(http.MethodPost, sp.ACSPath, 0, form, l.browser))
	if to != "/sigma/demo~2/finish-login?next=%2Fworkspaces" {
		t.Errorf("on to %s", to)
	}
}

// forwarded returns where the form of a page goes, and its fields.
func forwarded(t *testing.T, w *httptest.ResponseRecorder) (action string, form url.Values) {
	t.Helper()
	body := w.Body.String()
	if w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, plain(body))
	}
	form = url.Values{}
	for _, m := range regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`).FindAllStringSubmatch(body, -1) {
		form.Set(m[1], html.UnescapeString(m[2]))
	}
	m := regexp.MustCompile(`<form[^>]* action="([^"]*)"`).FindStringSubmatch(body)
	if m == nil {
		t.Fatalf("no form: %s", body)
	}
	return m[1], form
}

// All windows and tabs of a browser share the cookie: sign-ons that began at the same time all succeed.
func TestSignOnsOfOneBrowserDoNotDisturbOneAnother(t *testing.T) {
	l := newLab(t, sp.MethodSAML)
	first := l.begin(1, "")
	w := l.do(http.MethodGet, sp.SSOStartPath, 2, nil, l.browser)
	second := requestID(t, w.Header().Get("Location"))
	if c := w.Result().Cookies()[0]; c.Value != l.browser.Value || c.Path != "/" || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode ||
		c.MaxAge != 1800 {
		t.Errorf("the second start sets %v", c)
	}
	for _, id := range []string{second, first} {
		l.signedIn(l.post(l.response(id), ""))
	}
}

// Previews and pasted messages have no browser.
func TestPreviewDoesNotNeedTheBrowser(t *testing.T) {
	l := newLab(t, sp.MethodSAML)
	field := l.response(l.begin(0, "")).encode(t)
	ctx := address.With(sp.With(t.Context(), l.org), address.Address{Origin: "http://lab.test", Prefix: "/sigma/demo", Lab: "demo"})
	checks, err := sso.Validate(ctx, field, "")
	must(t, err)
	for _, check := range checks {
		if check.Verdict == exchange.Failed {
			t.Errorf("%s: %s", check.Name, check.Received)
		}
	}
}
