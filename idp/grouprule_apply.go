package idp

import (
	"context"
	"slices"
	"strings"

	"understudy/idp/expression"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// activeRule is an active rule with its parsed condition.
type activeRule struct {
	GroupRule
	condition  *expression.Expression
	exceptions []string // IDs of users
}

// activeRules returns the active rules, oldest first. A rule whose expression cannot be parsed, from the file of another lab, is
// left out: it adds and removes nobody.
func activeRules(tx *store.Tx) (list []activeRule, err error) {
	rules, err := store.List(tx, scanGroupRule, groupRuleQuery+` WHERE status = $1 ORDER BY created_ms, id`, RuleActive)
	for i := 0; err == nil && i < len(rules); i++ {
		rule := activeRule{GroupRule: rules[i]}
		var invalid error
		if rule.condition, invalid = expression.Parse(rule.Expression); invalid != nil {
			continue
		}
		if err = rule.load(tx); err != nil {
			break
		}
		rule.exceptions, err = store.List(tx, store.Text,
			`SELECT user_id FROM okta_group_rule_exceptions WHERE rule_id = $1`, rule.ID)
		list = append(list, rule)
	}
	return list, err
}

// applyRulesTo applies the group rules to a user who is new or has changed, and then reconciles the user's apps.
func (o *Org) applyRulesTo(tx *store.Tx, a Actor, userID string) error {
	rules, err := activeRules(tx)
	if err != nil {
		return err
	}
	return o.applyRulesAndReconcile(tx, a, rules, userID)
}

// applyRulesAndReconcile applies rules to a user until no membership changes, and then reconciles the user's apps.
func (o *Org) applyRulesAndReconcile(tx *store.Tx, a Actor, rules []activeRule, userID string) error {
	u, err := user(tx, userID)
	if err != nil {
		return err
	}
	// A rule may depend on a group that another rule assigns, so rules are applied until nothing changes. The number of
	// rounds is bounded, because rules can contradict each other.
	for range rules {
		changed, err := o.applyRules(tx, a, rules, u)
		if err != nil {
			return err
		}
		if !changed {
			break
		}
	}
	return o.reconcileUser(tx, a, userID)
}

// applyRules applies each rule to a user once. Memberships are added before any are removed, so that a user who moves
// from one group to another keeps an app that both groups have.
func (o *Org) applyRules(tx *store.Tx, a Actor, rules []activeRule, u User) (changed bool, err error) {
	if u.Status == Deprovisioned {
		return false, nil
	}
	groups, err := expressionGroups(tx, u.ID)
	if err != nil {
		return false, err
	}
	subject := ruleSubject(u, groups)
	keep := make([][]string, len(rules)) // IDs of the groups to which each rule adds the user
	for i, rule := range rules {
		matches, err := ruleMatches(rule.condition, subject)
		if err != nil {
			return false, err
		}
		if !matches || slices.Contains(rule.exceptions, u.ID) {
			continue
		}
		keep[i] = rule.GroupIDs
		for _, groupID := range rule.GroupIDs {
			added, err := o.addByRule(tx, a, rule.GroupRule, groupID, u)
			if err != nil {
				return false, err
			}
			changed = changed || added
		}
	}
	for i, rule := range rules {
		removed, err := o.removeByRule(tx, a, rule.GroupRule, u, keep[i])
		if err != nil {
			return false, err
		}
		changed = changed || removed
	}
	return changed, nil
}

// addByRule adds a user to a group for a rule. A membership that an administrator made stays as it is and is not
// attributed to the rule.
func (o *Org) addByRule(tx *store.Tx, a Actor, rule GroupRule, groupID string, u User) (added bool, err error) {
	g, err := ownGroup(tx, groupID)
	if err != nil {
		return false, err
	}
	n, err := tx.Change(`INSERT INTO okta_group_members (group_id, user_id, added_ms) VALUES ($1, $2, $3)
		ON CONFLICT DO NOTHING`, g.ID, u.ID, store.Millis(tx.Now()))
	if err != nil {
		return false, err
	}
	if n == 0 {
		claimed, err := tx.Exists(`SELECT 1 FROM okta_group_rule_members WHERE group_id = $1 AND user_id = $2`, g.ID, u.ID)
		if err != nil || !claimed {
			return false, err
		}
	}
	if err := tx.Exec(`INSERT INTO okta_group_rule_members (rule_id, group_id, user_id) VALUES ($1, $2, $3)
		ON CONFLICT DO NOTHING`, rule.ID, g.ID, u.ID); err != nil || n == 0 {
		return false, err
	}
	return true, o.membershipByRule(tx, a, rule, g, u, GroupMembershipAdded, "group.user_membership.add")
}

// membershipByRule is [Org.membership] for a rule. The actor is Okta itself, and the event names the rule.
func (o *Org) membershipByRule(tx *store.Tx, a Actor, rule GroupRule, g Group, u User, kind ChangeKind,
	event string) error {
	if err := tx.Exec(`UPDATE okta_groups SET membership_ms = $2 WHERE id = $1`, g.ID, store.Millis(tx.Now())); err != nil {
		return err
	}
	system := System(a.Client)
	_, err := Record(tx, system, Event{Type: event, Targets: []LogTarget{u.Target(), g.Target()},
		Debug: map[string]string{"triggeredByGroupRuleId": rule.ID}})
	if err != nil {
		return err
	}
	return o.changed(tx, Change{Kind: kind, GroupID: g.ID, UserID: u.ID, Actor: system})
}

// removeByRule removes a user from the groups to which only this rule has added them, except the groups in keep.
func (o *Org) removeByRule(tx *store.Tx, a Actor, rule GroupRule, u User, keep []string) (removed bool, err error) {
	groupIDs, err := store.List(tx, store.Text, `SELECT group_id FROM okta_group_rule_members WHERE rule_id = $1
		AND user_id = $2 ORDER BY group_id`, rule.ID, u.ID)
	groupIDs = slices.DeleteFunc(groupIDs, func(id string) bool { return slices.Contains(keep, id) })
	for i := 0; err == nil && i < len(groupIDs); i++ {
		err = tx.Exec(`DELETE FROM okta_group_rule_members WHERE rule_id = $1 AND group_id = $2 AND user_id = $3`,
			rule.ID, groupIDs[i], u.ID)
		if err != nil {
			break
		}
		var other bool
		other, err = tx.Exists(`SELECT 1 FROM okta_group_rule_members WHERE group_id = $1 AND user_id = $2`, groupIDs[i], u.ID)
		if err != nil || other {
			continue
		}
		var g Group
		if g, err = group(tx, groupIDs[i]); err != nil {
			break
		}
		if err = tx.Exec(`DELETE FROM okta_group_members WHERE group_id = $1 AND user_id = $2`, g.ID, u.ID); err != nil {
			break
		}
		removed, err = true, o.membershipByRule(tx, a, rule, g, u, GroupMembershipRemoved, "group.user_membership.remove")
	}
	return removed, err
}

// ActivateGroupRule activates a rule and applies it to all users at once. Conflict unless the rule is inactive and
// assigns a group.
func (o *Org) ActivateGroupRule(ctx context.Context, a Actor, id string) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		rule, err := groupRule(tx, id)
		if err != nil {
			return err
		}
		if rule.Status != RuleInactive {
			return problem.New(problem.Conflict, "Only an inactive rule can be activated.")
		}
		if len(rule.GroupIDs) == 0 {
			return problem.New(problem.Conflict, "The rule no longer assigns a group. Edit the rule first.")
		}
		if err := setRuleStatus(tx, id, RuleActive); err != nil {
			return err
		}
		if err := succeeded(tx, a, "group.user_membership.rule.trigger", rule.Target()); err != nil {
			return err
		}
		rules, err := activeRules(tx)
		if err != nil {
			return err
		}
		people, err := store.List(tx, store.Text,
			`SELECT id FROM okta_users WHERE status <> $1 ORDER BY created_ms, id`, string(Deprovisioned))
		if err != nil {
			return err
		}
		for _, userID := range people {
			if err := o.applyRulesAndReconcile(tx, a, rules, userID); err != nil {
				return err
			}
		}
		return nil
	})
}

