package idp_test

import (
	"maps"
	"testing"

	"understudy/idp"
	"understudy/idp/job"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// given makes the values of an assignment form, by variable name.
func given(pairs ...string) idp.Assignment {
	as := idp.Assignment{Profile: map[string]string{}}
	for i := 0; i < len(pairs); i += 2 {
		as.Profile[pairs[i]] = pairs[i+1]
	}
	return as
}

// newAttribute adds an attribute to the app user profile that is typed on assignments, like userType.
func (w *world) newAttribute(app idp.App, name string) {
	w.t.Helper()
	w.must(w.SaveAttribute(w.ctx(), w.admin, app.ID,
		idp.Attribute{Name: name, Title: name, Type: "string", ExternalName: name}))
}

// newGroup makes a group with members and assigns the app to it.
func (w *world) newGroup(app idp.App, name string, as idp.Assignment, logins ...string) idp.Group {
	w.t.Helper()
	g, err := w.CreateGroup(w.ctx(), w.admin, name, "")
	w.must(err)
	for _, login := range logins {
		w.must(w.AddMember(w.ctx(), w.admin, g.ID, w.user(login).ID))
	}
	_, err = w.AssignGroup(w.ctx(), w.admin, app.ID, g.ID, as)
	w.must(err)
	return g
}

// wantAppUser checks how the user has the app, and the profile: the mapped attributes and those in typed.
func (w *world) wantAppUser(app idp.App, login string, scope idp.Scope, group string, typed ...string) idp.AppUser {
	w.t.Helper()
	u := w.user(login)
	au, err := w.AppUser(w.ctx(), app.ID, u.ID)
	w.must(err)
	if au.Scope != scope || au.GroupName != group {
		w.t.Errorf("%s has the app by %s %q, want %s %q", login, au.Scope, au.GroupName, scope, group)
	}
	want := map[string]string{"givenName": u.FirstName(), "familyName": u.LastName(), "email": u.Email(),
		"displayName": u.Name()}
	maps.Copy(want, given(typed...).Profile)
	if !maps.Equal(au.Profile, want) {
		w.t.Errorf("%s: profile %v, want %v", login, au.Profile, want)
	}
	return au
}

func (w *world) wantNoAppUser(app idp.App, login string) {
	w.t.Helper()
	_, err := w.AppUser(w.ctx(), app.ID, w.user(login).ID)
	wantProblem(w.t, err, problem.NotFound)
}

// Each attribute has the value of the group of highest priority that sets it.
func TestGroupPriorities(t *testing.T) {
	w := open(t)
	app := w.app("Sigma on AWS")
	w.newAttribute(app, "team")
	w.newAttribute(app, "desk")
	a := w.newGroup(app, "A", given("team", "red"), maya)
	b := w.newGroup(app, "B", given("userType", "author", "team", "blue"), maya, noor)
	c := w.newGroup(app, "C", given("userType", "viewer", "team", "green", "desk", "7"), maya)
	ids := map[string]string{"A": a.ID, "B": b.ID, "C": c.ID}
	w.wantAppUser(app, noor, idp.GroupScope, "B", "userType", "author", "team", "blue")

	for _, step := range []struct {
		move  string
		to    int
		order string
		want  []string
	}{
		{"A", 0, "ABC", []string{"userType", "author", "team", "red", "desk", "7"}},
		{"C", 0, "CAB", []string{"userType", "viewer", "team", "green", "desk", "7"}}, // To top
		{"C", 1, "ACB", []string{"userType", "viewer", "team", "red", "desk", "7"}},   // Move down
		{"B", 1, "ABC", []string{"userType", "author", "team", "red", "desk", "7"}},   // Move up
		{"A", 99, "BCA", []string{"userType", "author", "team", "blue", "desk", "7"}},
		{"C", -5, "CBA", []string{"userType", "viewer", "team", "green", "desk", "7"}},
	} {
		w.must(w.MoveAppGroup(w.ctx(), w.admin, app.ID, ids[step.move], step.to))
		w.wantOrder(app, step.order)
		w.wantAppUser(app, maya, idp.GroupScope, step.order[:1], step.want...)
	}
	w.wantAppUser(app, noor, idp.GroupScope, "B", "userType", "author", "team", "blue")

	w.must(w.UnassignGroup(w.ctx(), w.admin, app.ID, b.ID)) // the numbers close up
	w.wantOrder(app, "CA")
	w.wantNoAppUser(app, noor)
	wantProblem(t, w.MoveAppGroup(w.ctx(), w.admin, app.ID, b.ID, 0), problem.NotFound)
}

// wantOrder checks the order of the app's groups, and that the priorities count from 0 without gaps.
func (w *world) wantOrder(app idp.App, names string) {
	w.t.Helper()
	groups, err := w.AppGroups(w.ctx(), app.ID)
	w.must(err)
	got := ""
	for i, g := range groups {
		got += g.GroupName
		if g.Priority != i {
			w.t.Errorf("%s has priority %d, want %d", g.GroupName, g.Priority, i)
		}
	}
	if got != names {
		w.t.Errorf("order %s, want %s", got, names)
	}
}

// A new priority is recorded only for the users whose profile it changes.
func TestMoveAppGroupRecordsChangedUsers(t *testing.T) {
	w := open(t)
	app := w.app("Sigma on AWS")
	w.newGroup(app, "A", given("userType", "author"), maya, noor)
	b := w.newGroup(app, "B", given("userType", "viewer"), maya)
	c := w.newGroup(app, "C", given("userType", "viewer"), maya)
	mark := w.mark()
	w.must(w.MoveAppGroup(w.ctx(), w.admin, app.ID, b.ID, 0))
	w.wantTypes(mark, "group.application_assignment.update", "application.user_membership.update")
	mark = w.mark()
	w.must(w.MoveAppGroup(w.ctx(), w.admin, app.ID, c.ID, 0)) // the same value by another group
	w.wantTypes(mark, "group.application_assignment.update")
	w.wantAppUser(app, maya, idp.GroupScope, "C", "userType", "viewer")
}

// Values of an individual assignment take precedence over those of groups until the assignment is removed.
func TestIndividualAssignmentTakesPrecedence(t *testing.T) {
	w := open(t)
	app, u := w.app("Sigma on AWS"), w.user(maya)
	w.newGroup(app, "A", given("userType", "viewer"), maya)
	before := w.wantAppUser(app, maya, idp.GroupScope, "A", "userType", "viewer")

	wantProblem(t, w.UnassignUser(w.ctx(), w.admin, app.ID, u.ID), problem.Conflict) // only the group can take it
	mark := w.mark()
	_, err := w.UpdateAppUser(w.ctx(), w.admin, app.ID, u.ID, given("userType", "admin")) // converts
	w.must(err)
	w.wantTypes(mark, "application.user_membership.update")
	after := w.wantAppUser(app, maya, idp.UserScope, "", "userType", "admin")
	if after.ID != before.ID || !after.Created.Equal(before.Created) {
		t.Error("converting made another assignment of it")
	}
	b := w.newGroup(app, "B", given("userType", "author"), maya)
	w.must(w.MoveAppGroup(w.ctx(), w.admin, app.ID, b.ID, 0))
	w.wantAppUser(app, maya, idp.UserScope, "", "userType", "admin")
	w.must(w.UnassignUser(w.ctx(), w.admin, app.ID, u.ID)) // back to the groups
	w.wantAppUser(app, maya, idp.GroupScope, "B", "userType", "author")
}

// An attribute that is empty on an individual assignment stays empty, even if a group sets it.
func TestIndividualAssignmentIgnoresGroups(t *testing.T) {
	w := open(t)
	app, u := w.app("Sigma on AWS"), w.user(maya)
	w.newAttribute(app, "team")
	w.newGroup(app, "A", given("userType", "viewer", "team", "red"), maya)
	_, err := w.UpdateAppUser(w.ctx(), w.admin, app.ID, u.ID, given("userType", "admin", "team", ""))
	w.must(err)
	w.wantAppUser(app, maya, idp.UserScope, "", "userType", "admin")
}

func TestCombineValuesAcrossGroups(t *testing.T) {
	w := open(t)
	app := w.app("Sigma on AWS")
	sites := idp.Attribute{Name: "sites", Title: "Sites", Type: "array", ExternalName: "sites", Combine: true}
	w.must(w.SaveAttribute(w.ctx(), w.admin, app.ID, sites))
	w.newGroup(app, "A", given("sites", "Oslo, Bergen", "userType", "viewer"), maya)
	w.newGroup(app, "B", given("sites", "Bergen,Lima", "userType", "admin"), maya)
	w.wantAppUser(app, maya, idp.GroupScope, "A", "sites", "Oslo, Bergen, Lima", "userType", "viewer")

	sites.Type, sites.Name, sites.ExternalName = "string", "site", "site"
	err := w.SaveAttribute(w.ctx(), w.admin, app.ID, sites)
	wantProblem(t, err, problem.Invalid)
	if fields := problem.As(err).Fields; len(fields) != 1 || fields[0].Name != "groupValues" {
		t.Errorf("%+v", fields)
	}
}

// A conversion that does not change what the app sees is not recorded.
func TestConversionWithoutChangeIsNotRecorded(t *testing.T) {
	w := open(t)
	app, u := w.app("Sigma on AWS"), w.user(maya)
	w.newGroup(app, "A", given("userType", "viewer"), maya)
	mark := w.mark()
	_, err := w.AssignUser(w.ctx(), w.admin, app.ID, u.ID, given("userType", "viewer"))
	w.must(err)
	w.wantTypes(mark)
	w.wantAppUser(app, maya, idp.UserScope, "", "userType", "viewer")
	w.must(w.UnassignGroup(w.ctx(), w.admin, app.ID, w.group("A").ID))
	w.wantAppUser(app, maya, idp.UserScope, "", "userType", "viewer")
}

// When the last way in which a user has an app ends, the assignment ends and the app is told to deactivate the user.
func TestLastPathEndsAssignment(t *testing.T) {
	for name, lose := range map[string]func(w *world, app idp.App, g idp.Group, id string) error{
		"the group loses the app": func(w *world, app idp.App, g idp.Group, id string) error {
			return w.UnassignGroup(w.ctx(), w.admin, app.ID, g.ID)
		},
		"the person leaves the group": func(w *world, _ idp.App, g idp.Group, id string) error {
			return w.RemoveMember(w.ctx(), w.admin, g.ID, id)
		},
		"the group is deleted": func(w *world, _ idp.App, g idp.Group, id string) error {
			return w.DeleteGroup(w.ctx(), w.admin, g.ID)
		},
		"the person is deactivated": func(w *world, _ idp.App, _ idp.Group, id string) error {
			return w.DeactivateUser(w.ctx(), w.admin, id)
		},
		"the individual assignment is taken back": func(w *world, app idp.App, g idp.Group, id string) error {
			if _, err := w.UpdateAppUser(w.ctx(), w.admin, app.ID, id, given()); err != nil {
				return err
			}
			if err := w.UnassignGroup(w.ctx(), w.admin, app.ID, g.ID); err != nil {
				return err
			}
			w.wantAppUser(app, noor, idp.UserScope, "")
			return w.UnassignUser(w.ctx(), w.admin, app.ID, id)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := open(t)
			app, id := w.app("Sigma on AWS"), w.user(noor).ID
			w.provision(app)
			g := w.newGroup(app, "A", idp.Assignment{}, noor)
			w.ran(app, noor, "ext-noor")
			mark, woken := w.mark(), w.wakes
			w.must(lose(w, app, g, id))
			w.wantNoAppUser(app, noor)
			removed := 0
			for _, e := range w.since(mark) {
				if e.EventType == "application.user_membership.remove" {
					removed++
				}
			}
			if removed != 1 {
				t.Errorf("%d events of removal", removed)
			}
			jobs := w.jobs()
			if len(jobs) != 1 || jobs[0].Kind != job.DeactivateUser || jobs[0].UserID != id ||
				jobs[0].Payload.ExternalID != "ext-noor" || jobs[0].Payload.UserName != noor ||
				jobs[0].Payload.Name != "Noor Haddad" {
				t.Errorf("jobs %+v", jobs)
			}
			if w.wakes == woken {
				t.Error("nobody woke the runner")
			}
		})
	}
}

