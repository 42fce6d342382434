package sso_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"

	"understudy/idp"
	"understudy/idp/internal/orgtest"
)

// configure saves the SAML options of an app.
func configure(t *testing.T, lab *orgtest.Lab, app idp.App, options idp.SAMLOptions) idp.App {
	t.Helper()
	signOn := app.SignOn
	signOn.SAML = options
	// Without the address of a request, as in a scenario, because the service providers of the tests are on the org's own server.
	app, err := lab.Org.UpdateAppSignOn(t.Context(), idp.System(idp.Client{}), app.ID, signOn)
	if err != nil {
		t.Fatal(err)
	}
	return app
}

// asks returns the path of an AuthnRequest with these attributes and child elements.
func asks(t *testing.T, app idp.App, id, attributes, children string) string {
	t.Helper()
	return app.SSOPath() + "?SAMLRequest=" + deflate(t, request(id, attributes, children))
}

func request(id, attributes, children string) string {
	return strings.Replace(fmt.Sprintf(plain, id, attributes), "/>", ` xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">`+
		children+"</samlp:AuthnRequest>", 1)
}

func TestNameIDPolicyIsRefusedWhereOktaCannotMeetIt(t *testing.T) {
	lab, app := open(t)
	b := lab.SignedIn(t, ada)
	for i, tt := range []struct{ format, status string }{
		{"", "Success"},
		{"urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified", "Success"},
		{"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress", "Success"},
		{"urn:oasis:names:tc:SAML:2.0:nameid-format:emailAddress", "Success"}, // a common slip
		{"urn:oasis:names:tc:SAML:2.0:nameid-format:transient", "Success"},    // Okta sends the configured format
		{"urn:oasis:names:tc:SAML:2.0:nameid-format:kerberos", "Requester InvalidNameIDPolicy"},
		{"urn:oasis:names:tc:SAML:2.0:nameid-format:encrypted", "Requester InvalidNameIDPolicy"},
		{"urn:example:own", "Requester InvalidNameIDPolicy"},
	} {
		path := asks(t, app, fmt.Sprint("id", i), "", `<samlp:NameIDPolicy Format="`+tt.format+`"/>`)
		if got := status(t, delivered(t, b.Get(path))); got != tt.status {
			t.Errorf("%q is answered with %s, want %s", tt.format, got, tt.status)
		}
	}
	got := reasons(t, lab, `eventType eq "user.authentication.sso" and outcome.result eq "FAILURE"`)
	if len(got) != 3 || !strings.HasSuffix(got[0], "INVALID_NAMEID_POLICY") {
		t.Errorf("events %q", got)
	}
}

// status returns the status codes of a response without their prefix, the outer one first.
func status(t *testing.T, message []byte) string {
	t.Helper()
	doc := etree.NewDocument()
	if err := doc.ReadFromBytes(message); err != nil {
		t.Fatal(err)
	}
	var codes []string
	for _, code := range doc.FindElements("//StatusCode") {
		codes = append(codes, strings.TrimPrefix(code.SelectAttrValue("Value", ""), "urn:oasis:names:tc:SAML:2.0:status:"))
	}
	if success := doc.FindElement("//Assertion") != nil || doc.FindElement("//EncryptedAssertion") != nil; success != (codes[0] == "Success") {
		t.Errorf("status %q, assertion %v", codes, success)
	}
	return strings.Join(codes, " ")
}