func setRuleStatus(tx *store.Tx, id string, status GroupRuleStatus) error {
	return tx.Exec(`UPDATE okta_group_rules SET status = $2, updated_ms = $3 WHERE id = $1`, id, status,
		store.Millis(tx.Now()))
}

// DeactivateGroupRule deactivates a rule. The users that it added stay in the groups, and administrators can remove
// them from then on.
func (o *Org) DeactivateGroupRule(ctx context.Context, a Actor, id string) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		rule, err := groupRule(tx, id)
		if err != nil {
			return err
		}
		if rule.Status == RuleInactive {
			return problem.New(problem.Conflict, "The rule is already inactive.")
		}
		if err := setRuleStatus(tx, id, RuleInactive); err != nil {
			return err
		}
		return succeeded(tx, a, "group.user_membership.rule.deactivated", rule.Target())
	})
}

// DeleteGroupRule deletes a rule; Conflict when it is active. With removeUsers, users whom only this rule has added
// leave its groups. Okta has no event for the deletion; removed memberships are recorded.
func (o *Org) DeleteGroupRule(ctx context.Context, a Actor, id string, removeUsers bool) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		rule, err := groupRule(tx, id)
		if err != nil {
			return err
		}
		if rule.Status == RuleActive {
			return problem.New(problem.Conflict, "An active rule cannot be deleted. Deactivate it first.")
		}
		var people []string
		if removeUsers {
			people, err = store.List(tx, store.Text,
				`SELECT DISTINCT user_id FROM okta_group_rule_members WHERE rule_id = $1 ORDER BY user_id`, id)
		}
		for i := 0; err == nil && i < len(people); i++ {
			var u User
			if u, err = user(tx, people[i]); err != nil {
				break
			}
			if _, err = o.removeByRule(tx, a, rule, u, nil); err == nil {
				err = o.applyRulesTo(tx, a, u.ID)
			}
		}
		if err != nil {
			return err
		}
		return tx.Exec(`DELETE FROM okta_group_rules WHERE id = $1`, id)
	})
}

