package idp

import (
	"context"
	"encoding/json"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// ImportedGroup is a group as the app's SCIM endpoint has it.
type ImportedGroup struct{ ExternalID, Name, Description string }

// SaveImportedGroups makes the app's groups appear in Directory > Groups, except groups that Okta pushes to the app.
// Groups that the app no longer has are deleted.
func (o *Org) SaveImportedGroups(ctx context.Context, a Actor, appID string, groups []ImportedGroup) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		application, err := app(tx, appID)
		if err != nil {
			return err
		}
		known, err := importedGroups(tx, appID)
		if err != nil {
			return err
		}
		before := map[string]Group{} // by SCIM id
		for _, g := range known {
			before[g.ExternalID] = g
		}
		for _, g := range groups {
			if err := o.saveImportedGroup(tx, a, application, before[g.ExternalID], g); err != nil {
				return err
			}
			delete(before, g.ExternalID)
		}
		for _, g := range known {
			if _, gone := before[g.ExternalID]; !gone {
				continue
			}
			if err := tx.Exec(`DELETE FROM okta_groups WHERE id = $1`, g.ID); err != nil {
				return err
			}
			if err := succeeded(tx, a, "system.import.group.delete", g.Target(), application.Target()); err != nil {
				return err
			}
		}
		return tx.Exec(`UPDATE okta_imports SET groups = $2 WHERE app_id = $1`, appID, len(groups))
	})
}

// saveImportedGroup writes one group of an import; before is zero if the group is new.
func (o *Org) saveImportedGroup(tx *store.Tx, a Actor, application App, before Group, g ImportedGroup) error {
	pushed, err := tx.Exists(`SELECT 1 FROM okta_push_mappings WHERE app_id = $1 AND external_id = $2`, application.ID,
		g.ExternalID)
	if err != nil || pushed {
		return err
	}
	if before.ID != "" && before.Name == g.Name && before.Description == g.Description {
		return nil
	}
	id, event, now := before.ID, "system.import.group.update", store.Millis(tx.Now())
	if id == "" {
		id, event = tx.ID("00g"), "system.import.group.create"
		err = tx.Exec(`INSERT INTO okta_groups
			(id, type, name, description, source_app_id, external_id, created_ms, updated_ms, membership_ms)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $7)`,
			id, AppSourcedGroup, g.Name, g.Description, application.ID, g.ExternalID, now)
	} else {
		err = tx.Exec(`UPDATE okta_groups SET name = $2, description = $3, updated_ms = $4 WHERE id = $1`, id, g.Name,
			g.Description, now)
	}
	if err != nil {
		return err
	}
	after, err := group(tx, id)
	if err != nil {
		return err
	}
	if err := succeeded(tx, a, event, after.Target(), application.Target()); err != nil || before.ID != "" {
		return err
	}
	return o.assignAsInScenario(tx, a, application, after)
}

// populateImportedGroups stores which groups get the app when Okta imports them.
func populateImportedGroups(tx *store.Tx, groups []SeedImportedGroup) error {
	for _, g := range groups {
		profile, err := json.Marshal(g.Profile)
		if err != nil {
			return err
		}
		if err := tx.Exec(`INSERT INTO okta_scenario_imports (group_name, profile) VALUES ($1, $2)`, g.Name, string(profile)); err != nil {
			return err
		}
	}
	return nil
}

// assignAsInScenario assigns an app to a group that was just imported from the app, if the lab's scenario says so.
func (o *Org) assignAsInScenario(tx *store.Tx, a Actor, application App, g Group) error {
	profile, err := store.One(tx, "none", store.Text, `SELECT profile FROM okta_scenario_imports WHERE group_name = $1`, g.Name)
	if problem.Is(err, problem.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	var values Assignment
	if err := json.Unmarshal([]byte(profile), &values.Profile); err != nil {
		return err
	}
	schema, err := appSchema(tx, application.ID)
	if err != nil {
		return err
	}
	if profile, err = groupProfile(schema, values); err != nil {
		return err
	}
	return o.insertAppGroup(tx, a, application, g, profile)
}

func importedGroups(tx *store.Tx, appID string) ([]Group, error) {
	return store.List(tx, scanGroup, groupQuery+` WHERE g.source_app_id = $1 ORDER BY lower(g.name)`, appID)
}

// ImportedGroups lists the groups that were imported from an app, by name.
func (o *Org) ImportedGroups(ctx context.Context, appID string) (list []Group, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		list, err = importedGroups(tx, appID)
		return err
	})
	return list, err
}

// MatchGroup returns the group of that name that was imported from the app; ok is false if the last import found none.
func (o *Org) MatchGroup(ctx context.Context, appID, name string) (g Group, ok bool, err error) {
	groups, err := o.ImportedGroups(ctx, appID)
	for _, g := range groups {
		if g.Name == name {
			return g, true, nil
		}
	}
	return g, false, err
}
