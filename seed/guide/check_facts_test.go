package guide

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"understudy/idp"
	"understudy/seed/door/doortest"
	"understudy/seed/lab"
	"understudy/seed/script"
	"understudy/sp"
)

// judged is a guide whose checks read different parts of the view. The first steps are easy to do, the last ones are not.
const judged = `id: a

# T

<!-- script
bind:
  bo: find(okta.users, .profile.login == "bo@brightwater.example")
names:
  Bo: bo.profile.firstName
-->

## One
Duration: 1

Add **Bo**.

<!-- script
id: 1.1
as: okta-admin
see: A
done: 'any(okta.logs, .eventType == "user.lifecycle.create" && .target[0].alternateId == bo.profile.login)'
miss:
  - when: 'any(okta.logs, .eventType == "group.lifecycle.create")'
    say: You added a group.
-->

<!-- script
id: 1.2
as: okta-admin
see: A
done: 'any(okta.groups, .profile.name == "Readers")'
-->

<!-- script
id: 1.3
as: okta-admin
see: A
done: 'copied("Never") || findIndex(sigma.audit, .name == "LOGIN") < findIndex(sigma.audit, .name == "CREATE_TEAM")'
-->

<!-- script
id: 1.4
as: okta-admin
see: A
done: 'len(sigma.teams) > 90'
-->
`

// judgedLab is a guide with its own lab.
type judgedLab struct {
	*testing.T
	guide  *Guide
	lab    *lab.Lab
	server *doortest.Server
}

func openJudged(t *testing.T) judgedLab {
	t.Helper()
	server := doortest.New(t, t.TempDir())
	server.Create("demo")
	s, err := script.Parse("a.md", []byte(judged))
	if err != nil {
		t.Fatal(err)
	}
	g, err := New(t.Context(), One{s}, server.Registry, server.HTTP.Listener.Addr()).Named(lab.Quickstart)
	if err != nil {
		t.Fatal(err)
	}
	return judgedLab{t, g, server.Acquire("demo"), server}
}

// evaluate evaluates the progress as Progress does, and tells what was read for it.
func (j judgedLab) evaluate(cached *labProgress) (p Progress, read string) {
	j.Helper()
	if err := j.lab.DB.Flush(j.Context()); err != nil {
		j.Fatal(err)
	}
	before, err := j.lab.StepsDone(j.Context(), lab.Quickstart)
	if err != nil {
		j.Fatal(err)
	}
	r := j.guide.newReading(j.Context(), j.lab)
	p, newlyDone, err := j.guide.evaluate(r, before, cached)
	if err != nil {
		j.Fatal(err)
	}
	if err := j.lab.MarkDone(j.Context(), lab.Quickstart, newlyDone...); err != nil {
		j.Fatal(err)
	}
	list := slices.Clone(r.parts)
	for at, entries := range r.entries {
		list = append(list, fmt.Sprintf("%s(%d)", at.log, len(entries.list)))
	}
	slices.Sort(list)
	return p, strings.Join(list, " ")
}

func (j judgedLab) must(err error) {
	j.Helper()
	if err != nil {
		j.Fatal(err)
	}
}

func (j judgedLab) addUser(login string) {
	j.Helper()
	ctx := j.lab.OktaContext(j.Context(), j.server.HTTP.URL)
	_, err := j.lab.Org.CreateUser(ctx, idp.System(idp.Client{}), idp.NewUser{Profile: idp.Profile{
		"login": login, "email": login, "firstName": "Bo", "lastName": "Ek"}, Password: "Prompt-Corner-24", Activate: true})
	j.must(err)
}

