package idp_test

import (
	"slices"
	"testing"

	"understudy/idp"
	"understudy/seed/base/problem"
)

// action is a life-cycle action of the Admin Console.
type action struct {
	name  string
	do    func(w *world, id string) error
	from  []idp.UserStatus // where it is allowed
	to    idp.UserStatus   // what becomes of a person with a password; "" when the person is gone
	event string
}

var actions = []action{
	{"activate", func(w *world, id string) error { _, err := w.ActivateUser(w.ctx(), w.admin, id, ""); return err },
		[]idp.UserStatus{idp.Staged, idp.Deprovisioned}, idp.Active, "user.lifecycle.activate"},
	{"reactivate", func(w *world, id string) error { _, err := w.ReactivateUser(w.ctx(), w.admin, id, ""); return err },
		[]idp.UserStatus{idp.Provisioned}, idp.Active, "user.lifecycle.activate"},
	{"suspend", func(w *world, id string) error { return w.SuspendUser(w.ctx(), w.admin, id) },
		[]idp.UserStatus{idp.Active}, idp.Suspended, "user.lifecycle.suspend"},
	{"unsuspend", func(w *world, id string) error { return w.UnsuspendUser(w.ctx(), w.admin, id) },
		[]idp.UserStatus{idp.Suspended}, idp.Active, "user.lifecycle.unsuspend"},
	{"unlock", func(w *world, id string) error { return w.UnlockUser(w.ctx(), w.admin, id) },
		[]idp.UserStatus{idp.LockedOut}, idp.Active, "user.account.unlock_by_admin"},
	{"expire password", func(w *world, id string) error { return w.ExpirePassword(w.ctx(), w.admin, id) },
		[]idp.UserStatus{idp.Active, idp.Recovery}, idp.PasswordExpired, "user.account.expire_password"},
	{"reset password", func(w *world, id string) error { _, err := w.ResetPassword(w.ctx(), w.admin, id, ""); return err },
		[]idp.UserStatus{idp.Active, idp.Recovery, idp.PasswordExpired,
			idp.LockedOut}, idp.Recovery, "user.account.reset_password"},
	{"deactivate", func(w *world, id string) error { return w.DeactivateUser(w.ctx(), w.admin, id) },
		[]idp.UserStatus{idp.Staged, idp.Provisioned, idp.Active, idp.Suspended, idp.Recovery, idp.PasswordExpired,
			idp.LockedOut}, idp.Deprovisioned, "user.lifecycle.deactivate"},
	{"delete", func(w *world, id string) error { return w.DeleteUser(w.ctx(), w.admin, id) },
		[]idp.UserStatus{idp.Deprovisioned}, "", "user.lifecycle.delete.initiated"},
}

// Each action is tried on a user of each status. It is carried out and recorded, or refused without a change.
func TestLifeCycle(t *testing.T) {
	w := open(t)
	var seed idp.Seed
	for _, a := range actions {
		for _, status := range idp.UserStatuses {
			seed.Users = append(seed.Users, idp.SeedUser{FirstName: string(status), LastName: a.name,
				Email: loginFor(a, status), Password: password, Status: status})
		}
	}
	seed.Name, seed.Subdomain = "Acme", "acme"
	w.must(w.Populate(w.ctx(), seed))
	for _, a := range actions {
		for _, status := range idp.UserStatuses {
			t.Run(a.name+" "+string(status), func(t *testing.T) {
				id := w.user(loginFor(a, status)).ID
				mark := w.mark()
				err := a.do(w, id)
				if slices.Contains(a.from, status) {
					w.wantCarriedOut(t, a, id, mark, err)
					return
				}
				wantProblem(t, err, problem.Conflict)
				if code := problem.As(err).Code; code != "USER_STATE" {
					t.Errorf("code %q", code)
				}
				if u, err := w.User(w.ctx(), id); err != nil || u.Status != status {
					t.Errorf("after a refusal: %s, %v", u.Status, err)
				}
				if events := w.since(mark); len(events) > 0 {
					t.Errorf("a refusal left %d events", len(events))
				}
			})
		}
	}
}

func loginFor(a action, status idp.UserStatus) string {
	return "u" + a.event + "." + string(status) + a.name[:2] + "@lab.example"
}

