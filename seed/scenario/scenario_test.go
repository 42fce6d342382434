package scenario_test

import (
	"strings"
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
		if sigmaPeople[u.Username()] || sigmaPeople[u.Email] {
			t.Errorf("%s has accounts in Okta and in Sigma, so the sign-in of step 2.3 would succeed", u.Username())
		}
	}
	if len(s.Okta.Users) != 40 || len(s.Sigma.Members) != 12 || len(s.Sigma.Documents) != 12 || len(s.Okta.Groups) != 2 {
		t.Errorf("want 40 users, 12 members, 12 documents and 2 groups; got %d, %d, %d and %d", len(s.Okta.Users), len(s.Sigma.Members),
			len(s.Sigma.Documents), len(s.Okta.Groups))
	}
	// A learner finds the quickstart's people by their first name, and names of groups by the letters Okta.
	first := map[string]string{"Maya": "the Sigma administrator", "Bob": "the newcomer"}
	for _, u := range s.Okta.Users {
		if other, taken := first[u.FirstName]; taken {
			t.Errorf("%s and %s have the same first name", u.Username(), other)
		}
		first[u.FirstName] = u.Username()
		if u.CreatedDaysAgo == 0 || u.Profile["department"] == "" {
			t.Errorf("%s lacks a date or a department", u.Username())
		}
	}
	for _, g := range s.Okta.Groups {
		if strings.HasPrefix(strings.ToLower(g.Name), "ok") {
			t.Errorf("the search of step 7.6 for “Ok” finds the group %s of the scenario", g.Name)
		}
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

// The guide "draft" says these things about its lab.
func TestDraftFitsItsGuide(t *testing.T) {
	s, err := scenario.Load("draft")
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Okta.Users) != 2 {
		t.Errorf("%d people in Okta; with the Sigma administrator there are to be three", len(s.Okta.Users))
	}
	for _, u := range s.Okta.Users {
		for _, m := range s.Sigma.Members {
			if u.Username() == m.Email {
				t.Errorf("%s has accounts in Okta and in Sigma, so the sign-in of step 3.3 would succeed", m.Email)
			}
		}
	}
	for _, team := range s.Sigma.Teams {
		if team.Name == "FinanceViewers" && len(team.Members) > 0 {
			t.Error("FinanceViewers has members")
		}
	}
	if len(s.Okta.ImportedGroups) != 1 || s.Okta.ImportedGroups[0].Name != "FinanceViewers" || s.Okta.Labels["More details"] != "Show details" {
		t.Errorf("imported groups %+v, labels %v", s.Okta.ImportedGroups, s.Okta.Labels)
	}
}
