package sp

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// Names of the standard account types of 2023 in user types of identity providers. "author" also means Creator.
const (
	StandardAdmin   = "admin"
	StandardCreator = "creator"
	StandardViewer  = "viewer"
)

// AccountType is a named set of permissions. Every member has one.
type AccountType struct {
	ID          string
	Name        string // unique, case-sensitive
	Description string
	Standard    string // StandardAdmin, StandardCreator, StandardViewer; empty for a custom type
	Permissions Permissions
	Members     int  // active and pending members with this type; 0 unless counted
	Default     bool // Invitation Default: the type of invited people unless another one is selected
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// Editable reports whether the type can be changed: every type except Admin.
func (t AccountType) Editable() bool { return t.Standard != StandardAdmin }

// Deletable reports whether the type can be deleted: custom types only.
func (t AccountType) Deletable() bool { return t.Standard == "" }

// Admin reports whether members with the type administer the organization.
func (t AccountType) Admin() bool { return t.Standard == StandardAdmin }

// manages reports whether the type has a permission over people or teams. A member with only Manage users cannot change
// members with such a type, and cannot assign such a type (Sigma help: account type and license overview).
func (t AccountType) manages() bool {
	p := t.Permissions
	return t.Admin() || p.Has(ManageUsers) || p.Has(ManageUserAttributes) || p.Has(ManageTeams)
}

// AccountTypeInput is the form of an account type. Fields of an error: name, description, permissions.
type AccountTypeInput struct {
	Name        string
	Description string
	Permissions []Permission
}

// selectAccountTypes does not count the members, which is slow with many members.
const selectAccountTypes = `SELECT t.id, t.name, t.description, t.standard, t.permissions, t.created_ms, t.updated_ms, 0,
	t.id = (SELECT default_type_id FROM sigma_organization) FROM sigma_account_types t`

// selectCountedTypes is for pages that show the number of members.
const selectCountedTypes = `SELECT t.id, t.name, t.description, t.standard, t.permissions, t.created_ms, t.updated_ms,
	(SELECT count(*) FROM sigma_members m WHERE m.account_type_id = t.id AND m.status <> 'inactive'),
	t.id = (SELECT default_type_id FROM sigma_organization) FROM sigma_account_types t`

// AccountTypes lists the account types, standard types first. Needs Manage users.
func (o *Organization) AccountTypes(ctx context.Context, by Actor, search string) (list []AccountType, err error) {
	err = o.read(ctx, by, func(tx *store.Tx, v viewer) error {
		if err := v.requireManage(ManageUsers, "see account types"); err != nil {
			return err
		}
		list, err = store.List(tx, scanAccountType, selectCountedTypes+`
			WHERE lower(t.name || ' ' || t.description) LIKE $1 ESCAPE '\'
			ORDER BY CASE t.standard WHEN 'admin' THEN 1 WHEN 'creator' THEN 2 WHEN 'viewer' THEN 3 ELSE 4 END,
			lower(t.name), t.name`,
			contains(strings.TrimSpace(search)))
		return err
	})
	return list, err
}

// AccountType returns one account type. Needs Manage users. [Organization.Members] lists the members who have the type.
func (o *Organization) AccountType(ctx context.Context, by Actor, id string) (t AccountType, err error) {
	err = o.read(ctx, by, func(tx *store.Tx, v viewer) error {
		if err := v.requireManage(ManageUsers, "see account types"); err != nil {
			return err
		}
		t, err = countedAccountType(tx, id)
		return err
	})
	return t, err
}

// CreateAccountType creates a custom type. Members for whom the directory requested this name get the type at once.
// Admins only.
func (o *Organization) CreateAccountType(ctx context.Context, by Actor, in AccountTypeInput) (t AccountType, err error) {
	err = o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		if err := v.requireAdmin("create account types"); err != nil {
			return err
		}
		t, err = addAccountType(tx, by, in)
		return err
	})
	return t, err
}

