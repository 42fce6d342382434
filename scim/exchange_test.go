package scim_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"understudy/scim/scimtest"
)

// exchange is one request and the expected response. An object in the response may have more members than the one in
// want. The value "<absent>" means that the member must not exist.
type exchange struct {
	name, request, body string
	header              http.Header
	status              int
	want                string
}

func (x exchange) send(t *testing.T, h http.Handler) *httptest.ResponseRecorder {
	t.Helper()
	method, target, _ := strings.Cut(x.request, " ")
	var body io.Reader
	if x.body != "" {
		body = strings.NewReader(x.body)
	}
	r := httptest.NewRequest(method, target, body)
	if x.body != "" {
		r.Header.Set("Content-Type", "application/scim+json; charset=utf-8")
	}
	for name, values := range x.header {
		r.Header[name] = values
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func (x exchange) play(t *testing.T, h http.Handler) {
	t.Helper()
	w := x.send(t, h)
	if w.Code != x.status {
		t.Fatalf("%s: status %d, want %d: %s", x.request, w.Code, x.status, w.Body)
	}
	if w.Body.Len() > 0 && w.Header().Get("Content-Type") != "application/scim+json; charset=utf-8" {
		t.Errorf("%s: content type %q", x.request, w.Header().Get("Content-Type"))
	}
	if x.want == "" {
		return
	}
	var got, want any
	if err := json.Unmarshal([]byte(x.want), &want); err != nil {
		t.Fatalf("%v in the expected JSON %s", err, x.want)
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatalf("%s: %v in %s", x.request, err, w.Body)
	}
	if diff := difference(want, got, "$"); diff != "" {
		t.Errorf("%s: %s\nin %s", x.request, diff, w.Body)
	}
}

// difference returns the first member of want that got lacks or has with another value; "" if there is none.
func difference(want, got any, at string) string {
	switch want := want.(type) {
	case map[string]any:
		object, ok := got.(map[string]any)
		if !ok {
			return fmt.Sprintf("%s is %v, not an object", at, got)
		}
		for name, w := range want {
			g, there := object[name]
			if w == "<absent>" {
				if there {
					return fmt.Sprintf("%s.%s exists", at, name)
				}
				continue
			}
			if diff := difference(w, g, at+"."+name); diff != "" {
				return diff
			}
		}
		return ""
	case []any:
		list, ok := got.([]any)
		if !ok || len(list) != len(want) {
			return fmt.Sprintf("%s is %v, want %v", at, got, want)
		}
		for i := range want {
			if diff := difference(want[i], list[i], fmt.Sprintf("%s[%d]", at, i)); diff != "" {
				return diff
			}
		}
		return ""
	}
	if want != got {
		return fmt.Sprintf("%s is %v, want %v", at, got, want)
	}
	return ""
}

func playAll(t *testing.T, h http.Handler, all []exchange) {
	t.Helper()
	for _, x := range all {
		name := x.name
		if name == "" {
			name = x.request
		}
		t.Run(name, func(t *testing.T) { x.play(t, h) })
	}
}

// The requests of Okta's client in the order in which Okta sends them (Okta developer documentation, SCIM 2.0 protocol
// reference), with other names and ids.
var oktaSequence = []exchange{
	{"test API credentials", "GET /Users?startIndex=1&count=2", "", nil, 200,
		`{"totalResults":0,"startIndex":1,"itemsPerPage":0,"Resources":[]}`},
	{"look up a user", "GET /Users?filter=userName%20eq%20%22maya.rivers%40lab.example%22&startIndex=1&count=100", "", nil, 200,
		`{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0,"Resources":[]}`},
	{"create", "POST /Users", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"Maya.Rivers@lab.example",
		"name":{"givenName":"Maya","familyName":"Rivers"},"emails":[{"primary":true,"value":"maya.rivers@lab.example","type":"work"}],
		"displayName":"Maya Rivers","locale":"en-US","userType":"viewer","externalId":"00uJVP1G8Gsu2dtPk9x7","groups":[],"password":"k3Qm8vTz","active":true}`,
		nil, 201, `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"u1",
			"externalId":"00uJVP1G8Gsu2dtPk9x7","userName":"Maya.Rivers@lab.example",
		"name":{"givenName":"Maya","familyName":"Rivers"},"emails":[{"primary":true,"value":"maya.rivers@lab.example","type":"work"}],"active":true,
		"password":"<absent>","groups":"<absent>","meta":{"resourceType":"User","location":"http://example.com/Users/u1","version":"W/\"1\""}}`},
	{"create again", "POST /Users", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],` +
		`"userName":"maya.rivers@LAB.example"}`, nil, 409,
		`{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"409","scimType":"uniqueness"}`},
	{"look up in upper case", "GET /Users?count=1&startIndex=1&filter=userName%20eq%20%22MAYA.RIVERS%40LAB.EXAMPLE%22",
		"", nil, 200, `{"totalResults":1,"itemsPerPage":1,"Resources":[{"id":"u1"}]}`},
	{"push a profile: read", "GET /Users/u1", "", nil, 200, `{"id":"u1"}`},
	{"push a profile: replace", "PUT /Users/u1", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],
		"id":"u1","externalId":"00uJVP1G8Gsu2dtPk9x7",
		"userName":"maya.rivers@lab.example","name":{"givenName":"Maya","familyName":"Rivers-Stone"},
		"emails":[{"primary":true,"value":"maya.rivers@lab.example","type":"work"}],
		"displayName":"Maya Rivers-Stone","locale":"","userType":"CreatorNoExport","active":true,"groups":[],"somethingElse":{"a":[1]},
		"meta":{"resourceType":"User","created":"2020-01-01T00:00:00Z","lastModified":"2020-01-01T00:00:00Z","location":"http://elsewhere/Users/9"}}`,
		nil, 200, `{"id":"u1","userType":"CreatorNoExport","name":{"familyName":"Rivers-Stone"},` +
			`"somethingElse":"<absent>","meta":{"location":"http://example.com/Users/u1","version":"W/\"2\""}}`},
	{"deactivate", "PATCH /Users/u1", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],` +
		`"Operations":[{"op":"replace","value":{"active":false}}]}`, nil, 200, `{"id":"u1","active":false}`},
	{"reactivate", "PATCH /Users/u1", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],` +
		`"Operations":[{"op":"replace","value":{"active":true}}]}`, nil, 200, `{"id":"u1","active":true}`},
	{"look up a group", "GET /Groups?filter=displayName%20eq%20%22OktaViewers%22&startIndex=1&count=100", "", nil,
		200, `{"totalResults":0,"Resources":[]}`},
	{"push a group", "POST /Groups", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],` +
		`"displayName":"OktaViewers","members":[{"value":"u1","display":"maya.rivers@lab.example"}]}`,
		nil, 201, `{"id":"g1","displayName":"OktaViewers","members":[{"value":"u1","display":"maya.rivers@lab.example"}]}`},
	{"push an empty group", "POST /Groups", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],` +
		`"displayName":"Empty","members":[]}`, nil, 201, `{"id":"g2","members":"<absent>"}`},
	{"replace a group", "PUT /Groups/g1", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"id":"g1",` +
		`"displayName":"OktaViewers","members":[{"value":"u1","display":"maya.rivers@lab.example"}]}`,
		nil, 200, `{"id":"g1","meta":{"version":"W/\"1\""}}`},
	{"rename a group", "PATCH /Groups/g1", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],` +
		`"Operations":[{"op":"replace","value":{"id":"g1","displayName":"New name"}}]}`,
		nil, 200, `{"id":"g1","displayName":"New name"}`},
	{"change members", "PATCH /Groups/g1", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[
		{"op":"remove","path":"members[value eq \"u1\"]"},{"op":"add","path":"members","value":[{"value":"u2","display":"lee.oh@lab.example"}]}]}`,
		nil, 200, `{"members":[{"value":"u2","display":"lee.oh@lab.example"}]}`},
	{"push now", "PATCH /Groups/g1", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],` +
		`"Operations":[{"op":"replace","path":"members","value":[{"value":"u1"},{"value":"u3"}]}]}`,
		nil, 200, `{"members":[{"value":"u1"},{"value":"u3"}]}`},
	{"push now without path", "PATCH /Groups/g1", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],` +
		`"Operations":[{"op":"replace","value":{"members":[],"id":"g1","displayName":"Last"}}]}`,
		nil, 200, `{"displayName":"Last","members":"<absent>"}`},
	{"delete a group", "DELETE /Groups/g1", "", nil, 204, ""},
	{"a group that was deleted", "PATCH /Groups/g1", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],` +
		`"Operations":[{"op":"replace","value":{"id":"g1","displayName":"x"}}]}`,
		nil, 404, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"404","detail":"Resource g1 not found."}`},
	{"import", "GET /Users?startIndex=101&count=100", "", nil, 200, `{"totalResults":1,"startIndex":101,"itemsPerPage":0,"Resources":[]}`},
}

