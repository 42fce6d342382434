package site

import (
	"strings"

	"github.com/a-h/templ"

	"understudy/seed/base/problem"
	"understudy/sp"
	"understudy/ui/sigma"
)

// teams is Administration > Teams.
func (r *request) teams() error {
	q := sp.TeamQuery{Search: r.QueryParam("q"), Inactive: r.QueryParam("status") == "inactive", Page: r.number()}
	teams, err := r.org.Teams(r.ctx(), r.by(), q)
	if err != nil {
		return err
	}
	lock, err := r.org.DirectoryLock(r.ctx())
	if err != nil {
		return err
	}
	return r.render("Teams", sigma.Teams(sigma.TeamsView{At: r.at(), Teams: teams, Query: q.Search, Inactive: q.Inactive, Locked: lock}))
}

// teamsPath is where the teams' pages are: in Administration, or outside of it for everybody who may see a team.
func (r *request) teamsPath() string {
	if strings.HasPrefix(r.Path(), "/admin/") {
		return "/admin/teams"
	}
	return "/teams"
}

// afterTeam is where somebody goes who has deleted a team.
func (r *request) afterTeam() string {
	if r.teamsPath() == "/teams" {
		return "/profile"
	}
	return r.teamsPath()
}

// team is a team's page.
func (r *request) team() error {
	team, err := r.org.Team(r.ctx(), r.by(), r.Param("id"))
	if err != nil {
		return err
	}
	return r.render(team.Name, sigma.Team(sigma.TeamPage{At: r.at(), Team: team, Path: r.teamsPath(), Admin: r.viewer.Admin()}))
}

// newTeam is the form for a team.
func (r *request) newTeam() error {
	lock, err := r.org.DirectoryLock(r.ctx())
	if err != nil {
		return err
	}
	if lock != "" {
		return r.done("/admin/teams", lock)
	}
	return r.render("Create Team", sigma.TeamForm(sigma.TeamFormView{At: r.at(), Path: r.teamsPath(), Input: sp.TeamInput{Visibility: "private"}}))
}

// createTeam makes a team.
func (r *request) createTeam() error {
	v := sigma.TeamFormView{At: r.at(), Path: r.teamsPath(), Input: r.teamInput()}
	team, err := r.org.CreateTeam(r.ctx(), r.by(), v.Input)
	if err != nil {
		return r.again("Create Team", err, func(e sigma.Errors) templ.Component { v.Errors = e; return sigma.TeamForm(v) })
	}
	return r.done(r.teamsPath()+"/"+team.ID, "The team was created.")
}

func (r *request) teamInput() sp.TeamInput {
	return sp.TeamInput{Name: r.text("name"), Description: r.text("description"), Visibility: r.FormValue("visibility"),
		CreateWorkspace: r.ticked("createWorkspace")}
}

// mayManage refuses the forms of a team to those who would be refused the change.
func (r *request) mayManage(team sp.TeamDetail) error {
	if team.Manage {
		return nil
	}
	return &problem.Error{Kind: problem.Forbidden, Code: "ADMIN_ONLY", Message: "Only Admins and the admins of the team " + team.Name + " can change it."}
}

// editTeam is the form of a team that exists.
func (r *request) editTeam() error {
	team, err := r.org.Team(r.ctx(), r.by(), r.Param("id"))
	if err != nil {
		return err
	}
	if err := r.mayManage(team); err != nil {
		return err
	}
	if team.Locked != "" {
		return r.done(r.teamsPath()+"/"+team.ID, team.Locked)
	}
	return r.render("Edit team", sigma.TeamForm(sigma.TeamFormView{At: r.at(), Path: r.teamsPath(), ID: team.ID,
		Input: sp.TeamInput{Name: team.Name, Description: team.Description, Visibility: team.Visibility}}))
}

// saveTeam changes a team.
func (r *request) saveTeam() error {
	v := sigma.TeamFormView{At: r.at(), Path: r.teamsPath(), ID: r.Param("id"), Input: r.teamInput()}
	if err := r.org.UpdateTeam(r.ctx(), r.by(), v.ID, v.Input); err != nil {
		return r.again("Edit team", err, func(e sigma.Errors) templ.Component { v.Errors = e; return sigma.TeamForm(v) })
	}
	return r.done(r.teamsPath()+"/"+v.ID, "The team was saved.")
}

// confirmDeleteTeam asks before a team goes.
func (r *request) confirmDeleteTeam() error {
	team, err := r.org.Team(r.ctx(), r.by(), r.Param("id"))
	if err != nil {
		return err
	}
	if err := r.mayManage(team); err != nil {
		return err
	}
	return r.render("Delete Team", sigma.Confirm(sigma.ConfirmView{At: r.at(), Question: "Delete the team " + team.Name + "?",
		Effects: []string{"The team is removed for good, and what was shared with it is no longer shared with its members.",
			"Its workspace, if it has one, stays with its documents."},
		Button: "Delete Team", Danger: true, Action: r.teamsPath() + "/" + team.ID + "/delete", Cancel: r.teamsPath() + "/" + team.ID}))
}

// deleteTeam removes a team.
func (r *request) deleteTeam() error {
	if err := r.org.DeleteTeam(r.ctx(), r.by(), r.Param("id")); err != nil {
		return err
	}
	return r.done(r.afterTeam(), "The team was deleted.")
}

// teamCandidates lists people who can be added to a team.
func (r *request) teamCandidates() error {
	team, err := r.org.Team(r.ctx(), r.by(), r.Param("id"))
	if err != nil {
		return err
	}
	if err := r.mayManage(team); err != nil {
		return err
	}
	if team.Locked != "" {
		return r.done(r.teamsPath()+"/"+team.ID, team.Locked)
	}
	members, err := r.org.TeamCandidates(r.ctx(), r.by(), team.ID, r.QueryParam("q"), r.number())
	if err != nil {
		return err
	}
	in := map[string]bool{}
	for _, p := range team.People {
		in[p.ID] = true
	}
	v := sigma.CandidatesView{At: r.at(), Title: "Add people to your team", Lead: team.Name, Button: "Add", Members: members, In: in,
		Query: r.QueryParam("q"), Path: r.teamsPath() + "/" + team.ID + "/members/add", Cancel: r.teamsPath() + "/" + team.ID}
	return r.render(v.Title, sigma.Candidates(v))
}

// addToTeam adds the ticked people.
func (r *request) addToTeam() error {
	id := r.Param("id")
	if err := r.org.AddToTeam(r.ctx(), r.by(), id, r.values("member")...); err != nil {
		return err
	}
	return r.done(r.teamsPath()+"/"+id, "Added to the team.")
}

// removeFromTeam takes a member out.
func (r *request) removeFromTeam() error {
	id := r.Param("id")
	if err := r.org.RemoveFromTeam(r.ctx(), r.by(), id, r.Param("member")); err != nil {
		return err
	}
	return r.done(r.teamsPath()+"/"+id, "Removed from the team.")
}

// setTeamAdmin makes a member team admin, or ends it.
func (r *request) setTeamAdmin() error {
	id := r.Param("id")
	if err := r.org.SetTeamAdmin(r.ctx(), r.by(), id, r.Param("member"), r.FormValue("admin") == "yes"); err != nil {
		return err
	}
	return r.done(r.teamsPath()+"/"+id, "Saved.")
}
