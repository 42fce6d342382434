package sso_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"html"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/beevik/etree"
	"github.com/labstack/echo/v4"
	dsig "github.com/russellhaering/goxmldsig"

	"understudy/seed/base/address"
	"understudy/seed/base/keytest"
	"understudy/seed/base/store"
	"understudy/sp"
	"understudy/sp/site"
	"understudy/sp/sso"
)

const (
	base     = "http://lab.test/sigma/demo"
	acs      = base + "/api/v2/saml2/assert"
	entityID = base + "/api/v2/saml2/2/metadata.xml"
	loginURL = "http://lab.test/okta/demo/app/sigma/exk1/sso/saml"
	issuer   = "http://www.okta.test/exk1"
)

// signer is an identity provider's key with its certificate.
type signer struct {
	key         *rsa.PrivateKey
	certificate *x509.Certificate
}

func newSigner(from, to time.Time) (signer, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return signer{}, err
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "idp"}, NotBefore: from, NotAfter: to}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return signer{}, err
	}
	certificate, err := x509.ParseCertificate(der)
	return signer{key, certificate}, err
}

func (s signer) pem() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.certificate.Raw}))
}

// signers are two signers: Sigma trusts the first one only. The tests share them, because key generation is slow.
var signers = sync.OnceValue(func() [2]signer {
	var list [2]signer
	for i := range list {
		s, err := newSigner(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC))
		if err != nil {
			panic(err)
		}
		list[i] = s
	}
	return list
})

// lab is a Sigma half with its HTTP handlers.
type lab struct {
	t    testing.TB
	org  *sp.Organization
	db   *store.DB
	echo *echo.Echo
	ann  sp.Actor
	now  time.Time
	// browser is the cookie of the browser that began the last sign-on. post sends it, as this browser would.
	browser *http.Cookie
}

func newLab(t testing.TB, method sp.Method) *lab {
	t.Helper()
	l := &lab{t: t, now: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)}
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "lab.db"), store.Options{Seed: "demo", Wall: func() time.Time { return l.now }})
	must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	l.db = db
	l.org, err = sp.Open(t.Context(), db, sp.Options{Keys: keytest.Source()})
	must(t, err)
	must(t, l.org.Populate(t.Context(), sp.Seed{Name: "Plain Analytics", Members: []sp.SeedMember{
		{FirstName: "Ann", LastName: "Admin", Email: "Ann@example.com", AccountType: "Admin"},
		{FirstName: "Ina", LastName: "Active", Email: "ina@example.com", Status: "inactive"}},
		Teams: []sp.SeedTeam{{Name: "Red"}, {Name: "Blue"}}}))
	found, err := l.org.Members(t.Context(), sp.System(), sp.MemberQuery{Search: "ann@"})
	must(t, err)
	l.ann = sp.Actor{Kind: sp.ByMember, MemberID: found.Items[0].ID, Name: "Ann Admin"}
	l.authentication(method, false, signers()[0].pem())
	l.echo = echo.New()
	site.Register(l.echo)
	sso.Register(l.echo)
	return l
}

