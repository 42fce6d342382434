package sp

import (
	"context"
	"fmt"
	"strings"
	"time"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// Team is a group of members.
type Team struct {
	ID          string
	Name        string // unique among active teams, case-sensitive
	Description string
	Visibility  string // public, private
	Active      bool
	WorkspaceID string // empty if the team has none
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

// TeamDetail is a team's page. Workspace is nil if there is none or the actor cannot view it.
type TeamDetail struct {
	Team
	People    []TeamMember
	Workspace *File
	Locked    string // why the team cannot be changed; empty if it can be changed
	Manage    bool   // the actor may change the team
}

// TeamInput is the form of a team. Fields of an error: name, description, visibility.
type TeamInput struct {
	Name            string
	Description     string
	Visibility      string // public, private
	CreateWorkspace bool   // only for a new team
}

// TeamQuery filters the list Teams.
type TeamQuery struct {
	Search     string
	Inactive   bool // inactive teams instead of active ones
	MemberID   string
	Public     bool // only public teams
	Page, Size int
}

// Teams lists teams. With Manage teams the list has all teams, else public teams and the actor's own.
func (o *Organization) Teams(ctx context.Context, by Actor, q TeamQuery) (p Page[Team], err error) {
	err = o.read(ctx, by, func(tx *store.Tx, v viewer) error {
		var w where
		w.and(`t.status = ?`, map[bool]string{false: "active", true: "inactive"}[q.Inactive])
		if s := strings.TrimSpace(q.Search); s != "" {
			w.and(`lower(t.name || ' ' || t.description) LIKE ? ESCAPE '\'`, contains(s))
		}
		if q.MemberID != "" {
			w.and(`t.id IN (SELECT team_id FROM sigma_team_members WHERE member_id = ?)`, q.MemberID)
		}
		if q.Public {
			w.and(`t.visibility = 'public'`)
		}
		if !v.admin() && !v.can(ManageTeams) {
			if v.member.ID == "" {
				return problem.New(problem.Unauthenticated, "Sign in to continue.")
			}
			w.and(`(t.visibility = 'public' OR t.id IN (SELECT team_id FROM sigma_team_members WHERE member_id = ?))`, v.member.ID)
		}
		p, err = page(tx, q.Page, q.Size, scanTeam, teamFields, teamFrom, w, `ORDER BY lower(t.name), t.name, t.id`)
		return err
	})
	return p, err
}

// Team returns a team's page. The error is Forbidden, code NO_ACCESS, for a private team of others without Manage teams.
func (o *Organization) Team(ctx context.Context, by Actor, id string) (d TeamDetail, err error) {
	err = o.read(ctx, by, func(tx *store.Tx, v viewer) error {
		if d.Team, err = loadTeam(tx, id); err != nil {
			return err
		}
		if d.Visibility == "private" && !v.admin() && !v.can(ManageTeams) && !v.teams[id] {
			return v.refuse("NO_ACCESS", "This team is private.",
				Event{Type: TeamEvents, Name: "OPEN_TEAM", Object: Object{"team", id, d.Name}})
		}
		if d.People, err = store.List(tx, scanTeamMember, memberFields+`, x.is_admin, x.added_ms`+memberFrom+`
			JOIN sigma_team_members x ON x.member_id = m.id
			WHERE x.team_id = $1 ORDER BY m.display_key, m.id`, id); err != nil {
			return err
		}
		if d.WorkspaceID != "" {
			if f, err := openFile(tx, v, d.WorkspaceID); err == nil {
				d.Workspace = &f
			}
		}
		if d.Manage, err = managesTeam(tx, v, id); err != nil {
			return err
		}
		d.Locked, err = directoryLock(tx)
		return err
	})
	return d, err
}

// TeamPeople returns the members of every team by team id, with id and email address only. It is for the lab itself and
// checks no permission.
func (o *Organization) TeamPeople(ctx context.Context) (people map[string][]Member, err error) {
	people = map[string][]Member{}
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		return tx.Each(`SELECT x.team_id, m.id, m.email FROM sigma_team_members x JOIN sigma_members m ON m.id = x.member_id
			ORDER BY m.display_key, m.id`, nil, func(r store.Row) error {
			var team string
			var m Member
			err := r.Scan(&team, &m.ID, &m.Email)
			people[team] = append(people[team], m)
			return err
		})
	})
	return people, err
}

