package scenario_test

import (
	"testing"

	"understudy/seed/base/problem"
	"understudy/seed/scenario"
)

func TestStarterHasWhatTheQuickstartAssumes(t *testing.T) {
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
			t.Errorf("%s is in Okta already: step 2.3 could not fail", u.Login)
		}
	}
	if len(s.Sigma.Members) != 4 || len(s.Sigma.Documents) != 12 || len(s.Okta.Groups) < 1 {
		t.Errorf("%d members, %d documents, %d groups", len(s.Sigma.Members), len(s.Sigma.Documents), len(s.Okta.Groups))
	}
	for _, i := range s.Identities {
		if i.Username == "" || i.Password == "" || i.Role == "" {
			t.Errorf("identity %q is not whole", i.ID)
		}
	}
}

func TestAnUnknownScenarioIsNotFound(t *testing.T) {
	if _, err := scenario.Load("no-such"); !problem.Is(err, problem.NotFound) {
		t.Errorf("got %v", err)
	}
}
