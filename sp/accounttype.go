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

// Words for the standard account types of 2023, as identity providers may write them. "author" means Creator.
const (
	StandardAdmin   = "admin"
	StandardCreator = "creator"
	StandardViewer  = "viewer"
)

// AccountType says what its members may do.
type AccountType struct {
	ID          string
	Name        string // unique, case-sensitive
	Description string
	Standard    string // StandardAdmin, StandardCreator, StandardViewer; empty for a custom type
	Permissions Permissions
	Members     int  // active and pending members who have it
	Default     bool // Invitation Default: given to invited people for whom none is named
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// Editable reports whether the type can be changed: all but Admin.
func (t AccountType) Editable() bool { return t.Standard != StandardAdmin }

// Deletable reports whether the type can be deleted: custom types only.
func (t AccountType) Deletable() bool { return t.Standard == "" }

// Admin reports whether the type administers the organization.
func (t AccountType) Admin() bool { return t.Standard == StandardAdmin }

// manages reports whether the type administers or holds a permission over people and teams. Who has only Manage users
// touches nobody of such a type, and makes nobody one (Sigma help: account type and license overview).
func (t AccountType) manages() bool {
	p := t.Permissions
	return t.Admin() || p.Has(ManageUsers) || p.Has(ManageUserAttributes) || p.Has(ManageTeams)
}

// AccountTypeInput is the form of an account type. Fields of a problem: name, description, permissions.
type AccountTypeInput struct {
	Name        string
	Description string
	Permissions []Permission
}

// Counting members costs more the more there are, so only pages that show the number do it.
const (
	accountTypeFields  = `SELECT t.id, t.name, t.description, t.standard, t.permissions, t.created_ms, t.updated_ms, `
	accountTypeFrom    = `, t.id = (SELECT default_type_id FROM sigma_organization) FROM sigma_account_types t`
	accountTypeColumns = accountTypeFields + `0` + accountTypeFrom
	accountTypeCounted = accountTypeFields + `(SELECT count(*) FROM sigma_members m WHERE m.account_type_id = t.id AND m.status <> 'inactive')` + accountTypeFrom
)

// AccountTypes lists the account types, standard ones first. For those who administer people.
func (o *Organization) AccountTypes(ctx context.Context, by Actor, search string) (list []AccountType, err error) {
	err = o.read(ctx, by, func(tx *store.Tx, v viewer) error {
		if err := v.requireManage(ManageUsers, "see account types"); err != nil {
			return err
		}
		list, err = store.List(tx, scanAccountType, accountTypeCounted+`
			WHERE lower(t.name || ' ' || t.description) LIKE $1 ESCAPE '\'
			ORDER BY CASE t.standard WHEN 'admin' THEN 1 WHEN 'creator' THEN 2 WHEN 'viewer' THEN 3 ELSE 4 END, lower(t.name), t.name`,
			contains(strings.TrimSpace(search)))
		return err
	})
	return list, err
}

// AccountType gives one account type; its members come from Members with AccountTypeID.
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

// CreateAccountType makes a custom type. Members for whom the directory had asked for this name get it at once.
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

// UpdateAccountType changes name, description and permissions.
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
		if err := tx.Exec(`UPDATE sigma_account_types SET name = $1, description = $2, permissions = $3, updated_ms = $4 WHERE id = $5`,
			in.Name, in.Description, set.encode(), store.Millis(tx.Now()), id); err != nil {
			return err
		}
		if err := record(tx, by, Event{Type: AccountTypeEvents, Name: "UPDATE_ACCOUNT_TYPE", Object: Object{"accountType", id, in.Name},
			Detail: permissionChanges(old, in.Name, set)}); err != nil {
			return err
		}
		return resolveWanted(tx, by, id, in.Name)
	})
}

// DuplicateAccountType makes a custom type with the same permissions, named "Copy of …".
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

// DeleteAccountType removes a custom type; its members get reassignTo, or the default type when that is empty.
// It gives the number of active and pending members that were moved.
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
		heir, err := heirOf(tx, old, reassignTo)
		if err != nil {
			return err
		}
		moved = old.Members
		if err := tx.Exec(`UPDATE sigma_members SET account_type_id = $1, updated_ms = $2, version = version + 1 WHERE account_type_id = $3`,
			heir.ID, store.Millis(tx.Now()), id); err != nil {
			return err
		}
		if old.Default {
			if err := tx.Exec(`UPDATE sigma_organization SET default_type_id = $1 WHERE id = 1`, heir.ID); err != nil {
				return err
			}
		}
		if err := tx.Exec(`DELETE FROM sigma_account_types WHERE id = $1`, id); err != nil {
			return err
		}
		return record(tx, by, Event{Type: AccountTypeEvents, Name: "DELETE_ACCOUNT_TYPE", Object: Object{"accountType", id, old.Name},
			Detail: map[string]string{"reassignedTo": heir.Name, "members": fmt.Sprint(moved)}})
	})
	return moved, err
}

// SetDefaultAccountType chooses the Invitation Default; never Admin. People whom an identity provider brings do not get it
// (Sigma help: create and manage account types). Fields of a problem: accountTypeID.
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
		return record(tx, by, Event{Type: AccountTypeEvents, Name: "SET_DEFAULT_ACCOUNT_TYPE", Object: Object{"accountType", id, t.Name}})
	})
}