// TeamCandidates lists active members, for the form that adds members to a team. It needs the rights of that change. number
// is the page, from 1.
func (o *Organization) TeamCandidates(ctx context.Context, by Actor, id, search string, number int) (p Page[Member], err error) {
	err = o.read(ctx, by, func(tx *store.Tx, v viewer) error {
		if _, err := changeTeam(tx, v, "ADD_TEAM_MEMBER", id); err != nil {
			return err
		}
		var w where
		w.and(`m.status = 'active'`)
		if s := strings.TrimSpace(search); s != "" {
			w.and(`(m.display_key LIKE ? ESCAPE '\' OR m.email_key LIKE ? ESCAPE '\')`, contains(s), contains(s))
		}
		p, err = page(tx, number, 0, scanMember, memberFields, memberFrom, w, memberOrder(""))
		return err
	})
	return p, err
}

// managesTeam reports whether the actor may change a team: Admins, members with Manage teams, and the team's team admins.
func managesTeam(tx *store.Tx, v viewer, id string) (bool, error) {
	if v.admin() || v.can(ManageTeams) {
		return true, nil
	}
	return tx.Exists(`SELECT 1 FROM sigma_team_members WHERE team_id = $1 AND member_id = $2 AND is_admin = 1`, id, v.member.ID)
}

// CreateTeam creates a team. Needs Manage teams. Refused while SCIM is on.
func (o *Organization) CreateTeam(ctx context.Context, by Actor, in TeamInput) (t Team, err error) {
	err = o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		if err := v.requireManage(ManageTeams, "create teams"); err != nil {
			return err
		}
		if err := requireUnlocked(tx, v, TeamEvents, "CREATE_TEAM", Object{"team", "", in.Name}); err != nil {
			return err
		}
		if err := checkTeam(tx, "", &in); err != nil {
			return err
		}
		t, err = insertTeam(tx, Team{Name: in.Name, Description: in.Description, Visibility: in.Visibility, CreatedBy: by.MemberID})
		if err != nil {
			return err
		}
		if in.CreateWorkspace {
			if t, err = addTeamWorkspace(tx, t, v.member.ID); err != nil {
				return err
			}
		}
		return record(tx, by, Event{Type: TeamEvents, Name: "CREATE_TEAM", Object: Object{"team", t.ID, t.Name}})
	})
	return t, err
}

// addTeamWorkspace creates the workspace of a team and gives the team Can contribute on it.
func addTeamWorkspace(tx *store.Tx, t Team, ownerID string) (Team, error) {
	f, err := insertFile(tx, File{Kind: KindWorkspace, Name: t.Name, OwnerID: ownerID}, "", ownerID)
	if err != nil {
		return t, err
	}
	t.WorkspaceID = f.ID
	if err := tx.Exec(`UPDATE sigma_teams SET workspace_id = $1 WHERE id = $2`, f.ID, t.ID); err != nil {
		return t, err
	}
	return t, putGrant(tx, f.ID, "team", t.ID, CanEdit, ownerID)
}

// UpdateTeam changes name, description and visibility. Refused while SCIM is on.
func (o *Organization) UpdateTeam(ctx context.Context, by Actor, id string, in TeamInput) error {
	return o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		t, err := changeTeam(tx, v, "UPDATE_TEAM", id)
		if err != nil {
			return err
		}
		if err := checkTeam(tx, id, &in); err != nil {
			return err
		}
		if err := tx.Exec(`UPDATE sigma_teams SET name = $1, description = $2, visibility = $3, updated_ms = $4,
			version = version + 1 WHERE id = $5`, in.Name, in.Description, in.Visibility, store.Millis(tx.Now()), id); err != nil {
			return err
		}
		return record(tx, by, Event{Type: TeamEvents, Name: "UPDATE_TEAM", Object: Object{"team", id, in.Name},
			Detail: map[string]string{"before": t.Name}})
	})
}

