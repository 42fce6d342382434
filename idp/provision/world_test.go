package provision_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"understudy/idp"
	"understudy/idp/job"
	"understudy/idp/provision"
	"understudy/seed/base/store"
	"understudy/seed/base/waittest"
)

// world is an org in its own SQLite file, with the app Sigma on AWS, a runner, and the SCIM service of the app.
type world struct {
	*idp.Org
	t       *testing.T
	db      *store.DB
	clock   *clock
	runner  *provision.Runner
	service *scimService
	app     idp.App
	read    int // number of events that wantEvents has checked
}

// clock is the wall clock of the world. Only advance changes it.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

var actor = idp.System(idp.Client{})

// The people of every world. Their user names in the app are their email addresses.
const (
	maya  = "maya.rivers@lab.example"
	lee   = "lee.oh@lab.example"
	noor  = "noor.haddad@lab.example"
	group = "OktaViewers" // with maya and lee in it
)

// newWorld opens a fresh world with provisioning enabled and nobody assigned.
func newWorld(t *testing.T) *world {
	t.Helper()
	w := openWorld(t, freshFile(t), newSCIMService(t), newClock(), provision.Config{})
	w.connect()
	w.settled()
	return w
}

// openWorld opens the org in a file and starts its runner, as a new process does. Both end with the test, or with close.
func openWorld(t *testing.T, path string, service *scimService, c *clock, config provision.Config) *world {
	t.Helper()
	w := &world{t: t, service: service, clock: c, runner: provision.New(config)}
	var err error
	if w.db, err = store.Open(t.Context(), path, store.Options{Seed: "demo", Wall: c.Now}); err != nil {
		t.Fatal(err)
	}
	if w.Org, err = idp.Open(t.Context(), w.db, idp.Options{Wake: w.runner.Wake, Keys: oneKey}); err != nil {
		t.Fatal(err)
	}
	apps, err := w.Apps(t.Context(), idp.AppQuery{})
	if err != nil || len(apps) == 0 {
		t.Fatalf("no app in %s: %v", path, err)
	}
	w.app = apps[0]
	w.runner.Start(w.Org)
	t.Cleanup(w.close)
	return w
}

// close stops the runner and closes the file.
func (w *world) close() {
	w.runner.Stop()
	_ = w.db.Close()
}

// connect enables provisioning and everything under To App, without the import of groups.
func (w *world) connect() {
	w.t.Helper()
	credentials := idp.Credentials{Enabled: true, BaseURL: w.service.baseURL, Token: token}
	_, err := w.SaveCredentials(w.ctx(), actor, w.app.ID, credentials)
	w.must(err)
	_, err = w.SaveToApp(w.ctx(), actor, w.app.ID, idp.ToApp{CreateUsers: true, UpdateUsers: true, DeactivateUsers: true})
	w.must(err)
}

func (w *world) ctx() context.Context { return w.t.Context() }

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// settled waits until no job runs and none is due.
func (w *world) settled() {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx(), waittest.Deadline)
	defer cancel()
	if err := w.runner.Settled(ctx); err != nil {
		w.t.Fatalf("the jobs do not end: %v; the app received %s", err, w.service.lines())
	}
}

// later advances the clock and runs the jobs that become due.
func (w *world) later(d time.Duration) {
	w.t.Helper()
	w.clock.advance(d)
	w.runner.Wake()
	w.settled()
}

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

// assign assigns the app to people, one after the other, and waits until their jobs have run.
func (w *world) assign(logins ...string) {
	w.t.Helper()
	for _, login := range logins {
		_, err := w.AssignUser(w.ctx(), actor, w.app.ID, w.user(login).ID, idp.Assignment{})
		w.must(err)
	}
	w.settled()
}

func (w *world) unassign(login string) {
	w.t.Helper()
	w.must(w.UnassignUser(w.ctx(), actor, w.app.ID, w.user(login).ID))
	w.settled()
}

