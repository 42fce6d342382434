package scenario_test

import (
	"testing"

	"understudy/seed/base/problem"
	"understudy/seed/scenario"
)

// The quickstart relies on these facts. In step 2.3, for example, Okta must refuse the Sigma administrator.
func TestStarterFitsTheQuickstart(t *testing.T) {
	s, err := scenario.Load(scenario.Starter)
	if err != nil {
		t.Fatal(err)
	}
	sigmaPeople := map[string]bool{}
	for _, m := range s.Sigma.Members {
		sigmaPeople[m.Email] = true
	}
	for _, u := range s.Okta.Users {
		if sigmaPeople[u.Login] || sigmaPeople[u.Email] {
			t.Errorf("%s has accounts in Okta and in Sigma, so the sign-in of step 2.3 would succeed", u.Login)
		}
	}
	if len(s.Sigma.Members) != 4 || len(s.Sigma.Documents) != 12 || len(s.Okta.Groups) < 1 {
		t.Errorf("want 4 members, 12 documents and a group; got %d, %d and %d", len(s.Sigma.Members), len(s.Sigma.Documents), len(s.Okta.Groups))
	}
	for _, i := range s.Identities {
		if i.Username == "" || i.Password == "" || i.Role == "" {
			t.Errorf("identity %q lacks a user name, password or role", i.ID)
		}
	}
}

func TestLoadUnknownScenario(t *testing.T) {
	if _, err := scenario.Load("no-such"); !problem.Is(err, problem.NotFound) {
		t.Errorf("got %v, want NotFound", err)
	}
}
