package sp

import "context"

// Grant gives a member, a team or everyone a right on a file and all that lies in it.
type Grant struct {
	GranteeKind string // member, team, everyone
	GranteeID   string // empty for everyone
	GranteeName string
	Access      Access
	Inherited   bool   // from a folder above
	From        string // that folder's name
}

// Grants lists who has access, own grants first, then inherited ones.
func (o *Organization) Grants(ctx context.Context, by Actor, fileID string) ([]Grant, error) {
	return nil, errTodo
}

// Share gives or changes a grant. Needs Share documents and Can edit (documents) or Can manage (folders).
func (o *Organization) Share(ctx context.Context, by Actor, fileID, granteeKind, granteeID string, access Access) error {
	return errTodo
}

// Unshare takes a grant away.
func (o *Organization) Unshare(ctx context.Context, by Actor, fileID, granteeKind, granteeID string) error {
	return errTodo
}

// RequestAccess mails the owner of a file that the actor may not open.
func (o *Organization) RequestAccess(ctx context.Context, by Actor, fileID string) error {
	return errTodo
}
