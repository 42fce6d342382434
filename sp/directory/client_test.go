package directory_test

import (
	"strings"
	"testing"

	"understudy/sp"
)

// patchOf is the body of a PATCH with the given operations.
func patchOf(operations string) string {
	return `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[` + operations + `]}`
}

// Microsoft Entra sends the account type in roles, also for members who have an account type.
func TestRolesSetTheAccountType(t *testing.T) {
	s := start(t)
	id := s.want(201, "POST", "/Users", strings.Replace(bob, `"userType":"viewer"`, `"roles":[{"value":"view"},{"value":"creator"}]`, 1))["id"].(string)
	accountType := func() string {
		t.Helper()
		m, _, err := s.organization.DirectoryMember(t.Context(), sp.System(), id)
		if err != nil {
			t.Fatal(err)
		}
		return m.AccountType
	}
	if got := accountType(); got != "Creator" {
		t.Fatalf("created as %s", got)
	}
	for _, step := range []struct{ operations, want string }{
		{`{"op":"Replace","path":"roles","value":[{"value":"viewer","primary":"True"}]}`, "Viewer"},
		{`{"op":"Add","path":"roles","value":[{"value":"admin"}]}`, "Admin"},
		{`{"op":"Replace","path":"name.familyName","value":"Entra"}`, "Admin"},
		{`{"op":"Replace","path":"userType","value":"creator"},{"op":"Add","path":"roles","value":[{"value":"viewer"}]}`, "Creator"},
	} {
		s.want(200, "PATCH", "/Users/"+id, patchOf(step.operations))
		if got := accountType(); got != step.want {
			t.Errorf("%s makes %s, want %s", step.operations, got, step.want)
		}
	}
}

func TestPushActivatesPendingMember(t *testing.T) {
	s := start(t)
	off := func(on bool) {
		if err := s.organization.SetDirectoryOn(t.Context(), s.admin, on); err != nil {
			t.Fatal(err)
		}
	}
	off(false)
	invited, err := s.organization.InviteMember(t.Context(), s.admin, sp.BaseURL(s.server.URL),
		sp.MemberInput{Email: "bob@lab.example", FirstName: "Bob", LastName: "Stone"})
	if err != nil {
		t.Fatal(err)
	}
	off(true)
	s.want(200, "PUT", "/Users/"+invited.ID, bob)
	m, _, err := s.organization.DirectoryMember(t.Context(), sp.System(), invited.ID)
	if err != nil || m.Status != sp.MemberActive {
		t.Errorf("after the push %+v, %v", m, err)
	}
}

// Filters follow caseExact in the schema.
func TestGroupNamesAreCaseSensitive(t *testing.T) {
	s := start(t)
	for expression, want := range map[string]float64{
		`displayName eq "FinanceViewers"`: 1, `displayName eq "financeviewers"`: 0,
		`displayName sw "Finance"`: 1, `displayName sw "finance"`: 0, `displayName eq "financeviewers" or displayName eq "x"`: 0,
	} {
		if found := s.want(200, "GET", "/Groups"+filter(expression), ""); found["totalResults"] != want {
			t.Errorf("%s finds %v, want %v", expression, found["totalResults"], want)
		}
	}
	schema := s.want(200, "GET", "/Schemas/urn:ietf:params:scim:schemas:core:2.0:Group", "")
	name, _ := schema["attributes"].([]any)[0].(map[string]any)
	if name["name"] != "displayName" || name["caseExact"] != true {
		t.Errorf("the schema says %v", name)
	}
}
