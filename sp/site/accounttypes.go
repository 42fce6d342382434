package site

import (
	"fmt"

	"github.com/a-h/templ"

	"understudy/sp"
	"understudy/ui/kit"
	"understudy/ui/sigma"
)

// accountTypes is Administration > Account Types.
func (r *request) accountTypes() error { return r.showAccountTypes(nil) }

// saveInvitationDefault sets the account type of invited people.
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
	v := sigma.AccountTypesView{At: r.at(), Types: mapped(found, accountTypeView), Query: r.QueryParam("q")}
	for _, t := range all {
		if !t.Admin() {
			v.Invitable = append(v.Invitable, kit.Option{Value: t.ID, Label: t.Name})
		}
		if t.Default {
			v.Default = t.ID
		}
	}
	if problem != nil {
		return r.formErrors("Account Types", problem, func(e sigma.Errors) templ.Component { v.Errors = e; return sigma.AccountTypes(v) })
	}
	return r.render("Account Types", sigma.AccountTypes(v))
}

// accountType is the page of one type: its permissions and its members.
func (r *request) accountType() error {
	t, err := r.org.AccountType(r.ctx(), r.by(), r.Param("id"))
	if err != nil {
		return err
	}
	members, err := r.org.Members(r.ctx(), r.by(),
		sp.MemberQuery{AccountTypeID: t.ID, Search: r.QueryParam("q"), Page: r.pageNumber()})
	if err != nil {
		return err
	}
	lock, err := r.org.DirectoryLock(r.ctx())
	if err != nil {
		return err
	}
	return r.render(t.Name, sigma.AccountTypePage(sigma.AccountTypeView{At: r.at(), Type: accountTypeView(t), Admin: t.Admin(),
		Groups: permissionTable(t.Permissions), Members: mapped(members.Items, personView), Paging: paging(members),
		Query: r.QueryParam("q"), Self: r.viewer.Member.ID, Locked: lock}))
}

// newAccountType is the form for a custom type.
func (r *request) newAccountType() error {
	return r.render("New Account Type", sigma.AccountTypeForm(sigma.AccountTypeFormView{At: r.at(),
		Groups: permissionTable(sp.PermissionsOf(sp.ViewWorkbooks))}))
}

// createAccountType creates a custom type.
func (r *request) createAccountType() error {
	in := r.accountTypeInput()
	if _, err := r.org.CreateAccountType(r.ctx(), r.by(), in); err != nil {
		return r.accountTypeErrors("New Account Type", err, sigma.AccountTypeFormView{}, in)
	}
	return r.done("/admin/account-types", "The account type "+in.Name+" was created.")
}

func (r *request) accountTypeInput() sp.AccountTypeInput {
	in := sp.AccountTypeInput{Name: r.text("name"), Description: r.text("description")}
	for _, p := range r.values("permission") {
		in.Permissions = append(in.Permissions, sp.Permission(p))
	}
	return in
}

// accountTypeErrors shows the form again with its input.
func (r *request) accountTypeErrors(title string, err error, v sigma.AccountTypeFormView, in sp.AccountTypeInput) error {
	ticked := sp.Permissions{}
	for _, p := range in.Permissions {
		ticked[p] = true
	}
	v.At, v.Name, v.Description, v.Groups = r.at(), in.Name, in.Description, permissionTable(ticked)
	return r.formErrors(title, err, func(e sigma.Errors) templ.Component { v.Errors = e; return sigma.AccountTypeForm(v) })
}

// editAccountType is the form of an existing type.
func (r *request) editAccountType() error {
	t, err := r.org.AccountType(r.ctx(), r.by(), r.Param("id"))
	if err != nil {
		return err
	}
	if !t.Editable() {
		return r.done("/admin/account-types/"+t.ID, "The account type Admin cannot be edited.")
	}
	return r.render("Edit Account Type", sigma.AccountTypeForm(sigma.AccountTypeFormView{At: r.at(), ID: t.ID,
		Standard: !t.Deletable(), Name: t.Name, Description: t.Description, Groups: permissionTable(t.Permissions)}))
}

// saveAccountType changes a type. The new permissions apply to the next request of each member with this type.
func (r *request) saveAccountType() error {
	t, err := r.org.AccountType(r.ctx(), r.by(), r.Param("id"))
	if err != nil {
		return err
	}
	in := r.accountTypeInput()
	if err := r.org.UpdateAccountType(r.ctx(), r.by(), t.ID, in); err != nil {
		return r.accountTypeErrors("Edit Account Type", err, sigma.AccountTypeFormView{ID: t.ID, Standard: !t.Deletable()}, in)
	}
	return r.done("/admin/account-types/"+t.ID, "The account type was saved.")
}

// duplicateAccountType creates a custom type with the same permissions and opens its form.
func (r *request) duplicateAccountType() error {
	t, err := r.org.DuplicateAccountType(r.ctx(), r.by(), r.Param("id"))
	if err != nil {
		return err
	}
	return r.done("/admin/account-types/"+t.ID+"/edit", "The account type was duplicated as "+t.Name+".")
}

// confirmDeleteType asks which type the members of a deleted type get.
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
	v := sigma.DeleteTypeView{At: r.at(), Type: accountTypeView(t)}
	for _, other := range types {
		if other.ID != t.ID {
			v.Others = append(v.Others, kit.Option{Value: other.ID, Label: other.Name})
		}
		if other.Default {
			v.Default = other.ID
		}
	}
	return r.render("Delete Account Type", sigma.DeleteAccountType(v))
}

// deleteAccountType deletes a custom type.
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

// typeCandidates lists members who can get a type.
func (r *request) typeCandidates() error { return r.showTypeCandidates(nil) }

// assignType gives the type to the ticked members.
func (r *request) assignType() error {
	id := r.Param("id")
	if err := r.org.AssignAccountType(r.ctx(), r.by(), r.base(), id, r.values("member")...); err != nil {
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
	path := "/admin/account-types/" + t.ID
	if lock != "" && problem == nil {
		return r.done(path, lock)
	}
	members, err := r.org.Members(r.ctx(), r.by(), sp.MemberQuery{Search: r.QueryParam("q"), Page: r.pageNumber()})
	if err != nil {
		return err
	}
	v := sigma.CandidatesView{At: r.at(), Title: "Assign Account Type to Existing Members", Lead: t.Name, Button: "Confirm",
		Paging: paging(members), Query: r.QueryParam("q"), Path: path + "/members/add", Cancel: path}
	for _, m := range members.Items {
		if m.AccountTypeID != t.ID && m.ID != r.viewer.Member.ID { // members cannot change their own type
			v.Members = append(v.Members, memberOption(m))
		}
	}
	if problem != nil {
		return r.formErrors(v.Title, problem, func(sigma.Errors) templ.Component { return sigma.Candidates(v) })
	}
	return r.render(v.Title, sigma.Candidates(v))
}
