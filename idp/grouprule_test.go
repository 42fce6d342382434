package idp_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"understudy/idp"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// groupRule adds an active rule that compares the department and assigns groups.
func (w *world) groupRule(name, operator, value string, groups ...string) idp.GroupRule {
	w.t.Helper()
	rule := idp.GroupRule{Name: name, Attribute: "department", Operator: operator, Value: value}
	for _, g := range groups {
		rule.GroupIDs = append(rule.GroupIDs, w.group(g).ID)
	}
	rule, err := w.AddGroupRule(w.ctx(), w.admin, rule)
	w.must(err)
	w.must(w.ActivateGroupRule(w.ctx(), w.admin, rule.ID))
	return rule
}

func (w *world) department(login, department string) {
	w.t.Helper()
	_, err := w.UpdateProfile(w.ctx(), w.admin, w.user(login).ID, idp.Profile{"department": department})
	w.must(err)
}

// wantIn checks the groups of a user, apart from Everyone.
func (w *world) wantIn(login string, want ...string) {
	w.t.Helper()
	groups, err := w.GroupsOf(w.ctx(), w.user(login).ID)
	w.must(err)
	var got []string
	for _, g := range groups {
		if g.Type != idp.BuiltIn {
			got = append(got, g.Name)
		}
	}
	if !slices.Equal(got, want) {
		w.t.Errorf("%s is in %q, want %q", login, got, want)
	}
}

func TestGroupRuleFollowsProfiles(t *testing.T) {
	w := open(t)
	w.department(noor, "Sales")
	mark := w.mark()
	rule := w.groupRule("Sales view", "EQUALS", "Sales", "Viewers")
	if rule.Status != idp.RuleInactive || rule.ID[:3] != "0pr" || rule.Expression != `user.department=="Sales"` {
		t.Errorf("%+v", rule)
	}
	w.wantTypes(mark, "group.user_membership.rule.trigger", "group.user_membership.add")
	if e := w.since(mark)[1]; e.Actor.Type != idp.ActorSystem || e.Debug.Data["triggeredByGroupRuleId"] != rule.ID {
		t.Errorf("%+v", e)
	}
	w.wantIn(noor, "Viewers")

	u, err := w.CreateUser(w.ctx(), w.admin, idp.NewUser{Profile: idp.Profile{"firstName": "Bo", "lastName": "Beck",
		"email": "bo@lab.example", "department": "Sales"}, Activate: true})
	w.must(err)
	w.wantIn(u.Login(), "Viewers")

	w.department(noor, "Support")
	w.wantIn(noor)
	w.department(maya, "Sales")
	w.department(maya, "Support")
	w.wantIn(maya, "Authors", "Viewers") // put there by hand, so no rule takes it away
}

func TestGroupRuleAssignsApps(t *testing.T) {
	w := open(t)
	app, viewers := w.app("Sigma on AWS"), w.group("Viewers")
	_, err := w.AssignGroup(w.ctx(), w.admin, app.ID, viewers.ID,
		idp.Assignment{Profile: map[string]string{"userType": "viewer"}})
	w.must(err)
	w.groupRule("Sales view", "STARTS_WITH", "Sal", "Viewers")
	for department, want := range map[string]int{"Sales": 1, "Support": 0} {
		w.department(noor, department)
		apps, err := w.AppsOf(w.ctx(), w.user(noor).ID)
		if err != nil || len(apps) != want {
			t.Errorf("%s: %+v, %v", department, apps, err)
		}
	}
}

