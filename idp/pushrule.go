package idp

import (
	"context"
	"strings"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

func scanPushRule(r store.Row) (rule PushRule, err error) {
	var created int64
	err = r.Scan(&rule.ID, &rule.AppID, &rule.Name, &rule.Match, &rule.Value, &rule.Memberships, &created)
	rule.Created = store.Time(created)
	return rule, err
}

const pushRuleQuery = `SELECT id, app_id, name, match, value, memberships, created_ms FROM okta_push_rules`

// PushRules lists the push rules of an app, sorted by name.
func (o *Org) PushRules(ctx context.Context, appID string) (list []PushRule, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		list, err = store.List(tx, scanPushRule, pushRuleQuery+` WHERE app_id = $1 ORDER BY lower(name)`, appID)
		return err
	})
	return list, err
}

// AddPushRule saves "Find groups by rule" and pushes the groups that match. Fields of the problem: name, match,
// value. Conflict when provisioning is off.
func (o *Org) AddPushRule(ctx context.Context, a Actor, rule PushRule) (_ PushRule, err error) {
	rule.Name, rule.Value = strings.TrimSpace(rule.Name), strings.TrimSpace(rule.Value)
	var check problem.Check
	check.Require(rule.Name != "", "name", "Enter a name for the rule.")
	check.Require(rule.Match == "STARTS_WITH" || rule.Match == "ENDS_WITH" || rule.Match == "CONTAINS", "match",
		"Choose how group names are compared.")
	check.Require(rule.Value != "", "value", "Enter the text that group names are compared with.")
	if err := check.Err(); err != nil {
		return rule, err
	}
	err = o.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := app(tx, rule.AppID); err != nil {
			return err
		}
		in, err := integration(tx, rule.AppID)
		if err != nil {
			return err
		}
		if !in.Enabled {
			return problem.New(problem.Conflict, provisioningOff)
		}
		rule.ID, rule.Created = tx.ID("gPr"), tx.Now()
		err = tx.Exec(`INSERT INTO okta_push_rules (id, app_id, name, match, value, memberships, created_ms)
			VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			rule.ID, rule.AppID, rule.Name, rule.Match, rule.Value, rule.Memberships, store.Millis(rule.Created))
		if err != nil {
			return err
		}
		groups, err := store.List(tx, store.Text,
			`SELECT id FROM okta_groups WHERE type = $1 ORDER BY lower(name)`, OktaGroup)
		if err != nil {
			return err
		}
		for _, id := range groups {
			if err := o.applyPushRules(tx, a, id); err != nil {
				return err
			}
		}
		return nil
	})
	return rule, err
}

// RemovePushRule deletes a push rule and unlinks the groups that it pushed. With deleteTargets the groups at the app
// are deleted; otherwise they stay.
func (o *Org) RemovePushRule(ctx context.Context, a Actor, id string, deleteTargets bool) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		mappings, err := store.List(tx, scanMapping, mappingQuery+` WHERE m.rule_id = $1`, id)
		if err != nil {
			return err
		}
		for _, m := range mappings {
			if err := o.unlink(tx, a, m, deleteTargets); err != nil {
				return err
			}
		}
		return tx.Exec(`DELETE FROM okta_push_rules WHERE id = $1`, id)
	})
}

// applyPushRules pushes a new or renamed group to the apps whose push rules match it.
func (o *Org) applyPushRules(tx *store.Tx, a Actor, groupID string) error {
	rules, err := store.List(tx, scanPushRule, pushRuleQuery+` ORDER BY created_ms, id`)
	if err != nil || len(rules) == 0 {
		return err
	}
	g, err := group(tx, groupID)
	if err != nil || g.Type != OktaGroup {
		return err
	}
	for _, rule := range rules {
		if !rule.Matches(g.Name) {
			continue
		}
		pushed, err := tx.Exists(`SELECT 1 FROM okta_push_mappings WHERE app_id = $1 AND group_id = $2`, rule.AppID,
			groupID)
		if err != nil {
			return err
		}
		in, err := integration(tx, rule.AppID)
		if err != nil {
			return err
		}
		if pushed || !in.Enabled {
			continue
		}
		if _, err := o.pushGroup(tx, a, rule.AppID, rule.ID,
			NewPush{GroupID: groupID, Memberships: rule.Memberships}); err != nil {
			return err
		}
	}
	return nil
}