// UpdateAccountType changes name, description and permissions. Admins only.
func (o *Organization) UpdateAccountType(ctx context.Context, by Actor, id string, in AccountTypeInput) error {
	return o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		if err := v.requireAdmin("edit account types"); err != nil {
			return err
		}
		old, err := loadAccountType(tx, id)
		if err != nil {
			return err
		}
		if !old.Editable() {
			return problem.New(problem.Conflict, "The account type Admin cannot be edited.")
		}
		if in, err = checkAccountType(tx, id, in); err != nil {
			return err
		}
		set := PermissionsOf(in.Permissions...)
		if err := tx.Exec(`UPDATE sigma_account_types SET name = $1, description = $2, permissions = $3, updated_ms = $4
			WHERE id = $5`, in.Name, in.Description, set.encode(), store.Millis(tx.Now()), id); err != nil {
			return err
		}
		if err := record(tx, by, Event{Type: AccountTypeEvents, Name: "UPDATE_ACCOUNT_TYPE",
			Object: Object{"accountType", id, in.Name}, Detail: permissionChanges(old, in.Name, set)}); err != nil {
			return err
		}
		return assignRequested(tx, by, id, in.Name)
	})
}

// DuplicateAccountType creates a custom type with the same permissions, named "Copy of …". Admins only.
func (o *Organization) DuplicateAccountType(ctx context.Context, by Actor, id string) (t AccountType, err error) {
	err = o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		if err := v.requireAdmin("create account types"); err != nil {
			return err
		}
		old, err := loadAccountType(tx, id)
		if err != nil {
			return err
		}
		name := "Copy of " + old.Name
		for n := 2; ; n++ {
			taken, err := tx.Exists(`SELECT 1 FROM sigma_account_types WHERE name = $1`, name)
			if err != nil {
				return err
			}
			if !taken {
				break
			}
			name = fmt.Sprintf("Copy of %s (%d)", old.Name, n)
		}
		t, err = addAccountType(tx, by, AccountTypeInput{name, old.Description, old.Permissions.List()})
		return err
	})
	return t, err
}

// DeleteAccountType deletes a custom type. Its members get the type reassignTo, or the default type if that is empty. moved
// counts the active and pending members among them. Admins only. Fields of an error: reassignTo.
func (o *Organization) DeleteAccountType(ctx context.Context, by Actor, id, reassignTo string) (moved int, err error) {
	err = o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		if err := v.requireAdmin("delete account types"); err != nil {
			return err
		}
		old, err := countedAccountType(tx, id)
		if err != nil {
			return err
		}
		if !old.Deletable() {
			return problem.New(problem.Conflict, "Standard account types cannot be deleted.")
		}
		replacement, err := replacementFor(tx, old, reassignTo)
		if err != nil {
			return err
		}
		moved = old.Members
		if err := tx.Exec(`UPDATE sigma_members SET account_type_id = $1, updated_ms = $2, version = version + 1
			WHERE account_type_id = $3`,
			replacement.ID, store.Millis(tx.Now()), id); err != nil {
			return err
		}
		if old.Default {
			if err := tx.Exec(`UPDATE sigma_organization SET default_type_id = $1 WHERE id = 1`, replacement.ID); err != nil {
				return err
			}
		}
		if err := tx.Exec(`DELETE FROM sigma_account_types WHERE id = $1`, id); err != nil {
			return err
		}
		return record(tx, by, Event{Type: AccountTypeEvents, Name: "DELETE_ACCOUNT_TYPE",
			Object: Object{"accountType", id, old.Name},
			Detail: map[string]string{"reassignedTo": replacement.Name, "members": fmt.Sprint(moved)}})
	})
	return moved, err
}

