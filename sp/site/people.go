package site

import (
	"github.com/a-h/templ"

	"understudy/sp"
	"understudy/ui/sigma"
)

// peopleStatuses are the values of the list's filter; none means active and pending people.
var peopleStatuses = map[string][]sp.MemberStatus{
	"active":   {sp.MemberActive},
	"pending":  {sp.MemberPending},
	"inactive": {sp.MemberInactive},
	"all":      {sp.MemberActive, sp.MemberPending, sp.MemberInactive},
}

// people is Administration > People.
func (r *request) people() error {
	q := sp.MemberQuery{Search: r.QueryParam("q"), Statuses: peopleStatuses[r.QueryParam("status")], AccountTypeID: r.QueryParam("type"),
		Sort: r.QueryParam("sort"), Page: r.number()}
	members, err := r.org.Members(r.ctx(), r.by(), q)
	if err != nil {
		return err
	}
	counts, err := r.org.MemberCounts(r.ctx(), r.by())
	if err != nil {
		return err
	}
	types, err := r.org.AccountTypes(r.ctx(), r.by(), "")
	if err != nil {
		return err
	}
	lock, err := r.org.DirectoryLock(r.ctx())
	if err != nil {
		return err
	}
	return r.render("People", sigma.People(sigma.PeopleView{At: r.at(), Members: members, Counts: counts, Types: types, Locked: lock,
		Query: q.Search, Status: r.QueryParam("status"), Type: q.AccountTypeID, Sort: q.Sort}))
}

// person is a member's page.
func (r *request) person() error {
	detail, err := r.org.Member(r.ctx(), r.by(), r.Param("id"))
	if err != nil {
		return err
	}
	authentication, err := r.org.Authentication(r.ctx())
	if err != nil {
		return err
	}
	return r.render(detail.Name(), sigma.Person(sigma.PersonView{At: r.at(), Member: detail, Self: detail.ID == r.viewer.Member.ID,
		Reset: authentication.Method.Password()}))
}

// inviteForm is the form for a new person.
func (r *request) inviteForm() error {
	lock, err := r.org.DirectoryLock(r.ctx())
	if err != nil {
		return err
	}
	if lock != "" {
		return r.done("/admin/people", lock)
	}
	return r.showInvite(nil, sp.MemberInput{})
}

// invite adds a pending person and mails them.
func (r *request) invite() error {
	in := sp.MemberInput{Email: r.text("email"), FirstName: r.text("firstName"), LastName: r.text("lastName"), AccountTypeID: r.FormValue("accountTypeID")}
	if _, err := r.org.InviteMember(r.ctx(), r.by(), in); err != nil {
		return r.showInvite(err, in)
	}
	return r.done("/admin/people", "An invitation was mailed to "+in.Email+".")
}

func (r *request) showInvite(problem error, in sp.MemberInput) error {
	types, err := r.org.AccountTypes(r.ctx(), r.by(), "")
	if err != nil {
		return err
	}
	v := sigma.InviteView{At: r.at(), Input: in, Types: types}
	if problem != nil {
		return r.again("Invite people", problem, func(e sigma.Errors) templ.Component { v.Errors = e; return sigma.Invite(v) })
	}
	return r.render("Invite people", sigma.Invite(v))
}

// editPerson is the form for a member's name.
func (r *request) editPerson() error {
	detail, err := r.org.Member(r.ctx(), r.by(), r.Param("id"))
	if err != nil {
		return err
	}
	if detail.Locked != "" {
		return r.done("/admin/people/"+detail.ID, detail.Locked)
	}
	return r.render("Edit "+detail.Name(), sigma.NameForm(r.nameForm(detail.FirstName, detail.LastName)))
}

// savePerson changes a member's name.
func (r *request) savePerson() error {
	v := r.nameForm(r.text("firstName"), r.text("lastName"))
	if err := r.org.UpdateMember(r.ctx(), r.by(), r.Param("id"), v.FirstName, v.LastName); err != nil {
		return r.again(v.Title, err, func(e sigma.Errors) templ.Component { v.Errors = e; return sigma.NameForm(v) })
	}
	return r.done("/admin/people/"+r.Param("id"), "Saved.")
}