func (l *lab) authentication(method sp.Method, signed bool, certificate string) {
	l.t.Helper()
	ctx := address.With(l.t.Context(), address.Address{Origin: "http://lab.test", Prefix: "/sigma/demo", Lab: "demo"})
	must(l.t, l.org.SetAuthentication(ctx, l.ann, sp.AuthenticationInput{Method: method, IdPLoginURL: loginURL, IdPCertificate: certificate,
		SessionHours: 720, SignRequests: signed}))
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// do sends a request as the front door passes it: without prefix, with address and organization in the context.
func (l *lab) do(method, path string, window int, form url.Values, cookies ...*http.Cookie) *httptest.ResponseRecorder {
	l.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, c := range cookies {
		r.AddCookie(c)
	}
	ctx := address.With(sp.With(r.Context(), l.org), address.Address{Origin: "http://lab.test", Prefix: "/sigma/demo", Lab: "demo", Window: window})
	w := httptest.NewRecorder()
	l.echo.ServeHTTP(w, r.WithContext(ctx))
	return w
}

// begin starts a sign-on and returns the ID of the AuthnRequest.
func (l *lab) begin(window int, next string) string {
	l.t.Helper()
	w := l.do(http.MethodGet, sp.SSOStartPath+"?next="+url.QueryEscape(next), window, nil)
	if w.Code != http.StatusFound {
		l.t.Fatalf("the start of the sign-on returns %d: %s", w.Code, w.Body)
	}
	l.keepBrowser(w)
	return requestID(l.t, w.Header().Get("Location"))
}

// keepBrowser keeps the cookie that binds a sign-on to its browser.
func (l *lab) keepBrowser(w *httptest.ResponseRecorder) {
	l.t.Helper()
	for _, c := range w.Result().Cookies() {
		if c.Name == "sigma_sso" {
			l.browser = c
			return
		}
	}
	l.t.Fatal("the start of a sign-on sets no cookie")
}

// response has the values of a SAML response. Tests change some of them.
type response struct {
	ID, InResponseTo, Destination, Recipient, Audience, NameID, Format, Status string
	AssertionID                                                                string
	Issued, NotBefore, NotOnOrAfter, Confirm                                   time.Time
	Attributes                                                                 map[string][]string
	SignResponse, SignAssertion                                                bool
	Signer                                                                     signer
	Method                                                                     string                // of the signature
	Before                                                                     func(*etree.Document) // change before signing
	After                                                                      func(*etree.Document) // attack after signing
}

var ids struct {
	sync.Mutex
	n int
}

func (l *lab) response(inResponseTo string) response {
	ids.Lock()
	ids.n++
	n := ids.n
	ids.Unlock()
	return response{ID: fmt.Sprintf("id%d", n), AssertionID: fmt.Sprintf("as%d", n), InResponseTo: inResponseTo,
		Destination: acs, Recipient: acs, Audience: entityID,
		NameID: "ann@EXAMPLE.com", Format: "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress", Status: "urn:oasis:names:tc:SAML:2.0:status:Success",
		Issued: l.now, NotBefore: l.now.Add(-5 * time.Minute), NotOnOrAfter: l.now.Add(5 * time.Minute), Confirm: l.now.Add(5 * time.Minute),
		Attributes: map[string][]string{"firstName": {"Nora"}, "lastName": {"New"}}, SignResponse: true, SignAssertion: true, Signer: signers()[0],
		Method: dsig.RSASHA256SignatureMethod}
}

const stamp = "2006-01-02T15:04:05.000Z"

func (r response) text() string {
	inResponseTo := ""
	if r.InResponseTo != "" {
		inResponseTo = ` InResponseTo="` + r.InResponseTo + `"`
	}
	var attributes strings.Builder
	for name, values := range r.Attributes {
		attributes.WriteString(`<saml2:Attribute Name="` + name + `" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified">`)
		for _, v := range values {
			attributes.WriteString(`<saml2:AttributeValue xmlns:xs="http://www.w3.org/2001/XMLSchema"` +
				` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="xs:string">` + html.EscapeString(v) + `</saml2:AttributeValue>`)
		}
		attributes.WriteString(`</saml2:Attribute>`)
	}
	return fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?>`+
		`<saml2p:Response xmlns:saml2p="urn:oasis:names:tc:SAML:2.0:protocol" ID="%s" Version="2.0" IssueInstant="%s" Destination="%s"%s>`+
		`<saml2:Issuer xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion">%s</saml2:Issuer><saml2p:Status><saml2p:StatusCode Value="%s"/></saml2p:Status>`+
		`<saml2:Assertion xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion" ID="%s" Version="2.0" IssueInstant="%s"><saml2:Issuer>%s</saml2:Issuer>`+
		`<saml2:Subject><saml2:NameID Format="%s">%s</saml2:NameID><saml2:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">`+
		`<saml2:SubjectConfirmationData NotOnOrAfter="%s" Recipient="%s"%s/></saml2:SubjectConfirmation></saml2:Subject>`+
		`<saml2:Conditions NotBefore="%s" NotOnOrAfter="%s"><saml2:AudienceRestriction><saml2:Audience>%s</saml2:Audience>`+
		`</saml2:AudienceRestriction></saml2:Conditions>`+
		`<saml2:AuthnStatement AuthnInstant="%s"><saml2:AuthnContext>`+
		`<saml2:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport`+
		`</saml2:AuthnContextClassRef></saml2:AuthnContext></saml2:AuthnStatement>`+
		`<saml2:AttributeStatement>%s</saml2:AttributeStatement></saml2:Assertion></saml2p:Response>`,
		r.ID, r.Issued.Format(stamp), r.Destination, inResponseTo, issuer, r.Status, r.AssertionID, r.Issued.Format(stamp), issuer, r.Format, r.NameID,
		r.Confirm.Format(stamp), r.Recipient, inResponseTo, r.NotBefore.Format(stamp), r.NotOnOrAfter.Format(stamp),
		r.Audience, r.Issued.Format(stamp), attributes.String())
}

