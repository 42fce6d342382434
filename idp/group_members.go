package idp

import (
	"context"
	"fmt"
	"strings"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

const groupQuery = `SELECT g.id, g.type, g.name, g.description, g.source_app_id, g.external_id, g.created_ms,
	g.updated_ms, g.membership_ms,
	(SELECT count(*) FROM okta_group_members AS m WHERE m.group_id = g.id), (SELECT count(*) FROM okta_app_groups AS a
		WHERE a.group_id = g.id)
	FROM okta_groups AS g`

func scanGroup(r store.Row) (g Group, err error) {
	var created, updated, membership int64
	err = r.Scan(&g.ID, &g.Type, &g.Name, &g.Description, &g.SourceAppID, &g.ExternalID, &created, &updated,
		&membership, &g.People, &g.Apps)
	g.Created, g.LastUpdated, g.MembershipUpdated = store.Time(created), store.Time(updated), store.Time(membership)
	return g, err
}

// group loads a group by ID; NotFound when there is none.
func group(tx *store.Tx, id string) (Group, error) {
	return store.One(tx, "There is no such group.", scanGroup, groupQuery+` WHERE g.id = $1`, id)
}

// Group returns a group; NotFound when there is none.
func (o *Org) Group(ctx context.Context, id string) (g Group, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		g, err = group(tx, id)
		return err
	})
	return g, err
}

// Groups lists groups: Everyone first, then by name.
func (o *Org) Groups(ctx context.Context, q GroupQuery) (p Page[Group], err error) {
	number, limit, offset := window(q.Page, q.Size, 25)
	p.Number, p.Size = number, limit
	where, args := "1", []any{}
	if q.Text = strings.TrimSpace(q.Text); q.Text != "" {
		args = append(args, containing(q.Text))
		where = `(lower(g.name) LIKE $1 ESCAPE '\' OR lower(g.description) LIKE $1 ESCAPE '\')`
	}
	if q.Type != "" {
		args = append(args, q.Type)
		where += fmt.Sprintf(" AND g.type = $%d", len(args))
	}
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		p.Items, p.Total, err = store.ListPage(tx, scanGroup,
			groupQuery+` WHERE `+where+` ORDER BY g.type <> 'BUILT_IN', lower(g.name), g.id`,
			`SELECT count(*) FROM okta_groups AS g WHERE `+where, limit, offset, args...)
		return err
	})
	return p, err
}

// MembersByGroup returns the logins of at most atMost members of each group, sorted by name, by the ID of the group.
// Everyone is left out.
func (o *Org) MembersByGroup(ctx context.Context, atMost int) (logins map[string][]string, err error) {
	logins = map[string][]string{}
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		return tx.Each(`SELECT m.group_id, u.login FROM okta_group_members AS m
			JOIN okta_groups AS g ON g.id = m.group_id JOIN okta_users AS u ON u.id = m.user_id
			WHERE g.type <> 'BUILT_IN' ORDER BY lower(u.first_name), lower(u.last_name), u.login_key`, nil,
			func(r store.Row) error {
				var group, login string
				err := r.Scan(&group, &login)
				if len(logins[group]) < atMost {
					logins[group] = append(logins[group], login)
				}
				return err
			})
	})
	return logins, err
}

// checkGroup checks the name and description of a group. The name must be unique among groups that were not imported.
func checkGroup(tx *store.Tx, id, name, description string) error {
	var check problem.Check
	check.Require(name != "", "name", "Name is required.")
	check.Require(len(name) <= 255, "name", "The name is too long. Use at most 255 characters.")
	check.Require(len(description) <= 1024, "description", "The description is too long. Use at most 1024 characters.")
	taken, err := tx.Exists(`SELECT 1 FROM okta_groups WHERE lower(name) = $1 AND id <> $2 AND source_app_id = ''`,
		strings.ToLower(name), id)
	if err != nil {
		return err
	}
	check.Require(!taken, "name", "An object with this field already exists in the current organization.")
	return check.Err()
}

