package idp_test

import (
	"slices"
	"strings"
	"testing"

	"understudy/idp"
	"understudy/idp/job"
	"understudy/seed/base/problem"
)

// pushed returns the names of the groups that are pushed to the app.
func (w *world) pushed(app idp.App) (names []string) {
	w.t.Helper()
	list, err := w.PushMappings(w.ctx(), app.ID, "")
	w.must(err)
	for _, m := range list {
		names = append(names, m.GroupName)
	}
	return names
}

func (w *world) wantPushed(app idp.App, want ...string) {
	w.t.Helper()
	if got := w.pushed(app); !slices.Equal(got, want) {
		w.t.Errorf("pushed %q, want %q", got, want)
	}
}

// rule saves a push rule.
func (w *world) rule(app idp.App, match, value string) idp.PushRule {
	w.t.Helper()
	rule, err := w.AddPushRule(w.ctx(), w.admin,
		idp.PushRule{AppID: app.ID, Name: match + " " + value, Match: match, Value: value, Memberships: true})
	w.must(err)
	return rule
}

func TestRuleMatches(t *testing.T) {
	for _, c := range []struct {
		match, value, name string
		want               bool
	}{
		{"STARTS_WITH", "okta", "OktaViewers", true}, {"STARTS_WITH", "viewers", "OktaViewers", false}, {"STARTS_WITH",
			"é", "Équipe", true},
		{"ENDS_WITH", "VIEWERS", "OktaViewers", true}, {"ENDS_WITH", "okta", "OktaViewers", false},
		{"CONTAINS", "aview", "OktaViewers", true}, {"CONTAINS", "%", "OktaViewers", false},
	} {
		if got := (idp.PushRule{Match: c.match, Value: c.value}).Matches(c.name); got != c.want {
			t.Errorf("%s %q of %q: %t", c.match, c.value, c.name, got)
		}
	}
}

// A push rule applies to existing groups, to new ones, and to renamed ones.
func TestRulePushesPresentAndFutureGroups(t *testing.T) {
	w := open(t)
	app := w.app("Sigma on AWS")
	w.provision(app)
	rule := w.rule(app, "ENDS_WITH", "ers")
	w.wantPushed(app, "Viewers") // "Authors" does not end so, and Everyone is none of the org's own groups
	if jobs := w.jobs(); len(jobs) != 1 || jobs[0].Kind != job.PushGroup || jobs[0].Payload.Name != "Viewers" {
		t.Errorf("jobs %+v", jobs)
	}
	mark := w.mark()
	_, err := w.CreateGroup(w.ctx(), w.admin, "Readers", "")
	w.must(err)
	w.wantTypes(mark, "group.lifecycle.create", "application.provision.group_push.mapping.created")
	_, err = w.CreateGroup(w.ctx(), w.admin, "Others of us", "")
	w.must(err)
	authors := w.group("Authors")
	_, err = w.UpdateGroup(w.ctx(), w.admin, authors.ID, "Writers", "")
	w.must(err)
	w.wantPushed(app, "Readers", "Viewers", "Writers")

	// A name that no longer matches stays pushed, under its new name, once.
	_, err = w.UpdateGroup(w.ctx(), w.admin, authors.ID, "Scribes", "")
	w.must(err)
	w.wantPushed(app, "Readers", "Scribes", "Viewers")
	w.rule(app, "STARTS_WITH", "view") // a second rule finds the group pushed already
	w.wantPushed(app, "Readers", "Scribes", "Viewers")

	w.must(w.RemovePushRule(w.ctx(), w.admin, rule.ID, false))
	w.wantPushed(app)
	rules, err := w.PushRules(w.ctx(), app.ID)
	if err != nil || len(rules) != 1 || rules[0].Value != "view" {
		t.Errorf("rules %+v, %v", rules, err)
	}
	if jobs := w.jobs(); len(jobs) != 0 {
		t.Errorf("leaving the groups there still sends %+v", jobs)
	}
}

func TestRuleRefused(t *testing.T) {
	w := open(t)
	app := w.app("Sigma on AWS")
	_, err := w.AddPushRule(w.ctx(), w.admin, idp.PushRule{AppID: app.ID, Name: "Viewers", Match: "STARTS_WITH",
		Value: "View"})
	wantProblem(t, err, problem.Conflict) // provisioning is not switched on
	_, err = w.AddPushRule(w.ctx(), w.admin, idp.PushRule{AppID: app.ID, Name: "Nothing yet", Match: "STARTS_WITH",
		Value: "Zebra"})
	wantProblem(t, err, problem.Conflict)
	w.provision(app)
	mark := w.mark()
	_, err = w.AddPushRule(w.ctx(), w.admin, idp.PushRule{AppID: app.ID, Name: " ", Match: "SOUNDS_LIKE", Value: " "})
	wantProblem(t, err, problem.Invalid, "name", "match", "value")
	rules, err := w.PushRules(w.ctx(), app.ID)
	if err != nil || len(rules) != 0 {
		t.Errorf("rules %+v, %v", rules, err)
	}
	w.wantTypes(mark)
}

