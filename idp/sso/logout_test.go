package sso_test

import (
	"bytes"
	"compress/flate"
	"crypto/x509"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/crewjam/saml"

	"understudy/idp"
	"understudy/idp/internal/orgtest"
)

const (
	logoutURL    = "http://127.0.0.1:9/slo/response"
	logoutIssuer = "http://127.0.0.1:9/metadata/"
)

// fromApp lets an app begin single logout.
var fromApp = idp.SingleLogout{FromApp: true, ResponseURL: logoutURL, Issuer: logoutIssuer}

// logoutRequest returns a LogoutRequest of the service provider.
func logoutRequest(id, issuer, attributes, nameID string) string {
	return `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ` +
		`ID="` + id + `" Version="2.0" IssueInstant="2026-11-02T09:00:00Z" ` + attributes + `><saml:Issuer>` + issuer +
		`</saml:Issuer><saml:NameID>` + nameID + `</saml:NameID></samlp:LogoutRequest>`
}

// carried returns the message that a page posts in a field.
func carried(t *testing.T, page *orgtest.Page, field string) []byte {
	t.Helper()
	text, there := page.Doc.Find(`form#appForm input[name="` + field + `"]`).Attr("value")
	if !there {
		t.Fatalf("%s posts no %s: %s", page.URL, field, page.Text())
	}
	message, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return message
}

func signedOut(t *testing.T, b *orgtest.Browser) bool {
	t.Helper()
	return strings.Contains(b.Get("/app/UserHome").Text(), "Sign In")
}

func TestAppEndsTheSessionBySingleLogout(t *testing.T) {
	lab, app := open(t)
	own := ownKey()
	app = configure(t, lab, app, idp.SAMLOptions{SignatureCertificate: own.PEM(), Logout: fromApp})
	sp := provider(t, lab, app)
	sp.SloURL = mustURL(t, logoutURL)
	for binding, send := range map[string]func(b *orgtest.Browser, message string) *orgtest.Page{
		"POST": func(b *orgtest.Browser, message string) *orgtest.Page {
			return b.Post(app.SLOPath(), url.Values{"SAMLRequest": {encoded(own.signedMessage(t, message))}, "RelayState": {"back & forth"}})
		},
		"Redirect": func(b *orgtest.Browser, message string) *orgtest.Page {
			return b.Get(app.SLOPath() + "?" + own.signedQuery(t, "SAMLRequest", message, "back & forth"))
		},
	} {
		b := lab.SignedIn(t, ada)
		page := send(b, logoutRequest("out", logoutIssuer, "", ada)).Want(http.StatusOK, "Signing out of Sigma on AWS")
		if !signedOut(t, b) {
			t.Errorf("%s: the session at Okta goes on", binding)
		}
		form := page.Doc.Find("form#appForm")
		if action := form.AttrOr("action", ""); action != logoutURL {
			t.Errorf("%s: the response goes to %s", binding, action)
		}
		if relay := form.Find(`input[name="RelayState"]`).AttrOr("value", ""); relay != "back & forth" {
			t.Errorf("%s: RelayState %q", binding, relay)
		}
		message := carried(t, page, "SAMLResponse")
		if err := sp.ValidateLogoutResponseForm(base64.StdEncoding.EncodeToString(message)); err != nil {
			t.Errorf("%s: crewjam refuses the LogoutResponse: %v\n%s", binding, err, message)
		}
		if !strings.Contains(string(message), `InResponseTo="out"`) {
			t.Errorf("%s: %s", binding, message)
		}
		// Without a session the page is the same: the person is signed out.
		send(b, logoutRequest("again", logoutIssuer, "", ada)).Want(http.StatusOK, "Signing out of Sigma on AWS")
	}
	if got := reasons(t, lab, `eventType eq "user.authentication.slo"`); len(got) != 4 || got[0] != "user.authentication.slo SUCCESS " {
		t.Errorf("events %q", got)
	}
}

func mustURL(t *testing.T, text string) url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return *u
}

