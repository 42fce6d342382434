package idp

import (
	"context"
	"encoding/json"
	"strings"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

const appGroupQuery = `SELECT a.app_id, a.group_id, a.priority, a.profile, g.name, g.type, g.description,
	(SELECT count(*) FROM okta_group_members AS m WHERE m.group_id = g.id),
	p.label, p.name, a.updated_ms FROM okta_app_groups AS a JOIN okta_groups AS g ON g.id = a.group_id
		JOIN okta_apps AS p ON p.id = a.app_id`

func scanAppGroup(r store.Row) (g AppGroup, err error) {
	var profile string
	var updated int64
	err = r.Scan(&g.AppID, &g.GroupID, &g.Priority, &profile, &g.GroupName, &g.GroupType, &g.Description, &g.People,
		&g.AppLabel, &g.AppName, &updated)
	if err != nil {
		return g, err
	}
	g.LastUpdated = store.Time(updated)
	err = json.Unmarshal([]byte(profile), &g.Profile)
	return g, err
}

// appGroupsOf lists the groups through which a user has an app, highest priority first.
func appGroupsOf(tx *store.Tx, appID, userID string) ([]AppGroup, error) {
	return store.List(tx, scanAppGroup, appGroupQuery+` JOIN okta_group_members AS gm ON gm.group_id = a.group_id
		AND gm.user_id = $2 WHERE a.app_id = $1 ORDER BY a.priority`, appID, userID)
}

// AppGroups lists the groups that an app is assigned to, highest priority first.
func (o *Org) AppGroups(ctx context.Context, appID string) (list []AppGroup, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		list, err = store.List(tx, scanAppGroup, appGroupQuery+` WHERE a.app_id = $1 ORDER BY a.priority`, appID)
		return err
	})
	return list, err
}

// AppsOfGroup lists the apps that are assigned to a group, sorted by label.
func (o *Org) AppsOfGroup(ctx context.Context, groupID string) (list []AppGroup, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		list, err = store.List(tx, scanAppGroup, appGroupQuery+` WHERE a.group_id = $1 ORDER BY lower(p.label)`, groupID)
		return err
	})
	return list, err
}

// AppLabelsByGroup returns the labels of the apps of each group, sorted, by the ID of the group.
func (o *Org) AppLabelsByGroup(ctx context.Context) (labels map[string][]string, err error) {
	labels = map[string][]string{}
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		return tx.Each(`SELECT a.group_id, p.label FROM okta_app_groups AS a JOIN okta_apps AS p ON p.id = a.app_id
			ORDER BY lower(p.label)`, nil, func(r store.Row) error {
			var group, label string
			err := r.Scan(&group, &label)
			labels[group] = append(labels[group], label)
			return err
		})
	})
	return labels, err
}

func appGroup(tx *store.Tx, appID, groupID string) (AppGroup, error) {
	return store.One(tx, "The application is not assigned to this group.", scanAppGroup,
		appGroupQuery+` WHERE a.app_id = $1 AND a.group_id = $2`, appID, groupID)
}

// AppGroup returns the assignment of an app to a group; NotFound when there is none.
func (o *Org) AppGroup(ctx context.Context, appID, groupID string) (g AppGroup, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		g, err = appGroup(tx, appID, groupID)
		return err
	})
	return g, err
}

// groupProfile gives, as JSON, the values of a form that a group assignment can hold: those of attributes that are
// neither personal nor mapped.
func groupProfile(schema []Attribute, as Assignment) (string, error) {
	var check problem.Check
	profile := map[string]string{}
	for _, attribute := range schema {
		text := strings.TrimSpace(as.Profile[attribute.Name])
		if attribute.Personal || attribute.Mapping != "" || text == "" {
			continue
		}
		checkAttribute(&check, attribute, text)
		profile[attribute.Name] = text
	}
	if err := check.Err(); err != nil {
		return "", err
	}
	text, err := json.Marshal(profile)
	return string(text), err
}

// AssignGroup assigns an app to a group and so to its members. The group gets the lowest priority. Conflict when the
// app is assigned to the group already or is inactive. Fields of the problem: names of attributes.
func (o *Org) AssignGroup(ctx context.Context, a Actor, appID, groupID string, as Assignment) (AppGroup, error) {
	return o.saveAppGroup(ctx, a, appID, groupID, as, func(tx *store.Tx, profile string) error {
		g, err := group(tx, groupID)
		if err != nil {
			return err
		}
		taken, err := tx.Exists(`SELECT 1 FROM okta_app_groups WHERE app_id = $1 AND group_id = $2`, appID, groupID)
		if err != nil {
			return err
		}
		if taken {
			return problem.New(problem.Conflict, "The application is already assigned to this group.")
		}
		application, err := app(tx, appID)
		if err != nil {
			return err
		}
		if application.Status != AppActive {
			return problem.New(problem.Conflict, "Activate "+application.Label+" before you assign it.")
		}
		return o.insertAppGroup(tx, a, application, g, profile)
	})
}

