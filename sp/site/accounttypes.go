package site

import (
	"fmt"

	"github.com/a-h/templ"

	"understudy/sp"
	"understudy/ui/sigma"
)

// accountTypes is Administration > Account Types.
func (r *request) accountTypes() error {
	return r.showAccountTypes(nil)
}

// saveInvitationDefault chooses the type that invited people get unless another one is named.
func (r *request) saveInvitationDefault() error {
	if err := r.org.SetDefaultAccountType(r.ctx(), r.by(), r.FormValue("accountTypeID")); err != nil {
		return r.showAccountTypes(err)
	}
	return r.done("/admin/account-types", "The invitation default was saved.")
}

func (r *request) showAccountTypes(problem error) error {
	found, err := r.org.AccountTypes(r.ctx(), r.by(), r.QueryParam("q"))
	if err != nil {
		return err
	}
	all, err := r.org.AccountTypes(r.ctx(), r.by(), "")
	if err != nil {
		return err
	}
	v := sigma.AccountTypesView{At: r.at(), Types: found, All: all, Query: r.QueryParam("q")}
	if problem != nil {
		return r.again("Account Types", problem, func(e sigma.Errors) templ.Component { v.Errors = e; return sigma.AccountTypes(v) })
	}
	return r.render("Account Types", sigma.AccountTypes(v))
}

// accountType is the page of one type: what it allows and who has it.
func (r *request) accountType() error {
	t, err := r.org.AccountType(r.ctx(), r.by(), r.Param("id"))
	if err != nil {
		return err
	}
	members, err := r.org.Members(r.ctx(), r.by(), sp.MemberQuery{AccountTypeID: t.ID, Search: r.QueryParam("q"), Page: r.number()})
	if err != nil {
		return err
	}
	lock, err := r.org.DirectoryLock(r.ctx())
	if err != nil {
		return err
	}
	return r.render(t.Name, sigma.AccountType(sigma.AccountTypeView{At: r.at(), Type: t, Members: members, Query: r.QueryParam("q"),
		Self: r.viewer.Member.ID, Locked: lock}))
}

// newAccountType is the form for a custom type.
func (r *request) newAccountType() error {
	return r.render("New Account Type", sigma.AccountTypeForm(sigma.AccountTypeFormView{At: r.at(),
		Input: sp.AccountTypeInput{Permissions: sp.PermissionsOf(sp.ViewWorkbooks).List()}}))
}

// createAccountType makes a custom type.
func (r *request) createAccountType() error {
	v := sigma.AccountTypeFormView{At: r.at(), Input: r.accountTypeInput()}
	if _, err := r.org.CreateAccountType(r.ctx(), r.by(), v.Input); err != nil {
		return r.again("New Account Type", err, func(e sigma.Errors) templ.Component { v.Errors = e; return sigma.AccountTypeForm(v) })
	}
	return r.done("/admin/account-types", "The account type "+v.Input.Name+" was created.")
}

func (r *request) accountTypeInput() sp.AccountTypeInput {
	in := sp.AccountTypeInput{Name: r.text("name"), Description: r.text("description")}
	for _, p := range r.values("permission") {
		in.Permissions = append(in.Permissions, sp.Permission(p))
	}
	return in
}

// editAccountType is the form of a type that exists.
func (r *request) editAccountType() error {
	t, err := r.org.AccountType(r.ctx(), r.by(), r.Param("id"))
	if err != nil {
		return err
	}
	if !t.Editable() {
		return r.done("/admin/account-types/"+t.ID, "The account type Admin cannot be edited.")
	}
	return r.render("Edit Account Type", sigma.AccountTypeForm(sigma.AccountTypeFormView{At: r.at(), ID: t.ID, Standard: !t.Deletable(),
		Input: sp.AccountTypeInput{Name: t.Name, Description: t.Description, Permissions: t.Permissions.List()}}))
}