// SetDefaultAccountType sets the Invitation Default, which cannot be Admin. People from an identity provider do not get
// this type (Sigma help: create and manage account types). Admins only. Fields of an error: accountTypeID.
func (o *Organization) SetDefaultAccountType(ctx context.Context, by Actor, id string) error {
	return o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		if err := v.requireAdmin("choose the default account type"); err != nil {
			return err
		}
		t, err := loadAccountType(tx, id)
		if err != nil {
			return err
		}
		if t.Admin() {
			return problem.InvalidField("accountTypeID", "Admin cannot be the default account type.")
		}
		if err := tx.Exec(`UPDATE sigma_organization SET default_type_id = $1 WHERE id = 1`, id); err != nil {
			return err
		}
		return record(tx, by, Event{Type: AccountTypeEvents, Name: "SET_DEFAULT_ACCOUNT_TYPE",
			Object: Object{"accountType", id, t.Name}})
	})
}

// replacementFor returns the type that the members of a deleted type get.
func replacementFor(tx *store.Tx, old AccountType, reassignTo string) (AccountType, error) {
	if reassignTo == old.ID {
		return AccountType{}, problem.InvalidField("reassignTo", "Select an account type other than the one that you delete.")
	}
	if reassignTo != "" {
		return loadAccountType(tx, reassignTo)
	}
	if old.Default {
		return standardType(tx, StandardViewer)
	}
	return defaultType(tx)
}

func addAccountType(tx *store.Tx, by Actor, in AccountTypeInput) (AccountType, error) {
	in, err := checkAccountType(tx, "", in)
	if err != nil {
		return AccountType{}, err
	}
	t := AccountType{ID: tx.UUID(), Name: in.Name, Description: in.Description,
		Permissions: PermissionsOf(in.Permissions...), CreatedAt: tx.Now(), UpdatedAt: tx.Now()}
	if err := insertAccountType(tx, t); err != nil {
		return t, err
	}
	if err := record(tx, by, Event{Type: AccountTypeEvents, Name: "CREATE_ACCOUNT_TYPE",
		Object: Object{"accountType", t.ID, t.Name}, Detail: map[string]string{"permissions": names(t.Permissions.List())}}); err != nil {
		return t, err
	}
	return t, assignRequested(tx, by, t.ID, t.Name)
}

func insertAccountType(tx *store.Tx, t AccountType) error {
	return tx.Exec(`INSERT INTO sigma_account_types (id, name, description, standard, permissions, created_ms, updated_ms)
		VALUES ($1, $2, $3, $4, $5, $6, $6)`,
		t.ID, t.Name, t.Description, t.Standard, t.Permissions.encode(), store.Millis(tx.Now()))
}

func checkAccountType(tx *store.Tx, id string, in AccountTypeInput) (AccountTypeInput, error) {
	in.Name, in.Description = strings.TrimSpace(in.Name), strings.TrimSpace(in.Description)
	var c problem.Check
	c.Require(in.Name != "", "name", "Enter a name.")
	c.Require(len(in.Name) <= 100, "name", "Use at most 100 characters.")
	c.Require(len(in.Description) <= 1000, "description", "Use at most 1000 characters.")
	taken, err := tx.Exists(`SELECT 1 FROM sigma_account_types WHERE name = $1 AND id <> $2`, in.Name, id)
	if err != nil {
		return in, err
	}
	c.Require(!taken, "name", "An account type with this name already exists.")
	known := AllPermissions()
	for _, p := range in.Permissions {
		ok := slices.ContainsFunc(known, func(i PermissionInfo) bool { return i.Permission == p })
		c.Require(ok, "permissions", fmt.Sprintf("There is no permission %q.", p))
	}
	return in, c.Err()
}

// assignRequested gives a type to the members for whom the directory requested its name before the type existed.
func assignRequested(tx *store.Tx, by Actor, typeID, name string) error {
	waiting, err := store.List(tx, scanMember, selectMembers+` WHERE m.wanted_type = $1 AND m.wanted_type <> ''`, name)
	if err != nil {
		return err
	}
	for _, m := range waiting {
		if err := setMemberType(tx, by, m, typeID, name, "The account type that the directory requested exists now."); err != nil {
			return err
		}
	}
	return nil
}