// A membership by rule in a pushed group queues the same jobs as one by an administrator.
func TestGroupRulePushesMembers(t *testing.T) {
	kinds := func(byRule bool) []string {
		w := open(t)
		app := w.app("Sigma on AWS")
		_, err := w.AssignGroup(w.ctx(), w.admin, app.ID, w.group("Authors").ID, idp.Assignment{})
		w.must(err)
		w.provision(app)
		w.must(w.AddMember(w.ctx(), w.admin, w.group("Authors").ID, w.user(noor).ID))
		w.ran(app, noor, "far-noor") // only whom the app knows is sent as a member
		w.rule(app, "STARTS_WITH", "Viewers")
		for _, job := range w.jobs() {
			w.must(w.FinishJob(w.ctx(), job, func(*store.Tx) error { return nil }))
		}
		w.department(noor, "Sales")
		all := func() (list []string) {
			w.must(w.db.Read(w.ctx(), func(tx *store.Tx) (err error) {
				list, err = store.List(tx, store.Text, `SELECT kind FROM okta_jobs ORDER BY id`)
				return err
			}))
			return list
		}
		before := len(all())
		if byRule {
			w.groupRule("Sales view", "EQUALS", "Sales", "Viewers")
		} else {
			w.must(w.AddMember(w.ctx(), w.admin, w.group("Viewers").ID, w.user(noor).ID))
		}
		return all()[before:]
	}
	hand, rule := kinds(false), kinds(true)
	if len(hand) == 0 || !slices.Equal(hand, rule) {
		t.Errorf("by hand %q, by the rule %q", hand, rule)
	}
}

func TestMembersByRuleCannotBeRemoved(t *testing.T) {
	w := open(t)
	w.department(noor, "Sales")
	rule := w.groupRule("Sales view", "EQUALS", "Sales", "Viewers")
	viewers, id := w.group("Viewers").ID, w.user(noor).ID
	mark := w.mark()
	wantProblem(t, w.RemoveMember(w.ctx(), w.admin, viewers, id), problem.Conflict)
	w.wantTypes(mark)
	held, err := w.GroupRuleMembers(w.ctx(), viewers)
	if err != nil || !maps.Equal(held, map[string]string{id: "Sales view"}) {
		t.Errorf("%v, %v", held, err)
	}
	w.must(w.DeactivateGroupRule(w.ctx(), w.admin, rule.ID))
	w.wantIn(noor, "Viewers")
	w.must(w.RemoveMember(w.ctx(), w.admin, viewers, id))
	w.wantIn(noor)
}

func TestTwoRulesAddTheSameMember(t *testing.T) {
	w := open(t)
	w.department(noor, "Sales East")
	w.groupRule("East", "ENDS_WITH", "East", "Viewers")
	w.groupRule("Sales", "CONTAINS", "Sales", "Viewers")
	mark := w.mark()
	w.department(noor, "Sales West")
	w.wantIn(noor, "Viewers")
	w.wantTypes(mark, "user.account.update_profile")
	w.department(noor, "HR West")
	w.wantIn(noor)
}

func TestRuleCanDependOnGroups(t *testing.T) {
	w := open(t)
	rule, err := w.AddGroupRule(w.ctx(), w.admin,
		idp.GroupRule{Name: "Chain", Expression: `isMemberOfGroupName("Viewers")`,
			GroupIDs: []string{w.group("Authors").ID}})
	w.must(err)
	w.must(w.ActivateGroupRule(w.ctx(), w.admin, rule.ID))
	w.groupRule("Sales", "EQUALS", "Sales", "Viewers") // made later, so the chain needs a second round
	w.department(noor, "Sales")
	w.wantIn(noor, "Authors", "Viewers")
	w.department(noor, "HR")
	w.wantIn(noor)
	w.must(w.AddMember(w.ctx(), w.admin, w.group("Viewers").ID, w.user(noor).ID))
	w.wantIn(noor, "Authors", "Viewers")
}