// When one of two ways ends, nothing is sent to the app.
func TestSecondPathKeepsAssignment(t *testing.T) {
	w := open(t)
	app := w.app("Sigma on AWS")
	w.provision(app)
	a := w.newGroup(app, "A", given("userType", "viewer"), noor)
	w.newGroup(app, "B", given("userType", "viewer"), noor)
	w.ran(app, noor, "ext-noor")
	mark := w.mark()
	w.must(w.DeleteGroup(w.ctx(), w.admin, a.ID))
	w.wantAppUser(app, noor, idp.GroupScope, "B", "userType", "viewer")
	w.wantOrder(app, "B")
	w.wantTypes(mark, "group.lifecycle.delete")
	if jobs := w.jobs(); len(jobs) != 0 {
		t.Errorf("jobs %+v", jobs)
	}
}

// provision enables provisioning for an app. No runner runs the jobs.
func (w *world) provision(app idp.App) {
	w.t.Helper()
	_, err := w.SaveCredentials(w.ctx(), w.admin, app.ID,
		idp.Credentials{Enabled: true, BaseURL: "http://far.example/scim/v2", Token: "t0ken"})
	w.must(err)
	_, err = w.SaveToApp(w.ctx(), w.admin, app.ID, idp.ToApp{CreateUsers: true, UpdateUsers: true, DeactivateUsers: true})
	w.must(err)
}