// The guide reads only what the checks of steps that are not done name, and of that only what has changed.
func TestGuideReadsOnlyWhatCanHaveChanged(t *testing.T) {
	j := openJudged(t)
	cached := &labProgress{}
	cached.begin(j.lab)
	j.evaluate(cached)
	for _, step := range []struct {
		name   string
		change func()
		read   string
	}{
		{"nothing happens", func() {}, ""},
		{"a page that is opened", func() { j.server.Browser().Get("/okta/demo/login/login.htm") }, ""},
		{"an event in Okta", func() {
			j.must(j.lab.Org.Record(t.Context(), idp.System(idp.Client{}), idp.Event{Type: "user.authentication.sso"}))
		},
			"okta.logs(1) okta.users"}, // okta.users, because a condition names a user
		{"an event in Sigma", func() {
			j.must(j.lab.Organization.Record(t.Context(), sp.System(), sp.Event{Type: sp.Exports, Name: "X"}))
		},
			"sigma.audit(1)"},
		{"a copied value", func() { j.must(j.lab.RecordCopy(t.Context(), "a", "b")) }, "copied"},
		{"a user", func() { j.addUser("bo@brightwater.example") }, "okta.groups okta.logs(?) okta.users"},
		{"a user, after the step is done", func() { j.addUser("cy@brightwater.example") }, "okta.groups okta.users"},
	} {
		step.change()
		if _, read := j.evaluate(cached); read != step.read && wholeLog.ReplaceAllString(read, "(?)") != step.read {
			t.Errorf("%s: the guide read %q, want %q", step.name, read, step.read)
		}
	}
}

// wholeLog matches the number of entries of a log that was read from its beginning.
var wholeLog = regexp.MustCompile(`\([0-9]+\)`)

// After each change, the progress is that of all checks over the whole lab, also after the lab went back in time.
func TestProgressEqualsThatOfTheWholeLab(t *testing.T) {
	j := openJudged(t)
	cached := &labProgress{}
	cached.begin(j.lab)
	system := sp.System()
	ctx := j.lab.OktaContext(t.Context(), j.server.HTTP.URL)
	login := func() {
		j.must(j.lab.Organization.Record(t.Context(), system, sp.Event{Type: sp.AccessSigma, Name: "LOGIN"}))
	}
	saved, err := j.server.Registry.SaveCheckpoint(t.Context(), "demo", "start", "")
	j.must(err)
	for _, step := range []struct {
		change func()
		done   string
	}{
		{func() {}, ""},
		{login, ""},
		{func() { _, err := j.lab.Org.CreateGroup(ctx, idp.System(idp.Client{}), "Writers", ""); j.must(err) }, ""},
		{func() {
			_, err := j.lab.Organization.CreateTeam(t.Context(), system, sp.TeamInput{Name: "Team", Visibility: "public"})
			j.must(err)
		}, ""},
		{login, "1.3"},
		{func() { j.must(j.server.Registry.RestoreCheckpoint(t.Context(), "demo", saved.ID)) }, ""},
		{func() { j.addUser("ada@brightwater.example") }, ""},
		{func() { j.addUser("bo@brightwater.example") }, "1.1"},
		{func() { _, err := j.lab.Org.CreateGroup(ctx, idp.System(idp.Client{}), "Readers", ""); j.must(err) }, "1.1 1.2"},
	} {
		step.change()
		before, err := j.lab.StepsDone(t.Context(), lab.Quickstart)
		j.must(err)
		view, err := j.lab.View(t.Context())
		j.must(err)
		facts := j.guide.script.Facts(plain(view).(map[string]any))
		want, _ := j.guide.decide(before, metBy(facts))
		got, _ := j.evaluate(cached)
		done := strings.Join(slices.Sorted(maps.Keys(got.Done)), " ")
		if !maps.Equal(got.Done, want.Done) || got.Current != want.Current || done != step.done {
			t.Errorf("done %q, want %q, and %v over the whole lab", done, step.done, want.Done)
		}
		if got.Current != nil && !slices.Equal(got.Mistakes, got.Current.Mistakes(facts)) {
			t.Errorf("mistakes %q, over the whole lab %q", got.Mistakes, got.Current.Mistakes(facts))
		}
		if names := j.guide.script.LearnerNames(facts); !maps.Equal(got.LearnerNames, names) {
			t.Errorf("names %v, over the whole lab %v", got.LearnerNames, names)
		}
	}
}
