package sp

import (
	"context"
	"time"
)

// Team is a group of members.
type Team struct {
	ID          string
	Name        string // unique among active teams, case-sensitive
	Description string
	Visibility  string // public, private
	Active      bool
	WorkspaceID string // empty when the team has none
	Provisioned bool   // pushed by the directory (SCIM)
	ExternalID  string
	Members     int
	CreatedBy   string
	CreatedAt   time.Time
	UpdatedAt   time.Time
	Version     int64
}

// TeamMember is a member within a team.
type TeamMember struct {
	Member
	TeamAdmin bool
	AddedAt   time.Time
}

// TeamDetail is a team's page.
type TeamDetail struct {
	Team
	People    []TeamMember
	Workspace *File
	Locked    string // why nothing can be changed here; empty when it can
}

// TeamInput is the form of a team. Fields of a problem: name, description, visibility.
type TeamInput struct {
	Name            string
	Description     string
	Visibility      string // public, private
	CreateWorkspace bool   // only when the team is created
}

// TeamQuery narrows the Teams list.
type TeamQuery struct {
	Search     string
	Inactive   bool // inactive teams instead of active ones
	MemberID   string
	Page, Size int
}

// Teams lists teams: all for Admins and those with Manage teams, else public ones and the actor's own.
func (o *Organization) Teams(ctx context.Context, by Actor, q TeamQuery) (Page[Team], error) {
	return Page[Team]{}, errTodo
}

// Team gives a team's page to those who may see it.
func (o *Organization) Team(ctx context.Context, by Actor, id string) (TeamDetail, error) {
	return TeamDetail{}, errTodo
}

// CreateTeam makes a team; refused while SCIM is on.
func (o *Organization) CreateTeam(ctx context.Context, by Actor, in TeamInput) (Team, error) {
	return Team{}, errTodo
}

// UpdateTeam changes name, description and visibility; refused while SCIM is on.
func (o *Organization) UpdateTeam(ctx context.Context, by Actor, id string, in TeamInput) error {
	return errTodo
}

// DeleteTeam removes a team for good; its workspace stays. Refused while SCIM is on.
func (o *Organization) DeleteTeam(ctx context.Context, by Actor, id string) error { return errTodo }

// AddToTeam adds active members; refused while SCIM is on.
func (o *Organization) AddToTeam(ctx context.Context, by Actor, id string, memberIDs ...string) error {
	return errTodo
}

// RemoveFromTeam removes members; refused while SCIM is on.
func (o *Organization) RemoveFromTeam(ctx context.Context, by Actor, id string, memberIDs ...string) error {
	return errTodo
}

// SetTeamAdmin makes a member team admin or ends it; refused while SCIM is on.
func (o *Organization) SetTeamAdmin(ctx context.Context, by Actor, id, memberID string, admin bool) error {
	return errTodo
}
