package sp

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// PushedTeam is a group as the directory sends it.
type PushedTeam struct {
	DisplayName string
	ExternalID  string
	MemberIDs   []string
}

// TeamChange is a change of a pushed team. A nil field does not change. Remove is applied before Add. An unknown member id is
// left out, unless all ids to add are unknown: then the error is Invalid, and nothing changes.
type TeamChange struct {
	DisplayName *string
	ExternalID  *string
	Members     *[]string // replaces all members
	Add, Remove []string
	IfVersion   int64 // if not 0, the version that the team must have
}

// DirectoryTeams returns a page of active teams in order of creation, and the number of all matches.
func (o *Organization) DirectoryTeams(ctx context.Context, by Actor, q DirectoryQuery) (list []Team, total int, err error) {
	err = o.directory(ctx, by, o.read, func(tx *store.Tx, _ viewer) error {
		var w where
		w.and("t.status = 'active'")
		narrow(&w, "t.id = ?", q.ID)
		narrow(&w, "t.name = ?", q.DisplayName)
		narrow(&w, "t.external_id = ? AND t.external_id <> ''", q.ExternalID)
		narrow(&w, "t.id IN (SELECT team_id FROM sigma_team_members WHERE member_id = ?)", q.MemberID)
		list, total, err = slicePage(tx, scanTeam, teamFields, teamFrom, teamFrom, w, "ORDER BY t.created_ms, t.id", q)
		return err
	})
	return list, total, err
}

// EachDirectoryTeam iterates over all active teams in batches, for filters without an index.
func (o *Organization) EachDirectoryTeam(ctx context.Context, by Actor) iter.Seq2[Team, error] {
	return inBatches(func(q DirectoryQuery) ([]Team, int, error) { return o.DirectoryTeams(ctx, by, q) })
}

// DirectoryTeam returns an active team.
func (o *Organization) DirectoryTeam(ctx context.Context, by Actor, id string) (t Team, err error) {
	err = o.directory(ctx, by, o.read, func(tx *store.Tx, _ viewer) error {
		t, err = activeTeam(tx, id)
		return err
	})
	return t, err
}

func activeTeam(tx *store.Tx, id string) (Team, error) {
	return store.One(tx, "There is no such team.", scanTeam, selectTeams+` WHERE t.id = $1 AND t.status = 'active'`, id)
}

// DirectoryTeamMembers returns the members of a team, in order of creation.
func (o *Organization) DirectoryTeamMembers(ctx context.Context, by Actor, id string) (list []Reference, err error) {
	err = o.directory(ctx, by, o.read, func(tx *store.Tx, _ viewer) error {
		list, err = store.List(tx, scanReference, `SELECT m.id, trim(m.first_name || ' ' || m.last_name) FROM sigma_team_members x
			JOIN sigma_members m ON m.id = x.member_id WHERE x.team_id = $1 ORDER BY m.created_ms, m.id`, id)
		return err
	})
	return list, err
}

// DirectoryMemberTeams returns the active teams of a member.
func (o *Organization) DirectoryMemberTeams(ctx context.Context, by Actor, memberID string) (list []Reference, err error) {
	err = o.directory(ctx, by, o.read, func(tx *store.Tx, _ viewer) error {
		list, err = directoryTeams(tx, memberID)
		return err
	})
	return list, err
}

// directoryTeams lists the active teams of a member.
func directoryTeams(tx *store.Tx, memberID string) ([]Reference, error) {
	return store.List(tx, scanReference, `SELECT t.id, t.name FROM sigma_team_members x JOIN sigma_teams t ON t.id = x.team_id
		WHERE x.member_id = $1 AND t.status = 'active' ORDER BY lower(t.name), t.id`, memberID)
}

func scanReference(r store.Row) (to Reference, err error) {
	err = r.Scan(&to.ID, &to.Name)
	return to, err
}

// PushTeam creates a private team without a workspace. The error is Conflict, code UNIQUENESS, if the name is in use, and
// Invalid if one of the MemberIDs is unknown.
func (o *Organization) PushTeam(ctx context.Context, by Actor, in PushedTeam) (t Team, err error) {
	err = o.directory(ctx, by, o.write, func(tx *store.Tx, v viewer) error {
		if in.DisplayName, err = checkPushedName(tx, "", in.DisplayName); err != nil {
			return err
		}
		t, err = insertTeam(tx, Team{Name: in.DisplayName, Visibility: "private", Provisioned: true,
			ExternalID: in.ExternalID, CreatedBy: by.MemberID})
		if err != nil {
			return err
		}
		if err := record(tx, by, Event{Type: TeamEvents, Name: "CREATE_TEAM", Object: Object{"team", t.ID, t.Name},
			Detail: map[string]string{"via": "directory"}}); err != nil {
			return err
		}
		if err := addPushed(tx, by, t, in.MemberIDs); err != nil {
			return err
		}
		t, err = loadTeam(tx, t.ID)
		return err
	})
	return t, err
}