func TestRequestedAuthnContextIsMetOrRefused(t *testing.T) {
	lab, app := open(t)
	b := lab.SignedIn(t, ada)
	const classes = "urn:oasis:names:tc:SAML:2.0:ac:classes:"
	for i, tt := range []struct {
		comparison string
		wanted     []string
		want       string // class of the assertion; empty: NoAuthnContext
	}{
		{"exact", []string{classes + "PasswordProtectedTransport"}, "PasswordProtectedTransport"},
		{"exact", []string{classes + "Password"}, "Password"},
		{"", []string{classes + "TLSClient", classes + "unspecified"}, "unspecified"},
		{"", []string{"urn:okta:loa:1fa:any"}, "urn:okta:loa:1fa:any"},
		{"exact", []string{classes + "TLSClient"}, ""},
		{"exact", []string{"urn:okta:loa:2fa:any"}, ""},
		{"minimum", []string{classes + "Password"}, "PasswordProtectedTransport"},
		{"minimum", []string{classes + "X509"}, ""},
		{"maximum", []string{classes + "Password"}, "Password"},
		{"maximum", []string{classes + "X509"}, "PasswordProtectedTransport"},
		{"better", []string{classes + "Password"}, "PasswordProtectedTransport"},
		{"better", []string{classes + "PasswordProtectedTransport"}, ""},
		{"stronger", []string{classes + "Password"}, ""},
	} {
		context := "<samlp:RequestedAuthnContext>"
		if tt.comparison != "" {
			context = `<samlp:RequestedAuthnContext Comparison="` + tt.comparison + `">`
		}
		for _, class := range tt.wanted {
			context += "<saml:AuthnContextClassRef>" + class + "</saml:AuthnContextClassRef>"
		}
		message := delivered(t, b.Get(asks(t, app, fmt.Sprint("id", i), "", context+"</samlp:RequestedAuthnContext>")))
		want := "Success"
		if tt.want == "" {
			want = "Responder NoAuthnContext"
		} else if !strings.Contains(string(message), tt.want+"</saml2:AuthnContextClassRef>") {
			t.Errorf("%s %q: the assertion has not the class %s", tt.comparison, tt.wanted, tt.want)
		}
		if got := status(t, message); got != want {
			t.Errorf("%s %q is answered with %s, want %s", tt.comparison, tt.wanted, got, want)
		}
	}
	configure(t, lab, app, idp.SAMLOptions{AuthnContext: classes + "X509"})
	exact := "<samlp:RequestedAuthnContext><saml:AuthnContextClassRef>" + classes + "X509</saml:AuthnContextClassRef></samlp:RequestedAuthnContext>"
	if message := delivered(t, b.Get(asks(t, app, "idx", "", exact))); !strings.Contains(string(message), "classes:X509</saml2") {
		t.Errorf("the configured class does not answer a request for it: %s", message)
	}
}

func TestSubjectOfARequestIsTheOnlyPersonSignedOn(t *testing.T) {
	lab, app := open(t)
	subject := func(name string) string {
		return "<saml:Subject><saml:NameID>" + name + "</saml:NameID></saml:Subject>"
	}

	delivered(t, lab.SignedIn(t, ada).Get(asks(t, app, "own", "", subject("ADA@example.com"))))

	form := lab.Browser(t).Get(asks(t, app, "fill", "", subject(ada))).Want(http.StatusOK, "Sign In")
	if got := form.Doc.Find(`input[name="username"]`).AttrOr("value", ""); got != ada {
		t.Errorf("the sign-in page fills in %q, want the subject", got)
	}
	delivered(t, form.Submit("Sign in", orgtest.Values{"Password": password}))

	// Another person is signed in: the page asks for the subject's credentials, and Ada's session does not answer.
	b := lab.SignedIn(t, bob)
	if err := lab.DB.SetClock(t.Context(), time.Minute, time.Time{}); err != nil {
		t.Fatal(err)
	}
	form = b.Get(asks(t, app, "other", "", subject(ada))).Want(http.StatusOK, "Sign In")
	message := delivered(t, form.Submit("Sign in", orgtest.Values{"Username": bob, "Password": password}))
	if got := status(t, message); got != "Responder UnknownPrincipal" {
		t.Errorf("another person's sign-in is answered with %s", got)
	}
	message = delivered(t, b.Get(asks(t, app, "passive", `IsPassive="true"`, subject(ada))))
	if got := status(t, message); got != "Responder NoPassive" {
		t.Errorf("a passive request for another person is answered with %s", got)
	}
}

