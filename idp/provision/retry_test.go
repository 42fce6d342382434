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

// waitForRetry advances the clock until the only waiting job has run again. It returns the delay in seconds.
func (w *world) waitForRetry() int {
	w.t.Helper()
	w.service.takeRequests()
	for n := 1; n <= 4000; n++ {
		w.later(time.Second)
		if len(w.service.takeRequests()) > 0 {
			return n
		}
	}
	w.t.Fatal("the job is not retried")
	return 0
}

// Delays double. After ten attempts the job becomes a task for an administrator.
func TestRetriesEndWithATask(t *testing.T) {
	for _, c := range []struct {
		name  string
		fault fault
		waits []int
	}{
		{"500", scimError(500), []int{1, 2, 4, 8, 16, 32, 64, 128, 256}},
		{"429", scimError(429), []int{30, 60, 120, 240, 300, 300, 300, 300, 300}},
		{"429 with Retry-After", scimError(429, "Retry-After", "7"), []int{7, 7, 7, 7, 7, 7, 7, 7, 7}},
		{"429 at once", scimError(429, "Retry-After", "0"), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.service.injectFault("POST /Users", -1, c.fault)
			w.assign(maya)
			var waits []int
			for range c.waits {
				waits = append(waits, w.waitForRetry())
			}
			if !slices.Equal(waits, c.waits) {
				t.Errorf("the job is retried after %d seconds, want %d", waits, c.waits)
			}
			failed := w.failed()
			if len(failed) != 1 || failed[0].Attempts != 10 || !strings.HasSuffix(failed[0].Error,
				"Okta tried 10 times. Fix the cause, then retry the task.") {
				t.Fatalf("%d jobs failed: %+v", len(failed), failed)
			}
			w.later(time.Hour)
			if w.failed()[0].Attempts != 10 {
				t.Error("a task is retried automatically")
			}
			w.service.clearFaults()
			w.must(w.RetryJobs(w.ctx(), actor, failed[0].ID))
			w.settled()
			w.wantNoJobs()
			w.wantPerson(maya, true)
		})
	}
}

func TestNewTokenRetriesFailedJobs(t *testing.T) {
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
	if got := w.service.user(lee).Text("displayName"); got != "Lee Ocean" {
		t.Errorf("the app has the name %s", got)
	}
}

func TestFailedJobOfOnePersonDoesNotDelayOthers(t *testing.T) {
	w := newWorld(t)
	w.service.injectFault(lookup(maya), -1, scimError(500))
	w.assign(maya, lee)
	w.wantSync(lee, idp.SyncSynchronized)
	w.wantSync(maya, idp.SyncError)
	w.rename(maya, "Stone") // the retry sends the current profile
	w.service.clearFaults()
	w.later(time.Second)
	w.wantNoJobs()
	if got := w.service.user(maya).Text("name.familyName"); got != "Stone" {
		t.Errorf("the app has the name %s", got)
	}
}

// A user whose assignment ended must not stay active, whether or not the request that creates the user was served.
func TestUnassigningDuringAFailedCreationDeactivates(t *testing.T) {
	for _, c := range []struct {
		name  string
		wait  bool // unassign while the job waits for its retry; else after it became a task
		done  bool // the app created the user
		users int  // in the app afterwards
	}{
		{"waiting, created", true, true, 1},
		{"waiting, not created", true, false, 0},
		{"task, created", false, true, 1},
		{"task, not created", false, false, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			config := provision.Config{Attempts: 1}
			if c.wait {
				config.Attempts = 10
			}
			w := openWorld(t, freshFile(t), newSCIMService(t), newClock(), config)
			w.connect()
			w.service.injectFault("POST /Users", -1, closeConnection(c.done))
			w.assign(maya)
			if got := len(w.failed()); (got == 1) == c.wait {
				t.Fatalf("%d jobs failed", got)
			}
			w.service.clearFaults()
			w.unassign(maya)
			w.later(time.Second)
			w.wantNoJobs()
			if got := len(w.service.users()); got != c.users {
				t.Fatalf("the app has %d users, want %d", got, c.users)
			}
			if c.users > 0 {
				w.wantPerson(maya, false)
			}
		})
	}
}