// insertAppGroup writes the assignment of an app to a group, with the lowest priority. profile is JSON.
func (o *Org) insertAppGroup(tx *store.Tx, a Actor, application App, g Group, profile string) error {
	err := tx.Exec(`INSERT INTO okta_app_groups (app_id, group_id, priority, profile, created_ms, updated_ms)
		VALUES ($1, $2, (SELECT coalesce(max(priority) + 1, 0) FROM okta_app_groups
			WHERE app_id = $1), $3, $4, $4)`, application.ID, g.ID, profile, store.Millis(tx.Now()))
	if err != nil {
		return err
	}
	if err := succeeded(tx, a, "group.application_assignment.add", g.Target(), application.Target()); err != nil {
		return err
	}
	return o.changed(tx, Change{Kind: AppGroupAdded, AppID: application.ID, GroupID: g.ID, Actor: a})
}

// UpdateAppGroup changes the values that a group assignment gives its members. Fields of the problem: names of
// attributes.
func (o *Org) UpdateAppGroup(ctx context.Context, a Actor, appID, groupID string, as Assignment) (AppGroup, error) {
	return o.saveAppGroup(ctx, a, appID, groupID, as, func(tx *store.Tx, profile string) error {
		before, err := appGroup(tx, appID, groupID)
		if err != nil {
			return err
		}
		err = tx.Exec(`UPDATE okta_app_groups SET profile = $3, updated_ms = $4 WHERE app_id = $1 AND group_id = $2`,
			appID, groupID, profile, store.Millis(tx.Now()))
		if err != nil {
			return err
		}
		g, err := group(tx, groupID)
		if err != nil {
			return err
		}
		application, err := app(tx, appID)
		if err != nil {
			return err
		}
		if err := succeeded(tx, a, "group.application_assignment.update", g.Target(), application.Target()); err != nil {
			return err
		}
		return o.changed(tx, Change{Kind: AppGroupChanged, AppID: before.AppID, GroupID: groupID, Actor: a})
	})
}

// saveAppGroup checks the values of a group assignment, calls save with their JSON, and reconciles the members.
func (o *Org) saveAppGroup(ctx context.Context, a Actor, appID, groupID string, as Assignment,
	save func(tx *store.Tx, profile string) error) (g AppGroup, err error) {
	err = o.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := app(tx, appID); err != nil {
			return err
		}
		schema, err := appSchema(tx, appID)
		if err != nil {
			return err
		}
		profile, err := groupProfile(schema, as)
		if err != nil {
			return err
		}
		if err := save(tx, profile); err != nil {
			return err
		}
		if err := o.reconcileGroup(tx, a, appID, groupID); err != nil {
			return err
		}
		g, err = appGroup(tx, appID, groupID)
		return err
	})
	return g, err
}

// UnassignGroup removes the assignment of an app to a group. Members who have the app in no other way lose it.
func (o *Org) UnassignGroup(ctx context.Context, a Actor, appID, groupID string) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := appGroup(tx, appID, groupID); err != nil {
			return err
		}
		g, err := group(tx, groupID)
		if err != nil {
			return err
		}
		application, err := app(tx, appID)
		if err != nil {
			return err
		}
		if err := tx.Exec(`DELETE FROM okta_app_groups WHERE app_id = $1 AND group_id = $2`, appID, groupID); err != nil {
			return err
		}
		if err := renumber(tx, appID, "", 0); err != nil {
			return err
		}
		if err := succeeded(tx, a, "group.application_assignment.remove", g.Target(), application.Target()); err != nil {
			return err
		}
		if err := o.changed(tx, Change{Kind: AppGroupRemoved, AppID: appID, GroupID: groupID, Actor: a}); err != nil {
			return err
		}
		return o.reconcileGroup(tx, a, appID, groupID)
	})
}

// MoveAppGroup changes the priority of a group for an app; 0 is the highest. The other groups move up or down, and
// app users whose profile changes are updated.
func (o *Org) MoveAppGroup(ctx context.Context, a Actor, appID, groupID string, priority int) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := appGroup(tx, appID, groupID); err != nil {
			return err
		}
		if err := renumber(tx, appID, groupID, priority); err != nil {
			return err
		}
		g, err := group(tx, groupID)
		if err != nil {
			return err
		}
		application, err := app(tx, appID)
		if err != nil {
			return err
		}
		if err := succeeded(tx, a, "group.application_assignment.update", g.Target(), application.Target()); err != nil {
			return err
		}
		return o.reconcileApp(tx, a, appID)
	})
}

// renumber writes the priorities of an app's groups from 0 without gaps. The group moved, if not empty, gets the
// priority to.
func renumber(tx *store.Tx, appID, moved string, to int) error {
	ids, err := store.List(tx, store.Text, `SELECT group_id FROM okta_app_groups WHERE app_id = $1 AND group_id <> $2
		ORDER BY priority, created_ms`, appID, moved)
	if err != nil {
		return err
	}
	if moved != "" {
		to = min(max(to, 0), len(ids))
		ids = append(ids[:to], append([]string{moved}, ids[to:]...)...)
	}
	for i, id := range ids {
		if err := tx.Exec(`UPDATE okta_app_groups SET priority = $3 WHERE app_id = $1 AND group_id = $2`, appID, id,
			i); err != nil {
			return err
		}
	}
	return nil
}
