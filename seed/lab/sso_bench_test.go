package lab

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/pem"
	"html"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"testing"

	"understudy/idp"
	"understudy/seed/address"
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

// BenchmarkSSORound is one whole sign-on: Sigma's request, Okta's signed response, its validation, the session.
func BenchmarkSSORound(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as the server sets it
	r := newRig(b, b.TempDir())
	r.wired("demo")
	b.SetParallelism(4) // a browser waits for its server; with more of them both cores have work
	b.RunParallel(func(pb *testing.PB) {
		v := r.visitor()
		v.signIn("/okta/demo")
		for pb.Next() {
			status, page, _ := v.get("/sigma/demo/api/v2/saml2/login")
			fields := url.Values{}
			for _, name := range []string{"SAMLResponse", "RelayState"} {
				_, after, _ := strings.Cut(page, `name="`+name+`" value="`)
				value, _, _ := strings.Cut(after, `"`)
				fields.Set(name, html.UnescapeString(value))
			}
			if status != http.StatusOK || fields.Get("SAMLResponse") == "" {
				b.Errorf("%d %.300s", status, page)
				return
			}
			direct := *v.client
			direct.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
			resp, err := direct.PostForm(v.base+"/sigma/demo/api/v2/saml2/assert", fields)
			if err != nil {
				b.Error(err)
				return
			}
			_ = resp.Body.Close()
			if resp.StatusCode/100 != 3 {
				b.Errorf("the assertion was answered %s", resp.Status)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rounds/s")
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
