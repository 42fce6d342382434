package provision_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"understudy/idp"
	"understudy/idp/provision"
)

// crashTransport simulates a process that is killed at one of its requests. From then on it sends nothing and returns no
// response. It saves the lab file with what was committed before the crash.
type crashTransport struct {
	t      *testing.T
	world  *world
	at     int  // number of the request at which the process crashes, from 1; 0 for no crash
	served bool // the app serves this request, but its response is lost

	mu      sync.Mutex
	sent    int
	file    string        // path of the saved lab file; empty before the crash
	crashed chan struct{} // closed at the crash
}

var errCrashed = errors.New("the process has crashed")

func (m *crashTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	m.mu.Lock()
	m.sent++
	fatal, crashed := m.sent == m.at, m.at > 0 && m.sent > m.at
	if fatal && !m.served {
		m.crash()
	}
	m.mu.Unlock()
	if crashed || fatal && !m.served {
		<-r.Context().Done()
		return nil, errCrashed
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	if !fatal {
		return response, err
	}
	if err == nil {
		_ = response.Body.Close()
	}
	m.mu.Lock()
	m.crash()
	m.mu.Unlock()
	<-r.Context().Done()
	return nil, errCrashed
}

// crash saves the file as a killed process leaves it, with what was committed.
func (m *crashTransport) crash() {
	data, err := m.world.db.Serialize(context.Background())
	if err != nil {
		m.t.Error(err)
	}
	m.file = filepath.Join(m.t.TempDir(), "crashed.db")
	if err := os.WriteFile(m.file, data, 0o600); err != nil {
		m.t.Error(err)
	}
	close(m.crashed)
}

// changes are made by an administrator, one after the other.
var changes = []func(w *world) error{
	func(w *world) error { return w.startAssign(maya) },                 // creates a user
	func(w *world) error { return w.startAssign(noor) },                 // links to the existing user
	func(w *world) error { return w.startPush() },                       // creates a group with its members
	func(w *world) error { return w.startAssign(lee) },                  // creates a user, who joins the group
	func(w *world) error { return w.startProfileUpdate(maya, "Stone") }, // updates the profile
	func(w *world) error { return w.startRename(group, "OktaReaders") }, // renames the group
	func(w *world) error { return w.startAddMember("OktaReaders", noor) },
	func(w *world) error { return w.startRemoveMember("OktaReaders", maya) },
	func(w *world) error { return w.startUnassign(noor) }, // deactivates the user, who leaves the group
	func(w *world) error { return w.startAssign(noor) },   // reactivates the user, who joins the group again
	func(w *world) error { return w.StartImport(w.ctx(), actor, w.app.ID) },
}

func (w *world) startAssign(login string) error {
	_, err := w.AssignUser(w.ctx(), actor, w.app.ID, w.user(login).ID, idp.Assignment{})
	return err
}

func (w *world) startUnassign(login string) error {
	return w.UnassignUser(w.ctx(), actor, w.app.ID, w.user(login).ID)
}

func (w *world) startPush() error {
	_, err := w.PushGroup(w.ctx(), actor, w.app.ID, idp.NewPush{GroupID: w.group(group).ID, Memberships: true})
	return err
}

func (w *world) startProfileUpdate(login, last string) error {
	_, err := w.UpdateProfile(w.ctx(), actor, w.user(login).ID, idp.Profile{"lastName": last})
	return err
}

func (w *world) startRename(name, newName string) error {
	_, err := w.UpdateGroup(w.ctx(), actor, w.group(name).ID, newName, "")
	return err
}

func (w *world) startAddMember(name, login string) error {
	return w.AddMember(w.ctx(), actor, w.group(name).ID, w.user(login).ID)
}

func (w *world) startRemoveMember(name, login string) error {
	return w.RemoveMember(w.ctx(), actor, w.group(name).ID, w.user(login).ID)
}

// runChanges makes the changes from index from on, until the last one or a crash. It returns the index of the next change.
// m is nil for a process that does not crash.
func (w *world) runChanges(from int, m *crashTransport) int { return w.runSteps(changes, from, m) }

// runSteps is runChanges for other changes.
func (w *world) runSteps(steps []func(w *world) error, from int, m *crashTransport) int {
	w.t.Helper()
	alive, cancel := context.WithCancel(w.ctx())
	defer cancel()
	if m != nil {
		defer context.AfterFunc(untilClosed(m.crashed), cancel)()
	}
	for i, step := range steps[from:] {
		w.must(step(w))
		if err := w.runner.Settled(alive); err != nil {
			return from + i + 1
		}
	}
	return len(steps)
}

// untilClosed returns a context that ends when a channel is closed.
func untilClosed(closed chan struct{}) context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	go func() { <-closed; cancel() }()
	return ctx
}