// saveAccountType changes a type. The new permissions hold from the next request of each of its members on.
func (r *request) saveAccountType() error {
	t, err := r.org.AccountType(r.ctx(), r.by(), r.Param("id"))
	if err != nil {
		return err
	}
	v := sigma.AccountTypeFormView{At: r.at(), ID: t.ID, Standard: !t.Deletable(), Input: r.accountTypeInput()}
	if err := r.org.UpdateAccountType(r.ctx(), r.by(), t.ID, v.Input); err != nil {
		return r.again("Edit Account Type", err, func(e sigma.Errors) templ.Component { v.Errors = e; return sigma.AccountTypeForm(v) })
	}
	return r.done("/admin/account-types/"+t.ID, "The account type was saved.")
}

// duplicateAccountType makes a custom type of the same permissions, to be changed at once.
func (r *request) duplicateAccountType() error {
	t, err := r.org.DuplicateAccountType(r.ctx(), r.by(), r.Param("id"))
	if err != nil {
		return err
	}
	return r.done("/admin/account-types/"+t.ID+"/edit", "The account type was duplicated as "+t.Name+".")
}

// confirmDeleteType asks who takes over the members of a type.
func (r *request) confirmDeleteType() error {
	t, err := r.org.AccountType(r.ctx(), r.by(), r.Param("id"))
	if err != nil {
		return err
	}
	if !t.Deletable() {
		return r.done("/admin/account-types/"+t.ID, "Standard account types cannot be deleted.")
	}
	types, err := r.org.AccountTypes(r.ctx(), r.by(), "")
	if err != nil {
		return err
	}
	return r.render("Delete Account Type", sigma.DeleteAccountType(sigma.DeleteTypeView{At: r.at(), Type: t, Types: types}))
}

// deleteAccountType removes a custom type.
func (r *request) deleteAccountType() error {
	moved, err := r.org.DeleteAccountType(r.ctx(), r.by(), r.Param("id"), r.FormValue("reassignTo"))
	if err != nil {
		return err
	}
	sentence := fmt.Sprintf("The account type was deleted. %d members have another one now.", moved)
	if moved == 1 {
		sentence = "The account type was deleted. 1 member has another one now."
	}
	return r.done("/admin/account-types", sentence)
}

// typeCandidates lists members who can be given a type.
func (r *request) typeCandidates() error { return r.showTypeCandidates(nil) }

// assignType gives the ticked members the type.
func (r *request) assignType() error {
	id := r.Param("id")
	if err := r.org.AssignAccountType(r.ctx(), r.by(), id, r.values("member")...); err != nil {
		return r.showTypeCandidates(err)
	}
	return r.done("/admin/account-types/"+id, "The account type was assigned.")
}

func (r *request) showTypeCandidates(problem error) error {
	t, err := r.org.AccountType(r.ctx(), r.by(), r.Param("id"))
	if err != nil {
		return err
	}
	lock, err := r.org.DirectoryLock(r.ctx())
	if err != nil {
		return err
	}
	if lock != "" && problem == nil {
		return r.done("/admin/account-types/"+t.ID, lock)
	}
	members, err := r.org.Members(r.ctx(), r.by(), sp.MemberQuery{Search: r.QueryParam("q"), Page: r.number()})
	if err != nil {
		return err
	}
	v := sigma.CandidatesView{At: r.at(), Title: "Assign Account Type to Existing Members", Lead: t.Name, Button: "Confirm", Members: members, In: map[string]bool{},
		Query: r.QueryParam("q"), Path: "/admin/account-types/" + t.ID + "/members/add", Cancel: "/admin/account-types/" + t.ID}
	for _, m := range members.Items {
		v.In[m.ID] = m.AccountTypeID == t.ID || m.ID == r.viewer.Member.ID // nobody changes their own
	}
	if problem != nil {
		return r.again(v.Title, problem, func(sigma.Errors) templ.Component { return sigma.Candidates(v) })
	}
	return r.render(v.Title, sigma.Candidates(v))
}

// auditLog is Administration > Audit Log.
func (r *request) auditLog() error {
	q := sp.AuditQuery{Search: r.QueryParam("q"), Type: sp.EventType(r.QueryParam("type")), Status: r.QueryParam("status"), Page: r.number()}
	entries, err := r.org.AuditLog(r.ctx(), r.by(), q)
	if err != nil {
		return err
	}
	return r.render("Audit Log", sigma.AuditLog(sigma.AuditLogView{At: r.at(), Entries: entries, Query: q.Search, Type: string(q.Type), Status: q.Status}))
}