func TestLogoutRequestsThatAreRefused(t *testing.T) {
	lab, app := open(t)
	own, stranger := ownKey(), strangersKey()
	off := app
	app = configure(t, lab, app, idp.SAMLOptions{SignatureCertificate: own.PEM(), Logout: fromApp})
	b := lab.SignedIn(t, ada)
	signed := func(message string) string { return own.signedQuery(t, "SAMLRequest", message, "") }
	for name, tt := range map[string]struct{ query, text, reason string }{
		"unsigned":       {"SAMLRequest=" + deflate(t, logoutRequest("a", logoutIssuer, "", ada)), "signature", "INVALID_SIGNATURE"},
		"another key":    {stranger.signedQuery(t, "SAMLRequest", logoutRequest("a", logoutIssuer, "", ada), ""), "signature", "INVALID_SIGNATURE"},
		"another issuer": {signed(logoutRequest("a", strings.TrimSuffix(logoutIssuer, "/"), "", ada)), "SP Issuer", "INVALID_ISSUER"},
		"expired": {signed(logoutRequest("a", logoutIssuer, `NotOnOrAfter="2020-01-01T00:00:00Z"`, ada)), "expired",
			"EXPIRED_REQUEST"},
		"another destination": {signed(logoutRequest("a", logoutIssuer, `Destination="https://other.example/"`, ada)), "Destination",
			"INVALID_DESTINATION"},
		"an AuthnRequest": {signed(fmt.Sprintf(plain, "a", "")), "cannot be read", "MALFORMED_REQUEST"},
		"no message":      {"x=y", "no SAML message", "MALFORMED_REQUEST"},
	} {
		b.Get(app.SLOPath()+"?"+tt.query).Want(http.StatusBadRequest, tt.text)
		got := reasons(t, lab, `eventType eq "user.authentication.slo"`)
		if len(got) == 0 || !strings.HasSuffix(got[0], "FAILURE "+tt.reason) {
			t.Errorf("%s: events %q", name, got)
		}
	}
	// The request names another person than the one who is signed in.
	page := b.Get(app.SLOPath() + "?" + signed(logoutRequest("other", logoutIssuer, "", bob)))
	if got := status(t, carried(t, page, "SAMLResponse")); got != "Requester RequestDenied" {
		t.Errorf("a request for another person is answered with %s", got)
	}
	if signedOut(t, b) {
		t.Error("a refused request ended the session")
	}
	configure(t, lab, off, idp.SAMLOptions{})
	b.Get(off.SLOPath()+"?"+signed(logoutRequest("a", logoutIssuer, "", ada))).Want(http.StatusBadRequest, "not enabled")
}

// twoApps gives a lab whose apps First and Second take part in single logout: First by POST, Second by Redirect.
func twoApps(t *testing.T) (lab *orgtest.Lab, first, second idp.App) {
	t.Helper()
	lab, _ = open(t)
	first = addWizardApp(t, lab, "First", "http://127.0.0.1:9/first/acs", "first")
	second = addWizardApp(t, lab, "Second", "http://127.0.0.1:9/second/acs", "second")
	part := fromApp
	part.FromOkta, part.RequestURL, part.SessionIndex = true, "http://127.0.0.1:9/first/slo", true
	first = configure(t, lab, first, idp.SAMLOptions{SignatureCertificate: ownKey().PEM(), Logout: part})
	part.RequestURL, part.Binding, part.SessionIndex = lab.URL+"/okta/demo/echo?x=1", "REDIRECT", false
	second = configure(t, lab, second, idp.SAMLOptions{SignatureCertificate: ownKey().PEM(), Logout: part})
	return lab, first, second
}

func logoutResponse(inResponseTo, code string) string {
	return `<samlp:LogoutResponse xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="answer" Version="2.0" ` +
		`IssueInstant="2026-11-02T09:00:00Z" InResponseTo="` + inResponseTo + `"><samlp:Status><samlp:StatusCode ` +
		`Value="urn:oasis:names:tc:SAML:2.0:status:` + code + `"/></samlp:Status></samlp:LogoutResponse>`
}

// sentRequest is a LogoutRequest as crewjam/saml reads it.
func sentRequest(t *testing.T, message []byte) saml.LogoutRequest {
	t.Helper()
	var q saml.LogoutRequest
	if err := xml.Unmarshal(message, &q); err != nil {
		t.Fatalf("%v in %s", err, message)
	}
	return q
}