// crashingWorld opens a world whose process crashes at a request; see [crashTransport].
func crashingWorld(t *testing.T, at int, served bool) (*world, *crashTransport) {
	t.Helper()
	service := newSCIMService(t)
	service.create(service.Users, scimUser(noor, "Noor", "Haddad", true))
	m := &crashTransport{t: t, at: at, served: served, crashed: make(chan struct{})}
	m.world = openWorld(t, freshFile(t), service, newClock(), provision.Config{Transport: m})
	t.Cleanup(func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.file == "" {
			close(m.crashed)
		}
	})
	m.world.connect()
	return m.world, m
}

// wantFinalState checks that the app has the result of all changes, and nothing twice.
func (w *world) wantFinalState() {
	w.t.Helper()
	w.wantNoJobs()
	if users, groups := w.service.users(), w.service.groups(); len(users) != 3 || len(groups) != 1 {
		w.t.Fatalf("the app has %d users and %d groups", len(users), len(groups))
	}
	for _, login := range []string{maya, lee, noor} {
		if active, _ := w.service.user(login).Bool("active"); !active {
			w.t.Errorf("%s is not active", login)
		}
	}
	if name := w.service.user(maya).Object("name"); name.Text("familyName") != "Stone" {
		w.t.Errorf("the family name of maya is %s", name.Text("familyName"))
	}
	if members := w.service.members("OktaReaders"); !slices.Equal(members, []string{lee, noor}) {
		w.t.Errorf("the members of the group are %v", members)
	}
	if label := w.mapping().Label(); label != "Active" {
		w.t.Errorf("the group is %s", label)
	}
}

// The process crashes at each request in turn, before or after the app has served it. After a restart the app must have each
// change exactly once.
func TestCrashLosesAndRepeatsNoChange(t *testing.T) {
	w, uncrashed := crashingWorld(t, 0, false)
	w.runChanges(0, nil)
	w.wantFinalState()
	requests := uncrashed.sent
	t.Logf("the changes take %d requests", requests)
	if requests < 20 {
		t.Fatal("the changes have too few requests for this test")
	}
	for at := 1; at <= requests; at++ {
		for _, served := range []bool{false, true} {
			t.Run(fmt.Sprintf("request %d, served %t", at, served), func(t *testing.T) {
				t.Parallel()
				before, m := crashingWorld(t, at, served)
				step := before.runChanges(0, m)
				if m.file == "" { // jobs run at the same time, so a run may need fewer requests
					before.wantFinalState()
					return
				}
				before.close()
				next := openWorld(t, m.file, before.service, before.clock, provision.Config{})
				next.settled()
				next.runChanges(step, nil)
				next.wantFinalState()
				next.must(next.UnlinkPush(next.ctx(), actor, next.mapping().ID, true))
				next.settled()
				if left := next.service.groups(); len(left) != 0 {
					t.Errorf("%d groups are left", len(left))
				}
			})
		}
	}
}

// Unlinking deletes the group in the app even if the process crashes, and the unassigned user is deactivated.
func TestCrashDuringUnlinkLeavesNoGroup(t *testing.T) {
	steps := []func(w *world) error{
		func(w *world) error { return w.startAssign(maya) },
		func(w *world) error { return w.startPush() },
		func(w *world) error { return w.UnlinkPush(w.ctx(), actor, w.mapping().ID, true) },
		func(w *world) error { return w.startUnassign(maya) },
	}
	wantNoGroup := func(w *world) {
		w.wantNoJobs()
		if groups := w.service.groups(); len(groups) != 0 {
			w.t.Errorf("%d groups are left", len(groups))
		}
		if active, _ := w.service.user(maya).Bool("active"); active || len(w.service.users()) != 2 {
			w.t.Errorf("maya is active: %t; the app has %d users", active, len(w.service.users()))
		}
	}
	w, uncrashed := crashingWorld(t, 0, false)
	w.runSteps(steps, 0, nil)
	wantNoGroup(w)
	for at := 1; at <= uncrashed.sent; at++ {
		for _, served := range []bool{false, true} {
			t.Run(fmt.Sprintf("request %d, served %t", at, served), func(t *testing.T) {
				t.Parallel()
				before, m := crashingWorld(t, at, served)
				step := before.runSteps(steps, 0, m)
				if m.file == "" {
					wantNoGroup(before)
					return
				}
				before.close()
				next := openWorld(t, m.file, before.service, before.clock, provision.Config{})
				next.settled()
				next.runSteps(steps, step, nil)
				wantNoGroup(next)
			})
		}
	}
}
