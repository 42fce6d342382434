package site

import (
	"github.com/a-h/templ"

	"understudy/sp"
	"understudy/ui/sigma"
)

// peopleStatuses are the values of the filter Status. Without a value the list has active and pending members.
var peopleStatuses = map[string][]sp.MemberStatus{
	"active":   {sp.MemberActive},
	"pending":  {sp.MemberPending},
	"inactive": {sp.MemberInactive},
	"all":      {sp.MemberActive, sp.MemberPending, sp.MemberInactive},
}

// people is Administration > People.
func (r *request) people() error {
	q := sp.MemberQuery{Search: r.QueryParam("q"), Statuses: peopleStatuses[r.QueryParam("status")],
		AccountTypeID: r.QueryParam("type"), Sort: r.QueryParam("sort"), Page: r.pageNumber()}
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
	return r.render("People", sigma.People(sigma.PeopleView{At: r.at(), Members: mapped(members.Items, personView),
		Paging: paging(members), Types: typeOptions(types, "All account types"), Locked: lock,
		Query: q.Search, Status: r.QueryParam("status"), Type: q.AccountTypeID, Sort: q.Sort,
		Active: counts[sp.MemberActive], Pending: counts[sp.MemberPending], Inactive: counts[sp.MemberInactive]}))
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
	return r.render(detail.Name(), sigma.PersonPage(sigma.PersonView{At: r.at(), Member: personDetailView(detail),
		Self: detail.ID == r.viewer.Member.ID, Reset: authentication.Method.Password()}))
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

// invite adds a pending member and sends them an email.
func (r *request) invite() error {
	in := sp.MemberInput{Email: r.text("email"), FirstName: r.text("firstName"), LastName: r.text("lastName"),
		AccountTypeID: r.FormValue("accountTypeID")}
	if _, err := r.org.InviteMember(r.ctx(), r.by(), r.base(), in); err != nil {
		return r.showInvite(err, in)
	}
	return r.done("/admin/people", "An invitation was sent to "+in.Email+".")
}

func (r *request) showInvite(problem error, in sp.MemberInput) error {
	types, err := r.org.AccountTypes(r.ctx(), r.by(), "")
	if err != nil {
		return err
	}
	v := sigma.InviteView{At: r.at(), Email: in.Email, FirstName: in.FirstName, LastName: in.LastName,
		AccountTypeID: in.AccountTypeID, Types: typeOptions(types, "Default")}
	if problem != nil {
		return r.formErrors("Invite people", problem, func(e sigma.Errors) templ.Component { v.Errors = e; return sigma.Invite(v) })
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
		return r.formErrors(v.Title, err, func(e sigma.Errors) templ.Component { v.Errors = e; return sigma.NameForm(v) })
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
	if err := r.org.AssignAccountType(r.ctx(), r.by(), r.base(), id, r.Param("id")); err != nil {
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
	v := sigma.PersonTypeView{At: r.at(), Member: personDetailView(detail), Types: typeOptions(types, ""), Chosen: chosen}
	if problem != nil {
		return r.formErrors("Reassign Account Type", problem, func(e sigma.Errors) templ.Component {
			v.Errors = e
			return sigma.PersonType(v)
		})
	}
	return r.render("Reassign Account Type", sigma.PersonType(v))
}

// resendInvite sends a pending member a new link.
func (r *request) resendInvite() error {
	if err := r.org.ResendInvitation(r.ctx(), r.by(), r.base(), r.Param("id")); err != nil {
		return err
	}
	return r.done("/admin/people/"+r.Param("id"), "Invites re-sent")
}

// confirmRevokeInvite asks before an invitation is revoked.
func (r *request) confirmRevokeInvite() error {
	detail, err := r.org.Member(r.ctx(), r.by(), r.Param("id"))
	if err != nil {
		return err
	}
	path := "/admin/people/" + detail.ID
	if detail.Locked != "" {
		return r.done(path, detail.Locked)
	}
	return r.render("Revoke invite", sigma.Confirm(sigma.ConfirmView{
		At: r.at(), Question: "Revoke the invite of " + detail.Email + "?",
		Effects: []string{"The link in the email no longer works. The person leaves the list of people. You can invite them again."},
		Button:  "Revoke invite", Danger: true, Action: path + "/revoke-invite", Cancel: path}))
}

// revokeInvite revokes an invitation.
func (r *request) revokeInvite() error {
	if err := r.org.RevokeInvitation(r.ctx(), r.by(), r.Param("id")); err != nil {
		return err
	}
	return r.done("/admin/people", "The invite was revoked.")
}

// confirmDeactivate asks for the new owner of a member's documents.
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
	v := sigma.DeactivateView{At: r.at(), Member: personDetailView(detail), Owners: mapped(owners, memberOption),
		Chosen: r.viewer.Member.ID}
	if problem != nil {
		v.Chosen = r.FormValue("newOwner")
		return r.formErrors("Deactivate User", problem, func(e sigma.Errors) templ.Component {
			v.Errors = e
			return sigma.Deactivate(v)
		})
	}
	return r.render("Deactivate User", sigma.Deactivate(v))
}

// reactivate gives a member access again.
func (r *request) reactivate() error {
	if err := r.org.ReactivateMember(r.ctx(), r.by(), r.Param("id")); err != nil {
		return err
	}
	return r.done("/admin/people/"+r.Param("id"), "The member was reactivated. Their documents stay with the new owner.")
}