// checkPushedName trims and validates a name. id is the team's own id, empty for a new team.
func checkPushedName(tx *store.Tx, id, name string) (string, error) {
	name = strings.TrimSpace(name)
	if name == "" || len(name) > 200 {
		return name, problem.InvalidField("displayName", "displayName is required, with at most 200 characters.")
	}
	taken, err := teamNameTaken(tx, name, id)
	if err == nil && taken {
		err = &problem.Error{Kind: problem.Conflict, Code: "UNIQUENESS", Message: "A team with this displayName already exists."}
	}
	return name, err
}

// addPushed adds members to a team, also inactive ones: they are in the team once they are reactivated. If one of them does not exist,
// the error is Invalid and nothing changes: a directory that got a success would not send the member again (RFC 7644 section 3.12).
func addPushed(tx *store.Tx, by Actor, t Team, ids []string) error {
	for _, id := range ids {
		m, err := directoryMember(tx, id)
		if problem.Is(err, problem.NotFound) {
			return problem.InvalidField("members", fmt.Sprintf(
				"There is no User with the id %.100q. Create the User first, and send its id as the value of the member. Nothing was changed.", id))
		}
		if err == nil {
			_, err = addToTeam(tx, by, t, m)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// UpdatePushedTeam changes a team. A team that was created in Sigma becomes managed by the directory. The error is Conflict,
// code VERSION, if the team is not at c.IfVersion.
func (o *Organization) UpdatePushedTeam(ctx context.Context, by Actor, id string, c TeamChange) (t Team, err error) {
	err = o.directory(ctx, by, o.write, func(tx *store.Tx, v viewer) error {
		if t, err = activeTeam(tx, id); err != nil {
			return err
		}
		if c.IfVersion != 0 && c.IfVersion != t.Version {
			return &problem.Error{Kind: problem.Conflict, Code: "VERSION", Message: "The team has changed since it was read."}
		}
		if err := renamePushed(tx, by, &t, c); err != nil {
			return err
		}
		if err := changePushedMembers(tx, by, t, c); err != nil {
			return err
		}
		t, err = loadTeam(tx, id)
		return err
	})
	return t, err
}

// renamePushed updates name, external id and link to the directory, also in t.
func renamePushed(tx *store.Tx, by Actor, t *Team, c TeamChange) error {
	old := *t
	if c.DisplayName != nil {
		name, err := checkPushedName(tx, t.ID, *c.DisplayName)
		if err != nil {
			return err
		}
		t.Name = name
	}
	if c.ExternalID != nil {
		t.ExternalID = *c.ExternalID
	}
	if err := tx.Exec(`UPDATE sigma_teams SET name = $1, external_id = $2, provisioned = 1, updated_ms = $3,
		version = version + 1 WHERE id = $4`, t.Name, t.ExternalID, store.Millis(tx.Now()), t.ID); err != nil {
		return err
	}
	if old.Name == t.Name && old.ExternalID == t.ExternalID && old.Provisioned {
		return nil
	}
	return record(tx, by, Event{Type: TeamEvents, Name: "UPDATE_TEAM", Object: Object{"team", t.ID, t.Name},
		Detail: map[string]string{"before": old.Name, "linked": fmt.Sprint(!old.Provisioned), "via": "directory"}})
}

func changePushedMembers(tx *store.Tx, by Actor, t Team, c TeamChange) error {
	remove, add := c.Remove, c.Add
	if c.Members != nil {
		keep := map[string]bool{}
		for _, id := range *c.Members {
			keep[id] = true
		}
		have, err := store.List(tx, func(r store.Row) (id string, err error) { return id, r.Scan(&id) },
			`SELECT member_id FROM sigma_team_members WHERE team_id = $1`, t.ID)
		if err != nil {
			return err
		}
		for _, id := range have {
			if !keep[id] {
				remove = append(remove, id)
			}
		}
		add = append(append([]string{}, *c.Members...), add...)
	}
	for _, id := range remove {
		if _, err := leaveTeam(tx, by, t, id); err != nil {
			return err
		}
	}
	return addPushed(tx, by, t, add)
}

// DeactivatePushedTeam deactivates a team, for SCIM's DELETE. The content of its workspace moves to the acting Admin's My
// Documents.
func (o *Organization) DeactivatePushedTeam(ctx context.Context, by Actor, id string) error {
	return o.directory(ctx, by, o.write, func(tx *store.Tx, v viewer) error {
		t, err := activeTeam(tx, id)
		if err != nil {
			return err
		}
		now := store.Millis(tx.Now())
		if err := tx.Exec(`UPDATE sigma_teams SET status = 'inactive', deactivated_ms = $1, updated_ms = $1,
			version = version + 1 WHERE id = $2`, now, id); err != nil {
			return err
		}
		if err := tx.Exec(`DELETE FROM sigma_team_members WHERE team_id = $1`, id); err != nil {
			return err
		}
		owner, err := actingAdmin(tx, v)
		if err != nil {
			return err
		}
		moved, err := emptyTeamWorkspace(tx, t, owner)
		if err != nil {
			return err
		}
		return record(tx, by, Event{Type: TeamEvents, Name: "DEACTIVATE_TEAM", Object: Object{"team", id, t.Name},
			Detail: map[string]string{"documentsMoved": fmt.Sprint(moved), "movedInto": "My Documents of " + owner.Name()}})
	})
}