// The requests of Entra's client (Microsoft Entra documentation, "Develop and plan provisioning for a SCIM endpoint"),
// with and without the flag aadOptscim062020, which makes the client follow the RFC more closely.
var entraSequence = []exchange{
	{"test connection", `GET /Users?filter=userName+eq+%2256c6b9a8-aadOptscim062020%22&aadOptscim062020`, "", nil,
		200, `{"totalResults":0,"Resources":[]}`},
	{"match", `GET /Users?aadOptscim062020&filter=externalId+eq+%22jyoung%22`, "", nil, 200, `{"totalResults":0}`},
	{"create", "POST /Users?aadOptscim062020", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User",
		"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
		"externalId":"jyoung","userName":"Test_User@lab.example","active":"True","emails":[{"primary":true,"type":"work","value":"test_user@lab.example"}],
		"meta":{"resourceType":"User"},"name":{"formatted":"Test User","familyName":"User","givenName":"Test"},"roles":["{\"value\":\"viewer\"}"],
		"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Sales","manager":"7"}}`, nil, 201,
		`{"id":"u1","active":true,"roles":[{"value":"{\"value\":\"viewer\"}"}],
		"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
		"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Sales","manager":{"value":"7","$ref":"http://example.com/Users/7"}}}`},
	{"match again", `GET /Users?filter=externalId+eq+%22jyoung%22`, "", nil, 200, `{"totalResults":1,"Resources":[{"id":"u1"}]}`},
	{"update", "PATCH /Users/u1", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[
		{"op":"Replace","path":"emails[type eq \"work\"].value","value":"updated@lab.example"},{"op":"Replace","path":"name.familyName","value":"Updated"},
		{"op":"Add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","value":"8"},
		{"op":"Add","path":"phoneNumbers[type eq \"work\"].value","value":"5"}]}`, nil, 200,
		`{"emails":[{"primary":true,"type":"work","value":"updated@lab.example"}],"name":{"formatted":"Test User",
			"familyName":"Updated","givenName":"Test"},
		"phoneNumbers":[{"type":"work","value":"5"}],
		"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Sales","manager":{"value":"8"}}}`},
	{"disable", "PATCH /Users/u1", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],` +
		`"Operations":[{"op":"Replace","path":"active","value":"False"}]}`, nil, 200, `{"active":false}`},
	{"create a group", "POST /Groups", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group",
		"http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
		"externalId":"8aa1a0c0","displayName":"Analysts","meta":{"resourceType":"Group"}}`,
		nil, 201, `{"id":"g1","externalId":"8aa1a0c0","schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"]}`},
	{"match a group", `GET /Groups?excludedAttributes=members&filter=displayName+eq+%22Analysts%22`, "", nil, 200,
		`{"totalResults":1,"Resources":[{"id":"g1","members":"<absent>"}]}`},
	{"add members", "PATCH /Groups/g1", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],` +
		`"Operations":[{"op":"Add","path":"members","value":[{"$ref":null,"value":"u1"},{"$ref":null,"value":"u2"}]}]}`,
		nil, 200, `{"members":[{"value":"u1"},{"value":"u2"}]}`},
	{"is a member?", `GET /Groups?filter=id+eq+%22g1%22+and+members+eq+%22u2%22&excludedAttributes=members`, "", nil,
		200, `{"totalResults":1,"Resources":[{"members":"<absent>"}]}`},
	{"remove members, new form", "PATCH /Groups/g1?aadOptscim062020",
		`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"Remove","path":"members[value eq \"u1\"]"}]}`,
		nil, 200, `{"members":[{"value":"u2"}]}`},
	{"remove members, old form", "PATCH /Groups/g1",
		`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"Remove",` +
			`"path":"members","value":[{"$ref":null,"value":"u2"}]}]}`,
		nil, 200, `{"members":"<absent>"}`},
	{"read a group", "GET /Groups/g1?excludedAttributes=members", "", nil, 200, `{"id":"g1"}`},
	{"delete a user", "DELETE /Users/u1", "", nil, 204, ""},
	{"delete it again", "DELETE /Users/u1", "", nil, 404, `{"status":"404"}`},
}

func TestOktaSequence(t *testing.T)  { playAll(t, scimtest.New(t, nil), oktaSequence) }
func TestEntraSequence(t *testing.T) { playAll(t, scimtest.New(t, nil), entraSequence) }
