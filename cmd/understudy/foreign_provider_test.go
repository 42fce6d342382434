package main

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"understudy/idp"
)

// foreignRequest is an AuthnRequest of a service provider that is not Sigma.
const foreignRequest = `<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_f1" Version="2.0" ` +
	`IssueInstant="2026-11-30T09:00:00Z" AssertionConsumerServiceURL="https://wiki.example/acs/">` +
	`<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">https://wiki.example/metadata</saml:Issuer></samlp:AuthnRequest>`

// deflated encodes a message as the Redirect binding does, without the escapes of the URL.
func deflated(t *testing.T, message string) string {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(message)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

// readWhole reads a response to its end: the server records the message before it ends the response.
func readWhole(t *testing.T, resp *http.Response, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		t.Fatal(err)
	}
}

// foreignApp adds an app of a foreign service provider to the org of the lab demo and returns the path of its sign-on.
func foreignApp(l *learner, label string) string {
	l.Helper()
	demo, release, err := l.server.Registry.Acquire(l.Context(), "demo")
	if err != nil {
		l.Fatal(err)
	}
	defer release()
	app, err := demo.Org.AddApp(demo.OktaContext(l.Context(), l.server.url), idp.System(idp.Client{}), idp.NewApp{
		CatalogKey: "custom_saml", Label: label,
		Fields: map[string]string{"acs": "https://wiki.example/acs/", "audience": "https://wiki.example/metadata"},
	})
	if err != nil {
		l.Fatal(err)
	}
	return "/okta/demo" + app.SSOPath()
}

// A service provider that is not Sigma has the name of its app in the timeline, on the page of the message and in the sequence.
// An identity provider that is not Okta has the name of its host.
func TestForeignPeersHaveTheirOwnNames(t *testing.T) {
	t.Parallel()
	l := newLearner(t, start(t))
	const label = "Wiki; #1 of Brightwater"
	l.post(signInForm, adaSignsIn())
	l.get("/sigma/demo/login") // a page of Sigma in the same window has no part in the sign-in to the wiki
	resp, err := l.client.Get(l.server.url + foreignApp(l, label) + "?SAMLRequest=" + url.QueryEscape(deflated(t, foreignRequest)))
	readWhole(t, resp, err)
	if timeline := l.get("/labs/demo/traffic?kind=SAML+message"); !regexp.MustCompile(`(?s)` + label + ` → Okta`).MatchString(timeline) {
		t.Errorf("the timeline names another sender than %s", label)
	}
	message := l.link(samlLines, label+" asks Okta to sign a user in")
	l.sees(l.get(message), label+" → Okta")
	sequence := l.get(message + "/sequence")
	_, diagram, _ := strings.Cut(sequence, "<svg")
	diagram, _, _ = strings.Cut(diagram, "</main>")
	l.sees(diagram, label, "participant Peer1 as Wiki, 1 of Brightwater", "AuthnRequest (GET)")
	l.lacks(diagram, "Sigma", "/sigma/")

	response := `<Response xmlns="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r"><Issuer xmlns="urn:oasis:names:tc:SAML:2.0:assertion">` +
		`https://idp.example:8443/saml</Issuer></Response>`
	form := url.Values{"SAMLResponse": {base64.StdEncoding.EncodeToString([]byte(response))}}
	resp, err = l.client.PostForm(l.server.url+"/sigma/demo/api/v2/saml2/assert", form)
	readWhole(t, resp, err)
	l.sees(l.get("/labs/demo/traffic?kind=SAML+message"), "idp.example:8443 → Sigma")
}

// harRequest is a request of an HTTP archive.
type harRequest struct {
	Method, URL, Comment string
	Headers, QueryString []struct{ Name, Value string }
	PostData             struct {
		MimeType, Text string
		Params         []struct{ Name, Value string }
	}
	BodySize int
}

// harRequests downloads the archive of the lab demo and returns the requests that carried a SAML message.
func harRequests(l *learner) (list []harRequest) {
	l.Helper()
	var archive struct {
		Log struct {
			Entries []struct{ Request harRequest }
		}
	}
	if err := json.Unmarshal([]byte(l.get("/labs/demo/traffic/har")), &archive); err != nil {
		l.Fatal(err)
	}
	for _, e := range archive.Log.Entries {
		if strings.Contains(e.Request.Comment, "<") {
			list = append(list, e.Request)
		}
	}
	return list
}

// The archive has the requests of SAML messages as they were sent, with query, headers and form, and the XML as a comment.
func TestHARHasSAMLRequestsAsTheyWereSent(t *testing.T) {
	t.Parallel()
	l := newLearner(t, start(t))
	const agent = "Mozilla/5.0 (HAR)"
	send := func(method, target, body string) {
		t.Helper()
		request, err := http.NewRequestWithContext(t.Context(), method, l.server.url+target, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("User-Agent", agent)
		request.Header.Set("Cookie", "secret=yes")
		if body != "" {
			request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		resp, err := http.DefaultTransport.RoundTrip(request)
		readWhole(t, resp, err)
	}
	query := "SAMLRequest=" + url.QueryEscape(deflated(t, foreignRequest)) + "&RelayState=a%20b"
	path := foreignApp(l, "Wiki")
	send(http.MethodGet, path+"?"+query, "")
	response := `<Response xmlns="urn:oasis:names:tc:SAML:2.0:protocol"/>`
	body := "RelayState=%2Fhome&SAMLResponse=" + url.QueryEscape(base64.StdEncoding.EncodeToString([]byte(response)))
	send(http.MethodPost, "/sigma/demo/api/v2/saml2/assert", body)

	requests := harRequests(l)
	if len(requests) != 2 {
		t.Fatalf("the archive has %d SAML messages: %+v", len(requests), requests)
	}
	get, post := requests[0], requests[1]
	if get.URL != l.server.url+path+"?"+query || get.Comment != foreignRequest || get.PostData.Text != "" {
		t.Errorf("GET: %+v", get)
	}
	if q := get.QueryString; len(q) != 2 || q[0].Name != "SAMLRequest" || q[1].Value != "a b" {
		t.Errorf("the query is %+v", q)
	}
	if post.PostData.Text != body || post.PostData.MimeType != "application/x-www-form-urlencoded" || post.Comment != response || post.BodySize != len(body) {
		t.Errorf("POST: %+v", post)
	}
	if p := post.PostData.Params; len(p) != 2 || p[0].Name != "RelayState" || p[0].Value != "/home" || p[1].Name != "SAMLResponse" {
		t.Errorf("the form is %+v", p)
	}
	for _, r := range requests {
		headers := map[string]string{}
		for _, h := range r.Headers {
			headers[h.Name] = h.Value
		}
		if headers["User-Agent"] != agent || headers["Host"] == "" || headers["Cookie"] != "" {
			t.Errorf("%s has the headers %v", r.Method, headers)
		}
	}
	if page := html.UnescapeString(l.get("/labs/demo/traffic/har")); strings.Contains(page, "secret=yes") {
		t.Error("the archive has a cookie")
	}
}
