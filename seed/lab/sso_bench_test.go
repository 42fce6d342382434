package lab

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/pem"
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

	"understudy/idp"
	"understudy/seed/base/address"
	"understudy/sp"
)

// wired makes a lab in which SSO works: the app added and assigned, its certificate and URL in Sigma.
func (r *rig) wired(name string) {
	r.t.Helper()
	r.create(name)
	r.wire(name)
}

func (r *rig) wire(name string) idp.App {
	r.t.Helper()
	ctx := r.t.Context()
	l, release, err := r.registry.Acquire(ctx, name)
	if err != nil {
		r.t.Fatal(err)
	}
	defer release()
	must := func(err error) {
		r.t.Helper()
		if err != nil {
			r.t.Fatal(err)
		}
	}
	okta := address.With(ctx, route{half: okta, lab: name, prefix: "/okta/" + name}.address(r.server.URL))
	system := idp.System(idp.Client{})
	app, err := l.Org.AddApp(okta, system, idp.NewApp{CatalogKey: "sigmaonaws"})
	must(err)
	_, err = l.Org.AssignUser(okta, system, app.ID, "ada.okafor@brightwater.example", idp.Assignment{})
	if err != nil {
		u, err := l.Org.User(okta, "ada.okafor@brightwater.example")
		must(err)
		_, err = l.Org.AssignUser(okta, system, app.ID, u.ID, idp.Assignment{})
		must(err)
	}
	_, key, err := l.Org.SigningKey(okta, app.ID)
	must(err)
	block, _ := pem.Decode([]byte(key.PEM()))
	must(l.Organization.SetAuthentication(ctx, sp.System(), sp.AuthenticationInput{
		Method: sp.MethodSAML, IdPLoginURL: r.server.URL + "/okta/" + name + app.SSOPath(),
		IdPCertificate: string(pem.EncodeToMemory(block)), SessionHours: 24,
	}))
	return app
}

// BenchmarkSSORound is one whole sign-on over HTTP: Sigma's request, Okta's signed response, its validation, the session.
// Each browser is in a lab of its own, as in a workshop, and does as little as it can: its work is none of the server's.
func BenchmarkSSORound(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as the server sets it
	r := newRig(b, b.TempDir())
	const browsers = 4   // for each core: a browser waits for its server, and with more of them all cores have work
	var cookies []string // of each browser, which is signed in to Okta: that is no part of a round
	for i := range browsers * runtime.GOMAXPROCS(0) {
		name := fmt.Sprint("lab", i)
		r.wired(name)
		cookies = append(cookies, r.signedIn(name))
	}
	b.SetParallelism(browsers)
	var next atomic.Int32
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		i := next.Add(1) - 1
		lab, signedIn := fmt.Sprint("lab", i), cookies[i]
		for pb.Next() {
			if err := ssoRound(r.server.URL, lab, signedIn); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rounds/s")
}

// signedIn gives the cookies of a browser that has signed in to a lab's Okta half.
func (r *rig) signedIn(name string) (cookies string) {
	r.t.Helper()
	v := r.visitor()
	v.signIn("/okta/" + name)
	at, err := url.Parse(v.base + "/okta/" + name + "/")
	if err != nil {
		r.t.Fatal(err)
	}
	for _, cookie := range v.client.Jar.Cookies(at) {
		cookies += cookie.Name + "=" + cookie.Value + "; "
	}
	return cookies
}

// ssoRound makes the three requests of a sign-on in a browser that is signed in to Okta.
func ssoRound(base, lab, oktaCookies string) error {
	_, location, err := exchanged(http.MethodGet, base+"/sigma/"+lab+"/api/v2/saml2/login", "", "")
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
	page, location, err = exchanged(http.MethodPost, base+"/sigma/"+lab+"/api/v2/saml2/assert", "", fields.Encode())
	if err == nil && location == "" {
		err = fmt.Errorf("not signed in: %.300s", page)
	}
	return err
}

// exchanged sends a request and gives the answer's body and where it leads.
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
	answer, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return "", "", err
	}
	defer func() { _ = answer.Body.Close() }()
	all, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode >= http.StatusBadRequest {
		err = fmt.Errorf("%s: %.300s", answer.Status, all)
	}
	return string(all), answer.Header.Get("Location"), err
}

// BenchmarkTwoSignatures is the bare RSA-2048 work of one round: the limit that nothing can beat.
func BenchmarkTwoSignatures(b *testing.B) {
	key, err := rsa.GenerateKey(rand.Reader, keyBits)
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
	r := newRig(b, b.TempDir())
	for range b.N {
		before := residentBytes(b)
		v := r.visitor()
		for n := range 300 {
			name := "lab" + string(rune('a'+n/26%26)) + string(rune('a'+n%26))
			if !r.registry.Exists(name) {
				r.create(name)
			}
			if status, _, _ := v.get("/okta/" + name + "/login/login.htm"); status != http.StatusOK {
				b.Fatal(status)
			}
		}
		if r.registry.OpenCount() != 300 {
			b.Fatal(r.registry.OpenCount())
		}
		after := residentBytes(b)
		b.ReportMetric(float64(after)/(1<<20), "MB-process")
		b.ReportMetric(float64(after-before)/300/1024, "KB/lab")
	}
}
