//go:build unix

package main

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"understudy/seed/base/store"
	"understudy/seed/lab"
	"understudy/seed/scenario"
)

// stepsOfALabInUse is how many steps of the guide are done in the labs of a benchmark.
const stepsOfALabInUse = 54

// BenchmarkSignOn is one whole sign-on in a lab in use: Sigma's request, Okta's signed response, its validation, and the page
// with the guide on which the sign-on ends. Most steps of the guide are done, the guide is open in a second window, and the
// System Log holds many events. Each browser is in its own lab, as in a workshop.
func BenchmarkSignOn(b *testing.B) {
	s := start(b)
	var browsers []*signOnBrowser
	for n := range runtime.GOMAXPROCS(0) {
		browsers = append(browsers, labInUse(b, s, fmt.Sprint("used-", n)))
	}
	for _, events := range []int{100, 5_000, 100_000} {
		b.Run(fmt.Sprint(events, "-events"), func(b *testing.B) {
			for _, browser := range browsers {
				setLogLength(b, s, browser.lab, events)
				if err := browser.signOn(); err != nil { // compile statements, fill caches
					b.Fatal(err)
				}
			}
			before := cpuTime(b)
			var next atomic.Int32
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				browser := browsers[next.Add(1)-1]
				for pb.Next() {
					if err := browser.signOn(); err != nil {
						b.Error(err)
						return
					}
				}
			})
			b.ReportMetric(float64(b.N)/(cpuTime(b)-before).Seconds(), "rounds/CPU-s")
		})
	}
}

// BenchmarkTwoSignatures is the bare RSA-2048 work of one sign-on: the limit that nothing can beat.
func BenchmarkTwoSignatures(b *testing.B) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		b.Fatal(err)
	}
	sum := sha256.Sum256([]byte("a message"))
	before := cpuTime(b)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			for range 2 {
				if _, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:]); err != nil {
					b.Error(err)
				}
			}
		}
	})
	b.ReportMetric(float64(b.N)/(cpuTime(b)-before).Seconds(), "rounds/CPU-s")
}

// labInUse makes a lab in which most steps are done, with the guide open in a second window, and a browser that is signed in
// to its Okta half.
func labInUse(b *testing.B, s *running, name string) *signOnBrowser {
	b.Helper()
	browser, person := labWithSteps(b, s, name)
	events, err := person.Get(s.url + "/labs/" + name + "/guide/events")
	if err != nil {
		b.Fatal(err)
	}
	go func() { _, _ = io.Copy(io.Discard, events.Body) }()
	b.Cleanup(func() { _ = events.Body.Close() })
	return browser
}