// CreateGroup adds a group. Fields of the problem: name, description.
func (o *Org) CreateGroup(ctx context.Context, a Actor, name, description string) (g Group, err error) {
	name, description = strings.TrimSpace(name), strings.TrimSpace(description)
	err = o.db.Write(ctx, func(tx *store.Tx) error {
		g, err = o.createGroup(tx, a, name, description)
		return err
	})
	return g, err
}

func (o *Org) createGroup(tx *store.Tx, a Actor, name, description string) (Group, error) {
	if err := checkGroup(tx, "", name, description); err != nil {
		return Group{}, err
	}
	id := tx.ID("00g")
	err := tx.Exec(`INSERT INTO okta_groups (id, type, name, description, created_ms, updated_ms, membership_ms)
		VALUES ($1, $2, $3, $4, $5, $5, $5)`,
		id, OktaGroup, name, description, store.Millis(tx.Now()))
	if err != nil {
		return Group{}, err
	}
	g, err := group(tx, id)
	if err != nil {
		return g, err
	}
	if err := succeeded(tx, a, "group.lifecycle.create", g.Target()); err != nil {
		return g, err
	}
	return g, o.changed(tx, Change{Kind: GroupCreated, GroupID: id, Actor: a})
}

// ownGroup loads a group that can be edited in Okta. Conflict for Everyone and for imported groups.
func ownGroup(tx *store.Tx, id string) (Group, error) {
	g, err := group(tx, id)
	if err != nil {
		return g, err
	}
	switch g.Type {
	case BuiltIn:
		return g, problem.New(problem.Conflict, "Okta manages the group Everyone. It cannot be changed.")
	case AppSourcedGroup:
		return g, problem.New(problem.Conflict, "The group "+g.Name+" was imported from an application. Change it there.")
	}
	return g, nil
}

// UpdateGroup changes the name and description of a group. Fields of the problem: name, description.
func (o *Org) UpdateGroup(ctx context.Context, a Actor, id, name, description string) (g Group, err error) {
	name, description = strings.TrimSpace(name), strings.TrimSpace(description)
	err = o.db.Write(ctx, func(tx *store.Tx) error {
		before, err := ownGroup(tx, id)
		if err != nil {
			return err
		}
		if err := checkGroup(tx, id, name, description); err != nil {
			return err
		}
		if err := tx.Exec(`UPDATE okta_groups SET name = $2, description = $3, updated_ms = $4 WHERE id = $1`, id, name,
			description, store.Millis(tx.Now())); err != nil {
			return err
		}
		if g, err = group(tx, id); err != nil {
			return err
		}
		if err := succeeded(tx, a, "group.profile.update", g.Target()); err != nil || before.Name == name {
			return err
		}
		return o.changed(tx, Change{Kind: GroupRenamed, GroupID: id, OldName: before.Name, Actor: a})
	})
	return g, err
}

// DeleteGroup deletes a group. Members who have an app only through the group lose the app.
func (o *Org) DeleteGroup(ctx context.Context, a Actor, id string) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		g, err := ownGroup(tx, id)
		if err != nil {
			return err
		}
		members, err := memberIDs(tx, id)
		if err != nil {
			return err
		}
		if err := o.changed(tx, Change{Kind: GroupDeleted, GroupID: id, OldName: g.Name, Actor: a}); err != nil {
			return err
		}
		appIDs, err := store.List(tx, store.Text,
			`SELECT app_id FROM okta_app_groups WHERE group_id = $1 ORDER BY app_id`, id)
		if err != nil {
			return err
		}
		if err := invalidateRules(tx, a, id); err != nil {
			return err
		}
		if err := tx.Exec(`DELETE FROM okta_groups WHERE id = $1`, id); err != nil {
			return err
		}
		for _, appID := range appIDs { // close the gap among the priorities of the other groups
			if err := renumber(tx, appID, "", 0); err != nil {
				return err
			}
		}
		if err := succeeded(tx, a, "group.lifecycle.delete", g.Target()); err != nil {
			return err
		}
		for _, userID := range members {
			if err := o.applyRulesTo(tx, a, userID); err != nil {
				return err
			}
		}
		return nil
	})
}