func heirOf(tx *store.Tx, old AccountType, reassignTo string) (AccountType, error) {
	if reassignTo == old.ID {
		return AccountType{}, problem.InvalidField("reassignTo", "Choose another account type than the one that is deleted.")
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
	t := AccountType{ID: tx.UUID(), Name: in.Name, Description: in.Description, Permissions: PermissionsOf(in.Permissions...),
		CreatedAt: tx.Now(), UpdatedAt: tx.Now()}
	if err := insertAccountType(tx, t); err != nil {
		return t, err
	}
	if err := record(tx, by, Event{Type: AccountTypeEvents, Name: "CREATE_ACCOUNT_TYPE", Object: Object{"accountType", t.ID, t.Name},
		Detail: map[string]string{"permissions": names(t.Permissions.List())}}); err != nil {
		return t, err
	}
	return t, resolveWanted(tx, by, t.ID, t.Name)
}

func insertAccountType(tx *store.Tx, t AccountType) error {
	return tx.Exec(`INSERT INTO sigma_account_types (id, name, description, standard, permissions, created_ms, updated_ms)
		VALUES ($1, $2, $3, $4, $5, $6, $6)`, t.ID, t.Name, t.Description, t.Standard, t.Permissions.encode(), store.Millis(tx.Now()))
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
	c.Require(!taken, "name", "There is already an account type with this name.")
	known := AllPermissions()
	for _, p := range in.Permissions {
		ok := slices.ContainsFunc(known, func(i PermissionInfo) bool { return i.Permission == p })
		c.Require(ok, "permissions", fmt.Sprintf("There is no permission %q.", p))
	}
	return in, c.Err()
}

// resolveWanted gives a type to the members for whom the directory asked for its name before it existed.
func resolveWanted(tx *store.Tx, by Actor, typeID, name string) error {
	waiting, err := store.List(tx, scanMember, memberColumns+` WHERE m.wanted_type = $1 AND m.wanted_type <> ''`, name)
	if err != nil {
		return err
	}
	for _, m := range waiting {
		if err := setMemberType(tx, by, m, typeID, name, "The account type that the directory had asked for exists now."); err != nil {
			return err
		}
	}
	return nil
}

// resolveType finds the type that an identity provider means: its exact name, or a standard type by Sigma's words.
func resolveType(tx *store.Tx, name string) (t AccountType, found bool, err error) {
	list, err := store.List(tx, scanAccountType, accountTypeColumns+` WHERE t.name = $1`, name)
	if err != nil || len(list) > 0 {
		if err != nil {
			return t, false, err
		}
		return list[0], true, nil
	}
	words := map[string]string{"admin": StandardAdmin, "Admin": StandardAdmin, "creator": StandardCreator, "Creator": StandardCreator,
		"author": StandardCreator, "Author": StandardCreator, "viewer": StandardViewer, "Viewer": StandardViewer}
	word, known := words[name]
	if !known {
		return t, false, nil
	}
	t, err = standardType(tx, word)
	return t, err == nil, err
}

func standardType(tx *store.Tx, standard string) (AccountType, error) {
	return store.One(tx, "There is no such account type.", scanAccountType, accountTypeColumns+` WHERE t.standard = $1`, standard)
}

func defaultType(tx *store.Tx) (AccountType, error) {
	return store.One(tx, "There is no default account type.", scanAccountType,
		accountTypeColumns+` WHERE t.id = (SELECT default_type_id FROM sigma_organization WHERE id = 1)`)
}

func loadAccountType(tx *store.Tx, id string) (AccountType, error) {
	return store.One(tx, "There is no such account type.", scanAccountType, accountTypeColumns+` WHERE t.id = $1`, id)
}

func countedAccountType(tx *store.Tx, id string) (AccountType, error) {
	return store.One(tx, "There is no such account type.", scanAccountType, accountTypeCounted+` WHERE t.id = $1`, id)
}

func scanAccountType(r store.Row) (t AccountType, err error) {
	var permissions string
	var created, updated int64
	if err := r.Scan(&t.ID, &t.Name, &t.Description, &t.Standard, &permissions, &created, &updated, &t.Members, &t.Default); err != nil {
		return t, err
	}
	t.CreatedAt, t.UpdatedAt = store.Time(created), store.Time(updated)
	t.Permissions, err = decodePermissions(permissions)
	return t, err
}

// addStandardTypes makes Admin, Creator and Viewer and gives Viewer's id.
func addStandardTypes(tx *store.Tx) (viewerID string, err error) {
	for _, t := range []AccountType{
		{Name: "Admin", Standard: StandardAdmin, Description: "Administers the organization and can do everything that others can."},
		{Name: "Creator", Standard: StandardCreator, Description: "Creates, edits, explores, shares and exports documents."},
		{Name: "Viewer", Standard: StandardViewer, Description: "Views and comments on documents that are shared with them."},
	} {
		t.ID, t.Permissions = tx.UUID(), standardPermissions(t.Standard)
		viewerID = t.ID
		if err := insertAccountType(tx, t); err != nil {
			return "", err
		}
	}
	return viewerID, nil
}

func names(list []Permission) string {
	text := make([]string, len(list))
	for i, p := range list {
		text[i] = p.Name()
	}
	return strings.Join(text, ", ")
}

// permissionChanges says what an edit switched on and off.
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
