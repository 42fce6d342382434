package sp_test

import (
	"testing"

	"understudy/seed/base/problem"
	"understudy/sp"
)

// A member with Manage users cannot change members who manage people or teams, and cannot assign such account types.
func TestManageUsersCannotChangeManagers(t *testing.T) {
	w := newWorld(t)
	typeWith := func(name string, list ...sp.Permission) string {
		a, err := w.CreateAccountType(w.ctx, w.ann, sp.AccountTypeInput{Name: name, Permissions: list})
		must(t, err)
		return a.ID
	}
	users, teams := typeWith("Users", sp.ManageUsers), typeWith("Teams", sp.ManageTeams)
	invited := func(email, accountType string) sp.Member {
		m, err := w.InviteMember(w.ctx, w.ann, testBase, sp.MemberInput{Email: email, FirstName: "Some", LastName: "Body", AccountTypeID: accountType})
		must(t, err)
		return m
	}
	must(t, w.AssignAccountType(w.ctx, w.ann, testBase, users, w.vic.MemberID))
	plain, keeper := invited("plain@example.com", ""), invited("keeper@example.com", teams)
	must(t, w.UpdateMember(w.ctx, w.vic, plain.ID, "Plain", "Person"))
	must(t, w.AssignAccountType(w.ctx, w.vic, testBase, w.typeID(t, "Creator"), plain.ID))
	for name, err := range map[string]error{
		"rename an Admin":            w.UpdateMember(w.ctx, w.vic, w.ann.MemberID, "An", "Other"),
		"rename who manages teams":   w.UpdateMember(w.ctx, w.vic, keeper.ID, "An", "Other"),
		"deactivate who manages":     w.DeactivateMember(w.ctx, w.vic, keeper.ID, w.ann.MemberID),
		"demote who manages":         w.AssignAccountType(w.ctx, w.vic, testBase, w.typeID(t, "Viewer"), keeper.ID),
		"make one who manages":       w.AssignAccountType(w.ctx, w.vic, testBase, teams, plain.ID),
		"make an Admin":              w.AssignAccountType(w.ctx, w.vic, testBase, w.typeID(t, "Admin"), plain.ID),
		"invite one who manages":     second(w.InviteMember(w.ctx, w.vic, testBase, sp.MemberInput{Email: "x@example.com", AccountTypeID: users})),
		"change what a type may do":  w.UpdateAccountType(w.ctx, w.vic, users, sp.AccountTypeInput{Name: "Users"}),
		"create a team without that": second(w.CreateTeam(w.ctx, w.vic, sp.TeamInput{Name: "T", Visibility: "private"})),
	} {
		if p := problem.As(err); p == nil || p.Kind != problem.Forbidden || p.Code != "ADMIN_ONLY" {
			t.Errorf("%s: %v", name, err)
		}
	}
	must(t, w.AssignAccountType(w.ctx, w.ann, testBase, w.typeID(t, "Viewer"), keeper.ID))
}
