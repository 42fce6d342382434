package provision_test

import (
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"understudy/idp"
	"understudy/idp/provision"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// slowdown lets the lab's time pass until the only waiting job has run again, and gives how long that took, in seconds.
func (w *world) slowdown() int {
	w.t.Helper()
	w.far.take()
	for n := 1; n <= 4000; n++ {
		w.later(time.Second)
		if len(w.far.take()) > 0 {
			return n
		}
	}
	w.t.Fatal("it is not tried again")
	return 0
}

// Okta-wire 1.9: waits double, and after ten tries it is left to an administrator.
func TestTriesComeToAnEnd(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer answer
		waits  []int
	}{
		{"500", refuse(500), []int{1, 2, 4, 8, 16, 32, 64, 128, 256}},
		{"429", refuse(429), []int{30, 60, 120, 240, 300, 300, 300, 300, 300}},
		{"429 with Retry-After", refuse(429, "Retry-After", "7"), []int{7, 7, 7, 7, 7, 7, 7, 7, 7}},
		{"429 at once", refuse(429, "Retry-After", "0"), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.far.misbehave("POST /Users", -1, c.answer)
			w.assign(maya)
			var waits []int
			for range c.waits {
				waits = append(waits, w.slowdown())
			}
			if !slices.Equal(waits, c.waits) {
				t.Errorf("it is tried again after %d seconds, not %d", waits, c.waits)
			}
			failed := w.failed()
			if len(failed) != 1 || failed[0].Attempts != 10 || !strings.HasSuffix(failed[0].Error, "It was tried 10 times. Retry the task when the cause is gone.") {
				t.Fatalf("%d jobs failed: %+v", len(failed), failed)
			}
			w.later(time.Hour)
			if w.failed()[0].Attempts != 10 {
				t.Error("it is tried on")
			}
			w.far.mend()
			w.must(w.RetryJobs(w.ctx(), actor, failed[0].ID))
			w.settled()
			w.wantNoJobs()
			w.wantPerson(maya, true)
		})
	}
}

func TestANewTokenResumesEverything(t *testing.T) {
	w := newWorld(t)
	w.assign(lee)
	c := w.credentials()
	c.Token, c.ImportGroups = "revoked", false
	_, err := w.SaveCredentials(w.ctx(), actor, w.app.ID, c)
	w.must(err)
	w.assign(maya, noor)
	w.rename(lee, "Ocean")
	w.push(group)
	if failed := w.failed(); len(failed) != 4 {
		t.Fatalf("%d jobs failed", len(failed))
	}
	w.connect()
	w.settled()
	w.wantNoJobs()
	w.wantMembers(group, lee, maya)
	for _, login := range []string{lee, maya, noor} {
		w.wantSync(login, idp.SyncSynchronized)
	}
	if got := w.far.person(lee).Text("displayName"); got != "Lee Ocean" {
		t.Errorf("the far side knows him as %s", got)
	}
}

func TestOnePersonsTroubleHoldsNobodyElseUp(t *testing.T) {
	w := newWorld(t)
	w.far.misbehave(lookup(maya), -1, refuse(500))
	w.assign(maya, lee)
	w.wantSync(lee, idp.SyncSynchronized)
	w.wantSync(maya, idp.SyncError)
	w.rename(maya, "Stone") // what changes while she waits comes along
	w.far.mend()
	w.later(time.Second)
	w.wantNoJobs()
	if got := w.far.person(maya).Text("name.familyName"); got != "Stone" {
		t.Errorf("the far side knows her as %s", got)
	}
}

// Whatever became of the request that made her, somebody whose assignment has ended must not stay active.
func TestWhoIsUnassignedMeanwhileIsDeactivated(t *testing.T) {
	for _, c := range []struct {
		name  string
		wait  bool // while the job that made her waits; else after it was given up
		done  bool // the far side did make her
		there int
	}{
		{"waiting, made", true, true, 1},
		{"waiting, not made", true, false, 0},
		{"given up, made", false, true, 1},
		{"given up, not made", false, false, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			config := provision.Config{Attempts: 1}
			if c.wait {
				config.Attempts = 10
			}
			w := openWorld(t, freshFile(t), newFarSide(t), newClock(), config)
			w.connect()
			w.far.misbehave("POST /Users", -1, hangUp(c.done))
			w.assign(maya)
			if got := len(w.failed()); (got == 1) == c.wait {
				t.Fatalf("%d jobs failed", got)
			}
			w.far.mend()
			w.unassign(maya)
			w.later(time.Second)
			w.wantNoJobs()
			if got := len(w.far.people()); got != c.there {
				t.Fatalf("the far side has %d people, not %d", got, c.there)
			}
			if c.there > 0 {
				w.wantPerson(maya, false)
			}
		})
	}
}

