package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"encoding/xml"
	"fmt"
	"html"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/crewjam/saml"
	dsig "github.com/russellhaering/goxmldsig"

	"understudy/idp"
	seedaddress "understudy/seed/base/address"
	"understudy/seed/lab"
	"understudy/seed/script/browsertest"
)

// foreignProvider is a service provider by crewjam/saml on another site than the program, so that browsers treat its posts as
// those of a stranger.
type foreignProvider struct {
	*testing.T
	saml.ServiceProvider
	url       string
	asked     []string // IDs of its AuthnRequests
	certified string   // PEM
}

func newForeignProvider(t *testing.T) *foreignProvider {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	p := &foreignProvider{T: t, certified: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))}
	mux := http.NewServeMux()
	for path, handle := range map[string]func(http.ResponseWriter, *http.Request) (string, error){
		"GET /redirect": p.signInByRedirect, "GET /post": p.signInByPost, "POST /acs/": p.consume,
		"GET /logout": p.signOut, "/slo": p.logout,
	} {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			page, err := handle(w, r)
			if err != nil {
				page = "The service provider refuses: " + html.EscapeString(err.Error())
				if refused, is := err.(*saml.InvalidResponseError); is {
					page += html.EscapeString(": " + refused.PrivateErr.Error())
				}
			}
			if page != "" {
				_, _ = io.WriteString(w, "<!doctype html><title>Foreign</title><body>"+page)
			}
		})
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	p.url = strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
	at := func(path string) url.URL { u, _ := url.Parse(p.url + path); return *u }
	p.ServiceProvider = saml.ServiceProvider{EntityID: p.url + "/metadata/", Key: key, Certificate: certificate, AcsURL: at("/acs/"), SloURL: at("/slo"),
		MetadataURL: at("/metadata/"), SignatureMethod: dsig.RSASHA256SignatureMethod,
		AuthnNameIDFormat: saml.EmailAddressNameIDFormat}
	return p
}

func (p *foreignProvider) request(binding string) (*saml.AuthnRequest, error) {
	request, err := p.MakeAuthenticationRequest(p.GetSSOBindingLocation(binding), binding, saml.HTTPPostBinding)
	if err == nil {
		p.asked = append(p.asked, request.ID)
	}
	return request, err
}

func (p *foreignProvider) signInByRedirect(w http.ResponseWriter, r *http.Request) (string, error) {
	request, err := p.request(saml.HTTPRedirectBinding)
	if err != nil {
		return "", err
	}
	to, err := request.Redirect("deep-link", &p.ServiceProvider)
	if err == nil {
		http.Redirect(w, r, to.String(), http.StatusFound)
	}
	return "", err
}

func (p *foreignProvider) signInByPost(http.ResponseWriter, *http.Request) (string, error) {
	request, err := p.request(saml.HTTPPostBinding)
	if err != nil {
		return "", err
	}
	return string(request.Post("deep-link")), nil
}

func (p *foreignProvider) consume(_ http.ResponseWriter, r *http.Request) (string, error) {
	if err := r.ParseForm(); err != nil {
		return "", err
	}
	assertion, err := p.ParseResponse(r, p.asked)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("Welcome %s, %s", assertion.Subject.NameID.Value, r.PostFormValue("RelayState")), nil
}

func (p *foreignProvider) signOut(http.ResponseWriter, *http.Request) (string, error) {
	page, err := p.MakePostLogoutRequest("ada.okafor@brightwater.example", "bye")
	return string(page), err
}

// logout takes a LogoutResponse, or answers a LogoutRequest of Okta.
func (p *foreignProvider) logout(w http.ResponseWriter, r *http.Request) (string, error) {
	if response := r.PostFormValue("SAMLResponse"); response != "" {
		return "Signed out everywhere, " + r.PostFormValue("RelayState"), p.ValidateLogoutResponseForm(response)
	}
	text, err := base64.StdEncoding.DecodeString(r.PostFormValue("SAMLRequest"))
	if err != nil {
		return "", err
	}
	var request saml.LogoutRequest
	if err := xml.NewDecoder(bytes.NewReader(text)).Decode(&request); err != nil {
		return "", err
	}
	to, err := p.MakeRedirectLogoutResponse(request.ID, "")
	if err == nil {
		http.Redirect(w, r, to.String(), http.StatusSeeOther)
	}
	return "", err
}

