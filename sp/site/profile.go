package site

import (
	"github.com/a-h/templ"

	"understudy/sp"
	"understudy/ui/sigma"
)

// profile shows the member's own particulars.
func (r *request) profile() error {
	detail, err := r.org.Profile(r.ctx(), r.by())
	if err != nil {
		return err
	}
	v := sigma.ProfileView{At: r.at(), Member: detail, Public: r.QueryParam("teams") == "public"}
	q := sp.TeamQuery{Public: v.Public, Page: r.number()}
	if !v.Public {
		q.MemberID = detail.ID
	}
	if v.Teams, err = r.org.Teams(r.ctx(), r.by(), q); err != nil {
		return err
	}
	return r.render("User Profile", sigma.Profile(v))
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
		return r.again(v.Title, err, func(e sigma.Errors) templ.Component { v.Errors = e; return sigma.NameForm(v) })
	}
	return r.done("/profile", "Your profile was saved.")
}