// push pushes a group with its memberships, and waits until its jobs have run.
func (w *world) push(name string) idp.PushMapping {
	w.t.Helper()
	_, err := w.PushGroup(w.ctx(), actor, w.app.ID, idp.NewPush{GroupID: w.group(name).ID, Memberships: true})
	w.must(err)
	w.settled()
	return w.mapping()
}

// mapping returns the only push mapping.
func (w *world) mapping() idp.PushMapping {
	w.t.Helper()
	list, err := w.PushMappings(w.ctx(), w.app.ID, "")
	w.must(err)
	if len(list) != 1 {
		w.t.Fatalf("%d groups are pushed, want 1: %+v", len(list), list)
	}
	return list[0]
}

func (w *world) appUser(login string) idp.AppUser {
	w.t.Helper()
	au, err := w.AppUser(w.ctx(), w.app.ID, w.user(login).ID)
	w.must(err)
	return au
}

func (w *world) failed() []job.Job {
	w.t.Helper()
	jobs, err := w.FailedJobs(w.ctx(), w.app.ID)
	w.must(err)
	return jobs
}

// waiting returns the number of jobs that wait for their retry.
func (w *world) waiting() int {
	w.t.Helper()
	n, err := w.PendingJobs(w.ctx())
	w.must(err)
	return n
}

// administratorEvents lists the events of a request by an administrator. All other events belong to a job.
var administratorEvents = []string{
	"group_push.mapping.created", "group_push.removed", "group_push.activate_mapping", "group_push.deactivate_mapping",
	"user.sync", "start", "group.start",
}

// wantEvents checks that provisioning wrote exactly these events since the last call, and returns the last one. An event is
// its type without the common prefix, followed by its result unless that is SUCCESS.
func (w *world) wantEvents(wanted ...string) (last idp.LogEvent) {
	w.t.Helper()
	page, err := w.Log(w.ctx(), idp.LogQuery{Limit: 1000, Ascending: true})
	w.must(err)
	got := []string{}
	for _, e := range page.Events[w.read:] {
		name, ours := e.EventType, false
		for _, prefix := range []string{"application.provision.", "app.user_management.", "system.import."} {
			if rest, ok := strings.CutPrefix(name, prefix); ok {
				name, ours = rest, true
			}
		}
		if !ours {
			continue
		}
		if e.Outcome.Result != "SUCCESS" {
			name += " " + e.Outcome.Result
		}
		if e.Transaction.Type != "JOB" && !slices.Contains(administratorEvents, name) {
			w.t.Errorf("%s is not an event of a job: %+v", name, e.Transaction)
		}
		got, last = append(got, name), e
	}
	w.read = len(page.Events)
	if !slices.Equal(got, wanted) {
		w.t.Fatalf("the System Log has %q, want %q", got, wanted)
	}
	return last
}

// freshFile writes a new lab file with three people, a group and the app, and returns its path.
func freshFile(t *testing.T) string {
	t.Helper()
	data, err := populated()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "lab.db")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// populated returns the content of the file. All tests share it, because hashing the passwords is slow.
var populated = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "provision")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	db, err := store.Open(ctx, filepath.Join(dir, "lab.db"), store.Options{Seed: "demo", Wall: newClock().Now})
	if err != nil {
		return nil, err
	}
	defer db.Close()
	org, err := idp.Open(ctx, db, idp.Options{Keys: oneKey})
	if err != nil {
		return nil, err
	}
	person := func(first, last, login string) idp.SeedUser {
		return idp.SeedUser{FirstName: first, LastName: last, Login: login, Email: login, Password: "Training-2026"}
	}
	err = org.Populate(ctx, idp.Seed{
		Name: "Training Company", Subdomain: "trial-demo",
		Users:  []idp.SeedUser{person("Maya", "Rivers", maya), person("Lee", "Oh", lee), person("Noor", "Haddad", noor)},
		Groups: []idp.SeedGroup{{Name: group, Members: []string{maya, lee}}},
		Apps:   []idp.SeedApp{{CatalogKey: "sigmaonaws"}},
	})
	if err != nil {
		return nil, err
	}
	return db.Serialize(ctx)
})

func oneKey(context.Context) (*rsa.PrivateKey, error) { return theKey() }

var theKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })
