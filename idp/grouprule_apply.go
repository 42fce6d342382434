package idp

import (
	"context"
	"slices"
	"strings"

	"understudy/idp/expression"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// activeRule is a rule at work, with its condition read.
type activeRule struct {
	GroupRule
	meets      expression.Condition
	exceptions []string // ids of users
}

func activeRules(tx *store.Tx) (list []activeRule, err error) {
	rules, err := store.List(tx, scanGroupRule, groupRuleQuery+` WHERE status = $1 ORDER BY created_ms, id`, RuleActive)
	for i := 0; err == nil && i < len(rules); i++ {
		rule := activeRule{GroupRule: rules[i]}
		if err = rule.load(tx); err != nil {
			break
		}
		if rule.meets, err = expression.ParseCondition(rule.Expression); err != nil {
			break
		}
		rule.exceptions, err = store.List(tx, store.Text,
			`SELECT user_id FROM okta_group_rule_exceptions WHERE rule_id = $1`, rule.ID)
		list = append(list, rule)
	}
	return list, err
}

// settle lets the group rules look at a person who is new or has changed, and then reconciles the person's apps.
func (o *Org) settle(tx *store.Tx, a Actor, userID string) error {
	rules, err := activeRules(tx)
	if err != nil {
		return err
	}
	return o.settleBy(tx, a, rules, userID)
}

func (o *Org) settleBy(tx *store.Tx, a Actor, rules []activeRule, userID string) error {
	u, err := user(tx, userID)
	if err != nil {
		return err
	}
	// A rule may ask for membership in a group that another one assigns; rules that undo each other end after as many
	// rounds as there are rules.
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

// applyRules makes one round over the rules. All that came to match is added before anything is removed, so that nobody
// leaves a group for the moment between two rules.
func (o *Org) applyRules(tx *store.Tx, a Actor, rules []activeRule, u User) (changed bool, err error) {
	if u.Status == Deprovisioned {
		return false, nil
	}
	groups, err := store.List(tx, store.Text,
		`SELECT g.name FROM okta_groups AS g JOIN okta_group_members AS m ON m.group_id = g.id WHERE m.user_id = $1`, u.ID)
	if err != nil {
		return false, err
	}
	subject := expression.Subject{User: u.Profile, Groups: groups}
	keep := make([][]string, len(rules)) // groups in which the rule holds the person
	for i, rule := range rules {
		if !rule.meets(subject) || slices.Contains(rule.exceptions, u.ID) {
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
		removed, err := o.dropClaims(tx, a, rule.GroupRule, u, keep[i])
		if err != nil {
			return false, err
		}
		changed = changed || removed
	}
	return changed, nil
}

// addByRule puts a person into a group for a rule. Somebody who is in it by hand stays so.
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

// membershipByRule is what [Org.membership] is for changes by hand: Okta itself acts, and the event names the rule.
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

// dropClaims takes a person out of the groups in which only this rule holds them, but for those to keep.
func (o *Org) dropClaims(tx *store.Tx, a Actor, rule GroupRule, u User, keep []string) (removed bool, err error) {
	held, err := store.List(tx, store.Text, `SELECT group_id FROM okta_group_rule_members WHERE rule_id = $1
		AND user_id = $2 ORDER BY group_id`, rule.ID, u.ID)
	held = slices.DeleteFunc(held, func(id string) bool { return slices.Contains(keep, id) })
	for i := 0; err == nil && i < len(held); i++ {
		err = tx.Exec(`DELETE FROM okta_group_rule_members WHERE rule_id = $1 AND group_id = $2 AND user_id = $3`,
			rule.ID, held[i], u.ID)
		if err != nil {
			break
		}
		var other bool
		other, err = tx.Exists(`SELECT 1 FROM okta_group_rule_members WHERE group_id = $1 AND user_id = $2`, held[i], u.ID)
		if err != nil || other {
			continue
		}
		var g Group
		if g, err = group(tx, held[i]); err != nil {
			break
		}
		if err = tx.Exec(`DELETE FROM okta_group_members WHERE group_id = $1 AND user_id = $2`, g.ID, u.ID); err != nil {
			break
		}
		removed, err = true, o.membershipByRule(tx, a, rule, g, u, GroupMembershipRemoved, "group.user_membership.remove")
	}
	return removed, err
}

// ActivateGroupRule puts a rule to work, at once for everybody.
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
			return problem.New(problem.Conflict, "The rule assigns no group any more. Edit it first.")
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
			if err := o.settleBy(tx, a, rules, userID); err != nil {
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

// DeactivateGroupRule lets a rule rest. Whom it put into groups stays there, and can then be removed by hand.
func (o *Org) DeactivateGroupRule(ctx context.Context, a Actor, id string) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		rule, err := groupRule(tx, id)
		if err != nil {
			return err
		}
		if rule.Status == RuleInactive {
			return problem.New(problem.Conflict, "The rule is inactive already.")
		}
		if err := setRuleStatus(tx, id, RuleInactive); err != nil {
			return err
		}
		return succeeded(tx, a, "group.user_membership.rule.deactivated", rule.Target())
	})
}

// DeleteGroupRule removes a rule that is not active, and with removeUsers the people whom only it put into groups.
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
			if _, err = o.dropClaims(tx, a, rule, u, nil); err == nil {
				err = o.settle(tx, a, u.ID)
			}
		}
		if err != nil {
			return err
		}
		return tx.Exec(`DELETE FROM okta_group_rules WHERE id = $1`, id)
	})
}