// resolveType finds an account type by the user type of an identity provider: by its exact name, else by the name of a
// standard type.
func resolveType(tx *store.Tx, name string) (t AccountType, found bool, err error) {
	list, err := store.List(tx, scanAccountType, selectAccountTypes+` WHERE t.name = $1`, name)
	if err != nil || len(list) > 0 {
		if err != nil {
			return t, false, err
		}
		return list[0], true, nil
	}
	standard, known := map[string]string{"admin": StandardAdmin, "Admin": StandardAdmin,
		"creator": StandardCreator, "Creator": StandardCreator, "author": StandardCreator, "Author": StandardCreator,
		"viewer": StandardViewer, "Viewer": StandardViewer}[name]
	if !known {
		return t, false, nil
	}
	t, err = standardType(tx, standard)
	return t, err == nil, err
}

func standardType(tx *store.Tx, standard string) (AccountType, error) {
	return store.One(tx, "There is no such account type.", scanAccountType, selectAccountTypes+` WHERE t.standard = $1`, standard)
}

func defaultType(tx *store.Tx) (AccountType, error) {
	return store.One(tx, "There is no default account type.", scanAccountType,
		selectAccountTypes+` WHERE t.id = (SELECT default_type_id FROM sigma_organization WHERE id = 1)`)
}

func loadAccountType(tx *store.Tx, id string) (AccountType, error) {
	return store.One(tx, "There is no such account type.", scanAccountType, selectAccountTypes+` WHERE t.id = $1`, id)
}

func countedAccountType(tx *store.Tx, id string) (AccountType, error) {
	return store.One(tx, "There is no such account type.", scanAccountType, selectCountedTypes+` WHERE t.id = $1`, id)
}

func scanAccountType(r store.Row) (t AccountType, err error) {
	var permissions string
	var created, updated int64
	if err := r.Scan(&t.ID, &t.Name, &t.Description, &t.Standard, &permissions, &created, &updated,
		&t.Members, &t.Default); err != nil {
		return t, err
	}
	t.CreatedAt, t.UpdatedAt = store.Time(created), store.Time(updated)
	t.Permissions, err = decodePermissions(permissions)
	return t, err
}

// addStandardTypes creates Admin, Creator and Viewer, and returns the id of Viewer.
func addStandardTypes(tx *store.Tx) (viewerID string, err error) {
	for _, t := range []AccountType{
		{Name: "Admin", Standard: StandardAdmin, Description: "Administers the organization and has every permission."},
		{Name: "Creator", Standard: StandardCreator, Description: "Creates, edits, explores, shares and exports documents."},
		{Name: "Viewer", Standard: StandardViewer, Description: "Views and comments on shared documents."},
	} {
		t.ID, t.Permissions = tx.UUID(), standardPermissions(t.Standard)
		viewerID = t.ID
		if err := insertAccountType(tx, t); err != nil {
			return "", err
		}
	}
	return viewerID, nil
}

// names joins the labels of permissions.
func names(list []Permission) string {
	text := make([]string, len(list))
	for i, p := range list {
		text[i] = p.Name()
	}
	return strings.Join(text, ", ")
}

// permissionChanges lists the permissions that an edit enabled and disabled.
func permissionChanges(old AccountType, name string, set Permissions) map[string]string {
	var on, off []Permission
	for _, info := range AllPermissions() {
		p := info.Permission
		if set[p] && !old.Permissions[p] {
			on = append(on, p)
		}
		if !set[p] && old.Permissions[p] {
			off = append(off, p)
		}
	}
	d := map[string]string{"enabled": names(on), "disabled": names(off)}
	if old.Name != name {
		d["before"] = old.Name
	}
	return d
}