func TestRuleForUnknownApp(t *testing.T) {
	w := open(t)
	_, err := w.AddPushRule(w.ctx(), w.admin, idp.PushRule{AppID: "0oaNobody", Name: "x", Match: "CONTAINS", Value: "x"})
	wantProblem(t, err, problem.NotFound)
}

// Deleting a group ends its push and is recorded.
func TestDeletingAPushedGroupEndsItsPush(t *testing.T) {
	w := open(t)
	app := w.app("Sigma on AWS")
	w.provision(app)
	_, err := w.PushGroup(w.ctx(), w.admin, app.ID, idp.NewPush{GroupID: w.group("Viewers").ID, Memberships: true})
	w.must(err)
	mark := w.mark()
	w.must(w.DeleteGroup(w.ctx(), w.admin, w.group("Viewers").ID))
	w.wantPushed(app)
	w.wantTypes(mark, "application.provision.group_push.removed", "group.lifecycle.delete")
	if jobs := w.jobs(); len(jobs) != 0 {
		t.Errorf("jobs %+v", jobs)
	}
}

// While provisioning is off, groups can be made and push rules do nothing. After it is enabled, rules apply to groups
// that are made from then on.
func TestRuleIsNotAppliedWhileProvisioningIsOff(t *testing.T) {
	w := open(t)
	app := w.app("Sigma on AWS")
	w.provision(app)
	w.rule(app, "STARTS_WITH", "okta")
	_, err := w.SaveCredentials(w.ctx(), w.admin, app.ID, idp.Credentials{Enabled: false})
	w.must(err)
	g, err := w.CreateGroup(w.ctx(), w.admin, "OktaReaders", "")
	if err != nil {
		t.Fatalf("a group cannot be made: %v", err)
	}
	_, err = w.UpdateGroup(w.ctx(), w.admin, g.ID, "OktaViewers", "")
	w.must(err)
	w.wantPushed(app)
	w.provision(app) // what happened meanwhile is not replayed
	w.wantPushed(app)
	_, err = w.CreateGroup(w.ctx(), w.admin, "OktaWriters", "")
	w.must(err)
	_, err = w.PushGroup(w.ctx(), w.admin, app.ID, idp.NewPush{GroupID: g.ID}) // by name
	w.must(err)
	w.wantPushed(app, "OktaViewers", "OktaWriters")
}

func TestPushCandidates(t *testing.T) {
	w := open(t)
	app := w.app("Sigma on AWS")
	w.provision(app)
	w.must(w.SaveImportedGroups(w.ctx(), w.admin, app.ID,
		[]idp.ImportedGroup{{Name: "Viewers", ExternalID: "t1"}, {Name: "Sigma only", ExternalID: "t2"}}))
	candidates := func(text string, limit int) string {
		list, err := w.PushCandidates(w.ctx(), app.ID, text, limit)
		w.must(err)
		var names []string
		for _, g := range list {
			names = append(names, g.Name)
		}
		return strings.Join(names, ", ")
	}
	for _, c := range []struct {
		text  string
		limit int
		want  string
	}{
		{"", 25, "Authors, Viewers"}, // neither Everyone nor what came from the app
		{"", 1, "Authors"}, {"VIEW", 25, "Viewers"}, {"sigma", 25, ""}, {"nothing", 25, ""},
	} {
		if got := candidates(c.text, c.limit); got != c.want {
			t.Errorf("%q: %s, want %s", c.text, got, c.want)
		}
	}

	match, ok, err := w.MatchGroup(w.ctx(), app.ID, "Viewers")
	if err != nil || !ok || match.Type != idp.AppSourcedGroup || match.ExternalID != "t1" {
		t.Errorf("match %+v %t, %v", match, ok, err)
	}
	if _, ok, err := w.MatchGroup(w.ctx(), app.ID, "Authors"); ok || err != nil {
		t.Errorf("the app has no Authors: %t, %v", ok, err)
	}
	imported, viewers := match, w.ownGroup("Viewers")
	_, err = w.PushGroup(w.ctx(), w.admin, app.ID, idp.NewPush{GroupID: imported.ID})
	wantProblem(t, err, problem.Invalid, "group")
	m, err := w.PushGroup(w.ctx(), w.admin, app.ID, idp.NewPush{GroupID: viewers.ID, LinkID: "t1", Memberships: true})
	if err != nil || m.Label() != "Pushing" || m.LinkID != "t1" || m.RuleID != "" {
		t.Errorf("%+v, %v", m, err)
	}
	_, err = w.PushGroup(w.ctx(), w.admin, app.ID, idp.NewPush{GroupID: viewers.ID})
	wantProblem(t, err, problem.Conflict)
	if got := candidates("", 25); got != "Authors" {
		t.Errorf("%s", got)
	}
}

// ownGroup returns the group of the org, where an imported group has the same name.
func (w *world) ownGroup(name string) idp.Group {
	w.t.Helper()
	page, err := w.Groups(w.ctx(), idp.GroupQuery{Text: name, Type: idp.OktaGroup})
	w.must(err)
	if len(page.Items) != 1 {
		w.t.Fatalf("%d groups %s", len(page.Items), name)
	}
	return page.Items[0]
}