func TestGroupRuleLifeCycle(t *testing.T) {
	w := open(t)
	w.department(noor, "Sales")
	rule := w.groupRule("Sales view", "EQUALS", "Sales", "Viewers")
	_, err := w.UpdateGroupRule(w.ctx(), w.admin, rule)
	wantProblem(t, err, problem.Conflict)
	wantProblem(t, w.ActivateGroupRule(w.ctx(), w.admin, rule.ID), problem.Conflict)
	wantProblem(t, w.DeleteGroupRule(w.ctx(), w.admin, rule.ID, true), problem.Conflict)
	w.must(w.DeactivateGroupRule(w.ctx(), w.admin, rule.ID))
	wantProblem(t, w.DeactivateGroupRule(w.ctx(), w.admin, rule.ID), problem.Conflict)

	// The rule assigns another group: the members that it added to the first group leave it.
	rule.GroupIDs, rule.Exceptions = []string{w.group("Authors").ID}, nil
	_, err = w.UpdateGroupRule(w.ctx(), w.admin, rule)
	w.must(err)
	w.must(w.ActivateGroupRule(w.ctx(), w.admin, rule.ID))
	w.wantIn(noor, "Authors")

	w.must(w.DeactivateGroupRule(w.ctx(), w.admin, rule.ID))
	rule.Exceptions = []string{noor}
	mark := w.mark()
	_, err = w.UpdateGroupRule(w.ctx(), w.admin, rule)
	w.must(err)
	w.wantTypes(mark, "group.user_membership.rule.add_exclusion")
	w.must(w.ActivateGroupRule(w.ctx(), w.admin, rule.ID))
	w.wantIn(noor)
}

func TestDeletingAGroupRule(t *testing.T) {
	for _, remove := range []bool{true, false} {
		w := open(t)
		w.department(noor, "Sales")
		rule := w.groupRule("Sales view", "EQUALS", "Sales", "Viewers")
		w.must(w.DeactivateGroupRule(w.ctx(), w.admin, rule.ID))
		w.must(w.DeleteGroupRule(w.ctx(), w.admin, rule.ID, remove))
		want := []string{"Viewers"}
		if remove {
			want = nil
		}
		w.wantIn(noor, want...)
		w.wantIn(maya, "Authors", "Viewers")
		_, err := w.GroupRule(w.ctx(), rule.ID)
		wantProblem(t, err, problem.NotFound)
	}
}

func TestRuleOfADeletedGroupIsInvalid(t *testing.T) {
	w := open(t)
	w.department(noor, "Sales")
	rule := w.groupRule("Sales view", "EQUALS", "Sales", "Viewers", "Authors")
	w.must(w.DeleteGroup(w.ctx(), w.admin, w.group("Viewers").ID))
	rule, err := w.GroupRule(w.ctx(), rule.ID)
	if err != nil || rule.Status != idp.RuleInvalid || !slices.Equal(rule.Groups, []string{"Authors"}) {
		t.Errorf("%+v, %v", rule, err)
	}
	w.department(noor, "HR")
	w.wantIn(noor, "Authors") // the rule no longer works
}

func TestRulesIgnoreDeactivatedUsers(t *testing.T) {
	w := open(t)
	id := w.user(noor).ID
	w.department(noor, "Sales")
	w.must(w.DeactivateUser(w.ctx(), w.admin, id))
	w.groupRule("Sales view", "EQUALS", "Sales", "Viewers")
	w.wantIn(noor)
	_, err := w.ActivateUser(w.ctx(), w.admin, id, "")
	w.must(err)
	w.wantIn(noor, "Viewers")
}

