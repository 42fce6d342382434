package sso_test

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/crewjam/saml"
	"github.com/labstack/echo/v4"

	"understudy/idp"
	"understudy/idp/internal/orgtest"
	"understudy/idp/signin"
	"understudy/idp/sso"
)

const (
	ada = "ada@example.com"
	bob = "bob@example.com"
)

// open serves an org with a Sigma app that is assigned to ada and not to bob.
func open(t *testing.T) (*orgtest.Lab, idp.App) {
	t.Helper()
	lab := orgtest.Open(t, idp.Seed{
		Name: "Test", Subdomain: "test",
		Users: []idp.SeedUser{
			{FirstName: "Ada", LastName: "O'Kafor & Sons", Email: ada, Password: password, Admin: true},
			{FirstName: "Bob", LastName: "Stone", Email: bob, Password: password},
		},
		Apps: []idp.SeedApp{{CatalogKey: "sigmaonaws", Users: []string{ada}}},
	}, idp.Options{}, func(e *echo.Echo) {
		signin.Register(e, signin.Options{AppOf: sso.AppOf})
		sso.Register(e)
	})
	apps, err := lab.Org.Apps(t.Context(), idp.AppQuery{})
	if err != nil || len(apps) != 1 {
		t.Fatal(apps, err)
	}
	return lab, apps[0]
}

const password = orgtest.Password

// provider returns a service provider by crewjam/saml, an implementation that is independent of ours.
func provider(t *testing.T, lab *orgtest.Lab, app idp.App) *saml.ServiceProvider {
	t.Helper()
	page := lab.Browser(t).Get(app.MetadataPath())
	var metadata saml.EntityDescriptor
	if err := xml.Unmarshal([]byte(page.Body), &metadata); err != nil {
		t.Fatalf("metadata: %v in %s", err, page.Body)
	}
	acs, _ := url.Parse(lab.URL + "/sigma/demo/api/v2/saml2/assert")
	entity, _ := url.Parse(lab.URL + "/sigma/demo/api/v2/saml2/2/metadata.xml")
	return &saml.ServiceProvider{EntityID: entity.String(), MetadataURL: *entity, AcsURL: *acs, IDPMetadata: &metadata,
		AllowIDPInitiated: true}
}

// path returns the path and query of a sign-on request within the half.
func path(t *testing.T, request *saml.AuthnRequest, relay string) string {
	t.Helper()
	u, err := request.Redirect(url.QueryEscape(relay), &saml.ServiceProvider{}) // crewjam/saml does not escape the RelayState
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(u.Path, "/okta/demo") + "?" + u.RawQuery
}

// newRequest makes an AuthnRequest with the Redirect binding.
func newRequest(t *testing.T, sp *saml.ServiceProvider) *saml.AuthnRequest {
	t.Helper()
	request, err := sp.MakeAuthenticationRequest(sp.GetSSOBindingLocation(saml.HTTPRedirectBinding),
		saml.HTTPRedirectBinding, saml.HTTPPostBinding)
	if err != nil {
		t.Fatal(err)
	}
	return request
}

// delivered returns the response that the delivery page carries.
func delivered(t *testing.T, page *orgtest.Page) []byte {
	t.Helper()
	text, ok := page.Doc.Find(`form#appForm input[name="SAMLResponse"]`).Attr("value")
	if !ok {
		t.Fatalf("%s is not a delivery page: %s", page.URL, page.Text())
	}
	message, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return message
}