// DeleteTeam deletes a team permanently. Its workspace stays. Refused while SCIM is on.
func (o *Organization) DeleteTeam(ctx context.Context, by Actor, id string) error {
	return o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		t, err := changeTeam(tx, v, "DELETE_TEAM", id)
		if err != nil {
			return err
		}
		for _, statement := range []string{`DELETE FROM sigma_team_members WHERE team_id = $1`,
			`DELETE FROM sigma_grants WHERE grantee_kind = 'team' AND grantee_id = $1`, `DELETE FROM sigma_teams WHERE id = $1`} {
			if err := tx.Exec(statement, id); err != nil {
				return err
			}
		}
		return record(tx, by, Event{Type: TeamEvents, Name: "DELETE_TEAM", Object: Object{"team", id, t.Name}})
	})
}

// AddToTeam adds active members to a team. Refused while SCIM is on. Fields of an error: members.
func (o *Organization) AddToTeam(ctx context.Context, by Actor, id string, memberIDs ...string) error {
	return o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		t, err := changeTeam(tx, v, "ADD_TEAM_MEMBER", id)
		if err != nil {
			return err
		}
		if len(memberIDs) == 0 {
			return problem.InvalidField("members", "Select at least one member.")
		}
		for _, m := range memberIDs {
			if _, err := joinTeam(tx, by, t, m); err != nil {
				return err
			}
		}
		return nil
	})
}

// RemoveFromTeam removes members from a team. Refused while SCIM is on.
func (o *Organization) RemoveFromTeam(ctx context.Context, by Actor, id string, memberIDs ...string) error {
	return o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		t, err := changeTeam(tx, v, "REMOVE_TEAM_MEMBER", id)
		if err != nil {
			return err
		}
		for _, m := range memberIDs {
			if _, err := leaveTeam(tx, by, t, m); err != nil {
				return err
			}
		}
		return nil
	})
}

// SetTeamAdmin makes a member of a team a team admin, or an ordinary member again. Refused while SCIM is on.
func (o *Organization) SetTeamAdmin(ctx context.Context, by Actor, id, memberID string, admin bool) error {
	return o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		t, err := changeTeam(tx, v, "UPDATE_TEAM_ADMIN", id)
		if err != nil {
			return err
		}
		n, err := tx.Change(`UPDATE sigma_team_members SET is_admin = $1 WHERE team_id = $2 AND member_id = $3`,
			flag(admin), id, memberID)
		if err != nil {
			return err
		}
		if n == 0 {
			return problem.New(problem.NotFound, "There is no such member in this team.")
		}
		m, err := loadMember(tx, memberID)
		if err != nil {
			return err
		}
		return record(tx, by, Event{Type: TeamEvents, Name: "UPDATE_TEAM_ADMIN", Object: Object{"team", id, t.Name},
			Detail: map[string]string{"member": m.Name(), "teamAdmin": fmt.Sprint(admin)}})
	})
}

// changeTeam loads a team for a change. The actor must manage the team, and SCIM must be off.
func changeTeam(tx *store.Tx, v viewer, event, id string) (Team, error) {
	t, err := loadTeam(tx, id)
	if err != nil {
		return t, err
	}
	manages, err := managesTeam(tx, v, id)
	if err != nil {
		return t, err
	}
	if !manages {
		return t, v.requireAdmin("change teams that they are not a team admin of")
	}
	return t, requireUnlocked(tx, v, TeamEvents, event, Object{"team", t.ID, t.Name})
}

func checkTeam(tx *store.Tx, id string, in *TeamInput) error {
	in.Name, in.Description = strings.TrimSpace(in.Name), strings.TrimSpace(in.Description)
	var c problem.Check
	c.Require(in.Name != "" && len(in.Name) <= 200, "name", "Enter a team name of at most 200 characters.")
	c.Require(len(in.Description) <= 1000, "description", "Use at most 1000 characters.")
	c.Require(in.Visibility == "public" || in.Visibility == "private", "visibility", "Select Public or Private.")
	taken, err := teamNameTaken(tx, in.Name, id)
	if err != nil {
		return err
	}
	c.Require(!taken, "name", "A team with this name already exists.")
	return c.Err()
}

// teamNameTaken reports whether another active team than exceptID has the name.
func teamNameTaken(tx *store.Tx, name, exceptID string) (bool, error) {
	return tx.Exists(`SELECT 1 FROM sigma_teams WHERE name = $1 AND status = 'active' AND id <> $2`,
		name, exceptID)
}

