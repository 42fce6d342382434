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
	q := sp.TeamQuery{Search: r.QueryParam("q"), Inactive: r.QueryParam("status") == "inactive", Page: r.pageNumber()}
	teams, err := r.org.Teams(r.ctx(), r.by(), q)
	if err != nil {
		return err
	}
	lock, err := r.org.DirectoryLock(r.ctx())
	if err != nil {
		return err
	}
	return r.render("Teams", sigma.Teams(sigma.TeamsView{At: r.at(), Teams: mapped(teams.Items, teamView), Paging: paging(teams),
		Query: q.Search, Inactive: q.Inactive, Locked: lock}))
}

// teamsPath is the path above the pages of teams: in Administration, or outside of it for members without Administration.
func (r *request) teamsPath() string {
	if strings.HasPrefix(r.Path(), "/admin/") {
		return "/admin/teams"
	}
	return "/teams"
}

// afterTeam is the page to open after a team was deleted.
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
	v := sigma.TeamPage{At: r.at(), Team: teamView(team.Team), Created: team.CreatedAt, Locked: team.Locked, Manage: team.Manage,
		Path: r.teamsPath(), Admin: r.viewer.Admin(), People: mapped(team.People, func(m sp.TeamMember) sigma.TeamPerson {
			return sigma.TeamPerson{Person: personView(m.Member), TeamAdmin: m.TeamAdmin}
		})}
	if team.Workspace != nil {
		v.Workspace = fileView(*team.Workspace)
	}
	return r.render(team.Name, sigma.TeamDetails(v))
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
	return r.render("Create Team", sigma.TeamForm(r.teamForm("", sp.TeamInput{Visibility: "private"})))
}

// createTeam creates a team.
func (r *request) createTeam() error {
	in := r.teamInput()
	team, err := r.org.CreateTeam(r.ctx(), r.by(), in)
	if err != nil {
		v := r.teamForm("", in)
		return r.formErrors("Create Team", err, func(e sigma.Errors) templ.Component { v.Errors = e; return sigma.TeamForm(v) })
	}
	return r.done(r.teamsPath()+"/"+team.ID, "The team was created.")
}

func (r *request) teamInput() sp.TeamInput {
	return sp.TeamInput{Name: r.text("name"), Description: r.text("description"), Visibility: r.FormValue("visibility"),
		CreateWorkspace: r.ticked("createWorkspace")}
}

// teamForm is the form of a team with its input; id is empty for a new team.
func (r *request) teamForm(id string, in sp.TeamInput) sigma.TeamFormView {
	return sigma.TeamFormView{At: r.at(), Path: r.teamsPath(), ID: id, Name: in.Name, Description: in.Description,
		Visibility: in.Visibility, CreateWorkspace: in.CreateWorkspace}
}

// requireManage refuses the forms of a team to members who may not change the team.
func (r *request) requireManage(team sp.TeamDetail) error {
	if team.Manage {
		return nil
	}
	return &problem.Error{Kind: problem.Forbidden, Code: "ADMIN_ONLY",
		Message: "Only Admins and the team admins of " + team.Name + " can change this team."}
}

// editTeam is the form of an existing team.
func (r *request) editTeam() error {
	team, err := r.org.Team(r.ctx(), r.by(), r.Param("id"))
	if err != nil {
		return err
	}
	if err := r.requireManage(team); err != nil {
		return err
	}
	if team.Locked != "" {
		return r.done(r.teamsPath()+"/"+team.ID, team.Locked)
	}
	return r.render("Edit team", sigma.TeamForm(r.teamForm(team.ID,
		sp.TeamInput{Name: team.Name, Description: team.Description, Visibility: team.Visibility})))
}

// saveTeam changes a team.
func (r *request) saveTeam() error {
	id, in := r.Param("id"), r.teamInput()
	if err := r.org.UpdateTeam(r.ctx(), r.by(), id, in); err != nil {
		v := r.teamForm(id, in)
		return r.formErrors("Edit team", err, func(e sigma.Errors) templ.Component { v.Errors = e; return sigma.TeamForm(v) })
	}
	return r.done(r.teamsPath()+"/"+id, "The team was saved.")
}

// confirmDeleteTeam asks before a team is deleted.
func (r *request) confirmDeleteTeam() error {
	team, err := r.org.Team(r.ctx(), r.by(), r.Param("id"))
	if err != nil {
		return err
	}
	if err := r.requireManage(team); err != nil {
		return err
	}
	path := r.teamsPath() + "/" + team.ID
	return r.render("Delete Team", sigma.Confirm(sigma.ConfirmView{
		At: r.at(), Question: "Delete the team " + team.Name + "?",
		Effects: []string{"You cannot undo this. The members lose access to documents that are shared with the team.",
			"The workspace of the team stays, with its documents."},
		Button: "Delete Team", Danger: true, Action: path + "/delete", Cancel: path}))
}

// deleteTeam deletes a team.
func (r *request) deleteTeam() error {
	if err := r.org.DeleteTeam(r.ctx(), r.by(), r.Param("id")); err != nil {
		return err
	}
	return r.done(r.afterTeam(), "The team was deleted.")
}

// teamCandidates lists people who can join a team.
func (r *request) teamCandidates() error {
	team, err := r.org.Team(r.ctx(), r.by(), r.Param("id"))
	if err != nil {
		return err
	}
	if err := r.requireManage(team); err != nil {
		return err
	}
	if team.Locked != "" {
		return r.done(r.teamsPath()+"/"+team.ID, team.Locked)
	}
	members, err := r.org.TeamCandidates(r.ctx(), r.by(), team.ID, r.QueryParam("q"), r.pageNumber())
	if err != nil {
		return err
	}
	in := map[string]bool{}
	for _, p := range team.People {
		in[p.ID] = true
	}
	path := r.teamsPath() + "/" + team.ID
	v := sigma.CandidatesView{At: r.at(), Title: "Add people to your team", Lead: team.Name, Button: "Add",
		Paging: paging(members), Query: r.QueryParam("q"), Path: path + "/members/add", Cancel: path}
	for _, m := range members.Items {
		if !in[m.ID] {
			v.Members = append(v.Members, memberOption(m))
		}
	}
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

// removeFromTeam removes a member.
func (r *request) removeFromTeam() error {
	id := r.Param("id")
	if err := r.org.RemoveFromTeam(r.ctx(), r.by(), id, r.Param("member")); err != nil {
		return err
	}
	return r.done(r.teamsPath()+"/"+id, "Removed from the team.")
}

// setTeamAdmin makes a member a team admin, or an ordinary member again.
func (r *request) setTeamAdmin() error {
	id := r.Param("id")
	if err := r.org.SetTeamAdmin(r.ctx(), r.by(), id, r.Param("member"), r.FormValue("admin") == "yes"); err != nil {
		return err
	}
	return r.done(r.teamsPath()+"/"+id, "Saved.")
}