func TestIndependentServiceProviderAcceptsTheResponse(t *testing.T) {
	lab, app := open(t)
	sp := provider(t, lab, app)
	request := newRequest(t, sp)
	page := lab.SignedIn(t, ada).Get(path(t, request, "deep/link?x=1&y=2"))
	message := delivered(t, page)
	assertion, err := sp.ParseXMLResponse(message, []string{request.ID}, sp.AcsURL)
	if err != nil {
		t.Fatalf("%v: %v\n%s", err, err.(*saml.InvalidResponseError).PrivateErr, message)
	}
	if got := assertion.Subject.NameID.Value; got != ada {
		t.Errorf("NameID %q", got)
	}
	values := map[string]string{}
	for _, statement := range assertion.AttributeStatements {
		for _, attribute := range statement.Attributes {
			values[attribute.Name] = attribute.Values[0].Value
		}
	}
	if values["firstName"] != "Ada" || values["lastName"] != "O'Kafor & Sons" {
		t.Errorf("attributes %v", values)
	}
	form := page.Doc.Find("form#appForm")
	if action, _ := form.Attr("action"); action != sp.AcsURL.String() {
		t.Errorf("the form goes to %s", action)
	}
	if relay, _ := form.Find(`input[name="RelayState"]`).Attr("value"); relay != "deep/link?x=1&y=2" {
		t.Errorf("RelayState %q", relay)
	}
	for _, want := range []string{
		`<saml2p:Response xmlns:saml2p=`,
		`Issuer xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion" ` +
			`Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity">http://www.okta.com/` + app.ExternalKey,
		`http://www.w3.org/2001/04/xmldsig-more#rsa-sha256`, `http://www.w3.org/2001/04/xmlenc#sha256`,
		`SessionIndex="` + request.ID + `"`,
		`urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress`, `attrname-format:unspecified`, `xsi:type="xs:string"`,
	} {
		if !strings.Contains(string(message), want) {
			t.Errorf("the response has no %s", want)
		}
	}
	if n := bytes.Count(message, []byte("<ds:Signature ")); n != 2 {
		t.Errorf("%d signatures, want response and assertion signed", n)
	}
}

func TestIdPInitiatedSignOnCarriesNoInResponseToAndTheDefaultRelayState(t *testing.T) {
	lab, app := open(t)
	_, err := lab.Org.UpdateAppSignOn(lab.Context(t), idp.System(idp.Client{}), app.ID,
		idp.AppSignOn{DefaultRelayState: "https://example.com/finish-login", UserNameFormat: "email"})
	if err != nil {
		t.Fatal(err)
	}
	sp := provider(t, lab, app)
	for _, start := range []string{app.EmbedPath(), app.SSOPath()} {
		page := lab.SignedIn(t, ada).Get(start)
		message := delivered(t, page)
		if bytes.Contains(message, []byte("InResponseTo")) {
			t.Errorf("%s: the response has InResponseTo, without a request", start)
		}
		if relay, _ := page.Doc.Find(`input[name="RelayState"]`).Attr("value"); relay != "https://example.com/finish-login" {
			t.Errorf("%s: RelayState %q", start, relay)
		}
		if _, err := sp.ParseXMLResponse(message, nil, sp.AcsURL); err != nil {
			t.Errorf("%s: %v", start, err.(*saml.InvalidResponseError).PrivateErr)
		}
	}
}

func TestSignInReturnsToTheRequest(t *testing.T) {
	lab, app := open(t)
	sp := provider(t, lab, app)
	request := newRequest(t, sp)
	b := lab.Browser(t)
	form := b.Get(path(t, request, "")).Want(http.StatusOK, "Sign In", "Sigma on AWS")
	message := delivered(t, form.Submit("Sign in", orgtest.Values{"Username": ada, "Password": password}))
	if _, err := sp.ParseXMLResponse(message, []string{request.ID}, sp.AcsURL); err != nil {
		t.Error(err.(*saml.InvalidResponseError).PrivateErr)
	}
}

func TestPostBindingGetsTheSameAnswerAsRedirectBinding(t *testing.T) {
	lab, app := open(t)
	sp := provider(t, lab, app)
	request := newRequest(t, sp)
	text, err := xml.Marshal(request)
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{"SAMLRequest": {base64.StdEncoding.EncodeToString(text)}, "RelayState": {"r"}}
	page := lab.SignedIn(t, ada).Post(app.SSOPath(), form)
	if _, err := sp.ParseXMLResponse(delivered(t, page), []string{request.ID}, sp.AcsURL); err != nil {
		t.Error(err.(*saml.InvalidResponseError).PrivateErr)
	}
}

// reasons returns the events that match filter, newest first, each as "type result reason".
func reasons(t *testing.T, lab *orgtest.Lab, filter string) []string {
	t.Helper()
	page, err := lab.Org.Log(t.Context(), idp.LogQuery{Text: filter})
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range page.Events {
		reason := ""
		if e.Outcome.Reason != nil {
			reason = *e.Outcome.Reason
		}
		list = append(list, e.EventType+" "+e.Outcome.Result+" "+reason)
	}
	return list
}

