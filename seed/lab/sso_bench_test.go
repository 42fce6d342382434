package lab_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"runtime"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"testing"

	"understudy/seed/door/doortest"
)

// BenchmarkSSORound is one whole sign-on over HTTP: Sigma's request, Okta's signed response, its validation, the session.
// Each browser is in its own lab, as in a workshop, and does as little as it can: its work is none of the server's.
func BenchmarkSSORound(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as the server sets it
	r := doortest.New(b, b.TempDir())
	const browsers = 4   // for each core: a browser waits for its server, and with more of them all cores have work
	var cookies []string // of each browser, which is signed in to Okta: that is no part of a round
	for i := range browsers * runtime.GOMAXPROCS(0) {
		name := fmt.Sprint("lab", i)
		r.Create(name)
		r.ConnectSAML(name)
		cookies = append(cookies, signedIn(r, name))
	}
	b.SetParallelism(browsers)
	var next atomic.Int32
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		i := next.Add(1) - 1
		name, cookie := fmt.Sprint("lab", i), cookies[i]
		for pb.Next() {
			if err := ssoRound(r.HTTP.URL, name, cookie); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rounds/s")
}

// signedIn returns the cookies of a browser that has signed in to a lab's Okta half.
func signedIn(r *doortest.Server, name string) (cookies string) {
	r.T.Helper()
	v := r.Browser()
	v.SignIn("/okta/" + name)
	at, err := url.Parse(v.Base + "/okta/" + name + "/")
	if err != nil {
		r.T.Fatal(err)
	}
	for _, cookie := range v.Client.Jar.Cookies(at) {
		cookies += cookie.Name + "=" + cookie.Value + "; "
	}
	return cookies
}

// sigmaBrowser is the cookie with which Sigma tells browsers apart.
const sigmaBrowser = "sigma_sso=ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// ssoRound makes the three requests of a sign-on in a browser that is signed in to Okta.
func ssoRound(base, lab, oktaCookies string) error {
	_, location, err := exchanged(http.MethodGet, base+"/sigma/"+lab+"/api/v2/saml2/login", sigmaBrowser, "")
	if err != nil {
		return err
	}
	page, _, err := exchanged(http.MethodGet, location, oktaCookies, "")
	if err != nil {
		return err
	}
	fields := url.Values{}
	for _, name := range []string{"SAMLResponse", "RelayState"} {
		_, after, _ := strings.Cut(page, `name="`+name+`" value="`)
		value, _, _ := strings.Cut(after, `"`)
		fields.Set(name, html.UnescapeString(value))
	}
	if fields.Get("SAMLResponse") == "" {
		return fmt.Errorf("no response: %.300s", page)
	}
	page, location, err = exchanged(http.MethodPost, base+"/sigma/"+lab+"/api/v2/saml2/assert", sigmaBrowser, fields.Encode())
	if err == nil && location == "" {
		err = fmt.Errorf("not signed in: %.300s", page)
	}
	return err
}

// exchanged sends a request and returns the body of the response and where it leads.
func exchanged(method, to, cookies, body string) (text, location string, err error) {
	request, err := http.NewRequest(method, to, strings.NewReader(body))
	if err != nil {
		return "", "", err
	}
	if cookies != "" {
		request.Header.Set("Cookie", cookies)
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return "", "", err
	}
	defer func() { _ = response.Body.Close() }()
	all, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode >= http.StatusBadRequest {
		err = fmt.Errorf("%s: %.300s", response.Status, all)
	}
	return string(all), response.Header.Get("Location"), err
}

// BenchmarkTwoSignatures is the bare RSA-2048 work of one round: the limit that nothing can beat.
func BenchmarkTwoSignatures(b *testing.B) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		b.Fatal(err)
	}
	sum := sha256.Sum256([]byte("a message"))
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			for range 2 {
				if _, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:]); err != nil {
					b.Error(err)
				}
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rounds/s")
}

// 300 labs, open and idle.
func BenchmarkMemoryOf300OpenLabs(b *testing.B) {
	r := doortest.New(b, b.TempDir())
	for range b.N {
		before := residentBytes(b)
		v := r.Browser()
		for n := range 300 {
			name := "lab" + string(rune('a'+n/26%26)) + string(rune('a'+n%26))
			if !r.Registry.Exists(name) {
				r.Create(name)
			}
			if status, _, _ := v.Get("/okta/" + name + "/login/login.htm"); status != http.StatusOK {
				b.Fatal(status)
			}
		}
		if r.Registry.OpenCount() != 300 {
			b.Fatal(r.Registry.OpenCount())
		}
		after := residentBytes(b)
		b.ReportMetric(float64(after)/(1<<20), "MB-process")
		b.ReportMetric(float64(after-before)/300/1024, "KB/lab")
	}
}
