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

// mortal carries requests until one of them, at which the process dies: from then on nothing is sent, nothing comes back,
// and the lab's file is what had been committed by then.
type mortal struct {
	t      *testing.T
	world  *world
	at     int  // number of the fatal request, from 1; 0 never dies
	served bool // it reaches the far side, which does what it asks; the answer is lost

	mu    sync.Mutex
	sent  int
	file  string        // of the lab as it was left
	death chan struct{} // closed at the death
}

var errDead = errors.New("the process is dead")

func (m *mortal) RoundTrip(r *http.Request) (*http.Response, error) {
	m.mu.Lock()
	m.sent++
	fatal, dead := m.sent == m.at, m.at > 0 && m.sent > m.at
	if fatal && !m.served {
		m.die()
	}
	m.mu.Unlock()
	if dead || fatal && !m.served {
		<-r.Context().Done()
		return nil, errDead
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if !fatal {
		return answer, err
	}
	if err == nil {
		_ = answer.Body.Close()
	}
	m.mu.Lock()
	m.die()
	m.mu.Unlock()
	<-r.Context().Done()
	return nil, errDead
}

// die keeps the file as a killed process leaves it: with what was committed.
func (m *mortal) die() {
	data, err := m.world.db.Serialize(context.Background())
	if err != nil {
		m.t.Error(err)
	}
	m.file = filepath.Join(m.t.TempDir(), "left.db")
	if err := os.WriteFile(m.file, data, 0o600); err != nil {
		m.t.Error(err)
	}
	close(m.death)
}

// story is what an administrator does, one thing after the other.
var story = []func(w *world) error{
	func(w *world) error { return w.give(maya) },                      // created there
	func(w *world) error { return w.give(noor) },                      // linked: the far side has her
	func(w *world) error { return w.push1() },                         // created, with its members
	func(w *world) error { return w.give(lee) },                       // created, and joins the group
	func(w *world) error { return w.name(maya, "Stone") },             // profile
	func(w *world) error { return w.callGroup(group, "OktaReaders") }, // renamed
	func(w *world) error { return w.join("OktaReaders", noor) },
	func(w *world) error { return w.part("OktaReaders", maya) },
	func(w *world) error { return w.take(noor) }, // deactivated, and leaves the group
	func(w *world) error { return w.give(noor) }, // reactivated, and is back in it
	func(w *world) error { return w.StartImport(w.ctx(), actor, w.app.ID) },
}

func (w *world) give(login string) error {
	_, err := w.AssignUser(w.ctx(), actor, w.app.ID, w.user(login).ID, idp.Assignment{})
	return err
}

func (w *world) take(login string) error {
	return w.UnassignUser(w.ctx(), actor, w.app.ID, w.user(login).ID)
}

func (w *world) push1() error {
	_, err := w.PushGroup(w.ctx(), actor, w.app.ID, idp.NewPush{GroupID: w.group(group).ID, Memberships: true})
	return err
}

func (w *world) name(login, last string) error {
	_, err := w.UpdateProfile(w.ctx(), actor, w.user(login).ID, idp.Profile{"lastName": last})
	return err
}

func (w *world) callGroup(name, newName string) error {
	_, err := w.UpdateGroup(w.ctx(), actor, w.group(name).ID, newName, "")
	return err
}

func (w *world) join(name, login string) error {
	return w.AddMember(w.ctx(), actor, w.group(name).ID, w.user(login).ID)
}

func (w *world) part(name, login string) error {
	return w.RemoveMember(w.ctx(), actor, w.group(name).ID, w.user(login).ID)
}

// tell plays the story from a chapter on, until its end or a death, and gives the chapter to go on with.
func (w *world) tell(from int, m *mortal) int { return w.play(story, from, m) }

func (w *world) play(story []func(w *world) error, from int, m *mortal) int {
	w.t.Helper()
	alive, cancel := context.WithCancel(w.ctx())
	defer cancel()
	if m != nil {
		defer context.AfterFunc(after(m.death), cancel)()
	}
	for i, chapter := range story[from:] {
		w.must(chapter(w))
		if err := w.runner.Settled(alive); err != nil {
			return from + i + 1
		}
	}
	return len(story)
}

// after is a context that is done when a channel is closed.
func after(closed chan struct{}) context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	go func() { <-closed; cancel() }()
	return ctx
}