// deflate encodes a message for a query with the Redirect binding.
func deflate(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	return url.QueryEscape(base64.StdEncoding.EncodeToString(b.Bytes()))
}

// plain is an AuthnRequest with an ID and further attributes to fill in.
const plain = `<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="%s" Version="2.0" ` +
	`IssueInstant="2026-11-02T09:00:00Z" %s/>`

func TestRefusedRequests(t *testing.T) {
	lab, app := open(t)
	valid := fmt.Sprintf(plain, "once", "")
	tests := []struct {
		name, query string
		status      int
		text        string
		event       string
	}{
		{"not base64", "SAMLRequest=%25%25", 400, "cannot be read", "MALFORMED_REQUEST"},
		{"not XML", "SAMLRequest=" + deflate(t, "hello"), 400, "cannot be read", "MALFORMED_REQUEST"},
		{"another message", "SAMLRequest=" + deflate(t, `<a xmlns="urn:x"/>`), 400, "cannot be read", "MALFORMED_REQUEST"},
		{"no ID", "SAMLRequest=" + deflate(t, fmt.Sprintf(plain, "", "")), 400, "cannot be read", "MALFORMED_REQUEST"},
		{"a document type", "SAMLRequest=" + deflate(t, `<!DOCTYPE x [<!ENTITY a "b">]>`+valid), 400, "cannot be read",
			"MALFORMED_REQUEST"},
		{"a compressed bomb", "SAMLRequest=" + deflate(t, strings.Repeat(" ", 4<<20)+valid), 400, "too large", "OVERSIZED_REQUEST"},
		{"an oversized request", "SAMLRequest=" + strings.Repeat("A", 40<<10), 400, "too large", "OVERSIZED_REQUEST"},
		{"an oversized RelayState", "SAMLRequest=" + deflate(t, valid) + "&RelayState=" + strings.Repeat("r", 5<<10), 400,
			"too large", "OVERSIZED_REQUEST"},
		{"a foreign ACS", "SAMLRequest=" + deflate(t, fmt.Sprintf(plain, "acs",
			`AssertionConsumerServiceURL="https://evil.example/acs"`)),
			400, "not configured for this application", "UNKNOWN_ACS"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			lab.SignedIn(t, ada).Get(app.SSOPath()+"?"+tt.query).Want(tt.status, "Bad Request", tt.text)
			got := reasons(t, lab, `eventType eq "user.authentication.sso" and outcome.result eq "FAILURE"`)
			if len(got) == 0 || !strings.HasSuffix(got[0], tt.event) {
				t.Errorf("events %q", got)
			}
		})
	}
}

func TestRequestIsAnsweredOnce(t *testing.T) {
	lab, app := open(t)
	sp := provider(t, lab, app)
	request := newRequest(t, sp)
	b := lab.SignedIn(t, ada)
	delivered(t, b.Get(path(t, request, "")))
	b.Get(path(t, request, "")).Want(http.StatusBadRequest, "already answered")
}

func TestSignOnNeedsAnActiveAssignedApp(t *testing.T) {
	lab, app := open(t)
	lab.SignedIn(t, bob).Get(app.SSOPath()).Want(http.StatusForbidden, "User is not assigned to this application", "Sigma on AWS")
	got := reasons(t, lab, `eventType eq "app.generic.unauth_app_access_attempt"`)
	if len(got) != 1 || !strings.Contains(got[0], "FAILURE") {
		t.Errorf("events %q", got)
	}
	lab.Browser(t).Get("/app/sigmaonaws/exkNoSuchApp/sso/saml").Want(http.StatusNotFound)
	lab.Browser(t).Get("/app/othername/" + app.ExternalKey + "/sso/saml").Want(http.StatusNotFound)
	if err := lab.Org.DeactivateApp(t.Context(), idp.System(idp.Client{}), app.ID); err != nil {
		t.Fatal(err)
	}
	for _, start := range []string{app.SSOPath(), app.EmbedPath()} {
		lab.SignedIn(t, ada).Get(start).Want(http.StatusForbidden, "This app is not available")
	}
}