// integrate adds the service provider to the Okta org of the lab with every protection on, and assigns it to Ada.
func (p *foreignProvider) integrate(s *running) idp.App {
	p.Helper()
	l, release, err := s.Registry.Acquire(p.Context(), "demo")
	if err != nil {
		p.Fatal(err)
	}
	defer release()
	app := p.add(l, s.url)
	answer, err := http.Get(s.url + "/okta/demo" + app.MetadataPath())
	if err != nil {
		p.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	p.IDPMetadata = &saml.EntityDescriptor{}
	if err := xml.NewDecoder(answer.Body).Decode(p.IDPMetadata); err != nil {
		p.Fatal(err)
	}
	return app
}

func (p *foreignProvider) add(l *lab.Lab, origin string) idp.App {
	p.Helper()
	ctx := seedaddress.With(context.WithoutCancel(p.Context()), seedaddress.Address{Origin: origin, Prefix: "/okta/demo", Lab: "demo"})
	system := idp.System(idp.Client{})
	app, err := l.Org.AddApp(ctx, system, idp.NewApp{CatalogKey: "custom_saml", Label: "Foreign",
		Fields: map[string]string{"acs": p.AcsURL.String(), "audience": p.EntityID},
		SignOn: &idp.AppSignOn{UserNameFormat: "email", SAML: idp.SAMLOptions{
			NameIDFormat:         string(saml.EmailAddressNameIDFormat),
			SignatureCertificate: p.certified, SignedRequests: true,
			Encryption: idp.AssertionEncryption{On: true, Algorithm: "AES128_GCM", Certificate: p.certified},
			Logout: idp.SingleLogout{FromApp: true, ResponseURL: p.SloURL.String(), Issuer: p.EntityID,
				FromOkta: true, RequestURL: p.SloURL.String()},
		}}})
	if err != nil {
		p.Fatal(err)
	}
	ada, err := l.Org.User(ctx, "ada.okafor@brightwater.example")
	if err != nil {
		p.Fatal(err)
	}
	if _, err := l.Org.AssignUser(ctx, system, app.ID, ada.ID, idp.Assignment{}); err != nil {
		p.Fatal(err)
	}
	return app
}

// A service provider of another site signs people on and out in a real browser: signed requests by both bindings, encrypted
// assertions, and single logout that begins at either side.
func TestAnotherServiceProviderSignsOnAndOutInABrowser(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := newForeignProvider(t)
	app := p.integrate(s)
	tab := browsertest.Open(t)
	signIn := func() {
		t.Helper()
		tab.Shows("Foreign")
		tab.Until("fill in the sign-in form", `(document.querySelector("input[name=username]").value = "ada.okafor@brightwater.example",
			document.querySelector("input[name=password]").value = "Prompt-Corner-24", true)`)
		tab.Click("Sign in")
	}
	tab.Visit(p.url + "/redirect")
	signIn()
	tab.Shows("Welcome ada.okafor@brightwater.example, deep-link")
	tab.Visit(p.url + "/post") // the session at Okta answers, although the post comes from another site
	tab.Shows("Welcome ada.okafor@brightwater.example, deep-link")

	tab.Visit(p.url + "/logout")
	tab.Shows("Signed out everywhere, bye")
	l := newLearner(t, s)
	l.sees(l.get("/labs/demo/traffic"), "Foreign asks Okta to sign a user in", "Foreign asks Okta to sign ada.okafor@brightwater.example out",
		" an encrypted assertion", "Okta responds to a logout request: Success")
	tab.Visit(p.url + "/post")
	signIn()
	tab.Shows("Welcome ada.okafor@brightwater.example, deep-link")

	tab.Visit(s.url + "/okta/demo/admin/app/" + app.Name + "/instance/" + app.ID + "/general/saml")
	tab.Click("Show Advanced Settings")
	tab.Shows("Single Logout URL")
	tab.Accessible("SAML Settings")

	tab.Visit(s.url + "/okta/demo/login/signout")
	tab.Click("Sign out")
	tab.Until("come back to the sign-in page", `location.pathname === "/okta/demo/login/login.htm" && document.querySelector("input[name=password]")`)
	l.sees(l.get("/labs/demo/traffic"), "Okta asks Foreign to sign ada.okafor@brightwater.example out", "Foreign responds to a logout request: Success")
	tab.Visit(s.url + "/okta/demo/app/UserHome")
	tab.Until("ask for credentials", `document.querySelector("input[name=password]")`)
}