// mortalWorld is a world whose process dies at a request.
func mortalWorld(t *testing.T, at int, served bool) (*world, *mortal) {
	t.Helper()
	far := newFarSide(t)
	far.has(far.Users, person(noor, "Noor", "Haddad", true))
	m := &mortal{t: t, at: at, served: served, death: make(chan struct{})}
	m.world = openWorld(t, freshFile(t), far, newClock(), provision.Config{Transport: m})
	t.Cleanup(func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.file == "" {
			close(m.death)
		}
	})
	m.world.connect()
	return m.world, m
}

// wantEnd checks that the far side has exactly one of everything, as the story left it.
func (w *world) wantEnd() {
	w.t.Helper()
	w.wantNoJobs()
	if people, groups := w.far.people(), w.far.groups(); len(people) != 3 || len(groups) != 1 {
		w.t.Fatalf("the far side has %d people and %d groups", len(people), len(groups))
	}
	for _, login := range []string{maya, lee, noor} {
		if active, _ := w.far.person(login).Bool("active"); !active {
			w.t.Errorf("%s is not active", login)
		}
	}
	if name := w.far.person(maya).Object("name"); name.Text("familyName") != "Stone" {
		w.t.Errorf("maya is called %s", name.Text("familyName"))
	}
	if members := w.far.members("OktaReaders"); !slices.Equal(members, []string{lee, noor}) {
		w.t.Errorf("the group has %v", members)
	}
	if label := w.mapping().Label(); label != "Active" {
		w.t.Errorf("the group is %s", label)
	}
}

func TestAKilledProcessLosesAndDoublesNothing(t *testing.T) {
	w, whole := mortalWorld(t, 0, false)
	w.tell(0, nil)
	w.wantEnd()
	requests := whole.sent
	t.Logf("the story takes %d requests", requests)
	if requests < 20 {
		t.Fatal("the story is too short to say much")
	}
	for at := 1; at <= requests; at++ {
		for _, served := range []bool{false, true} {
			t.Run(fmt.Sprintf("request %d, served %t", at, served), func(t *testing.T) {
				t.Parallel()
				dying, m := mortalWorld(t, at, served)
				chapter := dying.tell(0, m)
				if m.file == "" { // lanes run side by side, so that one run can take a request less than another
					dying.wantEnd()
					return
				}
				dying.close()
				next := openWorld(t, m.file, dying.far, dying.clock, provision.Config{})
				next.settled()
				next.tell(chapter, nil)
				next.wantEnd()
				next.must(next.UnlinkPush(next.ctx(), actor, next.mapping().ID, true))
				next.settled()
				if left := next.far.groups(); len(left) != 0 {
					t.Errorf("%d groups are left", len(left))
				}
			})
		}
	}
}

// Ending a push deletes the group there, whenever the process dies: neither the group nor its people are left or lost.
func TestAKilledProcessFinishesWhatItDeletes(t *testing.T) {
	ending := []func(w *world) error{
		func(w *world) error { return w.give(maya) },
		func(w *world) error { return w.push1() },
		func(w *world) error { return w.UnlinkPush(w.ctx(), actor, w.mapping().ID, true) },
		func(w *world) error { return w.take(maya) },
	}
	end := func(w *world) {
		w.wantNoJobs()
		if groups := w.far.groups(); len(groups) != 0 {
			w.t.Errorf("%d groups are left", len(groups))
		}
		if active, _ := w.far.person(maya).Bool("active"); active || len(w.far.people()) != 2 {
			w.t.Errorf("maya is active: %t, among %d people", active, len(w.far.people()))
		}
	}
	w, whole := mortalWorld(t, 0, false)
	w.play(ending, 0, nil)
	end(w)
	for at := 1; at <= whole.sent; at++ {
		for _, served := range []bool{false, true} {
			t.Run(fmt.Sprintf("request %d, served %t", at, served), func(t *testing.T) {
				t.Parallel()
				dying, m := mortalWorld(t, at, served)
				chapter := dying.play(ending, 0, m)
				if m.file == "" {
					end(dying)
					return
				}
				dying.close()
				next := openWorld(t, m.file, dying.far, dying.clock, provision.Config{})
				next.settled()
				next.play(ending, chapter, nil)
				end(next)
			})
		}
	}
}