func TestOktaSignsOutOfEachAppThatTakesPart(t *testing.T) {
	lab, first, second := twoApps(t)
	b := lab.SignedIn(t, ada)
	for _, app := range []idp.App{first, second} {
		delivered(t, b.Get(app.SSOPath()))
	}
	page := b.Get("/login/signout").Submit("Sign out", nil).Want(http.StatusOK, "Signing out of First")
	if !signedOut(t, b) {
		t.Error("the session at Okta goes on")
	}
	if action := page.Doc.Find("form#appForm").AttrOr("action", ""); action != "http://127.0.0.1:9/first/slo" {
		t.Errorf("the request goes to %s", action)
	}
	message := carried(t, page, "SAMLRequest")
	q := sentRequest(t, message)
	if q.NameID.Value != ada || q.SessionIndex == nil || q.Issuer.Value != first.Issuer() || q.Signature == nil {
		t.Errorf("the request is %s", message)
	}
	next := b.Get(first.SLOPath() + "?" + ownKey().signedQuery(t, "SAMLResponse", logoutResponse(q.ID, "Success"), ""))
	if next.URL.Path != "/okta/demo/echo" || !next.URL.Query().Has("Signature") || next.URL.Query().Get("x") != "1" {
		t.Fatalf("after the first app the browser is at %s", next.URL)
	}
	_, key, err := lab.Org.SigningKey(t.Context(), second.ID)
	if err != nil {
		t.Fatal(err)
	}
	verifyQuery(t, next.URL.RawQuery, key)
	inflated := inflate(t, next.URL.Query().Get("SAMLRequest"))
	q = sentRequest(t, inflated)
	if q.NameID.Value != ada || q.SessionIndex != nil || q.Issuer.Value != second.Issuer() {
		t.Errorf("the request is %s", inflated)
	}
	events, err := lab.Org.Log(t.Context(), idp.LogQuery{Text: `eventType eq "user.authentication.slo"`})
	if err != nil || len(events.Events) != 2 {
		t.Fatal(events.Events, err)
	}
	for _, e := range events.Events {
		if e.Actor.AlternateID != ada {
			t.Errorf("the actor of %s is %s", e.EventType, e.Actor.AlternateID)
		}
	}
	b.Post(second.SLOPath(), url.Values{"SAMLResponse": {encoded(logoutResponse(q.ID, "Success"))}}).Want(http.StatusOK, "Sign In")
	// A response that answers nothing is refused.
	b.Get(second.SLOPath() + "?SAMLResponse=" + deflate(t, logoutResponse(q.ID, "Success"))).Want(http.StatusNotFound)
}

func TestLogoutOfOneAppSignsOutOfTheOthers(t *testing.T) {
	lab, first, second := twoApps(t)
	for _, tt := range []struct{ code, want string }{{"Success", "Success"}, {"Responder", "Success PartialLogout"}} {
		b := lab.SignedIn(t, ada)
		for _, app := range []idp.App{first, second} {
			delivered(t, b.Get(app.SSOPath()))
		}
		page := b.Get(second.SLOPath() + "?" + ownKey().signedQuery(t, "SAMLRequest", logoutRequest("out", logoutIssuer, "", ada), "r"))
		q := sentRequest(t, carried(t, page.Want(http.StatusOK, "Signing out of First"), "SAMLRequest"))
		page = b.Get(first.SLOPath() + "?SAMLResponse=" + deflate(t, logoutResponse(q.ID, tt.code)))
		message := carried(t, page.Want(http.StatusOK, "Signing out of Second"), "SAMLResponse")
		codes := strings.Count(string(message), "<saml2p:StatusCode")
		if !strings.Contains(string(message), "status:Success") || (codes == 2) != strings.Contains(tt.want, "PartialLogout") {
			t.Errorf("First answers %s, and Second gets %s", tt.code, message)
		}
	}
}

func TestSessionsWithoutSingleLogoutEndAtTheSignInPage(t *testing.T) {
	lab, app := open(t)
	b := lab.SignedIn(t, ada)
	delivered(t, b.Get(app.SSOPath()))
	b.Get("/login/signout").Submit("Sign out", nil).Want(http.StatusOK, "Sign In")
	b.Get("/login/signout/apps/nothing").Want(http.StatusOK, "Sign In")
}

// verifyQuery verifies the signature of a query with the certificate of an app (SAML bindings 3.4.4.1).
func verifyQuery(t *testing.T, query string, key idp.AppKey) {
	t.Helper()
	certificate, err := x509.ParseCertificate(key.Certificate)
	if err != nil {
		t.Fatal(err)
	}
	signed, signature, _ := strings.Cut(query[strings.Index(query, "SAMLRequest="):], "&Signature=")
	text, err := url.QueryUnescape(signature)
	if err != nil {
		t.Fatal(err)
	}
	value, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	if err := certificate.CheckSignature(x509.SHA256WithRSA, []byte(signed), value); err != nil {
		t.Errorf("the signature of the query: %v", err)
	}
}

// inflate decodes a message of the HTTP-Redirect binding.
func inflate(t *testing.T, message string) []byte {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(message)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(flate.NewReader(bytes.NewReader(raw)))
	if err != nil {
		t.Fatal(err)
	}
	return text
}
