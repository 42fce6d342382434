package sp

import (
	"context"
	"time"
)

// MemberStatus is a member's state in the People list.
type MemberStatus string

// The states. Members are never deleted.
const (
	MemberActive   MemberStatus = "active"
	MemberPending  MemberStatus = "pending" // invited, has not signed in yet
	MemberInactive MemberStatus = "inactive"
)

// Label is the state as pages write it: Active, Pending, Inactive.
func (s MemberStatus) Label() string {
	switch s {
	case MemberActive:
		return "Active"
	case MemberPending:
		return "Pending"
	}
	return "Inactive"
}

// Member is a person of the organization.
type Member struct {
	ID            string // memberId, about 29 base-62 letters
	Email         string // unique without regard to case
	FirstName     string
	LastName      string
	AccountTypeID string
	AccountType   string // name
	WantedType    string // asked for by the directory and not existing yet; the default type applies meanwhile
	Status        MemberStatus
	Kind          string // internal, guest
	HomeFolderID  string // My Documents
	Provisioned   bool   // managed by the directory (SCIM)
	ExternalID    string // the directory's own id
	CreatedBy     string // member id; empty for the lab and for sign-on
	CreatedAt     time.Time
	UpdatedAt     time.Time
	DeactivatedAt time.Time
	LastActiveAt  time.Time
	Version       int64 // counts changes, for ETags
}

// Name is first and last name.
func (m Member) Name() string { return joinName(m.FirstName, m.LastName) }

// Initial is the letter in the member's round.
func (m Member) Initial() string { return initialOf(m.Name() + m.Email) }

// MemberQuery narrows the People list.
type MemberQuery struct {
	Search        string         // in name and e-mail
	Statuses      []MemberStatus // none: active and pending
	AccountTypeID string
	TeamID        string
	Sort          string // name (default), email, type, created, lastActive; "-" before it turns it round
	Page, Size    int
}

// MemberDetail is a member's page.
type MemberDetail struct {
	Member
	Teams     []Team // active ones
	Documents int    // owned
	Locked    string // why nothing can be changed here; empty when it can
}

// MemberInput is the form of a member. Fields of a problem: email, firstName, lastName, accountTypeID.
type MemberInput struct {
	Email         string
	FirstName     string
	LastName      string
	AccountTypeID string
}

// Members lists people. Admins and those with Manage users.
func (o *Organization) Members(ctx context.Context, by Actor, q MemberQuery) (Page[Member], error) {
	return Page[Member]{}, errTodo
}

// MemberCounts counts members per status, for the list's filter.
func (o *Organization) MemberCounts(ctx context.Context, by Actor) (map[MemberStatus]int, error) {
	return nil, errTodo
}

// Member gives a member's page. Admins and those with Manage users.
func (o *Organization) Member(ctx context.Context, by Actor, id string) (MemberDetail, error) {
	return MemberDetail{}, errTodo
}

// Profile gives the acting member's own page.
func (o *Organization) Profile(ctx context.Context, by Actor) (MemberDetail, error) {
	return MemberDetail{}, errTodo
}

// FindMembers suggests active members by name or e-mail, for sharing; any member may ask.
func (o *Organization) FindMembers(ctx context.Context, by Actor, search string, limit int) ([]Member, error) {
	return nil, errTodo
}

// InviteMember adds a pending member and mails them a link; refused while SCIM is on.
func (o *Organization) InviteMember(ctx context.Context, by Actor, in MemberInput) (Member, error) {
	return Member{}, errTodo
}

// Invitation gives the pending member behind an invitation's token.
func (o *Organization) Invitation(ctx context.Context, token string) (Member, error) {
	return Member{}, errTodo
}

// AcceptInvitation sets names and password and makes the member active. Fields: firstName, lastName, password.
func (o *Organization) AcceptInvitation(ctx context.Context, c Client, token, firstName, lastName, password string) error {
	return errTodo
}

// AssignAccountType changes the account type of members; nobody changes their own. Refused for members whom the
// directory manages while SCIM is on.
func (o *Organization) AssignAccountType(ctx context.Context, by Actor, accountTypeID string, memberIDs ...string) error {
	return errTodo
}

// UpdateMember changes a member's names; refused while SCIM is on. A member may change their own.
func (o *Organization) UpdateMember(ctx context.Context, by Actor, id, firstName, lastName string) error {
	return errTodo
}

// DeactivateMember ends a member's access. Their documents go to newOwner (the acting Admin when empty): content of My
// Documents into My Documents > Archived Users > {name}. All in one transaction. Refused while SCIM is on.
func (o *Organization) DeactivateMember(ctx context.Context, by Actor, id, newOwner string) error {
	return errTodo
}

// ReactivateMember gives the same member access again; documents stay where they went. Refused while SCIM is on.
func (o *Organization) ReactivateMember(ctx context.Context, by Actor, id string) error {
	return errTodo
}
