package sp

import (
	"context"
	"iter"
	"time"
)

// DirectoryToken is a bearer token for SCIM. It is bound to the Admin who made it.
type DirectoryToken struct {
	ID         string
	Name       string
	MemberID   string // who made it
	MemberName string
	CreatedAt  time.Time
	LastUsedAt time.Time
	ExpiresAt  time.Time // zero: never
	RevokedAt  time.Time
	Problem    string // why it does not work; empty when it does
}

// Directory is the section Account Type and Team Provisioning.
type Directory struct {
	On      bool
	Offered bool   // Setup can be begun
	Reason  string // why it is not offered
	Tokens  []DirectoryToken
}

// DirectorySetup is the setup dialog. Fields of a problem: understood, name, days.
type DirectorySetup struct {
	Understood bool
	Name       string
	Days       int // until the token expires; 0: never
}

// Directory gives the state of provisioning. Admins only.
func (o *Organization) Directory(ctx context.Context, by Actor) (Directory, error) {
	return Directory{}, errTodo
}

// SetUpDirectory makes a token and turns SCIM on. The token itself is given this once only.
func (o *Organization) SetUpDirectory(ctx context.Context, by Actor, in DirectorySetup) (token string, t DirectoryToken, err error) {
	return "", DirectoryToken{}, errTodo
}

// RevokeDirectoryToken ends a token; SCIM stays on.
func (o *Organization) RevokeDirectoryToken(ctx context.Context, by Actor, id string) error {
	return errTodo
}

// SetDirectoryOn turns SCIM off ("Disable provisioning": people and teams can be edited again) or on again.
func (o *Organization) SetDirectoryOn(ctx context.Context, by Actor, on bool) error { return errTodo }

// AuthenticateDirectory gives the actor behind a bearer token, or Unauthenticated with a sentence that says why not:
// unknown, revoked, expired, provisioning off, its Admin demoted or deactivated.
func (o *Organization) AuthenticateDirectory(ctx context.Context, bearer string, c Client) (Actor, error) {
	return Actor{}, errTodo
}

// DirectoryQuery looks members or teams up by indexed columns. Empty fields do not narrow; several must all hold.
type DirectoryQuery struct {
	ID          string
	UserName    string // e-mail, without regard to case
	ExternalID  string
	DisplayName string // members: full name without regard to case; teams: exact name
	MemberID    string // teams that have this member
	Start       int    // from 1, as SCIM counts
	Count       int    // 0: only the total; negative: 100
}

// ProvisionedMember is what the directory says of a person.
type ProvisionedMember struct {
	UserName   string // e-mail address
	ExternalID string
	FirstName  string
	LastName   string
	UserType   string // account type by name, "author" for Creator; empty: the default
	Active     bool
}

// DirectoryMembers gives a page of members in order of creation, and how many there are.
func (o *Organization) DirectoryMembers(ctx context.Context, by Actor, q DirectoryQuery) (list []Member, total int, err error) {
	return nil, 0, errTodo
}

// EachDirectoryMember walks all members in batches, for filters that no index serves. Breaking off is fine.
func (o *Organization) EachDirectoryMember(ctx context.Context, by Actor) iter.Seq2[Member, error] {
	return func(func(Member, error) bool) {}
}

// DirectoryMember gives one member, also an inactive one.
func (o *Organization) DirectoryMember(ctx context.Context, by Actor, id string) (Member, error) {
	return Member{}, errTodo
}

// ProvisionMember creates a member. Conflict, code UNIQUENESS, when the e-mail address is taken.
func (o *Organization) ProvisionMember(ctx context.Context, by Actor, in ProvisionedMember) (Member, error) {
	return Member{}, errTodo
}

// UpdateProvisioned replaces what the directory says of a member, activates or deactivates them, and links a member who
// was there before. ifVersion other than 0 must be the member's version (else Conflict, code VERSION).
func (o *Organization) UpdateProvisioned(ctx context.Context, by Actor, id string, in ProvisionedMember, ifVersion int64) (Member, error) {
	return Member{}, errTodo
}

// DeactivateProvisioned is SCIM's DELETE and active:false.
func (o *Organization) DeactivateProvisioned(ctx context.Context, by Actor, id string) error {
	return errTodo
}

// PushedTeam is what the directory says of a group.
type PushedTeam struct {
	DisplayName string
	ExternalID  string
	MemberIDs   []string
}

// TeamChange changes a pushed team; nil fields stay. Remove is applied before Add.
type TeamChange struct {
	DisplayName *string
	ExternalID  *string
	Members     *[]string // replace all
	Add, Remove []string
	IfVersion   int64
}

// DirectoryTeams gives a page of active teams in order of creation, and how many there are.
func (o *Organization) DirectoryTeams(ctx context.Context, by Actor, q DirectoryQuery) (list []Team, total int, err error) {
	return nil, 0, errTodo
}

// EachDirectoryTeam walks all active teams in batches, for filters that no index serves.
func (o *Organization) EachDirectoryTeam(ctx context.Context, by Actor) iter.Seq2[Team, error] {
	return func(func(Team, error) bool) {}
}

// DirectoryTeam gives one active team.
func (o *Organization) DirectoryTeam(ctx context.Context, by Actor, id string) (Team, error) {
	return Team{}, errTodo
}

// DirectoryTeamMembers gives a team's members: id and name only.
func (o *Organization) DirectoryTeamMembers(ctx context.Context, by Actor, id string) ([]Member, error) {
	return nil, errTodo
}

// DirectoryMemberTeams gives the active teams of a member.
func (o *Organization) DirectoryMemberTeams(ctx context.Context, by Actor, memberID string) ([]Team, error) {
	return nil, errTodo
}

// PushTeam creates a team. Conflict, code UNIQUENESS, when the name is taken.
func (o *Organization) PushTeam(ctx context.Context, by Actor, in PushedTeam) (Team, error) {
	return Team{}, errTodo
}

// UpdatePushedTeam changes a team and links one that was there before.
func (o *Organization) UpdatePushedTeam(ctx context.Context, by Actor, id string, c TeamChange) (Team, error) {
	return Team{}, errTodo
}

// DeactivatePushedTeam is SCIM's DELETE: the team ends, its workspace's documents go to the acting Admin's My Documents.
func (o *Organization) DeactivatePushedTeam(ctx context.Context, by Actor, id string) error {
	return errTodo
}

// DirectoryLock gives the sentence why people and teams are read-only; empty while SCIM is off.
func (o *Organization) DirectoryLock(ctx context.Context) (string, error) { return "", errTodo }