// joinTeam adds an active member. It returns false if the member was already in the team.
func joinTeam(tx *store.Tx, by Actor, t Team, memberID string) (bool, error) {
	m, err := loadMember(tx, memberID)
	if err != nil {
		return false, err
	}
	if m.Status == MemberInactive {
		return false, problem.New(problem.Conflict, m.Name()+" is inactive and cannot be added to a team.")
	}
	return addToTeam(tx, by, t, m)
}

// addToTeam adds a member, active or not. It returns false if the member was in the team already.
func addToTeam(tx *store.Tx, by Actor, t Team, m Member) (bool, error) {
	n, err := tx.Change(`INSERT INTO sigma_team_members (team_id, member_id, added_by, added_ms) VALUES ($1, $2, $3, $4)
		ON CONFLICT DO NOTHING`, t.ID, m.ID, by.MemberID, store.Millis(tx.Now()))
	if err != nil || n == 0 {
		return false, err
	}
	return true, record(tx, by, Event{Type: TeamEvents, Name: "ADD_TEAM_MEMBER", Object: Object{"team", t.ID, t.Name},
		Detail: map[string]string{"member": m.Name(), "email": m.Email}})
}

// leaveTeam removes a member. It returns false if the member was not in the team.
func leaveTeam(tx *store.Tx, by Actor, t Team, memberID string) (bool, error) {
	n, err := tx.Change(`DELETE FROM sigma_team_members WHERE team_id = $1 AND member_id = $2`, t.ID, memberID)
	if err != nil || n == 0 {
		return false, err
	}
	m, err := loadMember(tx, memberID)
	if err != nil {
		return false, err
	}
	return true, record(tx, by, Event{Type: TeamEvents, Name: "REMOVE_TEAM_MEMBER", Object: Object{"team", t.ID, t.Name},
		Detail: map[string]string{"member": m.Name(), "email": m.Email}})
}

func insertTeam(tx *store.Tx, t Team) (Team, error) {
	t.ID, t.Active, t.CreatedAt, t.UpdatedAt, t.Version = tx.UUID(), true, tx.Now(), tx.Now(), 1
	return t, tx.Exec(`INSERT INTO sigma_teams
		(id, name, description, visibility, status, provisioned, external_id, created_by, created_ms, updated_ms)
		VALUES ($1, $2, $3, $4, 'active', $5, $6, $7, $8, $8)`,
		t.ID, t.Name, t.Description, t.Visibility, flag(t.Provisioned), t.ExternalID, t.CreatedBy, store.Millis(tx.Now()))
}

const (
	teamFields = `SELECT t.id, t.name, t.description, t.visibility, t.status = 'active', t.workspace_id, t.provisioned,
	t.external_id, (SELECT count(*) AS n FROM sigma_team_members x WHERE x.team_id = t.id), t.created_by, t.created_ms,
	t.updated_ms, t.version`
	teamFrom    = ` FROM sigma_teams t`
	selectTeams = teamFields + teamFrom
)

func scanTeam(r store.Row) (t Team, err error) {
	var created, updated int64
	err = r.Scan(&t.ID, &t.Name, &t.Description, &t.Visibility, &t.Active, &t.WorkspaceID, &t.Provisioned, &t.ExternalID,
		&t.Members, &t.CreatedBy, &created, &updated, &t.Version)
	t.CreatedAt, t.UpdatedAt = store.Time(created), store.Time(updated)
	return t, err
}

func scanTeamMember(r store.Row) (x TeamMember, err error) {
	var added int64
	x.Member, err = scanMember(extended{r, []any{&x.TeamAdmin, &added}})
	x.AddedAt = store.Time(added)
	return x, err
}

// extended is a row with more columns after those that a scan function reads.
type extended struct {
	row  store.Row
	more []any
}

func (e extended) Scan(dest ...any) error { return e.row.Scan(append(dest, e.more...)...) }

func loadTeam(tx *store.Tx, id string) (Team, error) {
	return store.One(tx, "There is no such team.", scanTeam, selectTeams+` WHERE t.id = $1`, id)
}

// memberTeams lists the active teams of a member.
func memberTeams(tx *store.Tx, memberID string) ([]Team, error) {
	return store.List(tx, scanTeam, selectTeams+` WHERE t.status = 'active'
		AND t.id IN (SELECT team_id FROM sigma_team_members WHERE member_id = $1) ORDER BY lower(t.name), t.id`, memberID)
}
