package provision_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"understudy/idp"
	"understudy/scim"
)

// importing switches the import of groups on.
func (w *world) importing() {
	w.t.Helper()
	_, err := w.SaveCredentials(w.ctx(), actor, w.app.ID, idp.Credentials{Enabled: true, BaseURL: w.far.baseURL, ImportGroups: true})
	w.must(err)
	w.settled()
}

func (w *world) wantImport(wanted idp.Import) {
	w.t.Helper()
	got, err := w.Import(w.ctx(), w.app.ID)
	w.must(err)
	if got.Started.IsZero() || got.Finished.IsZero() {
		w.t.Error("the import has no times")
	}
	got.AppID, got.Started, got.Finished = "", time.Time{}, time.Time{}
	if got != wanted {
		w.t.Fatalf("the import is %+v, not %+v", got, wanted)
	}
}

func (w *world) importUsers() []idp.ImportUser {
	w.t.Helper()
	page, err := w.ImportUsers(w.ctx(), w.app.ID, 1, 500)
	w.must(err)
	return page.Items
}

func person(userName, first, last string, active bool) *scim.Object {
	return scim.NewObject("schemas", []string{scim.CoreUser}, "userName", userName, "active", active,
		"name", scim.NewObject("givenName", first, "familyName", last), "emails", []*scim.Object{scim.NewObject("value", userName, "primary", true)})
}

// Okta-wire 1.8: pages of 100, users before groups; inactive people are neither counted nor imported.
func TestImport(t *testing.T) {
	w := newWorld(t)
	w.assign(lee)
	w.far.has(w.far.Users, person(maya, "Maya", "Rivers", true))             // exact: her user name
	w.far.has(w.far.Users, person("nh@lab.example", "Noor", "Haddad", true)) // partial: her name
	w.far.has(w.far.Users, person("gone@lab.example", "Gone", "Away", false))
	for i := range 120 {
		w.far.has(w.far.Users, person(fmt.Sprintf("p%03d@lab.example", i), "P", fmt.Sprint("Number ", i), true))
	}
	for i := range 101 {
		w.far.has(w.far.Groups, scim.NewObject("displayName", fmt.Sprintf("Team %03d", i)))
	}
	w.far.take()
	w.importing()
	w.far.want("GET /Groups?startIndex=1&count=100", "GET /Groups?startIndex=101&count=100")
	w.must(w.StartImport(w.ctx(), actor, w.app.ID))
	w.settled()
	w.far.want("GET /Users?startIndex=1&count=100", "GET /Users?startIndex=101&count=100",
		"GET /Groups?startIndex=1&count=100", "GET /Groups?startIndex=101&count=100")
	w.wantImport(idp.Import{State: idp.ImportDone, Scanned: 123, Total: 124, Added: 122, Unchanged: 1, Groups: 101})
	events := append([]string{"user.push", "push_new_user_success"}, slices.Repeat([]string{"group.create"}, 101)...)
	w.wantEvents(append(events, "integration.call_api", "start", "integration.call_api")...)

	matches := map[string]int{}
	for _, p := range w.importUsers() {
		matches[p.Match]++
	}
	if matches[idp.MatchExact] != 1 || matches[idp.MatchPartial] != 1 || matches[idp.MatchNone] != 120 {
		t.Errorf("matches %v", matches)
	}
	groups, err := w.ImportedGroups(w.ctx(), w.app.ID)
	w.must(err)
	if len(groups) != 101 || groups[0].Name != "Team 000" || groups[0].Type != idp.AppGroupT {
		t.Errorf("%d groups, the first %+v", len(groups), groups[0])
	}
}

func TestImportingAgainSeesWhatCameAndWent(t *testing.T) {
	w := newWorld(t)
	w.far.has(w.far.Users, person(maya, "Maya", "Rivers", true))
	leaver := w.far.has(w.far.Users, person("leaver@lab.example", "Lea", "Ver", true))
	team := w.far.has(w.far.Groups, scim.NewObject("displayName", "Old team"))
	w.importing()
	w.must(w.StartImport(w.ctx(), actor, w.app.ID))
	w.settled()
	w.wantImport(idp.Import{State: idp.ImportDone, Scanned: 2, Total: 2, Added: 2, Groups: 1})

	w.must(w.far.Users.Delete(w.ctx(), leaver, anyway))
	w.must(w.far.Groups.Delete(w.ctx(), team, anyway))
	w.clock.advance(time.Minute)
	w.must(w.StartImport(w.ctx(), actor, w.app.ID))
	w.settled()
	w.wantImport(idp.Import{State: idp.ImportDone, Scanned: 1, Total: 1, Updated: 1, Removed: 1})
	groups, err := w.ImportedGroups(w.ctx(), w.app.ID)
	w.must(err)
	if left := w.importUsers(); len(left) != 1 || left[0].UserName != maya || len(groups) != 0 {
		t.Errorf("%+v and %d groups are left", left, len(groups))
	}
}

