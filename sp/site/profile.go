package site

import (
	"github.com/a-h/templ"

	"understudy/sp"
	"understudy/ui/kit"
	"understudy/ui/sigma"
)

// profile is User Profile: the member's own details and teams.
func (r *request) profile() error {
	detail, err := r.org.Profile(r.ctx(), r.by())
	if err != nil {
		return err
	}
	kit.SetPageState(r.Response().Header(), detail.Email)
	public := r.QueryParam("teams") == "public"
	q := sp.TeamQuery{Public: public, Page: r.pageNumber()}
	if !public {
		q.MemberID = detail.ID
	}
	teams, err := r.org.Teams(r.ctx(), r.by(), q)
	if err != nil {
		return err
	}
	return r.render("User Profile", sigma.Profile(sigma.ProfileView{At: r.at(), Member: personDetailView(detail), Public: public,
		Teams: mapped(teams.Items, teamView), Paging: paging(teams)}))
}

// editProfile is the form for the member's own name.
func (r *request) editProfile() error {
	detail, err := r.org.Profile(r.ctx(), r.by())
	if err != nil {
		return err
	}
	if detail.Locked != "" {
		return r.done("/profile", detail.Locked)
	}
	return r.render("Edit profile", sigma.NameForm(sigma.NameFormView{At: r.at(), Title: "Edit profile",
		FirstName: detail.FirstName, LastName: detail.LastName, Action: "/profile/edit", Cancel: "/profile"}))
}

// saveProfile changes the member's own name.
func (r *request) saveProfile() error {
	v := sigma.NameFormView{At: r.at(), Title: "Edit profile", FirstName: r.text("firstName"), LastName: r.text("lastName"),
		Action: "/profile/edit", Cancel: "/profile"}
	if err := r.org.UpdateMember(r.ctx(), r.by(), r.viewer.Member.ID, v.FirstName, v.LastName); err != nil {
		return r.formErrors(v.Title, err, func(e sigma.Errors) templ.Component { v.Errors = e; return sigma.NameForm(v) })
	}
	return r.done("/profile", "Your profile was saved.")
}
