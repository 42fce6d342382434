package idp_test

import (
	"testing"

	"understudy/idp"
	"understudy/seed/base/problem"
)

// Names are compared in any case, in every alphabet.
func TestGroupNamesAreUnique(t *testing.T) {
	for first, second := range map[string]string{"Editors": "EDITORS", "Équipe Ölbild": "équipe ölbild", "Ёлка": "Ёлка",
		"50%_a": "50%_A"} {
		t.Run(first, func(t *testing.T) {
			w := open(t)
			_, err := w.CreateGroup(w.ctx(), w.admin, first, "")
			w.must(err)
			_, err = w.CreateGroup(w.ctx(), w.admin, first, "")
			wantProblem(t, err, problem.Invalid, "name")
			_, err = w.CreateGroup(w.ctx(), w.admin, second, "")
			wantProblem(t, err, problem.Invalid, "name")
			_, err = w.UpdateGroup(w.ctx(), w.admin, w.group("Viewers").ID, second, "")
			wantProblem(t, err, problem.Invalid, "name")

			_, err = w.AddApp(w.ctx(), w.admin, idp.NewApp{CatalogKey: "contosolearning", Label: first})
			w.must(err)
			_, err = w.AddApp(w.ctx(), w.admin, idp.NewApp{CatalogKey: "contosolearning", Label: first})
			wantProblem(t, err, problem.Invalid, "label")
			_, err = w.AddApp(w.ctx(), w.admin, idp.NewApp{CatalogKey: "contosolearning", Label: second})
			wantProblem(t, err, problem.Invalid, "label")
		})
	}
}

// A search finds names in any case and takes no character for a wildcard.
func TestGroupSearch(t *testing.T) {
	w := open(t)
	for _, name := range []string{"Équipe Ölbild", "50%_a", `back\slash`} {
		_, err := w.CreateGroup(w.ctx(), w.admin, name, "")
		w.must(err)
	}
	for text, want := range map[string]int{
		"équipe": 1, "ÉQUIPE": 1, "Équipe ö": 1, "50%_": 1, "5%a": 0, "5__a": 0, `K\S`: 1, "view": 1, "": 6, "nothing": 0,
	} {
		page, err := w.Groups(w.ctx(), idp.GroupQuery{Text: text})
		if err != nil || page.Total != want || len(page.Items) != want {
			t.Errorf("%q finds %d (%d), want %d; %v", text, page.Total, len(page.Items), want, err)
		}
	}
}

func TestEveryoneCannotBeChanged(t *testing.T) {
	w := open(t)
	everyone, id := w.group("Everyone"), w.user(maya).ID
	if everyone.Type != idp.BuiltIn || everyone.People != 3 {
		t.Errorf("%+v", everyone)
	}
	mark := w.mark()
	_, err := w.UpdateGroup(w.ctx(), w.admin, everyone.ID, "All", "")
	wantProblem(t, err, problem.Conflict)
	wantProblem(t, w.DeleteGroup(w.ctx(), w.admin, everyone.ID), problem.Conflict)
	wantProblem(t, w.RemoveMember(w.ctx(), w.admin, everyone.ID, id), problem.Conflict)
	wantProblem(t, w.AddMember(w.ctx(), w.admin, everyone.ID, id), problem.Conflict)
	w.wantTypes(mark)
}

// Adding a member twice and removing them twice is one change each.
func TestMembershipIsRecordedOnce(t *testing.T) {
	w := open(t)
	g, id := w.group("Viewers"), w.user(noor).ID
	mark := w.mark()
	for range 2 {
		w.must(w.AddMember(w.ctx(), w.admin, g.ID, id))
	}
	for range 2 {
		w.must(w.RemoveMember(w.ctx(), w.admin, g.ID, id))
	}
	w.wantTypes(mark, "group.user_membership.add", "group.user_membership.remove")
	events := w.since(mark)
	if targets := events[0].Targets; len(targets) != 2 || targets[0].ID != id || targets[1].ID != g.ID ||
		targets[1].DisplayName != "Viewers" {
		t.Errorf("targets %+v", targets)
	}
}
