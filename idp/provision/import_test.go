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

// enableGroupImport enables the import of groups.
func (w *world) enableGroupImport() {
	w.t.Helper()
	_, err := w.SaveCredentials(w.ctx(), actor, w.app.ID, idp.Credentials{Enabled: true, BaseURL: w.service.baseURL,
		ImportGroups: true})
	w.must(err)
	w.settled()
}

// wantImport checks the state of the latest import, without its times.
func (w *world) wantImport(wanted idp.Import) {
	w.t.Helper()
	got, err := w.Import(w.ctx(), w.app.ID)
	w.must(err)
	if got.Started.IsZero() || got.Finished.IsZero() {
		w.t.Error("the import has no times")
	}
	got.AppID, got.Started, got.Finished = "", time.Time{}, time.Time{}
	if got != wanted {
		w.t.Fatalf("the import is %+v, want %+v", got, wanted)
	}
}

// importUsers returns the people who wait for a confirmation.
func (w *world) importUsers() []idp.ImportUser {
	w.t.Helper()
	page, err := w.ImportUsers(w.ctx(), w.app.ID, 1, 500)
	w.must(err)
	return page.Items
}

// scimUser returns a user as the app stores it.
func scimUser(userName, first, last string, active bool) *scim.Object {
	return scim.NewObject("schemas", []string{scim.CoreUser}, "userName", userName, "active", active,
		"name", scim.NewObject("givenName", first, "familyName", last), "emails", []*scim.Object{scim.NewObject("value",
			userName, "primary", true)})
}