func TestUserThatWasNeverLinkedIsNotDeactivated(t *testing.T) {
	w := newWorld(t)
	w.service.create(w.service.Users, scimUser(maya, "Maya", "Rivers", true)) // created in the app itself
	w.service.injectFault("GET /Users", -1, scimError(500))
	w.assign(maya)
	w.unassign(maya)
	w.service.clearFaults()
	w.later(time.Hour)
	w.wantNoJobs()
	w.wantPerson(maya, true)
}

func TestDeletedRecordsAreCreatedAgain(t *testing.T) {
	w := newWorld(t)
	w.assign(maya)
	w.push(group)
	w.must(w.service.Users.Delete(w.ctx(), w.appUser(maya).ExternalID, allowDelete))
	w.must(w.service.Groups.Delete(w.ctx(), w.mapping().ExternalID, allowDelete))
	w.rename(maya, "Stone")
	w.settled()
	w.must(w.PushNow(w.ctx(), actor, w.mapping().ID))
	w.settled()
	if len(w.failed()) != 2 || !strings.Contains(w.appUser(maya).SyncError, "No user returned") || w.mapping().Error != groupGone {
		t.Fatalf("%q and %q", w.appUser(maya).SyncError, w.mapping().Error)
	}
	// Follow the advice of both texts.
	w.must(w.UnlinkPush(w.ctx(), actor, w.mapping().ID, false))
	w.unassign(maya)
	w.assign(maya)
	w.push(group)
	w.wantNoJobs()
	w.wantPerson(maya, true)
	w.wantMembers(group, maya)
}

