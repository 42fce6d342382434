package idp_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"understudy/idp"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

func TestPasswordPolicy(t *testing.T) {
	w := open(t)
	u := w.user(maya)                              // maya.rivers@lab.example
	for typed, missing := range map[string]string{ // the requirement that the error names; empty: the password is accepted
		"Sunny-day7":         "",
		"Sunny day, 7 birds": "",
		"Ünïcode7ß":          "",
		"Sunny-7":            "must have at least 8 characters.",
		"Ünï-öä7":            "must have at least 8 characters.", // characters are counted, not bytes
		"SUNNY-DAY7":         "must contain a lowercase letter.",
		"sunny-day7":         "must contain an uppercase letter.",
		"Sunny-days":         "must contain a number.",
		"Maya-day7":          "must not contain parts of your username.",
		"xRIVERSx7":          "must not contain parts of your username.",
		"Example-day7":       "must not contain parts of your username.",
		"Lab-days-77":        "", // parts of three letters are not checked, because they are too common
		"A7" + long("b", 71): "Use at most 72 characters",
		"A7" + long("b", 70): "",
		"A7" + long("ß", 36): "Use at most 72 characters", // bcrypt ignores everything after 72 bytes
		"": "must have at least 8 characters. The password must contain a lowercase letter. " +
			"The password must contain an uppercase letter. The password must contain a number.",
		"sevenup": "must have at least 8 characters. The password must contain an uppercase letter. The password must contain a number.",
	} {
		t.Run(typed, func(t *testing.T) {
			mark := w.mark()
			err := w.ChangePassword(w.ctx(), u.Actor(client), u.ID, password, typed, typed)
			if missing == "" {
				w.must(err)
				w.wantTypes(mark, "user.account.update_password")
				w.restorePassword(u.ID)
				return
			}
			wantProblem(t, err, problem.Invalid)
			p := problem.As(err)
			if len(p.Fields) != 1 || !strings.HasPrefix(p.Fields[0].Message, "Password requirements were not met.") ||
				!strings.Contains(p.Fields[0].Message, missing) {
				t.Errorf("%+v, want %q", p.Fields, missing)
			}
			if typed != "" && strings.Contains(err.Error(), typed) {
				t.Error("the error contains the password")
			}
			w.wantTypes(mark)
		})
	}
}

func long(letter string, n int) string { return strings.Repeat(letter, n) }

// restorePassword sets the initial password again and clears the history.
func (w *world) restorePassword(id string) {
	w.t.Helper()
	var hash string
	w.must(w.db.Write(w.ctx(), func(tx *store.Tx) error {
		if err := tx.QueryRow(`SELECT password_hash FROM okta_users WHERE login_key = $1`, ada).Scan(&hash); err != nil {
			return err
		}
		return tx.Exec(`UPDATE okta_users SET password_hash = $2, password_history = '[]' WHERE id = $1`, id, hash)
	}))
}