// jobs returns the jobs that can run now.
func (w *world) jobs() []job.Job {
	w.t.Helper()
	due, _, err := w.DueJobs(w.ctx(), 100, nil)
	w.must(err)
	return due
}

// ran does what the runner does after it has created the user: it finishes the job and links the user to the SCIM id.
func (w *world) ran(app idp.App, login, externalID string) {
	w.t.Helper()
	id := w.user(login).ID
	for _, j := range w.jobs() {
		if j.UserID == id && j.Kind == job.CreateUser {
			w.must(w.FinishJob(w.ctx(), j, func(tx *store.Tx) error { return w.Linked(tx, app.ID, id, externalID) }))
			return
		}
	}
	w.t.Fatalf("no job creates %s: %+v", login, w.jobs())
}

// Mapped attributes follow the user profile; values typed on the individual assignment do not.
func TestProfileChangesReachApps(t *testing.T) {
	w := open(t)
	app, u := w.app("Sigma on AWS"), w.user(maya)
	_, err := w.AssignUser(w.ctx(), w.admin, app.ID, u.ID, given("displayName", "Maya of Ops"))
	w.must(err)
	w.wantAppUser(app, maya, idp.UserScope, "", "displayName", "Maya of Ops")
	mark := w.mark()
	_, err = w.UpdateProfile(w.ctx(), w.admin, u.ID, idp.Profile{"lastName": "Brook", "email": "maya.brook@lab.example"})
	w.must(err)
	w.wantTypes(mark, "user.account.update_profile", "application.user_membership.update")
	au := w.wantAppUser(app, maya, idp.UserScope, "", "displayName", "Maya of Ops")
	if au.UserName != "maya.brook@lab.example" { // the format of this app is Email
		t.Errorf("user name %s", au.UserName)
	}
	mark = w.mark()
	_, err = w.UpdateProfile(w.ctx(), w.admin, u.ID, idp.Profile{"title": "Analyst"}) // mapped nowhere
	w.must(err)
	w.wantTypes(mark, "user.account.update_profile")
}