func memberIDs(tx *store.Tx, groupID string) ([]string, error) {
	return store.List(tx, store.Text,
		`SELECT user_id FROM okta_group_members WHERE group_id = $1 ORDER BY added_ms, user_id`, groupID)
}

// AddMember adds a user to a group, and so to the apps of the group. Adding a member again changes nothing.
func (o *Org) AddMember(ctx context.Context, a Actor, groupID, userID string) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		if err := o.addMember(tx, a, groupID, userID); err != nil {
			return err
		}
		return o.applyRulesTo(tx, a, userID)
	})
}

// addMember writes a membership. The caller applies the group rules and reconciles the user's apps.
func (o *Org) addMember(tx *store.Tx, a Actor, groupID, userID string) error {
	g, err := ownGroup(tx, groupID)
	if err != nil {
		return err
	}
	u, err := user(tx, userID)
	if err != nil {
		return err
	}
	if u.Status == Deprovisioned {
		return stateProblem("added to a group", u)
	}
	n, err := tx.Change(`INSERT INTO okta_group_members (group_id, user_id, added_ms) VALUES ($1, $2, $3)
		ON CONFLICT DO NOTHING`, g.ID, u.ID, store.Millis(tx.Now()))
	if err != nil || n == 0 {
		return err
	}
	return o.membership(tx, a, g, u, GroupMembershipAdded, "group.user_membership.add")
}

// membership records that a user joined or left a group, and reports it to provisioning.
func (o *Org) membership(tx *store.Tx, a Actor, g Group, u User, kind ChangeKind, event string) error {
	if err := tx.Exec(`UPDATE okta_groups SET membership_ms = $2 WHERE id = $1`, g.ID, store.Millis(tx.Now())); err != nil {
		return err
	}
	if err := succeeded(tx, a, event, u.Target(), g.Target()); err != nil {
		return err
	}
	return o.changed(tx, Change{Kind: kind, GroupID: g.ID, UserID: u.ID, Actor: a})
}

// RemoveMember removes a user from a group, and from the apps that the user has only through it. Conflict when an
// active group rule adds the user again.
func (o *Org) RemoveMember(ctx context.Context, a Actor, groupID, userID string) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		g, err := ownGroup(tx, groupID)
		if err != nil {
			return err
		}
		u, err := user(tx, userID)
		if err != nil {
			return err
		}
		n, err := tx.Change(`DELETE FROM okta_group_members WHERE group_id = $1 AND user_id = $2`, g.ID, u.ID)
		if err != nil || n == 0 {
			return err
		}
		if err := o.membership(tx, a, g, u, GroupMembershipRemoved, "group.user_membership.remove"); err != nil {
			return err
		}
		if err := o.applyRulesTo(tx, a, u.ID); err != nil {
			return err
		}
		return checkNotAddedByRule(tx, g, u)
	})
}

// MemberCandidates lists users for Assign people. Assigned is true for members. Deactivated users appear only if they
// are members.
func (o *Org) MemberCandidates(ctx context.Context, groupID string, q UserQuery) (p Page[Candidate], err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		if _, err := group(tx, groupID); err != nil {
			return err
		}
		page, err := users(tx, q)
		if err != nil {
			return err
		}
		members, err := memberIDs(tx, groupID)
		if err != nil {
			return err
		}
		in := map[string]bool{}
		for _, id := range members {
			in[id] = true
		}
		p.Total, p.Number, p.Size = page.Total, page.Number, page.Size
		for _, u := range page.Items {
			if u.Status != Deprovisioned || in[u.ID] {
				p.Items = append(p.Items, Candidate{User: u, Assigned: in[u.ID]})
			}
		}
		return nil
	})
	return p, err
}

// GroupsOf lists the groups of a user: Everyone first, then by name.
func (o *Org) GroupsOf(ctx context.Context, userID string) (list []Group, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		list, err = store.List(tx, scanGroup, groupQuery+` JOIN okta_group_members AS gm ON gm.group_id = g.id
			WHERE gm.user_id = $1 ORDER BY g.type <> 'BUILT_IN', lower(g.name)`, userID)
		return err
	})
	return list, err
}
