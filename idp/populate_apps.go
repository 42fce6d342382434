package idp

import (
	"encoding/json"
	"strings"

	"understudy/idp/job"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// groupNamed finds a group by its name.
func groupNamed(tx *store.Tx, name string) (Group, error) {
	id := ""
	err := tx.Each(`SELECT id FROM okta_groups WHERE name = $1 ORDER BY type = $2 DESC LIMIT 1`, []any{name, OktaGroup},
		func(r store.Row) error { return r.Scan(&id) })
	if err != nil {
		return Group{}, err
	}
	if id == "" {
		return Group{}, problem.InvalidField("group", "There is no group "+name+".")
	}
	return group(tx, id)
}

// populateRule adds a group rule. An active rule adds its users to its groups.
func (o *Org) populateRule(tx *store.Tx, s SeedGroupRule) error {
	rule := GroupRule{Name: s.Name, Attribute: s.Attribute, Operator: s.Operator, Value: s.Value, Expression: s.Expression, Exceptions: s.Except}
	var check problem.Check
	rule.complete(&check)
	if err := check.Err(); err != nil {
		return err
	}
	for _, name := range s.Groups {
		g, err := groupNamed(tx, name)
		if err != nil {
			return err
		}
		rule.GroupIDs = append(rule.GroupIDs, g.ID)
	}
	rule.ID = tx.ID("0pr")
	status := RuleActive
	if s.Inactive {
		status = RuleInactive
	}
	err := tx.Exec(`INSERT INTO okta_group_rules (id, name, status, expression, attribute, operator, value, created_ms, updated_ms)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)`,
		rule.ID, rule.Name, status, rule.Expression, rule.Attribute, rule.Operator, rule.Value, store.Millis(tx.Now()))
	if err != nil {
		return err
	}
	actor := System(Client{})
	if err := saveRuleGroups(tx, rule); err != nil {
		return err
	}
	if err := saveRuleExceptions(tx, actor, rule); err != nil || s.Inactive {
		return err
	}
	rules, err := activeRules(tx)
	if err != nil {
		return err
	}
	people, err := store.List(tx, store.Text, `SELECT id FROM okta_users WHERE status <> $1 ORDER BY created_ms, id`, string(Deprovisioned))
	for _, id := range people {
		if err := o.applyRulesAndReconcile(tx, actor, rules, id); err != nil {
			return err
		}
	}
	return err
}

// saveSeedGeneral stores the General tab.
func saveSeedGeneral(tx *store.Tx, made App, s SeedApp) error {
	general := made.General
	general.Hidden, general.AutoSubmit, general.NotesAdmin, general.NotesEndUser = s.Hidden, s.AutoSubmit, s.NotesAdmin, s.NotesEndUser
	text, err := json.Marshal(general)
	if err != nil {
		return err
	}
	return tx.Exec(`UPDATE okta_apps SET general = $2 WHERE id = $1`, made.ID, string(text))
}

// populateAssignments assigns an app to groups and users.
func (o *Org) populateAssignments(tx *store.Tx, made App, s SeedApp) error {
	actor := System(Client{})
	attributes, err := appSchema(tx, made.ID)
	if err != nil {
		return err
	}
	for i, assigned := range s.Groups {
		g, err := groupNamed(tx, assigned.Group)
		if err != nil {
			return err
		}
		profile, err := groupProfile(attributes, Assignment{Profile: assigned.Profile})
		if err != nil {
			return err
		}
		err = tx.Exec(`INSERT INTO okta_app_groups (app_id, group_id, priority, profile, created_ms, updated_ms)
			VALUES ($1, $2, $3, $4, $5, $5)`, made.ID, g.ID, i, profile, store.Millis(tx.Now()))
		if err != nil {
			return err
		}
		if err := o.reconcileGroup(tx, actor, made.ID, g.ID); err != nil {
			return err
		}
	}
	people := s.People
	for _, login := range s.Users {
		people = append(people, SeedAppUser{Login: login})
	}
	for _, assigned := range people {
		u, err := user(tx, assigned.Login)
		if err != nil {
			return err
		}
		if _, err := o.assignUser(tx, actor, made.ID, u.ID, Assignment{UserName: assigned.UserName, Profile: assigned.Profile}); err != nil {
			return err
		}
	}
	return nil
}

// populateProvisioning stores the settings of provisioning, and what is pushed. Nothing is sent: the scenario describes what both
// sides have already.
func (o *Org) populateProvisioning(tx *store.Tx, made App, s *SeedProvisioning) error {
	if s == nil {
		return nil
	}
	in := Integration{
		AppID: made.ID, Enabled: s.Enabled, BaseURL: s.BaseURL, Token: s.Token, ImportGroups: s.ImportGroups,
		CreateUsers: s.CreateUsers, UpdateUsers: s.UpdateUsers, DeactivateUsers: s.DeactivateUsers,
	}
	// As if the users had been assigned after provisioning was enabled.
	if err := o.saveIntegration(tx, System(Client{}), made, Integration{Enabled: true, CreateUsers: true}, &in); err != nil {
		return err
	}
	rules := map[string]string{} // id by name
	for _, rule := range s.PushRules {
		rules[rule.Name] = tx.ID("gPr")
		err := tx.Exec(`INSERT INTO okta_push_rules (id, app_id, name, match, value, memberships, created_ms)
			VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			rules[rule.Name], made.ID, rule.Name, rule.Match, rule.Value, rule.Memberships, store.Millis(tx.Now()))
		if err != nil {
			return err
		}
	}
	for _, pushed := range s.PushGroups {
		g, err := groupNamed(tx, pushed.Group)
		if err != nil {
			return err
		}
		status, target := PushActive, pushed.Target
		if pushed.Inactive {
			status = PushInactive
		}
		if target == "" {
			target = g.Name
		}
		err = tx.Exec(`INSERT INTO okta_push_mappings (id, app_id, group_id, rule_id, target_name, link_id, status, pushing,
			memberships, created_ms) VALUES ($1, $2, $3, $4, $5, '', $6, 0, $7, $8)`,
			tx.ID("gPm"), made.ID, g.ID, rules[pushed.Rule], target, status, pushed.Memberships, store.Millis(tx.Now()))
		if err != nil {
			return err
		}
	}
	return nil
}

// populateImportedGroups adds the groups that were imported from apps. Their identifiers at the app follow with [Org.Link].
func (o *Org) populateImportedGroups(tx *store.Tx, groups []SeedGroup) error {
	for _, g := range groups {
		if g.App == "" {
			continue
		}
		found, err := store.List(tx, scanApp, appQuery+` WHERE a.label = $1`, g.App)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return problem.InvalidField("app", "There is no application "+g.App+".")
		}
		err = tx.Exec(`INSERT INTO okta_groups (id, type, name, description, source_app_id, external_id, created_ms, updated_ms,
			membership_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $7)`,
			tx.ID("00g"), AppSourcedGroup, g.Name, g.Description, found[0].ID, "name "+g.Name, store.Millis(tx.Now()))
		if err != nil {
			return err
		}
	}
	return nil
}

// forgetHistory deletes what the changes of a scenario left in the queue and in the log: nobody made them.
func forgetHistory(tx *store.Tx) error {
	for _, query := range []string{
		`DELETE FROM okta_jobs`, `DELETE FROM okta_log`, `UPDATE okta_push_mappings SET pushing = 0`,
		`UPDATE okta_app_users SET sync_state = '` + SyncDisabled + `', sync_error = ''`,
	} {
		if err := tx.Exec(query); err != nil {
			return err
		}
	}
	return nil
}

// Link connects what a scenario describes on both sides: it stores the identifiers that an app's SCIM service has given to users
// (by application username, in lower case) and to groups (by name). It returns the identifiers of the linked users by application
// username. Users without an identifier were not provisioned.
func (o *Org) link(tx *store.Tx, appID string, users, groups map[string]string) (linked map[string]string, err error) {
	linked = map[string]string{}
	type assigned struct{ id, userID, userName string }
	list, err := store.List(tx, func(r store.Row) (a assigned, err error) { return a, r.Scan(&a.id, &a.userID, &a.userName) },
		`SELECT id, user_id, user_name FROM okta_app_users WHERE app_id = $1`, appID)
	if err != nil {
		return nil, err
	}
	for _, a := range list {
		id := users[strings.ToLower(a.userName)]
		if id == "" {
			continue
		}
		linked[a.userName] = a.userID
		err := tx.Exec(`UPDATE okta_app_users SET external_id = $2, sync_state = $3, before_prov = 0, last_sync_ms = $4 WHERE id = $1`,
			a.id, id, SyncSynchronized, store.Millis(tx.Now()))
		if err != nil {
			return nil, err
		}
	}
	for name, id := range groups {
		if err := tx.Exec(`UPDATE okta_push_mappings SET external_id = $3, last_push_ms = $4 WHERE app_id = $1 AND target_name = $2`,
			appID, name, id, store.Millis(tx.Now())); err != nil {
			return nil, err
		}
		if err := tx.Exec(`UPDATE okta_groups SET external_id = $3 WHERE source_app_id = $1 AND name = $2`, appID, name, id); err != nil {
			return nil, err
		}
	}
	return linked, tx.Exec(`DELETE FROM okta_jobs WHERE lane = $1`, job.ImportLane(appID))
}