// wantCarriedOut checks the result of an allowed action: the status, and one event with the actor and the user.
func (w *world) wantCarriedOut(t *testing.T, a action, id, mark string, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	u, err := w.User(w.ctx(), id)
	switch {
	case a.to == "" && !problem.Is(err, problem.NotFound):
		t.Errorf("still there: %v", err)
	case a.to != "" && (err != nil || u.Status != a.to):
		t.Errorf("became %s, want %s (%v)", u.Status, a.to, err)
	}
	events := w.since(mark)
	if len(events) != 1 {
		t.Fatalf("%d events", len(events))
	}
	e := events[0]
	if e.EventType != a.event || e.Outcome.Result != "SUCCESS" || e.DisplayMessage == "" || e.Severity != "INFO" {
		t.Errorf("event %s %s %q %s, want %s", e.EventType, e.Outcome.Result, e.DisplayMessage, e.Severity, a.event)
	}
	if e.Actor.ID != w.admin.ID || e.Actor.Type != idp.ActorUser || e.Actor.AlternateID != ada ||
		e.Actor.DisplayName != "Ada Admin" {
		t.Errorf("actor %+v", e.Actor)
	}
	if len(e.Targets) != 1 || e.Targets[0].ID != id || e.Targets[0].Type != "User" {
		t.Errorf("targets %+v", e.Targets)
	}
	if e.Client.IPAddress == nil || *e.Client.IPAddress != client.IP || e.Transaction.ID != client.RequestID ||
		e.Authentication.ExternalSessionID != client.SessionID {
		t.Errorf("client %+v, transaction %+v", e.Client, e.Transaction)
	}
}

func TestLifeCycleOfUnknownUser(t *testing.T) {
	w := open(t)
	for _, a := range actions {
		wantProblem(t, a.do(w, "00u00000000000000000"), problem.NotFound)
	}
}

func newPerson(login string) idp.NewUser {
	return idp.NewUser{Profile: idp.Profile{"firstName": "Ben", "lastName": "Okoro", "email": login, "login": login}}
}

func TestCreateUser(t *testing.T) {
	cases := map[string]struct {
		change func(n *idp.NewUser)
		want   idp.UserStatus
		events []string
		mails  int
	}{
		"with a password, active at once": {
			func(n *idp.NewUser) { n.Activate, n.Password = true, password },
			idp.Active, []string{"user.lifecycle.create", "user.lifecycle.activate"}, 0},
		"with a password to be changed": {
			func(n *idp.NewUser) { n.Activate, n.Password, n.ChangePassword = true, password, true },
			idp.PasswordExpired, []string{"user.lifecycle.create", "user.lifecycle.activate"}, 0},
		"without a password": {
			func(n *idp.NewUser) { n.Activate, n.EmailBase = true, baseURL },
			idp.Provisioned, []string{"user.lifecycle.create", "user.lifecycle.activate"}, 1},
		"with a password nobody is mailed a link": {
			func(n *idp.NewUser) { n.Activate, n.Password, n.EmailBase = true, password, baseURL },
			idp.Active, []string{"user.lifecycle.create", "user.lifecycle.activate"}, 0},
		"to be activated later": {
			func(n *idp.NewUser) {},
			idp.Staged, []string{"user.lifecycle.create"}, 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := open(t)
			mark, n := w.mark(), newPerson("ben@lab.example")
			c.change(&n)
			u, err := w.CreateUser(w.ctx(), w.admin, n)
			w.must(err)
			if u.Status != c.want || u.Login() != "ben@lab.example" || u.Name() != "Ben Okoro" ||
				u.HasPassword != (n.Password != "") || !u.Created.Equal(w.now) {
				t.Errorf("%+v", u)
			}
			w.wantTypes(mark, c.events...)
			if got := len(w.mails()); got != c.mails {
				t.Errorf("%d mails, want %d", got, c.mails)
			}
			groups, err := w.GroupsOf(w.ctx(), u.ID)
			if err != nil || len(groups) != 1 || groups[0].Type != idp.BuiltIn {
				t.Errorf("groups of a new person: %+v, %v", groups, err)
			}
		})
	}
}

// "User must change password on first login" also holds for a user who is activated later.
func TestChangePasswordIsKeptUntilActivation(t *testing.T) {
	w := open(t)
	n := newPerson("ben@lab.example")
	n.Password, n.ChangePassword = password, true
	u, err := w.CreateUser(w.ctx(), w.admin, n)
	w.must(err)
	_, err = w.ActivateUser(w.ctx(), w.admin, u.ID, "")
	w.must(err)
	if u = w.user("ben@lab.example"); u.Status != idp.PasswordExpired {
		t.Errorf("the status is %s", u.Status)
	}
	w.must(w.DeactivateUser(w.ctx(), w.admin, u.ID))
	_, err = w.ActivateUser(w.ctx(), w.admin, u.ID, "")
	w.must(err)
	if u = w.user("ben@lab.example"); u.Status != idp.Active {
		t.Errorf("activated once more, the status is %s", u.Status)
	}
}