func TestLoginHintFillsInTheUsername(t *testing.T) {
	lab, app := open(t)
	for name, page := range map[string]*orgtest.Page{
		"SP-initiated":   lab.Browser(t).Get(asks(t, app, "a", "", "") + "&login_hint=" + url.QueryEscape(ada)),
		"IdP-initiated":  lab.Browser(t).Get(app.SSOPath() + "?login_hint=" + url.QueryEscape(ada)),
		"embed link":     lab.Browser(t).Get(app.EmbedPath() + "?login_hint=" + url.QueryEscape(ada)),
		"My Apps":        lab.Browser(t).Get("/app/UserHome?login_hint=" + url.QueryEscape(ada)),
		"posted request": lab.Browser(t).Post(app.SSOPath(), url.Values{"SAMLRequest": {encoded(request("p", "", ""))}, "login_hint": {ada}}),
	} {
		page.Want(http.StatusOK, "Sign In")
		if got := page.Doc.Find(`input[name="username"]`).AttrOr("value", ""); got != ada {
			t.Errorf("%s: the sign-in page fills in %q", name, got)
		}
	}
}

// providerKey is the key of a service provider, with its certificate.
type providerKey struct {
	key         *rsa.PrivateKey
	certificate *x509.Certificate
}

// PEM returns the certificate in PEM form.
func (p providerKey) PEM() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.certificate.Raw}))
}

// GetKeyPair implements dsig.X509KeyStore.
func (p providerKey) GetKeyPair() (*rsa.PrivateKey, []byte, error) {
	return p.key, p.certificate.Raw, nil
}

func newProviderKey() providerKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "service provider"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		panic(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return providerKey{key, certificate}
}

var ownKey, strangersKey = sync.OnceValue(newProviderKey), sync.OnceValue(newProviderKey)