func TestAssignRefused(t *testing.T) {
	w := open(t)
	app, id := w.app("Sigma on AWS"), w.user(maya).ID
	viewers := w.group("Viewers").ID
	mark := w.mark()
	_, err := w.AssignUser(w.ctx(), w.admin, app.ID, id, given("userType", "emperor"))
	wantProblem(t, err, problem.Invalid, "userType")
	_, err = w.AssignGroup(w.ctx(), w.admin, app.ID, viewers, given("userType", "emperor"))
	wantProblem(t, err, problem.Invalid, "userType")
	_, err = w.AssignUser(w.ctx(), w.admin, app.ID, "00unobody", given())
	wantProblem(t, err, problem.NotFound)
	_, err = w.AssignUser(w.ctx(), w.admin, "0oanothing", id, given())
	wantProblem(t, err, problem.NotFound)
	_, err = w.AssignGroup(w.ctx(), w.admin, app.ID, "00gnobody", given())
	wantProblem(t, err, problem.NotFound)
	_, err = w.AssignGroup(w.ctx(), w.admin, "0oanothing", viewers, given())
	wantProblem(t, err, problem.NotFound)
	w.wantTypes(mark)
	_, err = w.AssignGroup(w.ctx(), w.admin, app.ID, viewers, given())
	w.must(err)
	_, err = w.AssignGroup(w.ctx(), w.admin, app.ID, viewers, given())
	wantProblem(t, err, problem.Conflict)
}