// A successful rename also sends the members whose request failed before.
func TestRenameDoesNotHideMissingMembers(t *testing.T) {
	w := pushedWorld(t)
	w.service.injectFault("PATCH /Groups", 1, scimError(403))
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

// A later success of the lane does not clear an earlier failure.
func TestFailureIsShownUntilItsRetrySucceeds(t *testing.T) {
	w := pushedWorld(t)
	arrived, release := w.service.hold("PATCH /Groups", scimError(403))
	w.leave(maya)
	<-arrived
	w.leave(lee) // runs after the failed job, and succeeds
	close(release)
	w.settled()
	w.wantMembers(group, maya)
	if m := w.wantMapping("Error"); !strings.Contains(m.Error, "Forbidden") {
		t.Errorf("the page shows %q", m.Error)
	}
	w.must(w.RetryJobs(w.ctx(), actor, w.failed()[0].ID))
	w.settled()
	w.wantMembers(group)
	w.wantMapping("Active")
}

func TestDismissedJobsAreForgotten(t *testing.T) {
	w := newWorld(t)
	w.service.injectFault("POST /Users", 1, scimError(403))
	w.assign(maya)
	w.must(w.DismissJobs(w.ctx(), actor, w.failed()[0].ID))
	w.later(time.Hour)
	w.wantNoJobs()
	if n := len(w.service.users()); n != 0 {
		t.Errorf("the app has %d users", n)
	}
	w.must(w.RetryUser(w.ctx(), actor, w.app.ID, w.user(maya).ID)) // Retry on the assignment
	w.settled()
	w.wantSync(maya, idp.SyncSynchronized)
}

func TestDisablingProvisioningDiscardsWaitingJobs(t *testing.T) {
	w := newWorld(t)
	w.service.injectFault("POST", -1, scimError(500))
	w.assign(maya)
	w.push(group)
	_, err := w.SaveCredentials(w.ctx(), actor, w.app.ID, idp.Credentials{})
	w.must(err)
	w.service.clearFaults()
	w.service.takeRequests()
	w.later(time.Hour)
	w.leave(lee)
	_, err = w.UpdateGroup(w.ctx(), actor, w.group(group).ID, group, "with a description")
	w.must(err)
	w.settled()
	w.service.wantRequests()
	w.wantNoJobs()
	if err := w.PushNow(w.ctx(), actor, w.mapping().ID); !problem.Is(err, problem.Conflict) {
		t.Errorf("a group is pushed while provisioning is disabled: %v", err)
	}
	if m := w.mapping(); m.Pushing {
		t.Error("the status of the group stays Pushing")
	}
	w.connect() // now maya was assigned before provisioning was enabled
	w.settled()
	_, err = w.ProvisionUsers(w.ctx(), actor, w.app.ID)
	w.must(err)
	w.settled()
	w.must(w.PushNow(w.ctx(), actor, w.mapping().ID))
	w.settled()
	w.wantMembers(group, maya)
}

// Jobs that are queued when provisioning is disabled are not sent, and their groups and people no longer show a status of
// running work.
func TestDisablingProvisioningWithQueuedJobs(t *testing.T) {
	w := openWorld(t, freshFile(t), newSCIMService(t), newClock(), provision.Config{Workers: 1})
	w.connect()
	arrived, release := w.service.hold("GET /Users", serveNormally)
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
	w.wantPerson(maya, true) // the job was running
	w.wantSync(maya, idp.SyncSynchronized)
	w.wantSync(lee, idp.SyncDisabled)
	if m := w.mapping(); m.Pushing {
		t.Error("the status of the group stays Pushing")
	}
}

func TestNextProcessRunsJobsOfAStoppedOne(t *testing.T) {
	path, service, c := freshFile(t), newSCIMService(t), newClock()
	w := openWorld(t, path, service, c, provision.Config{})
	w.connect()
	arrived, _ := service.hold("POST /Users", serveNormally) // until the process stops
	service.injectFault("GET /Groups", 1, scimError(429, "Retry-After", "120"))
	_, err := w.PushGroup(w.ctx(), actor, w.app.ID, idp.NewPush{GroupID: w.group(group).ID, Memberships: true})
	w.must(err)
	w.settled()
	_, err = w.AssignUser(w.ctx(), actor, w.app.ID, w.user(maya).ID, idp.Assignment{})
	w.must(err)
	<-arrived
	w.close()

	w = openWorld(t, path, service, c, provision.Config{})
	w.settled()
	w.wantPerson(maya, true)
	if w.waiting() == 0 {
		t.Error("the delay of the group was forgotten")
	}
	w.later(2 * time.Minute)
	w.wantNoJobs()
	w.wantMembers(group, maya)
}

// panicking panics at the first request, as an error of this program would.
type panicking struct{ once sync.Once }

func (f *panicking) RoundTrip(r *http.Request) (*http.Response, error) {
	f.once.Do(func() { panic("an error") })
	return http.DefaultTransport.RoundTrip(r)
}

// A panic in one job ends neither the process nor the jobs after it.
func TestPanicFailsOnlyItsJob(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	w := openWorld(t, freshFile(t), newSCIMService(t), newClock(), provision.Config{Transport: &panicking{}, Log: log})
	w.connect()
	w.assign(maya)
	w.assign(lee)
	w.wantSync(lee, idp.SyncSynchronized)
	failed := w.failed()
	if len(failed) != 1 || !strings.Contains(failed[0].Error, "an error in Understudy itself. The log of the server has "+
		"the details. Then retry the task.") {
		t.Fatalf("failed jobs: %+v", failed)
	}
	if got := w.appUser(maya).SyncError; got != failed[0].Error {
		t.Errorf("the assignment shows %q", got)
	}
	w.must(w.RetryJobs(w.ctx(), actor, failed[0].ID))
	w.settled()
	w.wantNoJobs()
	w.wantSync(maya, idp.SyncSynchronized)
}

// A job whose result cannot be saved does not send its requests in a loop.
func TestPauseWhenTheFileCannotBeWritten(t *testing.T) {
	config := provision.Config{Backoff: time.Hour, Log: slog.New(slog.DiscardHandler)}
	w := openWorld(t, freshFile(t), newSCIMService(t), newClock(), config)
	w.connect()
	w.must(w.db.Write(w.ctx(), func(tx *store.Tx) error {
		return tx.Exec(`CREATE TRIGGER stuck BEFORE DELETE ON okta_jobs BEGIN SELECT RAISE(ABORT, 'the disk is full'); END`)
	}))
	w.must(w.startAssign(maya))
	w.service.awaitRequests(2)
	w.must(w.startAssign(lee))
	w.service.awaitRequests(4)
	if seen := w.service.lines(); strings.Count(seen, lookup(maya)) != 1 || strings.Count(seen, lookup(lee)) != 1 {
		t.Errorf("the app received%s", seen)
	}
}
