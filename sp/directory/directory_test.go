package directory_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"understudy/seed/base/address"
	"understudy/seed/base/keytest"
	"understudy/seed/base/store"
	"understudy/sp"
	"understudy/sp/directory"
)

// service is a Sigma organization with its SCIM service, with provisioning on.
type service struct {
	t            testing.TB
	organization *sp.Organization
	server       *httptest.Server
	token        string
	admin        sp.Actor
	origin       string // under which clients reach the server
}

func start(t testing.TB) *service {
	t.Helper()
	ctx := t.Context()
	db, err := store.Open(ctx, filepath.Join(t.TempDir(), "lab.db"), store.Options{Seed: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	organization, err := sp.Open(ctx, db, sp.Options{Keys: keytest.Source()})
	if err != nil {
		t.Fatal(err)
	}
	err = organization.Populate(ctx, sp.Seed{
		Name:           "Test",
		Authentication: sp.SeedAuth{Method: "SAML"},
		Members: []sp.SeedMember{
			{FirstName: "Maya", LastName: "Rivers", Email: "maya@lab.example", Password: "Stage-Door-17", AccountType: "Admin"},
			{FirstName: "Piet", LastName: "de Vries", Email: "piet@lab.example", Password: "House-Lights-19"},
		},
		Teams: []sp.SeedTeam{{Name: "FinanceViewers", Members: []string{"piet@lab.example"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	s := &service{t: t, organization: organization}
	e := echo.New()
	if err := directory.Register(e); err != nil {
		t.Fatal(err)
	}
	s.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := address.With(sp.With(r.Context(), organization), address.Address{Origin: s.origin, Lab: "test"})
		e.ServeHTTP(w, r.WithContext(ctx))
	}))
	s.origin = s.server.URL
	t.Cleanup(s.server.Close)
	members, _, err := organization.DirectoryMembers(ctx, sp.System(), sp.DirectoryQuery{UserName: "maya@lab.example", Start: 1, Count: 1})
	if err != nil || len(members) != 1 {
		t.Fatal(members, err)
	}
	s.admin = sp.Actor{Kind: sp.ByMember, MemberID: members[0].ID, Name: members[0].Name(), Email: members[0].Email}
	s.token, _, err = organization.SetUpDirectory(ctx, s.admin, sp.DirectorySetup{Understood: true, Name: "Okta"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// do sends a request like Okta's client and returns the status and the body.
func (s *service) do(method, path, body string) (int, map[string]any) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.server.URL+directory.Path+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Accept", "application/scim+json")
	if body != "" {
		req.Header.Set("Content-Type", "application/scim+json; charset=utf-8")
	}
	if s.token != "" {
		req.Header.Set("Authorization", "Bearer "+s.token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	var response map[string]any
	if len(bytes.TrimSpace(raw)) > 0 {
		if err := json.Unmarshal(raw, &response); err != nil {
			s.t.Fatalf("%s %s: %d %s", method, path, resp.StatusCode, raw)
		}
	}
	return resp.StatusCode, response
}

func (s *service) want(status int, method, path, body string) map[string]any {
	s.t.Helper()
	got, response := s.do(method, path, body)
	if got != status {
		s.t.Fatalf("%s %s: %d %v, want %d", method, path, got, response, status)
	}
	return response
}

const bob = `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"bob@lab.example","name":{"givenName":"Bob","familyName":"Stone"},
	"emails":[{"primary":true,"value":"bob@lab.example","type":"work"}],"userType":"viewer","externalId":"00ubob","groups":[],"password":"k3Qm8vTz","active":true}`

func filter(expression string) string {
	return "?filter=" + strings.ReplaceAll(url.QueryEscape(expression), "+", "%20") + "&startIndex=1&count=100"
}

func TestUserLifecycle(t *testing.T) {
	s := start(t)
	if found := s.want(200, "GET", "/Users"+filter(`userName eq "bob@lab.example"`), ""); found["totalResults"] != 0.0 {
		t.Fatalf("before: %v", found)
	}
	made := s.want(201, "POST", "/Users", bob)
	id, _ := made["id"].(string)
	if id == "" || made["userType"] != "Viewer" && made["userType"] != "viewer" {
		t.Fatalf("created %v", made)
	}
	if _, has := made["password"]; has {
		t.Error("the response holds a password")
	}
	if response := s.want(409, "POST", "/Users", bob); response["scimType"] != "uniqueness" {
		t.Errorf("a second one: %v", response)
	}
	if found := s.want(200, "GET", "/Users"+filter(`userName eq "BOB@LAB.EXAMPLE"`), ""); found["totalResults"] != 1.0 {
		t.Errorf("without regard to case: %v", found)
	}
	made["name"].(map[string]any)["familyName"] = "Rivers-Stone"
	body, _ := json.Marshal(made)
	s.want(200, "PUT", "/Users/"+id, string(body))
	for _, active := range []string{"false", "true"} {
		s.want(200, "PATCH", "/Users/"+id, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],`+
			`"Operations":[{"op":"replace","value":{"active":`+active+`}}]}`)
		m, _, err := s.organization.DirectoryMember(t.Context(), sp.System(), id)
		if err != nil || (m.Status == sp.MemberInactive) != (active == "false") || m.LastName != "Rivers-Stone" {
			t.Errorf("active %s: %+v, %v", active, m, err)
		}
	}
	s.want(204, "DELETE", "/Users/"+id, "")
	s.want(404, "GET", "/Users/"+id, "")
	members, err := s.organization.Members(t.Context(), sp.System(), sp.MemberQuery{Search: "bob@lab.example",
		Statuses: []sp.MemberStatus{sp.MemberInactive}})
	if err != nil || len(members.Items) != 1 {
		t.Errorf("People lists %+v as Inactive, %v", members.Items, err)
	}
}

func TestUserTypes(t *testing.T) {
	s := start(t)
	response := s.want(400, "POST", "/Users", strings.Replace(bob, `"viewer"`, "null", 1))
	if detail, _ := response["detail"].(string); !strings.Contains(detail, "Expecting string at 0.1.userType but instead got: null") {
		t.Errorf("null is refused with %q", detail)
	}
	made := s.want(201, "POST", "/Users", strings.Replace(bob, "viewer", "author", 1))
	id, _ := made["id"].(string)
	if m, _, err := s.organization.DirectoryMember(t.Context(), sp.System(), id); err != nil || m.AccountType != "Creator" {
		t.Errorf("author became %q, %v", m.AccountType, err)
	}
	patch := `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"Replace","path":"userType","value":"CreatorNoExport"}]}`
	s.want(200, "PATCH", "/Users/"+id, patch)
	m, _, err := s.organization.DirectoryMember(t.Context(), sp.System(), id)
	if err != nil || m.RequestedType != "CreatorNoExport" {
		t.Fatalf("an unknown type is kept as asked for: %+v, %v", m, err)
	}
	if read := s.want(200, "GET", "/Users/"+id, ""); read["userType"] != "CreatorNoExport" {
		t.Errorf("a client reads back %v and would lose what it asked for", read["userType"])
	}
	if err := s.organization.SetStrictTypes(t.Context(), sp.System(), true); err != nil {
		t.Fatal(err)
	}
	if status, response := s.do("PATCH", "/Users/"+id, strings.Replace(patch, "CreatorNoExport", "NoSuchType", 1)); status < 400 || status >= 500 {
		t.Errorf("strict: %d %v", status, response)
	}
}

func TestGroupLifecycle(t *testing.T) {
	s := start(t)
	user := s.want(201, "POST", "/Users", bob)["id"].(string)
	group := s.want(201, "POST", "/Groups", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],`+
		`"displayName":"OktaViewers","members":[]}`)["id"].(string)
	patch := func(operations string) {
		t.Helper()
		if status, response := s.do("PATCH", "/Groups/"+group, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],`+
			`"Operations":[`+operations+`]}`); status != 200 && status != 204 {
			t.Fatalf("%s: %d %v", operations, status, response)
		}
	}
	patch(`{"op":"add","path":"members","value":[{"value":"` + user + `","display":"bob@lab.example"}]}`)
	if members, err := s.organization.DirectoryTeamMembers(t.Context(), sp.System(), group); err != nil || len(members) != 1 {
		t.Fatalf("members %v, %v", members, err)
	}
	patch(`{"op":"replace","value":{"id":"` + group + `","displayName":"OktaReaders"}}`)
	if found := s.want(200, "GET", "/Groups"+filter(`displayName eq "OktaReaders"`), ""); found["totalResults"] != 1.0 {
		t.Errorf("after the rename: %v", found)
	}
	patch(`{"op":"remove","path":"members[value eq \"` + user + `\"]"}`)
	if members, err := s.organization.DirectoryTeamMembers(t.Context(), sp.System(), group); err != nil || len(members) != 0 {
		t.Errorf("members %v, %v", members, err)
	}
	// An import gets teams without members, as in Sigma.
	list := s.want(200, "GET", "/Groups?startIndex=1&count=100", "")
	if list["totalResults"] != 2.0 || strings.Contains(mustJSON(t, list), `"members"`) {
		t.Errorf("import: %v", list)
	}
	s.want(204, "DELETE", "/Groups/"+group, "")
	s.want(404, "GET", "/Groups/"+group, "")
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestTokenBelongsToItsAdmin(t *testing.T) {
	s := start(t)
	good := s.token
	for _, token := range []string{"", "wrong", good + "x"} {
		s.token = token
		if response := s.want(401, "GET", "/Users?startIndex=1&count=2", ""); response["status"] != "401" || response["detail"] == "" {
			t.Errorf("token %q: %v", token, response)
		}
	}
	s.token = good
	s.want(200, "GET", "/Users?startIndex=1&count=2", "")
	s.want(200, "GET", "/Users?startIndex=1&count=2&aadOptscim062020", "")
	// The directory may demote the Admin to whom the token belongs. The token then stops working.
	demote := `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"userType","value":"viewer"}]}`
	s.want(200, "PATCH", "/Users/"+s.admin.MemberID, demote)
	if response := s.want(401, "GET", "/Users?startIndex=1&count=2", ""); response["detail"] == "" {
		t.Errorf("after the Admin was demoted: %v", response)
	}
}