func TestWhoWasNeverLinkedIsLeftAlone(t *testing.T) {
	w := newWorld(t)
	w.far.has(w.far.Users, person(maya, "Maya", "Rivers", true)) // made by hand
	w.far.misbehave("GET /Users", -1, refuse(500))
	w.assign(maya)
	w.unassign(maya)
	w.far.mend()
	w.later(time.Hour)
	w.wantNoJobs()
	w.wantPerson(maya, true)
}

func TestAGoneRecordIsMadeAnew(t *testing.T) {
	w := newWorld(t)
	w.assign(maya)
	w.push(group)
	w.must(w.far.Users.Delete(w.ctx(), w.appUser(maya).ExternalID, anyway))
	w.must(w.far.Groups.Delete(w.ctx(), w.mapping().ExternalID, anyway))
	w.rename(maya, "Stone")
	w.settled()
	w.must(w.PushNow(w.ctx(), actor, w.mapping().ID))
	w.settled()
	if len(w.failed()) != 2 || !strings.Contains(w.appUser(maya).SyncError, "No user returned") || w.mapping().Error != groupGone {
		t.Fatalf("%q and %q", w.appUser(maya).SyncError, w.mapping().Error)
	}
	// As the sentences say:
	w.must(w.UnlinkPush(w.ctx(), actor, w.mapping().ID, false))
	w.unassign(maya)
	w.assign(maya)
	w.push(group)
	w.wantNoJobs()
	w.wantPerson(maya, true)
	w.wantMembers(group, maya)
}

// A rename that goes through says nothing about members that did not.
func TestARenameDoesNotHideMissingMembers(t *testing.T) {
	w := pushedWorld(t)
	w.far.misbehave("PATCH /Groups", 1, refuse(403))
	w.leave(maya)
	w.settled()
	w.wantMapping("Error")
	_, err := w.UpdateGroup(w.ctx(), actor, w.group(group).ID, "Onlookers", "")
	w.must(err)
	w.settled()
	w.wantMapping("Active")
	w.wantMembers("Onlookers", lee)
	w.wantNoJobs()
}

// What succeeds after a failure does not make it good.
func TestAFailureStandsUntilItIsRetried(t *testing.T) {
	w := pushedWorld(t)
	arrived, release := w.far.hold("PATCH /Groups", refuse(403))
	w.leave(maya)
	<-arrived
	w.leave(lee) // waits behind it, and goes through
	close(release)
	w.settled()
	w.wantMembers(group, maya)
	if m := w.wantMapping("Error"); !strings.Contains(m.Error, "Forbidden") {
		t.Errorf("the page says %q", m.Error)
	}
	w.must(w.RetryJobs(w.ctx(), actor, w.failed()[0].ID))
	w.settled()
	w.wantMembers(group)
	w.wantMapping("Active")
}

func TestDismissedJobsAreForgotten(t *testing.T) {
	w := newWorld(t)
	w.far.misbehave("POST /Users", 1, refuse(403))
	w.assign(maya)
	w.must(w.DismissJobs(w.ctx(), actor, w.failed()[0].ID))
	w.later(time.Hour)
	w.wantNoJobs()
	if n := len(w.far.people()); n != 0 {
		t.Errorf("the far side has %d people", n)
	}
	w.must(w.RetryUser(w.ctx(), actor, w.app.ID, w.user(maya).ID)) // from the assignment's mark
	w.settled()
	w.wantSync(maya, idp.SyncSynchronized)
}

func TestSwitchingProvisioningOffEndsWhatWaits(t *testing.T) {
	w := newWorld(t)
	w.far.misbehave("POST", -1, refuse(500))
	w.assign(maya)
	w.push(group)
	_, err := w.SaveCredentials(w.ctx(), actor, w.app.ID, idp.Credentials{})
	w.must(err)
	w.far.mend()
	w.far.take()
	w.later(time.Hour)
	w.leave(lee)
	_, err = w.UpdateGroup(w.ctx(), actor, w.group(group).ID, group, "with a description")
	w.must(err)
	w.settled()
	w.far.want()
	w.wantNoJobs()
	if err := w.PushNow(w.ctx(), actor, w.mapping().ID); !problem.Is(err, problem.Conflict) {
		t.Errorf("a group is pushed while provisioning is off: %v", err)
	}
	if m := w.mapping(); m.Pushing {
		t.Error("the group is being pushed for ever")
	}
	w.connect() // from now on she is one of those who were assigned before
	w.settled()
	_, err = w.ProvisionUsers(w.ctx(), actor, w.app.ID)
	w.must(err)
	w.settled()
	w.must(w.PushNow(w.ctx(), actor, w.mapping().ID))
	w.settled()
	w.wantMembers(group, maya)
}