// invalidateRules sets the rules that assign a group to invalid, before the group is deleted.
func invalidateRules(tx *store.Tx, a Actor, groupID string) error {
	ids, err := store.List(tx, store.Text, `SELECT rule_id FROM okta_group_rule_groups WHERE group_id = $1
		ORDER BY rule_id`, groupID)
	for i := 0; err == nil && i < len(ids); i++ {
		var rule GroupRule
		if rule, err = groupRule(tx, ids[i]); err != nil {
			break
		}
		if err = setRuleStatus(tx, rule.ID, RuleInvalid); err == nil {
			err = succeeded(tx, a, "group.user_membership.rule.invalidate", rule.Target())
		}
	}
	return err
}

// PreviewGroupRule reports whether a rule, saved or not, matches a user. login is a username or an ID. Fields of the
// problem: those of the condition, and person.
func (o *Org) PreviewGroupRule(ctx context.Context, rule GroupRule, login string) (u User, matches bool, err error) {
	var check problem.Check
	rule.complete(&check)
	if err := check.Err(); err != nil {
		return u, false, err
	}
	condition, err := expression.Parse(rule.Expression)
	if err != nil {
		return u, false, err
	}
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		u, err = user(tx, strings.TrimSpace(login))
		if problem.Is(err, problem.NotFound) {
			return problem.InvalidField("person", "Enter the username of a user in this org.")
		}
		if err != nil {
			return err
		}
		groups, err := expressionGroups(tx, u.ID)
		if err != nil {
			return err
		}
		if matches, err = condition.Matches(ruleSubject(u, groups)); expression.IsError(err) {
			return problem.InvalidField("expression", expression.Explain("The expression has no value for "+u.Name(), err))
		}
		excepted := slices.ContainsFunc(rule.Exceptions,
			func(login string) bool { return strings.EqualFold(login, u.Login()) })
		matches = matches && !excepted && u.Status != Deprovisioned
		return err
	})
	return u, matches, err
}

// GroupRuleMembers returns the name of an active rule that has added the member to the group, by the ID of the user. Of
// several rules it is the oldest.
func (o *Org) GroupRuleMembers(ctx context.Context, groupID string) (map[string]string, error) {
	return o.ruleNames(ctx, `SELECT m.user_id, r.name FROM okta_group_rule_members AS m
		JOIN okta_group_rules AS r ON r.id = m.rule_id
		WHERE m.group_id = $1 AND r.status = $2 ORDER BY r.created_ms DESC, r.id`, groupID)
}

// GroupRulesOf returns the name of an active rule that has added the user to the group, by the ID of the group. Of several
// rules it is the oldest.
func (o *Org) GroupRulesOf(ctx context.Context, userID string) (map[string]string, error) {
	return o.ruleNames(ctx, `SELECT m.group_id, r.name FROM okta_group_rule_members AS m
		JOIN okta_group_rules AS r ON r.id = m.rule_id
		WHERE m.user_id = $1 AND r.status = $2 ORDER BY r.created_ms DESC, r.id`, userID)
}

// ruleNames returns the second column of a query by the first; the last row of a key counts.
func (o *Org) ruleNames(ctx context.Context, query, id string) (map[string]string, error) {
	names := map[string]string{}
	err := o.db.Read(ctx, func(tx *store.Tx) error {
		return tx.Each(query, []any{id, RuleActive}, func(r store.Row) error {
			var key, name string
			err := r.Scan(&key, &name)
			names[key] = name
			return err
		})
	})
	return names, err
}

// checkNotAddedByRule refuses the removal of a member whom an active rule has added again.
func checkNotAddedByRule(tx *store.Tx, g Group, u User) error {
	names, err := store.List(tx, store.Text, `SELECT r.name FROM okta_group_rule_members AS m
		JOIN okta_group_rules AS r ON r.id = m.rule_id
		WHERE m.group_id = $1 AND m.user_id = $2 AND r.status = $3 ORDER BY r.created_ms, r.id`, g.ID, u.ID, RuleActive)
	if err != nil || len(names) == 0 {
		return err
	}
	return problem.New(problem.Conflict, "The group rule "+names[0]+" adds "+u.Name()+" to "+g.Name+". "+
		"Change the rule, or make the user an exception to the rule.")
}