// The sign-in pages list the requirements that are checked.
func TestPasswordRequirements(t *testing.T) {
	w := open(t)
	policy, err := w.PasswordPolicy(w.ctx())
	w.must(err)
	want := []string{"At least 8 characters", "A lowercase letter", "An uppercase letter", "A number",
		"No parts of your username", "Your password cannot be any of your last 4 passwords"}
	if got := policy.Requirements(); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	policy.Symbol, policy.NoUsername, policy.History, policy.MinLength = true, false, 0, 12
	want = []string{"At least 12 characters", "A lowercase letter", "An uppercase letter", "A number", "A symbol"}
	if got := policy.Requirements(); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestChangePassword(t *testing.T) {
	w := open(t)
	u := w.user(maya)
	change := func(old, typed, repeat string) error {
		return w.ChangePassword(w.ctx(), u.Actor(client), u.ID, old, typed, repeat)
	}
	wantProblem(t, change("wrong", "Sunny-day7", "Sunny-day7"), problem.Invalid, "oldPassword")
	wantProblem(t, change(password, "Sunny-day7", "Sunny-day8"), problem.Invalid, "repeatPassword")
	wantProblem(t, change(password, "short", "other"), problem.Invalid, "newPassword", "repeatPassword")

	w.later(time.Hour)
	w.must(change(password, "Sunny-day7", "Sunny-day7"))
	if got := w.user(maya).PasswordChanged; !got.Equal(w.now) {
		t.Errorf("changed at %v", got)
	}
	if in := w.signIn(maya, password); in.Outcome != idp.Refused {
		t.Error("the old password still works")
	}
	if in := w.signIn(maya, "Sunny-day7"); in.Outcome != idp.SignedIn {
		t.Error("the new password does not work")
	}
}

// The last four passwords cannot be used again, the current one included; the fifth can.
func TestPasswordHistory(t *testing.T) {
	w := open(t)
	u := w.user(maya)
	old := password
	change := func(typed string) error {
		err := w.ChangePassword(w.ctx(), u.Actor(client), u.ID, old, typed, typed)
		if err == nil {
			old = typed
		}
		return err
	}
	for _, next := range []string{"Sunny-day1", "Sunny-day2", "Sunny-day3"} {
		w.must(change(next))
		for _, used := range []string{next, password} {
			err := change(used)
			wantProblem(t, err, problem.Invalid, "newPassword")
			if !strings.Contains(err.Error(), "last 4 passwords") {
				t.Errorf("%v", err)
			}
		}
	}
	w.must(change("Sunny-day4"))
	wantProblem(t, change("Sunny-day1"), problem.Invalid, "newPassword")
	w.must(change(password))
}

// A user whose password has expired has to choose a new one, and is then signed in.
func TestExpiredPassword(t *testing.T) {
	w := open(t)
	w.must(w.ExpirePassword(w.ctx(), w.admin, w.user(maya).ID))
	mark := w.mark()
	if in := w.signIn(maya, "wrong"); in.Outcome != idp.Refused || in.StateToken != "" {
		t.Errorf("a wrong password: %+v", in)
	}
	in := w.signIn(maya, password)
	if in.Outcome != idp.MustChangePassword || in.StateToken == "" || in.Session.Token != "" || in.User.Login() != maya {
		t.Fatalf("%+v", in)
	}
	events := w.since(mark)
	if last := events[len(events)-1]; last.Outcome.Result != "FAILURE" || *last.Outcome.Reason != "PASSWORD_EXPIRED" {
		t.Errorf("%+v", last.Outcome)
	}
	if u, err := w.StateUser(w.ctx(), in.StateToken); err != nil || u.Login() != maya {
		t.Errorf("%s, %v", u.Login(), err)
	}
	_, err := w.LinkUser(w.ctx(), in.StateToken)
	wantProblem(t, err, problem.NotFound) // a state token is not the token of a link

	_, err = w.ReplacePassword(w.ctx(), client, in.StateToken, password, password)
	wantProblem(t, err, problem.Invalid, "newPassword")
	mark = w.mark()
	done, err := w.ReplacePassword(w.ctx(), client, in.StateToken, "Sunny-day7", "Sunny-day7")
	w.must(err)
	if _, err := w.Session(w.ctx(), done.Session.Token); done.Outcome != idp.SignedIn || err != nil {
		t.Errorf("%+v, %v", done, err)
	}
	if u := w.user(maya); u.Status != idp.Active {
		t.Errorf("%s", u.Status)
	}
	if events := w.since(mark); len(events) == 0 || events[0].EventType != "user.account.update_password" ||
		events[0].Actor.AlternateID != maya {
		t.Errorf("%+v", events)
	}
	_, err = w.ReplacePassword(w.ctx(), client, in.StateToken, "Sunny-day8", "Sunny-day8")
	wantProblem(t, err, problem.NotFound)
}

// A link works once and for a limited time: activation a week, reset an hour, a sign-in that requires a new password
// ten minutes.
func TestLinksExpire(t *testing.T) {
	for name, c := range map[string]struct {
		life time.Duration
		make func(w *world) string
	}{
		"activation": {7 * 24 * time.Hour, func(w *world) string {
			n := newPerson("ben@lab.example")
			n.Activate, n.EmailBase = true, baseURL
			_, err := w.CreateUser(w.ctx(), w.admin, n)
			w.must(err)
			return w.mailedToken("/welcome/")
		}},
		"reset": {time.Hour, func(w *world) string {
			link, err := w.ResetPassword(w.ctx(), w.admin, w.user(maya).ID, "")
			w.must(err)
			return link.Token
		}},
		"state": {10 * time.Minute, func(w *world) string {
			w.must(w.ExpirePassword(w.ctx(), w.admin, w.user(maya).ID))
			return w.signIn(maya, password).StateToken
		}},
	} {
		t.Run(name, func(t *testing.T) {
			w := open(t)
			token := c.make(w)
			redeem := w.PasswordByLink
			if name == "state" {
				redeem = w.ReplacePassword
			}
			w.later(c.life)
			_, err := redeem(w.ctx(), client, token, "Sunny-day7", "Sunny-day7")
			wantProblem(t, err, problem.NotFound)
			w.later(-time.Second)
			in, err := redeem(w.ctx(), client, token, "Sunny-day7", "Sunny-day7")
			if err != nil || in.Outcome != idp.SignedIn {
				t.Fatalf("%+v, %v", in, err)
			}
			_, err = redeem(w.ctx(), client, token, "Sunny-day8", "Sunny-day8")
			wantProblem(t, err, problem.NotFound)
		})
	}
}

// A new link makes the one before invalid.
func TestOnlyTheNewestLinkWorks(t *testing.T) {
	w := open(t)
	id := w.user(maya).ID
	first, err := w.ResetPassword(w.ctx(), w.admin, id, baseURL)
	w.must(err)
	if in := w.signIn(maya, password); in.Outcome != idp.Refused {
		t.Error("the old password works after a reset")
	}
	second, err := w.ResetPassword(w.ctx(), w.admin, id, baseURL)
	w.must(err)
	if mailed := w.mailedToken("/signin/reset-password/"); mailed != second.Token ||
		second.Path != "/signin/reset-password/"+mailed {
		t.Errorf("mailed %q, path %q", mailed, second.Path)
	}
	_, err = w.LinkUser(w.ctx(), first.Token)
	wantProblem(t, err, problem.NotFound)
	if u, err := w.LinkUser(w.ctx(), second.Token); err != nil || u.ID != id {
		t.Errorf("%s, %v", u.ID, err)
	}
}

// The result does not reveal whether a username exists. Only the mailbox shows it.
func TestForgotPassword(t *testing.T) {
	w := open(t)
	w.must(w.ForgotPassword(w.ctx(), client, baseURL, "nobody@lab.example"))
	if n := len(w.mails()); n != 0 {
		t.Errorf("%d mails to nobody", n)
	}
	mark := w.mark()
	w.must(w.ForgotPassword(w.ctx(), client, baseURL, " MAYA.rivers@lab.example "))
	w.wantTypes(mark, "user.account.reset_password")
	if in := w.signIn(maya, password); in.Outcome != idp.SignedIn {
		t.Error("requesting a link must not invalidate the password, because anybody can request one")
	}
	_, err := w.PasswordByLink(w.ctx(), client, w.mailedToken("/signin/reset-password/"), "Sunny-day7", "Sunny-day7")
	w.must(err)
}

// Ten wrong passwords in a row lock a user out, even for the correct password, until an administrator unlocks the
// account.
func TestLockout(t *testing.T) {
	w := open(t)
	fail := func(times int) {
		for range times {
			if in := w.signIn(maya, "wrong"); in.Outcome != idp.Refused {
				t.Fatalf("%+v", in)
			}
		}
	}
	fail(9)
	if in := w.signIn(maya, password); in.Outcome != idp.SignedIn {
		t.Fatal("locked out after nine")
	}
	fail(9)
	if s := w.user(maya).Status; s != idp.Active {
		t.Fatalf("%s: a sign-in did not clear the count", s)
	}
	mark := w.mark()
	fail(1)
	if s := w.user(maya).Status; s != idp.LockedOut {
		t.Fatalf("%s after ten", s)
	}
	w.wantTypes(mark, "user.session.start", "user.account.lock")
	if in := w.signIn(maya, password); in.Outcome != idp.Refused {
		t.Error("signed in while locked out")
	}
	w.must(w.UnlockUser(w.ctx(), w.admin, w.user(maya).ID))
	fail(9)
	if in := w.signIn(maya, password); in.Outcome != idp.SignedIn {
		t.Error("the count was not cleared by unlocking")
	}
}

// All refused sign-ins have the same result; the System Log has the reasons.
func TestRefusedSignIns(t *testing.T) {
	w := open(t)
	ben, err := w.CreateUser(w.ctx(), w.admin, newPerson("ben@lab.example"))
	w.must(err)
	for name, c := range map[string]struct{ login, typed, reason, actor string }{
		"nobody":         {"nobody@lab.example", password, "VERIFICATION_ERROR", "unknown"},
		"wrong password": {maya, "wrong", "INVALID_CREDENTIALS", w.user(maya).ID},
		"staged":         {"ben@lab.example", password, "INVALID_CREDENTIALS", ben.ID},
		"no password":    {"ben@lab.example", "", "INVALID_CREDENTIALS", ben.ID},
	} {
		t.Run(name, func(t *testing.T) {
			mark := w.mark()
			if in := w.signIn(c.login, c.typed); in.Outcome != idp.Refused || in.Session.Token != "" ||
				in.StateToken != "" || in.User.ID != "" {
				t.Errorf("%+v", in)
			}
			events := w.since(mark)
			if len(events) != 1 {
				t.Fatalf("%d events", len(events))
			}
			e := events[0]
			if e.EventType != "user.session.start" || e.Outcome.Result != "FAILURE" || *e.Outcome.Reason != c.reason ||
				e.Actor.ID != c.actor || e.Actor.AlternateID != c.login {
				t.Errorf("%s %s %s by %+v", e.EventType, e.Outcome.Result, *e.Outcome.Reason, e.Actor)
			}
		})
	}
}

// A session expires two hours after its last use, and after thirty days in any case.
func TestSessionExpires(t *testing.T) {
	w := open(t)
	in := w.signIn(maya, password)
	alive := func() bool {
		_, err := w.Session(w.ctx(), in.Session.Token)
		if p := problem.As(err); err != nil && (p == nil || p.Kind != problem.Unauthenticated) {
			t.Fatal(err)
		}
		return err == nil
	}
	for range 3 {
		w.later(2*time.Hour - time.Second)
		if !alive() {
			t.Fatal("ended while in use")
		}
	}
	w.later(2 * time.Hour)
	if alive() {
		t.Error("alive after two idle hours")
	}
	in = w.signIn(maya, password)
	for range 30 * 24 {
		w.later(time.Hour)
		alive()
	}
	if alive() {
		t.Error("alive after thirty days")
	}
	_, err := w.Session(w.ctx(), "")
	wantProblem(t, err, problem.Unauthenticated)
}

// A password reset also ends a sign-in with the old password that is in progress.
func TestPasswordResetEndsASignInInProgress(t *testing.T) {
	w := open(t)
	id := w.user(maya).ID
	w.must(w.ExpirePassword(w.ctx(), w.admin, id))
	in := w.signIn(maya, password)
	_, err := w.ResetPassword(w.ctx(), w.admin, id, "")
	w.must(err)
	_, err = w.ReplacePassword(w.ctx(), client, in.StateToken, "Sunny-day7", "Sunny-day7")
	wantProblem(t, err, problem.NotFound)
}