// labWithSteps makes a lab in which most steps are done, and a client and a browser that are signed in to its Okta half.
func labWithSteps(b *testing.B, s *running, name string) (*signOnBrowser, *http.Client) {
	b.Helper()
	starter, err := scenario.Load(scenario.Starter)
	if err != nil {
		b.Fatal(err)
	}
	if err := s.Registry.Create(b.Context(), name, starter); err != nil {
		b.Fatal(err)
	}
	steps := quickstart(b).Steps()
	browser := &signOnBrowser{base: s.url, lab: name}
	b.Cleanup(browser.client.CloseIdleConnections)
	browser.must(b, http.MethodPost, s.url+"/labs/"+name+"/guide/bring", "", url.Values{"step": {steps[stepsOfALabInUse].ID}})
	if done := doneSteps(b, s, name); done < stepsOfALabInUse {
		b.Fatalf("%d steps are done", done)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		b.Fatal(err)
	}
	person := &http.Client{Jar: jar}
	resp, err := person.PostForm(s.url+"/okta/"+name+"/login/login.htm",
		url.Values{"username": {"maya.rivers@brightwater.example"}, "password": {"Stage-Door-17"}})
	if err != nil {
		b.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	at, err := url.Parse(s.url + "/okta/" + name + "/")
	if err != nil {
		b.Fatal(err)
	}
	for _, cookie := range jar.Cookies(at) {
		browser.oktaCookies += cookie.Name + "=" + cookie.Value + "; "
	}
	return browser, person
}

func withLab(b *testing.B, s *running, name string, f func(*lab.Lab) error) {
	b.Helper()
	l, release, err := s.Registry.Acquire(b.Context(), name)
	if err != nil {
		b.Fatal(err)
	}
	defer release()
	if err := f(l); err != nil {
		b.Fatal(err)
	}
}

func doneSteps(b *testing.B, s *running, name string) (n int) {
	b.Helper()
	withLab(b, s, name, func(l *lab.Lab) error {
		done, err := l.StepsDone(b.Context(), lab.Quickstart)
		n = len(done)
		return err
	})
	return n
}

// setLogLength copies or deletes events until the System Log of a lab has a length.
func setLogLength(b *testing.B, s *running, name string, events int) {
	b.Helper()
	withLab(b, s, name, func(l *lab.Lab) error {
		return l.DB.Write(b.Context(), func(tx *store.Tx) error {
			err := tx.Exec(`WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n <= $1)
				INSERT INTO okta_log (uuid, published_ms, event_type, actor_id, target_ids, result, severity, event)
				SELECT lower(hex(randomblob(16))), published_ms, event_type, actor_id, target_ids, result, severity, event
				FROM number, (SELECT * FROM okta_log ORDER BY seq DESC LIMIT 50) ORDER BY n LIMIT $1`, events)
			if err != nil {
				return err
			}
			return tx.Exec(`DELETE FROM okta_log WHERE seq <= (SELECT max(seq) FROM okta_log) - $1`, events)
		})
	})
}

// signOnBrowser is a browser that does as little as it can, because its work is none of the server's.
type signOnBrowser struct {
	base, lab   string
	oktaCookies string
	client      http.Transport
}

// sigmaBrowser is the cookie with which Sigma tells browsers apart.
const sigmaBrowser = "sigma_sso=ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// signOn makes the requests of a sign-on, up to the page on which it ends.
func (v *signOnBrowser) signOn() error {
	sigma := v.base + "/sigma/" + v.lab
	resp, _, err := v.send(http.MethodGet, sigma+"/api/v2/saml2/login", sigmaBrowser, nil)
	if err != nil {
		return err
	}
	_, page, err := v.send(http.MethodGet, resp.Header.Get("Location"), v.oktaCookies, nil)
	if err != nil {
		return err
	}
	fields := url.Values{}
	for _, name := range []string{"SAMLResponse", "RelayState"} {
		_, after, _ := strings.Cut(page, `name="`+name+`" value="`)
		value, _, _ := strings.Cut(after, `"`)
		fields.Set(name, html.UnescapeString(value))
	}
	resp, page, err = v.send(http.MethodPost, sigma+"/api/v2/saml2/assert", sigmaBrowser, fields)
	if err != nil {
		return err
	}
	to, err := resp.Location()
	if err != nil {
		return fmt.Errorf("not signed in: %w: %.300s", err, page)
	}
	cookies := sigmaBrowser
	for _, cookie := range resp.Cookies() {
		cookies += "; " + cookie.Name + "=" + cookie.Value
	}
	for page = ""; err == nil && page == ""; { // until a redirect leads to a page
		if resp, page, err = v.send(http.MethodGet, to.String(), cookies, nil); err == nil && page == "" {
			to, err = resp.Location()
		}
	}
	if err == nil && !strings.Contains(page, `aria-label="Guide"`) {
		err = fmt.Errorf("the sign-on does not end on a page with the guide: %.300s", page)
	}
	return err
}

// send sends a request and returns the response with its body. A status from 400 is an error.
func (v *signOnBrowser) send(method, to, cookies string, form url.Values) (*http.Response, string, error) {
	request, err := http.NewRequest(method, to, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, "", err
	}
	if cookies != "" {
		request.Header.Set("Cookie", cookies)
	}
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := v.client.RoundTrip(request)
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode >= http.StatusBadRequest {
		err = fmt.Errorf("%s: %.300s", resp.Status, body)
	}
	return resp, string(body), err
}

func (v *signOnBrowser) must(b *testing.B, method, to, cookies string, form url.Values) {
	b.Helper()
	if _, _, err := v.send(method, to, cookies, form); err != nil {
		b.Fatal(err)
	}
}