// What is queued when provisioning is switched off is not sent, and nothing goes on looking as if it were.
func TestSwitchingProvisioningOffLeavesNothingHalfDone(t *testing.T) {
	w := openWorld(t, freshFile(t), newFarSide(t), newClock(), provision.Config{Workers: 1})
	w.connect()
	arrived, release := w.far.hold("GET /Users", served)
	_, err := w.AssignUser(w.ctx(), actor, w.app.ID, w.user(maya).ID, idp.Assignment{})
	w.must(err)
	<-arrived
	_, err = w.AssignUser(w.ctx(), actor, w.app.ID, w.user(lee).ID, idp.Assignment{})
	w.must(err)
	_, err = w.PushGroup(w.ctx(), actor, w.app.ID, idp.NewPush{GroupID: w.group(group).ID, Memberships: true})
	w.must(err)
	_, err = w.SaveCredentials(w.ctx(), actor, w.app.ID, idp.Credentials{})
	w.must(err)
	close(release)
	w.settled()
	w.wantNoJobs()
	w.wantPerson(maya, true) // was under way
	w.wantSync(maya, idp.SyncSynchronized)
	w.wantSync(lee, idp.SyncDisabled)
	if m := w.mapping(); m.Pushing {
		t.Error("the group is being pushed for ever")
	}
}

func TestAStoppedProcessLeavesItsJobsToTheNext(t *testing.T) {
	path, far, c := freshFile(t), newFarSide(t), newClock()
	w := openWorld(t, path, far, c, provision.Config{})
	w.connect()
	arrived, _ := far.hold("POST /Users", served) // until the process goes away
	far.misbehave("GET /Groups", 1, refuse(429, "Retry-After", "120"))
	_, err := w.PushGroup(w.ctx(), actor, w.app.ID, idp.NewPush{GroupID: w.group(group).ID, Memberships: true})
	w.must(err)
	w.settled()
	_, err = w.AssignUser(w.ctx(), actor, w.app.ID, w.user(maya).ID, idp.Assignment{})
	w.must(err)
	<-arrived
	w.close()

	w = openWorld(t, path, far, c, provision.Config{})
	w.settled()
	w.wantPerson(maya, true)
	if w.waiting() == 0 {
		t.Error("the group's wait was forgotten")
	}
	w.later(2 * time.Minute)
	w.wantNoJobs()
	w.wantMembers(group, maya)
}

// faulty panics in place of the first request, as a fault of ours would.
type faulty struct{ once sync.Once }

func (f *faulty) RoundTrip(r *http.Request) (*http.Response, error) {
	f.once.Do(func() { panic("a fault") })
	return http.DefaultTransport.RoundTrip(r)
}

// A fault in one job ends neither the process, nor the jobs behind it.
func TestAPanicFailsItsJobAlone(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	w := openWorld(t, freshFile(t), newFarSide(t), newClock(), provision.Config{Transport: &faulty{}, Log: log})
	w.connect()
	w.assign(maya)
	w.assign(lee)
	w.wantSync(lee, idp.SyncSynchronized)
	failed := w.failed()
	if len(failed) != 1 || !strings.Contains(failed[0].Error, "a fault in Understudy itself. The server's log tells more. Then retry the task.") {
		t.Fatalf("these jobs failed: %+v", failed)
	}
	if got := w.appUser(maya).SyncError; got != failed[0].Error {
		t.Errorf("the assignment says %q", got)
	}
	w.must(w.RetryJobs(w.ctx(), actor, failed[0].ID))
	w.settled()
	w.wantNoJobs()
	w.wantSync(maya, idp.SyncSynchronized)
}

// What cannot be written down is not sent over and over.
func TestAFileThatCannotBeWrittenIsGivenTime(t *testing.T) {
	config := provision.Config{Backoff: time.Hour, Log: slog.New(slog.DiscardHandler)}
	w := openWorld(t, freshFile(t), newFarSide(t), newClock(), config)
	w.connect()
	w.must(w.db.Write(w.ctx(), func(tx *store.Tx) error {
		return tx.Exec(`CREATE TRIGGER stuck BEFORE DELETE ON okta_jobs BEGIN SELECT RAISE(ABORT, 'the disk is full'); END`)
	}))
	w.must(w.give(maya))
	w.far.awaitRequests(2)
	w.must(w.give(lee))
	w.far.awaitRequests(4)
	if seen := w.far.lines(); strings.Count(seen, lookup(maya)) != 1 || strings.Count(seen, lookup(lee)) != 1 {
		t.Errorf("the far side saw%s", seen)
	}
}