func TestIsPassiveNeverShowsTheSignInPage(t *testing.T) {
	lab, app := open(t)
	page := lab.Browser(t).Get(app.SSOPath() + "?SAMLRequest=" + deflate(t, fmt.Sprintf(plain, "passive", `IsPassive="true"`)))
	message := string(delivered(t, page))
	if !strings.Contains(message, "status:NoPassive") || strings.Contains(message,
		"<saml2:Assertion") || !strings.Contains(message, `InResponseTo="passive"`) {
		t.Errorf("the response is %s", message)
	}
}

func TestForceAuthnAsksForCredentialsUnlessTheAppDisablesIt(t *testing.T) {
	lab, app := open(t)
	forced := func(id string) string {
		return app.SSOPath() + "?SAMLRequest=" + deflate(t, fmt.Sprintf(plain, id, `ForceAuthn="true"`))
	}
	b := lab.SignedIn(t, ada)
	// The lab's clock must advance, so that the sign-in is older than the request.
	if err := lab.DB.SetClock(t.Context(), time.Minute, time.Time{}); err != nil {
		t.Fatal(err)
	}
	form := b.Get(forced("one")).Want(http.StatusOK, "Sign In")
	if err := lab.DB.SetClock(t.Context(), 2*time.Minute, time.Time{}); err != nil {
		t.Fatal(err)
	}
	delivered(t, form.Submit("Sign in", orgtest.Values{"Username": ada, "Password": password}))
	_, err := lab.Org.UpdateAppSignOn(lab.Context(t), idp.System(idp.Client{}), app.ID,
		idp.AppSignOn{DisableForceAuthn: true, UserNameFormat: "email"})
	if err != nil {
		t.Fatal(err)
	}
	if err := lab.DB.SetClock(t.Context(), 3*time.Minute, time.Time{}); err != nil {
		t.Fatal(err)
	}
	delivered(t, b.Get(forced("two")))
}

func TestNewCertificateSignsOnlyAfterActivation(t *testing.T) {
	lab, app := open(t)
	sp := provider(t, lab, app)
	key, err := lab.Org.GenerateAppKey(t.Context(), idp.System(idp.Client{}), app.ID, 2)
	if err != nil {
		t.Fatal(err)
	}
	accepted := func() bool {
		_, err := sp.ParseXMLResponse(delivered(t, lab.SignedIn(t, ada).Get(app.SSOPath())), nil, sp.AcsURL)
		return err == nil
	}
	if !accepted() {
		t.Error("a certificate that is not active signed the response")
	}
	if err := lab.Org.ActivateAppKey(t.Context(), idp.System(idp.Client{}), app.ID, key.ID); err != nil {
		t.Fatal(err)
	}
	if accepted() {
		t.Error("the old certificate still verifies")
	}
	sp = provider(t, lab, app)
	if !accepted() {
		t.Error("the certificate in the new metadata does not verify the response")
	}
}

func TestSignOnStaysInTheWindow(t *testing.T) {
	lab, app := open(t)
	// On a page of window 2, the copied Sign on URL leads to window 2.
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, lab.URL+"/okta/demo"+app.SSOPath(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for referer, want := range map[string]string{
		lab.URL + "/sigma/demo~2/login":       "/okta/demo~2" + app.SSOPath(),
		lab.URL + "/sigma/other~2/login":      "/okta/demo/login/login.htm",
		"https://evil.example/sigma/demo~2/":  "/okta/demo/login/login.htm",
		lab.URL + "/sigma/demo/login":         "/okta/demo/login/login.htm",
		lab.URL + "/okta/demo~2/app/UserHome": "/okta/demo~2" + app.SSOPath(),
		lab.URL + "/sigma/demo~2x/app/x":      "/okta/demo/login/login.htm",
	} {
		req.Header.Set("Referer", referer)
		client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		to, err := resp.Location()
		if err != nil || to.Path != want {
			t.Errorf("with the Referer %s the URL leads to %v (%s), %v", referer, to, resp.Status, err)
		}
	}
	page := lab.SignedIn(t, ada).Get(app.EmbedPath())
	if action, _ := page.Doc.Find("form#appForm").Attr("action"); action != lab.URL+"/sigma/demo/api/v2/saml2/assert" {
		t.Errorf("in window 0 the form goes to %s", action)
	}
}
