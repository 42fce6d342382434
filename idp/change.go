package idp

import "understudy/seed/base/store"

// ChangeKind says what changed.
type ChangeKind string

// The kinds of change, with the fields of [Change] that are set. [Org.changed] reports each of them in the transaction of
// the change.
const (
	UserProfileChanged     ChangeKind = "user.profile"       // UserID
	UserDeactivated        ChangeKind = "user.deactivated"   // UserID; AppUserRemoved of each app follows
	UserReactivated        ChangeKind = "user.reactivated"   // UserID; AppUserAdded of each app through a group follows
	UserDeleted            ChangeKind = "user.deleted"       // UserID
	AppUserAdded           ChangeKind = "appuser.added"      // AppID, UserID, After
	AppUserChanged         ChangeKind = "appuser.changed"    // AppID, UserID, Before, After (profile, user name or scope)
	AppUserRemoved         ChangeKind = "appuser.removed"    // AppID, UserID, Before
	GroupMembershipAdded   ChangeKind = "membership.added"   // GroupID, UserID
	GroupMembershipRemoved ChangeKind = "membership.removed" // GroupID, UserID
	GroupCreated           ChangeKind = "group.created"      // GroupID
	GroupRenamed           ChangeKind = "group.renamed"      // GroupID, OldName
	GroupDeleted           ChangeKind = "group.deleted"      // GroupID, OldName
	AppGroupAdded          ChangeKind = "appgroup.added"     // AppID, GroupID
	AppGroupChanged        ChangeKind = "appgroup.changed"   // AppID, GroupID
	AppGroupRemoved        ChangeKind = "appgroup.removed"   // AppID, GroupID
	AppActivated           ChangeKind = "app.activated"      // AppID
	AppDeactivated         ChangeKind = "app.deactivated"    // AppID
	AppDeleted             ChangeKind = "app.deleted"        // AppID
	PasswordChanged        ChangeKind = "user.password"      // UserID
	UserSuspended          ChangeKind = "user.suspended"     // UserID
	UserUnsuspended        ChangeKind = "user.unsuspended"   // UserID
	AppSchemaChanged       ChangeKind = "appschema.changed"  // AppID
)

// Change is a change that may have to be provisioned to apps.
type Change struct {
	Kind    ChangeKind
	AppID   string
	UserID  string
	GroupID string
	OldName string   // GroupRenamed, GroupDeleted
	Before  *AppUser // AppUserChanged, AppUserRemoved
	After   *AppUser // AppUserAdded, AppUserChanged
	Actor   Actor
}

// changed reports a change to provisioning, in the transaction of the change, so that its jobs commit with it.
func (o *Org) changed(tx *store.Tx, ch Change) error { return o.provisioningChanged(tx, ch) }
