package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// ask sends a request line and a Host header unchanged. Go's client would clean the path and set the host.
func (v *visitor) ask(method, target, host, cookies string) (int, string) {
	v.Helper()
	address := strings.TrimPrefix(v.url, "http://")
	conn, err := net.Dial("tcp", address)
	if err != nil {
		v.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if host == "" {
		host = address
	}
	fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nConnection: close\r\n\r\n", method, target, host, cookies)
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		v.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		v.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// cookies returns the visitor's Cookie header.
func (v *visitor) cookies() string {
	v.Helper()
	u, err := url.Parse(v.url)
	if err != nil {
		v.Fatal(err)
	}
	var parts []string
	for _, k := range v.client.Jar.Cookies(u) {
		parts = append(parts, k.Name+"="+k.Value)
	}
	return strings.Join(parts, "; ")
}

// No address returns the content of a lab to another attendee or to somebody who has not joined.
func TestNobodySeesAnotherLabByAnyAddress(t *testing.T) {
	s := openWorkshop(t, t.TempDir(), 5)
	ann, ben := newVisitor(t, s), newVisitor(t, s)
	ann.join("Ann")
	ben.join("Ben")
	ann.post("/okta/lab-01/login/login.htm", adaSignsIn())
	ann.wants(http.StatusOK)(ann.post("/okta/lab-01/admin/groups/new", url.Values{"name": {"AnnsSecretGroup"}}))
	ann.wants(http.StatusNoContent)(ann.post("/labs/lab-01/clipboard", url.Values{"label": {"Bearer Token"}, "value": {"AnnsSecretToken"}}))
	ann.wants(http.StatusOK, "AnnsSecretToken", "AnnsSecretGroup")(ann.get("/okta/lab-01/admin/groups"))

	targets := []string{
		"/okta/lab-01/", "/okta/lab-01", "/okta/lab-01~2/", "/okta/lab-01%7E2/", "/okta/lab%2d01/", "//okta//lab-01//admin/groups", "/okta/LAB-01/",
		"/okta/lab-02/../lab-01/admin/groups", "/okta/lab-02/%2e%2e/lab-01/admin/groups",
		"/okta/lab-02%2f..%2flab-01/admin/groups", "/okta/lab-02/okta/lab-01/admin/groups",
		"/okta/lab-01/admin/groups", "/okta/lab-01/admin/groups/sso/saml/metadata", "/okta/lab-01/x/sso/saml/metadata", "/okta/lab-01/app/x/sso/saml/metadata",
		"/okta/lab-01/scim/", "/okta/lab-01/scim/v2/Users", "/okta/lab-01/scim/../admin/groups",
		"/sigma/lab-01/", "/sigma/lab-01/home", "/sigma/lab-01/scim/", "/sigma/lab-01/scim/v2", "/sigma/lab-01/scim/v2/",
		"/sigma/lab-01/scim/v2/Users", "/sigma/lab-01/scim/v2/Groups",
		"/sigma/lab-01/scim/v2/../../admin/people", "/sigma/lab-01/scim/x", "/sigma/lab-01/api/v2/saml2/2/metadata.xml",
		"/sigma/lab-01/api/v2/saml2/2/metadata/x", "/sigma/lab-01/api/v2/saml2/2/metadata.xml/../../../../../home",
		"/labs/lab-01", "/labs/lab-01/", "/labs//lab-01", "/labs/lab%2d01", "/labs/lab-02/../lab-01", "/labs/lab-02%2F..%2Flab-01/view",
		"/labs/lab-01/view", "/labs/lab-01/guide", "/labs/lab-01/guide/panel", "/labs/lab-01/guide/events",
		"/labs/lab-01/export", "/labs/lab-01/windows", "/labs/lab-01/faults",
		"/labs/lab-01/mail", "/labs/lab-01/mail/1", "/labs/lab-01/mail/x%2Fsso%2Fsaml%2Fmetadata", "/labs/lab-01/shots/x%2Fsso%2Fsaml%2Fmetadata",
		"/labs/lab-01/traffic", "/labs/lab-01/traffic/events", "/labs/lab-01/traffic/har", "/labs/lab-01/traffic/1",
		"/labs/lab-01/traffic/1/sequence", "/labs/lab-01/traffic/preview",
		"/labs/lab-01/traffic/x%2Fsso%2Fsaml%2Fmetadata", "/labs", "/import", "/metrics", "/api/v1/groups", "/card",
		"/instructor/console", "/instructor/../labs/lab-01",
	}
	own := strings.TrimPrefix(s.url, "http://")
	requests := [][2]string{ // target, host
		{"/", "lab-01.okta.test"}, {"/admin/groups", "lab-01.okta.test"}, {"/admin/groups", "LAB-01.OKTA.test:80"},
		{"/", "lab-01.sigma.test"}, {"/scim/v2/Users", "lab-01.sigma.test"},
		{"/x/sso/saml/metadata", "lab-01.okta.test"}, {"/scim/", "lab-01.sigma.test"},
		{"http://lab-01.okta.test/admin/groups", own}, {"http://" + own + "/okta/lab-01/admin/groups", own},
		{"http://" + own + "/labs/lab-01/guide", "lab-02.okta.test"},
	}
	for _, target := range targets {
		requests = append(requests, [2]string{target, ""})
	}
	for who, cookies := range map[string]string{"another attendee": ben.cookies(), "nobody": "", "a liar": "understudy_attendee=lab-01; understudy_instructor=1"} {
		for _, request := range requests {
			status, body := ben.ask(http.MethodGet, request[0], request[1], cookies)
			if status >= 500 && status != http.StatusNotImplemented || strings.Contains(body, "AnnsSecret") || strings.Contains(body, "event:") {
				t.Errorf("%s at %v: %d %.200s", who, request, status, body)
			}
			if strings.Contains(body, `class="guide`) && !strings.Contains(request[0], "lab-02") {
				t.Errorf("%s at %v reads the guide of another lab", who, request)
			}
		}
	}
	for _, path := range []string{
		"/okta/lab-01/admin/groups/new", "/okta/lab-01/x/sso/saml/metadata", "/sigma/lab-01/scim/v2/Users", "/sigma/lab-01/scim/x",
		"/sigma/lab-01/api/v2/saml2/assert", "/labs/lab-01/reset",
		"/labs/lab-01/clock", "/labs/lab-01/settings", "/labs/lab-01/windows/end", "/labs/lab-01/guide/bring",
		"/labs/lab-01/guide/undo", "/labs/lab-01/guide/back", "/labs/lab-01/guide/again",
		"/labs/lab-01/clipboard", "/labs/lab-01/faults/start", "/labs/lab-01/faults/undo", "/labs/lab-01/traffic/1/again",
		"/labs/lab-01/traffic/decode", "/labs/lab-01/shots/x%2Fsso%2Fsaml%2Fmetadata",
		"/instructor/act", "/instructor/undo", "/instructor/cancel", "/instructor/banner", "/instructor/freeze", "/instructor/sections",
		"/instructor/timer", "/instructor/extend", "/instructor/joining", "/instructor/prepare", "/instructor/import",
		"/instructor/password", "/instructor/wipe"} {
		status, _ := ben.post(path, url.Values{"name": {"BensGroup"}, "sure": {"true"}, "all": {"true"}, "action": {"reset"}})
		if status != http.StatusForbidden && status != http.StatusUnauthorized {
			t.Errorf("POST %s: %d", path, status)
		}
	}
	ann.wants(http.StatusOK, "AnnsSecretGroup")(ann.get("/okta/lab-01/admin/groups"))
}

// SCIM clients and readers of metadata need no cookies.
func TestSCIMAndMetadataNeedNoCookies(t *testing.T) {
	s := openWorkshop(t, t.TempDir(), 5)
	newVisitor(t, s).join("Ann")
	program := newVisitor(t, s)
	program.wants(http.StatusOK, "EntityDescriptor")(program.get("/sigma/lab-01/api/v2/saml2/2/metadata.xml"))
	program.wants(http.StatusUnauthorized, "urn:ietf:params:scim:api:messages:2.0:Error")(program.get("/sigma/lab-01/scim/v2/Users"))
}

func TestLockAndFreezeApplyToTheGuide(t *testing.T) {
	s := openWorkshop(t, t.TempDir(), 5)
	ann, ada := newVisitor(t, s), newVisitor(t, s)
	ann.join("Ann")
	ada.instructs(s)
	ada.acts(url.Values{"lab": {"lab-01"}, "action": {"lock"}})
	for _, path := range []string{"guide/bring", "guide/undo", "guide/again", "guide/back", "reset", "faults/start"} {
		path = "/labs/lab-01/" + path
		ann.wants(http.StatusForbidden, "locked this lab")(ann.post(path, url.Values{"step": {"5.1"}}))
	}
	ann.wants(http.StatusOK)(ann.post("/labs/lab-01/guide/show", url.Values{"shown": {"no"}}))
	ann.wants(http.StatusUnprocessableEntity)(ann.post("/labs/lab-01/traffic/decode", url.Values{"message": {"?"}}))
	ada.acts(url.Values{"lab": {"lab-01"}, "action": {"unlock"}})
	ada.sets(url.Values{"frozen": {"true"}})
	ann.wants(http.StatusForbidden, "attention")(ann.post("/labs/lab-01/guide/bring", url.Values{"step": {"5.1"}}))
}