// signedQuery signs a message with the HTTP-Redirect binding (SAML bindings 3.4.4.1).
func (p providerKey) signedQuery(t *testing.T, parameter, message, relay string) string {
	t.Helper()
	query := parameter + "=" + deflate(t, message)
	if relay != "" {
		query += "&RelayState=" + url.QueryEscape(relay)
	}
	query += "&SigAlg=" + url.QueryEscape("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256")
	sum := sha256.Sum256([]byte(query))
	signature, err := rsa.SignPKCS1v15(rand.Reader, p.key, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return query + "&Signature=" + url.QueryEscape(base64.StdEncoding.EncodeToString(signature))
}

// signedMessage signs a message for the HTTP-POST binding with goxmldsig, an implementation that is independent of ours.
func (p providerKey) signedMessage(t *testing.T, message string) string {
	t.Helper()
	doc := etree.NewDocument()
	if err := doc.ReadFromString(message); err != nil {
		t.Fatal(err)
	}
	context := dsig.NewDefaultSigningContext(p)
	context.Canonicalizer = dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("")
	signed, err := context.SignEnveloped(doc.Root())
	if err != nil {
		t.Fatal(err)
	}
	doc.SetRoot(signed)
	text, err := doc.WriteToString()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

const emailFormat = `<samlp:NameIDPolicy Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"/>`

// Each case is tried without Signed Requests (where a signature is optional, but never wrong) and with it.
func TestSignaturesOfRequestsAreVerified(t *testing.T) {
	lab, app := open(t)
	own, stranger := ownKey(), strangersKey()
	b := lab.SignedIn(t, ada)
	n := 0
	message := func() string { n++; return request(fmt.Sprint("id", n), "", emailFormat) }
	post := func(text string) *orgtest.Page {
		return b.Post(app.SSOPath(), url.Values{"SAMLRequest": {encoded(text)}})
	}
	get := func(query string) *orgtest.Page { return b.Get(app.SSOPath() + "?" + query) }
	for _, tt := range []struct {
		name           string
		send           func() *orgtest.Page
		optional, must bool // whether the request is accepted
	}{
		{"Redirect, signed", func() *orgtest.Page { return get(own.signedQuery(t, "SAMLRequest", message(), "r&=%")) }, true, true},
		{"POST, signed", func() *orgtest.Page { return post(own.signedMessage(t, message())) }, true, true},
		{"Redirect, unsigned", func() *orgtest.Page { return get("SAMLRequest=" + deflate(t, message())) }, true, false},
		{"POST, unsigned", func() *orgtest.Page { return post(message()) }, true, false},
		{"Signature=AAAA", func() *orgtest.Page {
			return get("SAMLRequest=" + deflate(t, message()) + "&SigAlg=http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23rsa-sha256&Signature=AAAA")
		}, false, false},
		{"Signature without SigAlg", func() *orgtest.Page { return get("SAMLRequest=" + deflate(t, message()) + "&Signature=AAAA") }, false, false},
		{"an empty Signature", func() *orgtest.Page { return get("SAMLRequest=" + deflate(t, message()) + "&Signature=") }, false, false},
		{"Redirect, another key", func() *orgtest.Page { return get(stranger.signedQuery(t, "SAMLRequest", message(), "")) }, false, false},
		{"POST, another key", func() *orgtest.Page { return post(stranger.signedMessage(t, message())) }, false, false},
		{"RelayState changed", func() *orgtest.Page {
			return get(strings.Replace(own.signedQuery(t, "SAMLRequest", message(), "relay"), "relay", "other", 1))
		}, false, false},
		{"RelayState added", func() *orgtest.Page { return get(own.signedQuery(t, "SAMLRequest", message(), "") + "&RelayState=x") }, false, false},
		{"a second RelayState", func() *orgtest.Page {
			return get("RelayState=evil&" + own.signedQuery(t, "SAMLRequest", message(), "relay"))
		}, false, false},
		{"a second SAMLRequest", func() *orgtest.Page {
			return get("SAMLRequest=" + deflate(t, message()) + "&" + own.signedQuery(t, "SAMLRequest", message(), ""))
		}, false, false},
		{"a signature that a semicolon hides", func() *orgtest.Page {
			return get("SAMLRequest=" + deflate(t, message()) + "&SigAlg=x&Signature=AAAA;x")
		}, false, false},
		{"POST, changed after signing", func() *orgtest.Page {
			return post(strings.Replace(own.signedMessage(t, message()), `Version="2.0"`, `Version="2.0" ForceAuthn="true"`, 1))
		}, false, false},
		{"SHA-1", func() *orgtest.Page {
			return get(strings.Replace(own.signedQuery(t, "SAMLRequest", message(), ""), "xmldsig-more%23rsa-sha256", "xmldsig%23rsa-sha1", 1))
		}, false, false},
	} {
		for _, must := range []bool{false, true} {
			configure(t, lab, app, idp.SAMLOptions{SignatureCertificate: own.PEM(), SignedRequests: must})
			want := tt.optional
			if must {
				want = tt.must
			}
			page := tt.send()
			if !want {
				page.Want(http.StatusBadRequest, "The signature of the SAML request cannot be verified")
				continue
			}
			if got := status(t, delivered(t, page)); got != "Success" {
				t.Errorf("%s, required %v: %s", tt.name, must, got)
			}
		}
	}
	got := reasons(t, lab, `eventType eq "user.authentication.sso" and outcome.result eq "FAILURE"`)
	if len(got) == 0 || !strings.HasSuffix(got[0], "INVALID_SIGNATURE") {
		t.Errorf("events %q", got)
	}
	// Without a certificate nothing can be verified, as in Okta.
	configure(t, lab, app, idp.SAMLOptions{})
	delivered(t, get(stranger.signedQuery(t, "SAMLRequest", message(), "")))
}

func TestSignedRequestsAlsoChecksNameIDPolicyAndDestination(t *testing.T) {
	lab, app := open(t)
	own := ownKey()
	configure(t, lab, app, idp.SAMLOptions{SignatureCertificate: own.PEM(), SignedRequests: true})
	b := lab.SignedIn(t, ada)
	get := func(message string) *orgtest.Page {
		return b.Get(app.SSOPath() + "?" + own.signedQuery(t, "SAMLRequest", message, ""))
	}
	get(request("a", "", "")).Want(http.StatusBadRequest, "NameIDPolicy '' is not the configured Name ID Format "+
		"'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress' for the app")
	get(request("b", `Destination="https://other.example/sso"`, emailFormat)).Want(http.StatusBadRequest, "an address other than its Destination")
	delivered(t, get(request("c", `Destination="https://acme.okta.example`+app.SSOPath()+`"`, emailFormat)))
	// The signature holds after the person signed in.
	form := lab.Browser(t).Get(app.SSOPath() + "?" + own.signedQuery(t, "SAMLRequest", request("d", "", emailFormat), "deep & link"))
	page := form.Submit("Sign in", orgtest.Values{"Username": ada, "Password": password})
	delivered(t, page)
	if relay := page.Doc.Find(`input[name="RelayState"]`).AttrOr("value", ""); relay != "deep & link" {
		t.Errorf("RelayState %q", relay)
	}
}

func TestResponseGoesToTheURLThatTheRequestNames(t *testing.T) {
	lab, _ := open(t)
	app := addWizardApp(t, lab, "Many", "https://sp.example/acs", "https://sp.example/md")
	app = configure(t, lab, app, idp.SAMLOptions{OtherURLs: []idp.ACSEndpoint{
		{URL: "https://eu.sp.example/acs/", Index: 1}, {URL: "https://us.sp.example/acs?x=1", Index: 7},
	}})
	b := lab.SignedIn(t, ada)
	for i, tt := range []struct{ attributes, want string }{
		{"", "https://sp.example/acs"},
		{`AssertionConsumerServiceURL="https://sp.example/acs"`, "https://sp.example/acs"},
		{`AssertionConsumerServiceURL="https://eu.sp.example/acs/"`, "https://eu.sp.example/acs/"},
		{`AssertionConsumerServiceIndex="7"`, "https://us.sp.example/acs?x=1"},
		{`AssertionConsumerServiceIndex="1"`, "https://eu.sp.example/acs/"},
		{`AssertionConsumerServiceURL="https://eu.sp.example/acs"`, ""},
		{`AssertionConsumerServiceURL="https://evil.example/acs"`, ""},
		{`AssertionConsumerServiceIndex="2"`, ""},
	} {
		page := b.Get(asks(t, app, fmt.Sprint("id", i), tt.attributes, ""))
		if tt.want == "" {
			page.Want(http.StatusBadRequest, "not configured for this application")
			continue
		}
		message := string(delivered(t, page))
		if action := page.Doc.Find("form#appForm").AttrOr("action", ""); action != tt.want {
			t.Errorf("%s: the form goes to %s", tt.attributes, action)
		}
		for _, name := range []string{"Recipient", "Destination"} {
			if !strings.Contains(message, name+`="`+tt.want+`"`) {
				t.Errorf("%s: the response has not %s %s", tt.attributes, name, tt.want)
			}
		}
	}
	// With Signed Requests the URL is read from the request, because its signature vouches for it.
	own := ownKey()
	configure(t, lab, app, idp.SAMLOptions{SignatureCertificate: own.PEM(), SignedRequests: true})
	policy := `<samlp:NameIDPolicy Format="urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"/>`
	page := b.Get(app.SSOPath() + "?" + own.signedQuery(t, "SAMLRequest",
		request("dynamic", `AssertionConsumerServiceURL="https://new.sp.example/acs"`, policy), ""))
	delivered(t, page)
	if action := page.Doc.Find("form#appForm").AttrOr("action", ""); action != "https://new.sp.example/acs" {
		t.Errorf("the form goes to %s", action)
	}
}