// Okta imports pages of 100, users before groups. Inactive users are neither counted nor imported.
func TestImport(t *testing.T) {
	w := newWorld(t)
	w.assign(lee)
	w.service.create(w.service.Users, scimUser(maya, "Maya", "Rivers", true)) // exact match by user name
	w.service.create(w.service.Users, scimUser("nh@lab.example", "Noor", "Haddad",
		true)) // partial match by first and last name
	w.service.create(w.service.Users, scimUser("gone@lab.example", "Gone", "Away", false))
	for i := range 120 {
		w.service.create(w.service.Users, scimUser(fmt.Sprintf("p%03d@lab.example", i), "P", fmt.Sprint("Number ", i), true))
	}
	for i := range 101 {
		w.service.create(w.service.Groups, scim.NewObject("displayName", fmt.Sprintf("Team %03d", i)))
	}
	w.service.takeRequests()
	w.enableGroupImport()
	w.service.wantRequests("GET /Groups?startIndex=1&count=100", "GET /Groups?startIndex=101&count=100")
	w.must(w.StartImport(w.ctx(), actor, w.app.ID))
	w.settled()
	w.service.wantRequests("GET /Users?startIndex=1&count=100", "GET /Users?startIndex=101&count=100",
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
	if len(groups) != 101 || groups[0].Name != "Team 000" || groups[0].Type != idp.AppSourcedGroup {
		t.Errorf("%d groups, the first %+v", len(groups), groups[0])
	}
}

func TestSecondImportFindsChanges(t *testing.T) {
	w := newWorld(t)
	w.service.create(w.service.Users, scimUser(maya, "Maya", "Rivers", true))
	leaver := w.service.create(w.service.Users, scimUser("leaver@lab.example", "Lea", "Ver", true))
	team := w.service.create(w.service.Groups, scim.NewObject("displayName", "Old team"))
	w.enableGroupImport()
	w.must(w.StartImport(w.ctx(), actor, w.app.ID))
	w.settled()
	w.wantImport(idp.Import{State: idp.ImportDone, Scanned: 2, Total: 2, Added: 2, Groups: 1})

	w.must(w.service.Users.Delete(w.ctx(), leaver, allowDelete))
	w.must(w.service.Groups.Delete(w.ctx(), team, allowDelete))
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

func TestRefreshingGroupsDoesNotImportPeople(t *testing.T) {
	w := newWorld(t)
	w.service.create(w.service.Users, scimUser(maya, "Maya", "Rivers", true))
	w.enableGroupImport()
	w.must(w.StartImport(w.ctx(), actor, w.app.ID))
	w.settled()
	w.service.takeRequests()
	w.clock.advance(time.Minute)
	w.must(w.RefreshAppGroups(w.ctx(), actor, w.app.ID))
	w.settled()
	w.service.wantRequests("GET /Groups?startIndex=1&count=100")
	if left := w.importUsers(); len(left) != 1 {
		t.Errorf("%d people wait for a confirmation, want 1", len(left))
	}
}

func TestConfirmedPeopleAreLinked(t *testing.T) {
	w := newWorld(t)
	id := w.service.create(w.service.Users, scimUser(maya, "Maya", "Rivers", true))
	w.must(w.StartImport(w.ctx(), actor, w.app.ID))
	w.settled()
	found := w.importUsers()
	n, err := w.ConfirmImport(w.ctx(), actor, w.app.ID, []idp.ImportChoice{{ExternalID: id, UserID: found[0].MatchUser}})
	w.must(err)
	w.settled()
	if au := w.wantSync(maya, idp.SyncSynchronized); n != 1 || au.ExternalID != id || len(w.service.users()) != 1 {
		t.Errorf("linked %d, as %s; the app has %d users", n, au.ExternalID, len(w.service.users()))
	}
}

// An app that ignores startIndex must not cause an endless import.
func TestImportEndsAtAPageWithoutNewRecords(t *testing.T) {
	w := newWorld(t)
	for i := range 3 {
		w.service.create(w.service.Users, scimUser(fmt.Sprintf("p%d@lab.example", i), "P", fmt.Sprint(i), true))
	}
	w.service.injectFault("GET /Users", -1, func(rw http.ResponseWriter, r *http.Request, serve http.Handler) {
		r.URL.RawQuery = "startIndex=1&count=2"
		serve.ServeHTTP(rw, r)
	})
	w.must(w.StartImport(w.ctx(), actor, w.app.ID))
	w.settled()
	w.service.wantRequests("GET /Users?startIndex=1&count=100", "GET /Users?startIndex=3&count=100")
	w.wantImport(idp.Import{State: idp.ImportDone, Scanned: 2, Total: 3, Added: 2})
}

// A response that is not a list does not tell which users exist. So no user is removed, and none is created twice.
func TestResponseThatIsNotAListIsAFailure(t *testing.T) {
	w := newWorld(t)
	w.service.create(w.service.Users, scimUser(maya, "Maya", "Rivers", true))
	w.must(w.StartImport(w.ctx(), actor, w.app.ID))
	w.settled()
	w.service.injectFault("GET /", -1, otherJSON)
	w.clock.advance(time.Minute)
	w.must(w.StartImport(w.ctx(), actor, w.app.ID))
	w.assign(lee)
	w.push(group)
	for _, text := range []string{w.importError(), w.appUser(lee).SyncError, w.mapping().Error} {
		if !strings.Contains(text, "The server did not answer with a SCIM list. Check that the Base URL is the "+
			"application's SCIM address. Then retry the task.") {
			t.Errorf("the page shows %q", text)
		}
	}
	if left := w.importUsers(); len(left) != 1 {
		t.Errorf("%d people wait for a confirmation", len(left))
	}
	w.service.clearFaults()
	w.connect()
	w.settled()
	w.wantNoJobs()
	w.wantMembers(group, lee)
}

// People whom an interrupted import found still count as new.
func TestRetriedImportCountsPeopleOnce(t *testing.T) {
	w := newWorld(t)
	for i := range 120 {
		w.service.create(w.service.Users, scimUser(fmt.Sprintf("p%03d@lab.example", i), "P", fmt.Sprint(i), true))
	}
	w.service.injectFault("GET /Users?startIndex=101", 1, truncated)
	w.must(w.StartImport(w.ctx(), actor, w.app.ID))
	w.settled()
	w.later(time.Second)
	w.wantImport(idp.Import{State: idp.ImportDone, Scanned: 120, Total: 120, Added: 120})
}