// A deactivated app keeps its assignments, but it is neither listed for assignment nor shown on My Apps.
func TestDeactivateApp(t *testing.T) {
	w := open(t)
	app, id := w.app("Sigma on AWS"), w.user(maya).ID
	w.newGroup(app, "A", given(), maya)
	mark := w.mark()
	w.must(w.DeactivateApp(w.ctx(), w.admin, app.ID))
	w.wantTypes(mark, "application.lifecycle.deactivate")
	w.wantAppUser(app, maya, idp.GroupScope, "A")
	w.wantTiles(id)
	_, err := w.AssignUser(w.ctx(), w.admin, app.ID, w.user(noor).ID, given())
	wantProblem(t, err, problem.Conflict)
	_, err = w.AssignGroup(w.ctx(), w.admin, app.ID, w.group("Authors").ID, given())
	wantProblem(t, err, problem.Conflict)
	wantProblem(t, w.DeactivateApp(w.ctx(), w.admin, app.ID), problem.Conflict)
	w.must(w.ActivateApp(w.ctx(), w.admin, app.ID))
	w.wantTiles(id, "Sigma on AWS")

	wantProblem(t, w.DeleteApp(w.ctx(), w.admin, app.ID), problem.Conflict)
	w.must(w.DeactivateApp(w.ctx(), w.admin, app.ID))
	mark = w.mark()
	w.must(w.DeleteApp(w.ctx(), w.admin, app.ID))
	w.wantTypes(mark, "application.lifecycle.delete")
	w.wantNoAppUser(app, maya)
}

func (w *world) wantTiles(userID string, want ...string) {
	w.t.Helper()
	tiles, err := w.Tiles(w.ctx(), userID)
	w.must(err)
	var got []string
	for _, tile := range tiles {
		got = append(got, tile.Label)
	}
	if len(got) != len(want) || (len(got) == 1 && got[0] != want[0]) {
		w.t.Errorf("My Apps shows %q, want %q", got, want)
	}
}

// A conversion replaces typed values by those of the groups. Users without such a group keep the individual
// assignment.
func TestConvertAssignments(t *testing.T) {
	w := open(t)
	app, u := w.app("Sigma on AWS"), w.user(maya)
	_, err := w.ConvertAssignments(w.ctx(), w.admin, app.ID)
	wantProblem(t, err, problem.Conflict)
	w.newGroup(app, "A", given("userType", "viewer"), maya)
	_, err = w.UpdateAppUser(w.ctx(), w.admin, app.ID, u.ID, given("userType", "admin"))
	w.must(err)
	list, err := w.ConvertibleUsers(w.ctx(), app.ID)
	w.must(err)
	if len(list) != 1 || list[0].UserID != u.ID {
		t.Fatalf("convertible are %+v", list)
	}
	n, err := w.ConvertAssignments(w.ctx(), w.admin, app.ID)
	w.must(err)
	if n != 1 {
		t.Errorf("%d were converted", n)
	}
	w.wantAppUser(app, maya, idp.GroupScope, "A", "userType", "viewer")
}