// invalidateRules stops the rules that assign a group which is about to be deleted.
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

// PreviewGroupRule says whether a rule, saved or not, would put a person into its groups. login is a username or an
// identifier. Fields of the problem: those of the condition, and person.
func (o *Org) PreviewGroupRule(ctx context.Context, rule GroupRule, login string) (u User, matches bool, err error) {
	var check problem.Check
	rule.complete(&check)
	if err := check.Err(); err != nil {
		return u, false, err
	}
	meets, err := expression.ParseCondition(rule.Expression)
	if err != nil {
		return u, false, err
	}
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		u, err = user(tx, strings.TrimSpace(login))
		if problem.Is(err, problem.NotFound) {
			return problem.InvalidField("person", "Enter the username of somebody in this org.")
		}
		if err != nil {
			return err
		}
		groups, err := store.List(tx, store.Text,
			`SELECT g.name FROM okta_groups AS g JOIN okta_group_members AS m ON m.group_id = g.id
				WHERE m.user_id = $1`, u.ID)
		excepted := slices.ContainsFunc(rule.Exceptions,
			func(login string) bool { return strings.EqualFold(login, u.Login()) })
		matches = meets(expression.Subject{User: u.Profile, Groups: groups}) && !excepted && u.Status != Deprovisioned
		return err
	})
	return u, matches, err
}

// GroupRuleMembers gives, by the id of the person, the name of an active rule that holds them in the group.
func (o *Org) GroupRuleMembers(ctx context.Context, groupID string) (map[string]string, error) {
	return o.ruleHolds(ctx, "user_id", "group_id", groupID)
}

// GroupRulesOf gives, by the id of the group, the name of an active rule that holds the person in it.
func (o *Org) GroupRulesOf(ctx context.Context, userID string) (map[string]string, error) {
	return o.ruleHolds(ctx, "group_id", "user_id", userID)
}

func (o *Org) ruleHolds(ctx context.Context, by, where, id string) (map[string]string, error) {
	held := map[string]string{}
	err := o.db.Read(ctx, func(tx *store.Tx) error {
		return tx.Each(`SELECT m.`+by+`, r.name FROM okta_group_rule_members AS m
			JOIN okta_group_rules AS r ON r.id = m.rule_id
			WHERE m.`+where+` = $1 AND r.status = $2 ORDER BY r.created_ms DESC, r.id`, []any{id, RuleActive},
			func(r store.Row) error {
				var key, name string
				err := r.Scan(&key, &name)
				held[key] = name
				return err
			})
	})
	return held, err
}

// checkNotHeld refuses the removal of somebody whom an active rule has put back.
func checkNotHeld(tx *store.Tx, g Group, u User) error {
	names, err := store.List(tx, store.Text, `SELECT r.name FROM okta_group_rule_members AS m
		JOIN okta_group_rules AS r ON r.id = m.rule_id
		WHERE m.group_id = $1 AND m.user_id = $2 AND r.status = $3 ORDER BY r.created_ms, r.id`, g.ID, u.ID, RuleActive)
	if err != nil || len(names) == 0 {
		return err
	}
	return problem.New(problem.Conflict, u.Name()+" is in "+g.Name+" by the group rule "+names[0]+", so nobody can remove them by hand. Change the rule, or make them an exception to it.")
}
