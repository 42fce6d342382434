package idp

import (
	"context"
	"fmt"
	"strings"
	"time"

	"understudy/idp/expression"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// GroupRuleStatus is whether a group rule is applied.
type GroupRuleStatus string

// The states of a group rule. A rule becomes invalid when a group that it assigns is deleted. Source: Okta's Group Rules
// API, property status.
const (
	RuleActive   GroupRuleStatus = "ACTIVE"
	RuleInactive GroupRuleStatus = "INACTIVE"
	RuleInvalid  GroupRuleStatus = "INVALID"
)

// GroupRule adds users whose profile matches a condition to groups. Directory > Groups > Rules lists the rules.
type GroupRule struct {
	ID         string // "0pr…"
	Name       string
	Status     GroupRuleStatus
	Expression string // condition; generated from the basic condition if Attribute is set
	Attribute  string // basic condition: attribute of the user profile; else empty
	Operator   string // basic condition: one of [RuleOperators]
	Value      string
	GroupIDs   []string // "THEN assign to"
	Groups     []string // names of the groups
	Exceptions []string // "EXCEPT": usernames
	Created    time.Time
	Updated    time.Time
}

// RuleOperators are the operators of a basic condition, in the order of the form.
var RuleOperators = []Choice{
	{Value: "EQUALS", Title: "equals"}, {Value: "NOT_EQUALS", Title: "does not equal"}, {Value: "STARTS_WITH",
		Title: "starts with"},
	{Value: "ENDS_WITH", Title: "ends with"}, {Value: "CONTAINS", Title: "contains"}, {Value: "NOT_CONTAINS",
		Title: "does not contain"},
}

// basicExpression returns the basic condition in Okta Expression Language.
func (r GroupRule) basicExpression() string {
	quote := `"`
	if strings.Contains(r.Value, quote) {
		quote = "'"
	}
	attribute, value := "user."+r.Attribute, quote+r.Value+quote
	switch r.Operator {
	case "EQUALS":
		return attribute + "==" + value
	case "NOT_EQUALS":
		return attribute + "!=" + value
	case "STARTS_WITH":
		return "String.startsWith(" + attribute + ", " + value + ")"
	case "ENDS_WITH":
		return "String.endsWith(" + attribute + ", " + value + ")"
	case "CONTAINS":
		return "String.stringContains(" + attribute + ", " + value + ")"
	}
	return "NOT String.stringContains(" + attribute + ", " + value + ")"
}

// complete trims the input, generates the expression of a basic condition, and checks the condition. Fields of the
// problem: attribute, operator, value, expression.
func (r *GroupRule) complete(check *problem.Check) {
	r.Name, r.Expression, r.Value = strings.TrimSpace(r.Name), strings.TrimSpace(r.Expression), strings.TrimSpace(r.Value)
	if r.Attribute == "" {
		r.Operator, r.Value = "", ""
		if r.Expression == "" {
			check.Require(false, "expression", "Enter an expression.")
			return
		}
		requireExpression(check, "expression", r.Expression, ruleCondition)
		return
	}
	known := false
	for _, operator := range RuleOperators {
		known = known || operator.Value == r.Operator
	}
	check.Require(known, "operator", "Choose an operator.")
	check.Require(r.Value != "", "value", "Enter a value.")
	check.Require(!strings.Contains(r.Value, `"`) || !strings.Contains(r.Value, "'"), "value",
		"The value contains both kinds of quotation marks. Use only one kind.")
	r.Expression = r.basicExpression()
	if err := expression.Validate(r.Expression, ruleCondition); err != nil && known {
		check.Require(false, "attribute", "Choose an attribute of the user profile.")
	}
}

const groupRuleQuery = `SELECT id, name, status, expression, attribute, operator, value, created_ms, updated_ms
	FROM okta_group_rules`

func scanGroupRule(r store.Row) (rule GroupRule, err error) {
	var created, updated int64
	err = r.Scan(&rule.ID, &rule.Name, &rule.Status, &rule.Expression, &rule.Attribute, &rule.Operator, &rule.Value,
		&created, &updated)
	rule.Created, rule.Updated = store.Time(created), store.Time(updated)
	return rule, err
}

// groupRule loads a rule with its groups and exceptions; NotFound when there is none.
func groupRule(tx *store.Tx, id string) (GroupRule, error) {
	rule, err := store.One(tx, "There is no such group rule.", scanGroupRule, groupRuleQuery+` WHERE id = $1`, id)
	if err != nil {
		return rule, err
	}
	return rule, rule.load(tx)
}

// load reads the rule's groups and exceptions.
func (r *GroupRule) load(tx *store.Tx) (err error) {
	from := ` FROM okta_group_rule_groups AS r JOIN okta_groups AS g ON g.id = r.group_id WHERE r.rule_id = $1
		ORDER BY lower(g.name)`
	if r.GroupIDs, err = store.List(tx, store.Text, `SELECT g.id`+from, r.ID); err != nil {
		return err
	}
	if r.Groups, err = store.List(tx, store.Text, `SELECT g.name`+from, r.ID); err != nil {
		return err
	}
	r.Exceptions, err = store.List(tx, store.Text,
		`SELECT u.login FROM okta_group_rule_exceptions AS e JOIN okta_users AS u ON u.id = e.user_id
		WHERE e.rule_id = $1 ORDER BY u.login_key`, r.ID)
	return err
}

// GroupRule returns a rule; NotFound when there is none.
func (o *Org) GroupRule(ctx context.Context, id string) (rule GroupRule, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		rule, err = groupRule(tx, id)
		return err
	})
	return rule, err
}

