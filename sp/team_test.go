package sp_test

import (
	"testing"

	"understudy/seed/base/problem"
	"understudy/sp"
)

func TestTeamsCanBeManagedWhileSCIMIsOff(t *testing.T) {
	w := newWorld(t)
	field(t, second(w.CreateTeam(w.ctx, w.ann, sp.TeamInput{Name: "FinanceViewers", Visibility: "public"})), "name")
	field(t, second(w.CreateTeam(w.ctx, w.ann, sp.TeamInput{Name: "x", Visibility: "secret"})), "visibility")
	refused(t, second(w.CreateTeam(w.ctx, w.carl, sp.TeamInput{Name: "x", Visibility: "public"})), problem.Forbidden, "ADMIN_ONLY")
	team, err := w.CreateTeam(w.ctx, w.ann, sp.TeamInput{Name: "Planners", Visibility: "private", CreateWorkspace: true})
	must(t, err)
	refused(t, second(w.Team(w.ctx, w.vic, team.ID)), problem.Forbidden, "NO_ACCESS")
	must(t, w.AddToTeam(w.ctx, w.ann, team.ID, w.carl.MemberID, w.vic.MemberID))
	refused(t, w.AddToTeam(w.ctx, w.vic, team.ID, w.eve.MemberID), problem.Forbidden, "ADMIN_ONLY")
	must(t, w.SetTeamAdmin(w.ctx, w.ann, team.ID, w.vic.MemberID, true))
	must(t, w.AddToTeam(w.ctx, w.vic, team.ID, w.eve.MemberID)) // a team admin may
	d, err := w.Team(w.ctx, w.carl, team.ID)
	must(t, err)
	if len(d.People) != 3 || d.Workspace == nil || !d.Workspace.Rights.Edit || d.Workspace.Rights.Share {
		t.Errorf("as Carl sees it: %+v", d)
	}
	b, err := w.CreateWorkbook(w.ctx, w.carl, team.WorkspaceID, "Plan")
	must(t, err)
	must(t, w.DeleteTeam(w.ctx, w.ann, team.ID))
	if _, err := w.Workbook(w.ctx, w.ann, b.ID); err != nil {
		t.Errorf("deleting the team deleted its workspace: %v", err)
	}
	refused(t, second(w.Workbook(w.ctx, w.vic, b.ID)), problem.Forbidden, "NO_ACCESS")
	must(t, w.DeactivateMember(w.ctx, w.ann, w.vic.MemberID, ""))
	refused(t, w.AddToTeam(w.ctx, w.ann, w.team(t, "FinanceViewers").ID, w.vic.MemberID), problem.Conflict, "")
}

func TestTeamListHidesPrivateTeams(t *testing.T) {
	w := newWorld(t)
	must(t, second(w.CreateTeam(w.ctx, w.ann, sp.TeamInput{Name: "Secret", Visibility: "private"})))
	for _, c := range []struct {
		by   sp.Actor
		want int
	}{{w.ann, 2}, {w.carl, 1}} {
		p, err := w.Teams(w.ctx, c.by, sp.TeamQuery{})
		must(t, err)
		if p.Total != c.want {
			t.Errorf("%s sees %d teams", c.by.Name, p.Total)
		}
	}
	refused(t, second(w.Teams(w.ctx, sp.Anonymous(sp.Client{}), sp.TeamQuery{})), problem.Unauthenticated, "")
}

func TestDeletedWorkspaceMovesItsContent(t *testing.T) {
	w := newWorld(t)
	list, err := w.Workspaces(w.ctx, w.ann)
	must(t, err)
	for _, f := range list {
		if f.Name == "All Members" {
			must(t, w.DeleteFile(w.ctx, w.ann, f.ID))
		}
	}
	b, err := w.Workbook(w.ctx, w.ann, w.file(t, w.ann, "Sales").ID)
	must(t, err)
	if len(b.Path) != 3 || b.Path[0].Name != "My Documents" || b.Path[1].Name != "All Members" {
		t.Errorf("path %+v", b.Path)
	}
}