func TestGroupRuleConditions(t *testing.T) {
	w := open(t)
	w.department(maya, `Sales "East"`)
	for expression, want := range map[string]bool{
		`user.firstName == "Maya"`: true, `user.firstName=='Maya' and user.lastName != "Rivers"`: false,
		`user.firstName == "X" OR user.lastName == "Rivers"`:                          true,
		`NOT (user.firstName == "X") && !String.startsWith(user.department, "HR")`:    true,
		`user.firstName == "X" || user.firstName == "Y" && user.lastName == "Rivers"`: false,
		`String.stringContains(user.department, '"East"')`:                            true,
		`String.toLowerCase(user.firstName + "-" + user.lastName) == "maya-rivers"`:   true,
		`String.substringAfter(user.email, "@") == "lab.example"`:                     true,
		`user.city == null`:                     true,
		`isMemberOfGroupName("Authors")`:        true,
		`isMemberOfGroupNameStartsWith("Edit")`: false,
	} {
		_, got, err := w.PreviewGroupRule(w.ctx(), idp.GroupRule{Expression: expression}, maya)
		if got != want || err != nil {
			t.Errorf("%s: %v, %v", expression, got, err)
		}
	}
	for operator, want := range map[string]bool{"EQUALS": false, "NOT_EQUALS": true, "STARTS_WITH": true,
		"ENDS_WITH": false, "CONTAINS": true, "NOT_CONTAINS": false} {
		_, got, err := w.PreviewGroupRule(w.ctx(),
			idp.GroupRule{Attribute: "department", Operator: operator, Value: "Sales"}, maya)
		if got != want || err != nil {
			t.Errorf("%s: %v, %v", operator, got, err)
		}
	}
}

func TestGroupRuleExpressionIsRefused(t *testing.T) {
	w := open(t)
	for _, expression := range []string{
		`isMemberOfGroupNameContains(user.nothing)`, `user.firstName`, `user.shoeSize == "44"`, `user.firstName == "Maya`, `(user.firstName == "Maya"`,
		`user.firstName == "Maya")`, `System.exit(1) == ""`, `String.startsWith(user.firstName)`, `user.firstName == `, ``, `"a" "b" == "a"`,
		`user.firstName = "Maya"`, `user.firstName == "Maya" ORuser.lastName == "x"`, strings.Repeat("NOT ", 200) +
			`user.city == null`,
	} {
		t.Run(expression, func(t *testing.T) {
			_, _, err := w.PreviewGroupRule(w.ctx(), idp.GroupRule{Expression: expression}, maya)
			wantProblem(t, err, problem.Invalid, "expression")
		})
	}
}

func TestGroupRuleIsRefused(t *testing.T) {
	w := open(t)
	viewers := []string{w.group("Viewers").ID}
	w.groupRule("Taken", "EQUALS", "x", "Viewers")
	good := idp.GroupRule{Name: "New", Attribute: "department", Operator: "EQUALS", Value: "Sales", GroupIDs: viewers}
	for field, change := range map[string]func(*idp.GroupRule){
		"name":       func(r *idp.GroupRule) { r.Name = "TAKEN" },
		"value":      func(r *idp.GroupRule) { r.Value = " " },
		"operator":   func(r *idp.GroupRule) { r.Operator = "LIKE" },
		"attribute":  func(r *idp.GroupRule) { r.Attribute = "shoeSize" },
		"expression": func(r *idp.GroupRule) { r.Attribute, r.Expression = "", "user." },
		"groups":     func(r *idp.GroupRule) { r.GroupIDs = []string{w.group("Everyone").ID} },
		"exceptions": func(r *idp.GroupRule) { r.Exceptions = []string{"nobody@lab.example"} },
	} {
		rule := good
		change(&rule)
		_, err := w.AddGroupRule(w.ctx(), w.admin, rule)
		t.Run(field, func(t *testing.T) { wantProblem(t, err, problem.Invalid, field) })
	}
}

// No expression makes the parser of conditions panic.
func FuzzGroupRuleCondition(f *testing.F) {
	for _, seed := range []string{`user.a=="b" AND (NOT String.startsWith(user.login,"x"))`, `((`, `"`, `a(b)(c)`, `!(`,
		`user.login+'`, `f("(")`} {
		f.Add(seed)
	}
	w := open(f)
	f.Fuzz(func(t *testing.T, text string) {
		if _, _, err := w.PreviewGroupRule(t.Context(), idp.GroupRule{Expression: text}, maya); err != nil &&
			!problem.Is(err, problem.Invalid) {
			t.Error(err)
		}
	})
}