// GroupRules lists the rules, sorted by name.
func (o *Org) GroupRules(ctx context.Context) (list []GroupRule, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		list, err = store.List(tx, scanGroupRule, groupRuleQuery+` ORDER BY lower(name)`)
		for i := 0; err == nil && i < len(list); i++ {
			err = list[i].load(tx)
		}
		return err
	})
	return list, err
}

// AddGroupRule saves a new, inactive rule. Fields of the problem: name, attribute, operator, value, expression,
// groups, exceptions. Okta has no event for a new or changed rule; only new exceptions are recorded.
func (o *Org) AddGroupRule(ctx context.Context, a Actor, rule GroupRule) (GroupRule, error) {
	return o.saveGroupRule(ctx, a, rule, func(tx *store.Tx) (string, error) { return tx.ID("0pr"), nil })
}

// UpdateGroupRule changes a rule; Conflict unless it is inactive. Fields of the problem: as for [Org.AddGroupRule].
func (o *Org) UpdateGroupRule(ctx context.Context, a Actor, rule GroupRule) (GroupRule, error) {
	return o.saveGroupRule(ctx, a, rule, func(tx *store.Tx) (string, error) {
		before, err := groupRule(tx, rule.ID)
		if err == nil && before.Status != RuleInactive {
			err = problem.New(problem.Conflict, "Only an inactive rule can be edited. Deactivate it first.")
		}
		return before.ID, err
	})
}

// saveGroupRule writes a rule. id gives its ID within the transaction.
func (o *Org) saveGroupRule(ctx context.Context, a Actor, rule GroupRule,
	id func(*store.Tx) (string, error)) (GroupRule, error) {
	var check problem.Check
	rule.complete(&check)
	check.Require(rule.Name != "", "name", "Name is required.")
	check.Require(len(rule.Name) <= 50, "name", "The name is too long. Use at most 50 characters.")
	check.Require(len(rule.GroupIDs) > 0, "groups", "Choose at least one group.")
	if err := check.Err(); err != nil {
		return rule, err
	}
	err := o.db.Write(ctx, func(tx *store.Tx) (err error) {
		if rule.ID, err = id(tx); err != nil {
			return err
		}
		taken, err := tx.Exists(`SELECT 1 FROM okta_group_rules WHERE lower(name) = $1 AND id <> $2`,
			strings.ToLower(rule.Name), rule.ID)
		if err != nil {
			return err
		}
		if taken {
			return problem.InvalidField("name", "An object with this field already exists in the current organization.")
		}
		err = tx.Exec(`INSERT INTO okta_group_rules (id, name, status, expression, attribute, operator, value,
			created_ms, updated_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
			ON CONFLICT (id) DO UPDATE SET name = $2, expression = $4, attribute = $5, operator = $6, value = $7,
				updated_ms = $8`,
			rule.ID, rule.Name, RuleInactive, rule.Expression, rule.Attribute, rule.Operator, rule.Value, store.Millis(tx.Now()))
		if err != nil {
			return err
		}
		if err := saveRuleGroups(tx, rule); err != nil {
			return err
		}
		if err := saveRuleExceptions(tx, a, rule); err != nil {
			return err
		}
		rule, err = groupRule(tx, rule.ID)
		return err
	})
	return rule, err
}

// Target returns the rule as the target of an event.
func (r GroupRule) Target() LogTarget {
	return LogTarget{ID: r.ID, Type: "GroupRule", AlternateID: "unknown", DisplayName: r.Name}
}

// saveRuleGroups replaces the groups that a rule assigns. Field of the problem: groups.
func saveRuleGroups(tx *store.Tx, rule GroupRule) error {
	if err := tx.Exec(`DELETE FROM okta_group_rule_groups WHERE rule_id = $1`, rule.ID); err != nil {
		return err
	}
	for _, id := range rule.GroupIDs {
		if _, err := ownGroup(tx, id); err != nil {
			return problem.InvalidField("groups", sentenceOf(err))
		}
		if err := tx.Exec(`INSERT INTO okta_group_rule_groups (rule_id, group_id) VALUES ($1, $2)
			ON CONFLICT DO NOTHING`, rule.ID, id); err != nil {
			return err
		}
	}
	return nil
}

// saveRuleExceptions replaces the exceptions of a rule and records the new ones. Field of the problem: exceptions.
func saveRuleExceptions(tx *store.Tx, a Actor, rule GroupRule) error {
	before, err := store.List(tx, store.Text, `SELECT user_id FROM okta_group_rule_exceptions WHERE rule_id = $1`, rule.ID)
	if err != nil {
		return err
	}
	had := map[string]bool{}
	for _, id := range before {
		had[id] = true
	}
	if err := tx.Exec(`DELETE FROM okta_group_rule_exceptions WHERE rule_id = $1`, rule.ID); err != nil {
		return err
	}
	for _, login := range rule.Exceptions {
		u, err := user(tx, strings.TrimSpace(login))
		if problem.Is(err, problem.NotFound) {
			return problem.InvalidField("exceptions", fmt.Sprintf("No user has the username %s.", login))
		}
		if err != nil {
			return err
		}
		n, err := tx.Change(`INSERT INTO okta_group_rule_exceptions (rule_id, user_id) VALUES ($1, $2)
			ON CONFLICT DO NOTHING`, rule.ID, u.ID)
		if err != nil {
			return err
		}
		if n == 0 || had[u.ID] {
			continue
		}
		if err := succeeded(tx, a, "group.user_membership.rule.add_exclusion", u.Target(), rule.Target()); err != nil {
			return err
		}
	}
	return nil
}