func (r *request) nameForm(first, last string) sigma.NameFormView {
	path := "/admin/people/" + r.Param("id")
	return sigma.NameFormView{At: r.at(), Title: "Edit name", FirstName: first, LastName: last, Action: path + "/edit", Cancel: path}
}

// personType is the form that gives a member another account type.
func (r *request) personType() error { return r.showPersonType(nil, "") }

// savePersonType gives a member another account type.
func (r *request) savePersonType() error {
	id := r.FormValue("accountTypeID")
	if err := r.org.AssignAccountType(r.ctx(), r.by(), id, r.Param("id")); err != nil {
		return r.showPersonType(err, id)
	}
	return r.done("/admin/people/"+r.Param("id"), "The account type was changed.")
}

func (r *request) showPersonType(problem error, chosen string) error {
	detail, err := r.org.Member(r.ctx(), r.by(), r.Param("id"))
	if err != nil {
		return err
	}
	types, err := r.org.AccountTypes(r.ctx(), r.by(), "")
	if err != nil {
		return err
	}
	if chosen == "" {
		chosen = detail.AccountTypeID
	}
	v := sigma.PersonTypeView{At: r.at(), Member: detail, Types: types, Chosen: chosen}
	if problem != nil {
		return r.again("Reassign Account Type", problem, func(e sigma.Errors) templ.Component { v.Errors = e; return sigma.PersonType(v) })
	}
	return r.render("Reassign Account Type", sigma.PersonType(v))
}

// resendInvite mails a pending person a new link.
func (r *request) resendInvite() error {
	if err := r.org.ResendInvitation(r.ctx(), r.by(), r.Param("id")); err != nil {
		return err
	}
	return r.done("/admin/people/"+r.Param("id"), "Invites re-sent")
}

// confirmRevokeInvite asks before an invitation is taken back.
func (r *request) confirmRevokeInvite() error {
	detail, err := r.org.Member(r.ctx(), r.by(), r.Param("id"))
	if err != nil {
		return err
	}
	path := "/admin/people/" + detail.ID
	if detail.Locked != "" {
		return r.done(path, detail.Locked)
	}
	return r.render("Revoke invite", sigma.Confirm(sigma.ConfirmView{At: r.at(), Question: "Revoke the invite of " + detail.Email + "?",
		Effects: []string{"The link in the mail no longer works, and the person is no longer listed. They can be invited again."},
		Button:  "Revoke invite", Danger: true, Action: path + "/revoke-invite", Cancel: path}))
}

// revokeInvite takes an invitation back.
func (r *request) revokeInvite() error {
	if err := r.org.RevokeInvitation(r.ctx(), r.by(), r.Param("id")); err != nil {
		return err
	}
	return r.done("/admin/people", "The invite was revoked.")
}

// confirmDeactivate asks who takes over a member's documents.
func (r *request) confirmDeactivate() error { return r.showDeactivate(nil) }

// deactivate ends a member's access.
func (r *request) deactivate() error {
	if err := r.org.DeactivateMember(r.ctx(), r.by(), r.Param("id"), r.FormValue("newOwner")); err != nil {
		return r.showDeactivate(err)
	}
	return r.done("/admin/people/"+r.Param("id"), "The member was deactivated. Their documents have a new owner.")
}

func (r *request) showDeactivate(problem error) error {
	detail, err := r.org.Member(r.ctx(), r.by(), r.Param("id"))
	if err != nil {
		return err
	}
	if detail.Locked != "" && problem == nil {
		return r.done("/admin/people/"+detail.ID, detail.Locked)
	}
	owners, err := r.org.NewOwners(r.ctx(), r.by(), detail.ID)
	if err != nil {
		return err
	}
	v := sigma.DeactivateView{At: r.at(), Member: detail, Owners: owners, Chosen: r.viewer.Member.ID}
	if problem != nil {
		v.Chosen = r.FormValue("newOwner")
		return r.again("Deactivate User", problem, func(e sigma.Errors) templ.Component { v.Errors = e; return sigma.Deactivate(v) })
	}
	return r.render("Deactivate User", sigma.Deactivate(v))
}

// reactivate gives a member access again.
func (r *request) reactivate() error {
	if err := r.org.ReactivateMember(r.ctx(), r.by(), r.Param("id")); err != nil {
		return err
	}
	return r.done("/admin/people/"+r.Param("id"), "The member was reactivated. Their documents stay where they went.")
}
