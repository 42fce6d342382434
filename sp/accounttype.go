package sp

import (
	"context"
	"time"
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
	Default     bool // given to members for whom none is named
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// Editable reports whether the type can be changed: all but Admin.
func (t AccountType) Editable() bool { return t.Standard != StandardAdmin }

// Deletable reports whether the type can be deleted: custom types only.
func (t AccountType) Deletable() bool { return t.Standard == "" }

// Admin reports whether the type administers the organization.
func (t AccountType) Admin() bool { return t.Standard == StandardAdmin }

// AccountTypeInput is the form of an account type. Fields of a problem: name, description, permissions.
type AccountTypeInput struct {
	Name        string
	Description string
	Permissions []Permission
}

// AccountTypes lists the account types, standard ones first. Admins only.
func (o *Organization) AccountTypes(ctx context.Context, by Actor, search string) ([]AccountType, error) {
	return nil, errTodo
}

// AccountType gives one account type. Admins only; its members come from Members with AccountTypeID.
func (o *Organization) AccountType(ctx context.Context, by Actor, id string) (AccountType, error) {
	return AccountType{}, errTodo
}

// CreateAccountType makes a custom type. Members for whom the directory had asked for this name get it at once.
func (o *Organization) CreateAccountType(ctx context.Context, by Actor, in AccountTypeInput) (AccountType, error) {
	return AccountType{}, errTodo
}

// UpdateAccountType changes name, description and permissions.
func (o *Organization) UpdateAccountType(ctx context.Context, by Actor, id string, in AccountTypeInput) error {
	return errTodo
}

// DuplicateAccountType makes a custom type with the same permissions, named "Copy of …".
func (o *Organization) DuplicateAccountType(ctx context.Context, by Actor, id string) (AccountType, error) {
	return AccountType{}, errTodo
}

// DeleteAccountType removes a custom type; its members get reassignTo, or the default type when that is empty.
// It gives the number of members that were moved.
func (o *Organization) DeleteAccountType(ctx context.Context, by Actor, id, reassignTo string) (int, error) {
	return 0, errTodo
}