func TestCreateUserRefused(t *testing.T) {
	cases := map[string]struct {
		change func(n *idp.NewUser)
		fields []string
	}{
		"no names": {func(n *idp.NewUser) {
			n.Profile["firstName"], n.Profile["lastName"] = "",
				" "
		}, []string{"firstName", "lastName"}},
		"a user name that is no e-mail": {func(n *idp.NewUser) { n.Profile["login"] = "ben" }, []string{"login"}},
		"a host without a dot":          {func(n *idp.NewUser) { n.Profile["email"] = "ben@lab" }, []string{"email"}},
		"a taken user name":             {func(n *idp.NewUser) { n.Profile["login"] = maya }, []string{"login"}},
		"taken in other letters": {func(n *idp.NewUser) { n.Profile["login"] = "Maya.Rivers@LAB.example" },
			[]string{"login"}},
		"a weak password": {func(n *idp.NewUser) { n.Password = "secret" }, []string{"password"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := open(t)
			mark, n := w.mark(), newPerson("ben@lab.example")
			c.change(&n)
			_, err := w.CreateUser(w.ctx(), w.admin, n)
			wantProblem(t, err, problem.Invalid, c.fields...)
			w.wantTypes(mark)
		})
	}
	t.Run("a group that is not there undoes it all", func(t *testing.T) {
		w := open(t)
		mark, n := w.mark(), newPerson("ben@lab.example")
		n.GroupIDs = []string{w.group("Viewers").ID, "00gnone"}
		_, err := w.CreateUser(w.ctx(), w.admin, n)
		wantProblem(t, err, problem.NotFound)
		w.wantTypes(mark)
		_, err = w.User(w.ctx(), "ben@lab.example")
		wantProblem(t, err, problem.NotFound)
	})
}

// Actions that end access end it at once: sessions, and links that were emailed before.
func TestEndOfAccessEndsSessionsAndLinks(t *testing.T) {
	for name, end := range map[string]func(w *world, id string) error{
		"suspend":    func(w *world, id string) error { return w.SuspendUser(w.ctx(), w.admin, id) },
		"deactivate": func(w *world, id string) error { return w.DeactivateUser(w.ctx(), w.admin, id) },
	} {
		t.Run(name, func(t *testing.T) {
			w := open(t)
			in := w.signIn(maya, password)
			if _, err := w.Session(w.ctx(), in.Session.Token); in.Outcome != idp.SignedIn || err != nil {
				t.Fatalf("%+v, %v", in, err)
			}
			w.must(w.ForgotPassword(w.ctx(), client, baseURL, maya))
			link := w.mailedToken("/signin/reset-password/")
			w.must(end(w, in.Session.UserID))

			_, err := w.Session(w.ctx(), in.Session.Token)
			wantProblem(t, err, problem.Unauthenticated)
			if again := w.signIn(maya, password); again.Outcome != idp.Refused {
				t.Errorf("signed in: %+v", again)
			}
			if _, err := w.PasswordByLink(w.ctx(), client, link, "Another-2026", "Another-2026"); !problem.Is(err,
				problem.NotFound) {
				t.Errorf("the mailed link still opens the account: %v", err)
			}
			w.must(w.ForgotPassword(w.ctx(), client, baseURL, maya))
			if n := len(w.mails()); n != 1 {
				t.Errorf("%d mails: a new link was mailed", n)
			}
		})
	}
}

// A user who is activated again keeps the password, the groups and the apps of the groups. Individual assignments are
// lost.
func TestActivationAfterDeactivation(t *testing.T) {
	w := open(t)
	u, app := w.user(maya), w.app("Sigma on AWS")
	_, err := w.AssignUser(w.ctx(), w.admin, app.ID, u.ID, idp.Assignment{})
	w.must(err)
	w.must(w.DeactivateUser(w.ctx(), w.admin, u.ID))
	if apps, err := w.AppsOf(w.ctx(), u.ID); err != nil || len(apps) != 0 {
		t.Errorf("apps of a deactivated person: %+v, %v", apps, err)
	}
	_, err = w.UpdateProfile(w.ctx(), w.admin, u.ID, idp.Profile{"title": "Gone"})
	wantProblem(t, err, problem.Conflict)
	wantProblem(t, w.AddMember(w.ctx(), w.admin, w.group("Authors").ID, u.ID), problem.Conflict)
	_, err = w.AssignUser(w.ctx(), w.admin, app.ID, u.ID, idp.Assignment{})
	wantProblem(t, err, problem.Conflict)
	_, err = w.AssignGroup(w.ctx(), w.admin, app.ID, w.group("Viewers").ID, idp.Assignment{})
	w.must(err)
	if apps, err := w.AppsOf(w.ctx(), u.ID); err != nil || len(apps) != 0 {
		t.Errorf("a deactivated person got an app through a group: %+v, %v", apps, err)
	}

	_, err = w.ActivateUser(w.ctx(), w.admin, u.ID, "")
	w.must(err)
	if in := w.signIn(maya, password); in.Outcome != idp.SignedIn {
		t.Errorf("cannot sign in: %+v", in)
	}
	au, err := w.AppUser(w.ctx(), app.ID, u.ID)
	if err != nil || au.Scope != idp.GroupScope || au.GroupName != "Viewers" {
		t.Errorf("%s through %q, %v", au.Scope, au.GroupName, err)
	}
}
