package directory_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"understudy/sp"
	"understudy/sp/directory"
)

// listed returns the whole list of Users as one text, and the number that the service says it has.
func (s *service) listed(query string) (text string, total int) {
	s.t.Helper()
	list := s.want(http.StatusOK, "GET", "/Users"+query, "")
	return fmt.Sprint(list["Resources"]), int(list["totalResults"].(float64))
}

// The service keeps the page that it sent last. The next request shows each change, whoever made it, and asks for what it wants.
func TestAListShowsEachChangeAtOnce(t *testing.T) {
	s := start(t)
	piet := s.want(200, "GET", "/Users"+filter(`userName eq "piet@lab.example"`), "")["Resources"].([]any)[0].(map[string]any)["id"].(string)
	for _, step := range []struct {
		name   string
		change func() error
		shows  string
		total  int
	}{
		{"nothing", func() error { return nil }, "piet@lab.example", 2},
		{"the directory creates a User", func() error { s.want(201, "POST", "/Users", bob); return nil }, "bob", 3},
		{"the directory changes a name", func() error {
			s.want(200, "PATCH", "/Users/"+piet, patchOf(`{"op":"replace","path":"name.givenName","value":"Pieter"}`))
			return nil
		}, "Pieter", 3},
		{"an Admin creates the requested account type", func() error {
			s.want(200, "PATCH", "/Users/"+piet, patchOf(`{"op":"replace","path":"userType","value":"Printers"}`))
			_, err := s.organization.CreateAccountType(t.Context(), s.admin, sp.AccountTypeInput{Name: "Printers"})
			return err
		}, "userType:Printers", 3},
		{"an Admin renames the account type", func() error {
			types, err := s.organization.AccountTypes(t.Context(), s.admin, "Printers")
			if err != nil {
				return err
			}
			return s.organization.UpdateAccountType(t.Context(), s.admin, types[0].ID,
				sp.AccountTypeInput{Name: "Readers"})
		}, "userType:Readers", 3},
		{"an Admin deactivates a member", func() error {
			if err := s.organization.SetDirectoryOn(t.Context(), s.admin, false); err != nil {
				return err
			}
			if err := s.organization.DeactivateMember(t.Context(), s.admin, piet, ""); err != nil {
				return err
			}
			return s.organization.SetDirectoryOn(t.Context(), s.admin, true)
		}, "active:false", 3},
		{"the directory deletes a User", func() error { s.want(204, "DELETE", "/Users/"+piet, ""); return nil }, "bob", 2},
	} {
		before, _ := s.listed("")
		if err := step.change(); err != nil {
			t.Fatal(step.name, err)
		}
		for range 2 { // as loaded and as kept
			after, total := s.listed("")
			if !strings.Contains(after, step.shows) || total != step.total || (after == before) != (step.name == "nothing") {
				t.Errorf("%s: the list of %d does not show %q: %s", step.name, total, step.shows, after)
			}
		}
	}
}

// A kept page is the answer to the same question only: another page, fewer attributes, and another address are answered anew.
func TestAKeptListAnswersOnlyTheSameRequest(t *testing.T) {
	s := start(t)
	whole, _ := s.listed("?count=2")
	first, _ := s.listed("?count=1")
	second, total := s.listed("?startIndex=2&count=1")
	if whole != strings.TrimSuffix(first, "]")+" "+strings.TrimPrefix(second, "[") || total != 2 || first == second {
		t.Errorf("%s\nis not\n%s\nand\n%s", whole, first, second)
	}
	narrow, _ := s.listed("?startIndex=2&count=1&attributes=userName")
	if strings.Contains(narrow, "familyName") || !strings.Contains(narrow, "userName") {
		t.Errorf("with only userName: %s", narrow)
	}
	if none, total := s.listed("?count=0"); none != "[]" || total != 2 {
		t.Errorf("without resources: %s of %d", none, total)
	}
	if again, _ := s.listed("?startIndex=2&count=1"); again != second {
		t.Errorf("with all attributes again: %s", again)
	}
	here := s.server.URL + directory.Path
	s.origin = "https://lab.example"
	there := s.origin + directory.Path
	if moved, _ := s.listed("?startIndex=2&count=1"); moved != strings.ReplaceAll(second, here, there) || !strings.Contains(moved, there) {
		t.Errorf("under another address: %s", moved)
	}
}