func TestRefreshingGroupsLeavesPeopleAlone(t *testing.T) {
	w := newWorld(t)
	w.far.has(w.far.Users, person(maya, "Maya", "Rivers", true))
	w.importing()
	w.must(w.StartImport(w.ctx(), actor, w.app.ID))
	w.settled()
	w.far.take()
	w.clock.advance(time.Minute)
	w.must(w.RefreshAppGroups(w.ctx(), actor, w.app.ID))
	w.settled()
	w.far.want("GET /Groups?startIndex=1&count=100")
	if left := w.importUsers(); len(left) != 1 {
		t.Errorf("%d people wait for a decision, not the one who did", len(left))
	}
}

func TestConfirmedPeopleAreLinked(t *testing.T) {
	w := newWorld(t)
	id := w.far.has(w.far.Users, person(maya, "Maya", "Rivers", true))
	w.must(w.StartImport(w.ctx(), actor, w.app.ID))
	w.settled()
	found := w.importUsers()
	n, err := w.ConfirmImport(w.ctx(), actor, w.app.ID, []idp.ImportChoice{{ExternalID: id, UserID: found[0].MatchUser}})
	w.must(err)
	w.settled()
	if au := w.wantSync(maya, idp.SyncSynchronized); n != 1 || au.ExternalID != id || len(w.far.people()) != 1 {
		t.Errorf("linked %d, as %s; the far side has %d people", n, au.ExternalID, len(w.far.people()))
	}
}

// A far side that ignores startIndex would be asked for ever.
func TestImportEndsWhereNothingNewComes(t *testing.T) {
	w := newWorld(t)
	for i := range 3 {
		w.far.has(w.far.Users, person(fmt.Sprintf("p%d@lab.example", i), "P", fmt.Sprint(i), true))
	}
	w.far.misbehave("GET /Users", -1, func(rw http.ResponseWriter, r *http.Request, serve http.Handler) {
		r.URL.RawQuery = "startIndex=1&count=2"
		serve.ServeHTTP(rw, r)
	})
	w.must(w.StartImport(w.ctx(), actor, w.app.ID))
	w.settled()
	w.far.want("GET /Users?startIndex=1&count=100", "GET /Users?startIndex=3&count=100")
	w.wantImport(idp.Import{State: idp.ImportDone, Scanned: 2, Total: 3, Added: 2})
}

// What is no list says nothing about who is there: nobody is removed, and nobody is made twice.
func TestWhatIsNoListIsAFailure(t *testing.T) {
	w := newWorld(t)
	w.far.has(w.far.Users, person(maya, "Maya", "Rivers", true))
	w.must(w.StartImport(w.ctx(), actor, w.app.ID))
	w.settled()
	w.far.misbehave("GET /", -1, welcome)
	w.clock.advance(time.Minute)
	w.must(w.StartImport(w.ctx(), actor, w.app.ID))
	w.assign(lee)
	w.push(group)
	for _, text := range []string{w.importError(), w.appUser(lee).SyncError, w.mapping().Error} {
		if !strings.Contains(text, "The server answered, but not with a SCIM list. Check that the Base URL is the application's SCIM address. Then retry the task.") {
			t.Errorf("the page says %q", text)
		}
	}
	if left := w.importUsers(); len(left) != 1 {
		t.Errorf("%d people wait for a decision", len(left))
	}
	w.far.mend()
	w.connect()
	w.settled()
	w.wantNoJobs()
	w.wantMembers(group, lee)
}

// What an import read before it was cut short still counts as new.
func TestAnImportThatIsTriedAgainCountsOnce(t *testing.T) {
	w := newWorld(t)
	for i := range 120 {
		w.far.has(w.far.Users, person(fmt.Sprintf("p%03d@lab.example", i), "P", fmt.Sprint(i), true))
	}
	w.far.misbehave("GET /Users?startIndex=101", 1, half)
	w.must(w.StartImport(w.ctx(), actor, w.app.ID))
	w.settled()
	w.later(time.Second)
	w.wantImport(idp.Import{State: idp.ImportDone, Scanned: 120, Total: 120, Added: 120})
}