// encode signs the response and returns the form field.
func (r response) encode(t testing.TB) string {
	t.Helper()
	doc := etree.NewDocument()
	must(t, doc.ReadFromString(r.text()))
	if r.Before != nil {
		r.Before(doc)
	}
	if r.SignAssertion {
		r.sign(t, doc.FindElement("//Assertion"))
	}
	if r.SignResponse {
		r.sign(t, doc.Root())
	}
	if r.After != nil {
		r.After(doc)
	}
	text, err := doc.WriteToBytes()
	must(t, err)
	return base64.StdEncoding.EncodeToString(text)
}

// sign adds an enveloped signature after the Issuer of an element (SAML core 5.4.2).
func (r response) sign(t testing.TB, e *etree.Element) {
	t.Helper()
	ctx, err := dsig.NewSigningContext(r.Signer.key, [][]byte{r.Signer.certificate.Raw})
	must(t, err)
	ctx.Canonicalizer = dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("")
	must(t, ctx.SetSignatureMethod(r.Method))
	signature, err := ctx.ConstructSignature(e, true)
	must(t, err)
	e.InsertChildAt(e.ChildElements()[0].Index()+1, signature)
}

func (l *lab) post(r response, relayState string) *httptest.ResponseRecorder {
	l.t.Helper()
	return l.postIn(0, r.encode(l.t), relayState)
}

func (l *lab) postIn(window int, field, relayState string) *httptest.ResponseRecorder {
	l.t.Helper()
	form := url.Values{"SAMLResponse": {field}, "RelayState": {relayState}}
	if l.browser == nil {
		return l.do(http.MethodPost, sp.ACSPath, window, form)
	}
	return l.do(http.MethodPost, sp.ACSPath, window, form, l.browser)
}

// signedIn checks that a response was accepted. It returns the viewer, the cookie and the redirect target.
func (l *lab) signedIn(w *httptest.ResponseRecorder) (sp.Viewer, *http.Cookie, string) {
	l.t.Helper()
	if w.Code != http.StatusSeeOther || len(w.Result().Cookies()) != 1 {
		l.t.Fatalf("not signed in: %d %s", w.Code, plain(w.Body.String()))
	}
	cookie := w.Result().Cookies()[0]
	v, err := l.org.Resume(l.t.Context(), cookie.Value)
	must(l.t, err)
	return v, cookie, w.Header().Get("Location")
}

// refusedBy checks that nobody was signed in, and that the page and the audit log name the failed check.
func (l *lab) refusedBy(w *httptest.ResponseRecorder, check string) {
	l.t.Helper()
	page := plain(w.Body.String())
	if w.Code != http.StatusForbidden || len(w.Result().Cookies()) != 0 {
		l.t.Fatalf("got %d with %d cookies: %s", w.Code, len(w.Result().Cookies()), page)
	}
	if !strings.Contains(page, "The check "+check+" failed") {
		l.t.Errorf("the page does not name the check %s: %s", check, page)
	}
	log, err := l.org.AuditLog(l.t.Context(), sp.System(), sp.AuditQuery{Type: sp.AccessSigma, Status: "Failure", Size: 1})
	must(l.t, err)
	if len(log.Items) == 0 || log.Items[0].Detail["check"] != check || log.Items[0].Name != "LOGIN" {
		l.t.Errorf("the audit log does not name the check %s: %+v", check, log.Items)
	}
}

var tags, spaces = regexp.MustCompile(`<[^>]*>`), regexp.MustCompile(`\s+`)

func plain(page string) string {
	if i := strings.Index(page, "<main"); i >= 0 {
		page = page[i:]
	}
	return spaces.ReplaceAllString(html.UnescapeString(tags.ReplaceAllString(page, " ")), " ")
}
