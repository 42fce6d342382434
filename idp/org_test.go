package idp_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"understudy/idp"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// world is an org in its own file, with a clock that only [world.later] moves.
type world struct {
	*idp.Org
	t     testing.TB
	db    *store.DB
	now   time.Time
	wakes int       // calls of Options.Wake
	admin idp.Actor // Ada, a Super Administrator
}

// The users of every world. All have the same password.
const (
	ada      = "ada@lab.example"         // Super Administrator
	maya     = "maya.rivers@lab.example" // in Viewers and Authors
	noor     = "noor.haddad@lab.example" // in no group
	password = "Training-2026"
	baseURL  = "https://acme.okta.example" // of the org, for links in emails
)

var client = idp.Client{IP: "192.0.2.7", RequestID: "request1", RequestURI: "/admin/user", SessionID: "idxadmin"}

// open returns a world with three users, the groups Viewers and Authors, and the app "Sigma on AWS", which is assigned
// to nobody.
func open(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, now: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)}
	var err error
	w.db, err = store.Open(t.Context(), filepath.Join(t.TempDir(), "lab.db"),
		store.Options{Seed: "demo", Wall: func() time.Time { return w.now }})
	w.must(err)
	t.Cleanup(func() { _ = w.db.Close() })
	w.Org, err = idp.Open(t.Context(), w.db, idp.Options{Keys: oneKey, Wake: func() { w.wakes++ }})
	w.must(err)
	w.must(w.Populate(t.Context(), idp.Seed{
		Name: "Acme", Subdomain: "acme",
		Users: []idp.SeedUser{
			{FirstName: "Ada", LastName: "Admin", Email: ada, Password: password, Admin: true},
			{FirstName: "Maya", LastName: "Rivers", Email: maya, Password: password},
			{FirstName: "Noor", LastName: "Haddad", Email: noor, Password: password},
		},
		Groups: []idp.SeedGroup{{Name: "Viewers", Members: []string{maya}}, {Name: "Authors", Members: []string{maya}}},
		Apps:   []idp.SeedApp{{CatalogKey: "sigmaonaws"}},
	}))
	w.admin = w.user(ada).Actor(client)
	return w
}

func oneKey(context.Context) (*rsa.PrivateKey, error) { return theKey() }

// theKey is the key of all apps in tests, because making one is slow.
var theKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

func (w *world) ctx() context.Context { return w.t.Context() }

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// later moves the clock ahead.
func (w *world) later(d time.Duration) { w.now = w.now.Add(d) }

func (w *world) user(login string) idp.User {
	w.t.Helper()
	u, err := w.User(w.ctx(), login)
	w.must(err)
	return u
}

func (w *world) group(name string) idp.Group {
	w.t.Helper()
	page, err := w.Groups(w.ctx(), idp.GroupQuery{Text: name})
	w.must(err)
	i := slices.IndexFunc(page.Items, func(g idp.Group) bool { return g.Name == name })
	if i < 0 {
		w.t.Fatalf("no group %s", name)
	}
	return page.Items[i]
}

func (w *world) app(label string) idp.App {
	w.t.Helper()
	apps, err := w.Apps(w.ctx(), idp.AppQuery{})
	w.must(err)
	i := slices.IndexFunc(apps, func(a idp.App) bool { return a.Label == label })
	if i < 0 {
		w.t.Fatalf("no app %s", label)
	}
	return apps[i]
}

// signIn returns the result of a sign-in.
func (w *world) signIn(login, password string) idp.SignIn {
	w.t.Helper()
	in, err := w.Authenticate(w.ctx(), client, login, password, nil)
	w.must(err)
	return in
}

// mark returns the end of the System Log, for [world.since].
func (w *world) mark() string {
	w.t.Helper()
	page, err := w.Log(w.ctx(), idp.LogQuery{Limit: 1})
	w.must(err)
	return page.Next
}

// since returns the events after mark, oldest first.
func (w *world) since(mark string) []idp.LogEvent {
	w.t.Helper()
	page, err := w.Log(w.ctx(), idp.LogQuery{After: mark, Ascending: true, Limit: 1000})
	w.must(err)
	return page.Events
}

// wantTypes checks the types of the events after mark, in their order.
func (w *world) wantTypes(mark string, want ...string) {
	w.t.Helper()
	var got []string
	for _, e := range w.since(mark) {
		got = append(got, e.EventType)
	}
	if !slices.Equal(got, want) {
		w.t.Errorf("System Log:\n  got  %s\n  want %s", strings.Join(got, ", "), strings.Join(want, ", "))
	}
}

// wantProblem checks the kind of an error and, if any are given, the fields that it names.
func wantProblem(t testing.TB, err error, kind problem.Kind, fields ...string) {
	t.Helper()
	if !problem.Is(err, kind) {
		t.Fatalf("got error %v (kind %d), want kind %d", err, problem.KindOf(err), kind)
	}
	p := problem.As(err)
	if p == nil || (p.Message == "" && len(p.Fields) == 0) {
		t.Fatalf("%v has no sentence for a person", err)
	}
	var got []string
	for _, f := range p.Fields {
		if !slices.Contains(got, f.Name) {
			got = append(got, f.Name)
		}
	}
	if len(fields) > 0 && !slices.Equal(got, fields) {
		t.Errorf("problem at fields %q, want %q (%v)", got, fields, err)
	}
}

// mails returns the emails of the lab's mailbox, newest first.
func (w *world) mails() (list []store.Mail) {
	w.t.Helper()
	w.must(w.db.Read(w.ctx(), func(tx *store.Tx) (err error) {
		list, err = tx.Mailbox(100)
		return err
	}))
	return list
}

// mailedToken returns the token of the link with this path in the newest email.
func (w *world) mailedToken(path string) string {
	w.t.Helper()
	list := w.mails()
	if len(list) == 0 {
		w.t.Fatal("no email")
	}
	_, rest, found := strings.Cut(list[0].Body, path)
	if !found {
		w.t.Fatalf("no link %s in %q", path, list[0].Body)
	}
	token, _, _ := strings.Cut(rest, "\n")
	return token
}
