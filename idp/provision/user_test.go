package provision_test

import (
	"compress/gzip"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"understudy/idp"
	"understudy/idp/provision"
	"understudy/scim"
)

// The requests, bodies and events below are those that Okta sends for an app of its catalog. See idp/OKTA.md.

// lookup returns the request that searches for a user.
func lookup(userName string) string {
	return fmt.Sprintf(`GET /Users?filter=userName eq "%s"&startIndex=1&count=100`, userName)
}

// Bodies of the requests that activate and deactivate a user.
const (
	on = `{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
		"Operations": [{"op": "replace", "value": {"active": true}}]}`
	off = `{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
		"Operations": [{"op": "replace", "value": {"active": false}}]}`
)

// wantSync checks the state of a person's assignment and returns the assignment.
func (w *world) wantSync(login, state string) idp.AppUser {
	w.t.Helper()
	au := w.appUser(login)
	if au.SyncState != state || (state == idp.SyncSynchronized) != (au.ExternalID != "") {
		w.t.Fatalf("%s is %s with external id %q and error %q, want %s", login, au.SyncState, au.ExternalID, au.SyncError, state)
	}
	return au
}

func TestAssigningCreates(t *testing.T) {
	w := newWorld(t)
	w.service.wantRequests()
	w.assign(maya)
	seen := w.service.wantRequests(lookup(maya), "POST /Users")
	w.service.wantBody(seen[1], fmt.Sprintf(`{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
		"userName": "maya.rivers@lab.example", "externalId": "%s", "name": {"givenName": "Maya", "familyName": "Rivers"},
		"emails": [{"primary": true, "value": "maya.rivers@lab.example", "type": "work"}], "displayName": "Maya Rivers",
		"groups": [], "password": "*", "active": true}`, w.user(maya).ID))
	if password := seen[1].Body.Text("password"); len(password) != 8 {
		t.Errorf("the password %q is not 8 characters long", password)
	}
	au := w.wantSync(maya, idp.SyncSynchronized)
	if created := w.service.user(maya); au.ExternalID != created.ID() {
		t.Errorf("linked to %s, want %s", au.ExternalID, created.ID())
	}
	event := w.wantEvents("user.push", "push_new_user_success")
	if len(event.Targets) != 2 || event.Targets[0].AlternateID != maya || event.Targets[0].Type != "AppUser" ||
		event.Targets[1].Type != "AppInstance" {
		t.Errorf("targets %+v", event.Targets)
	}
}

func TestHeaders(t *testing.T) {
	w := newWorld(t)
	w.assign(maya)
	seen := w.service.takeRequests()
	get, post := seen[0], seen[1]
	if want := "filter=userName%20eq%20%22maya.rivers%40lab.example%22&startIndex=1&count=100"; get.Raw != want {
		t.Errorf("the filter is sent as %s, want %s", get.Raw, want)
	}
	for name, want := range map[string]string{
		"Accept": "application/scim+json", "Accept-Charset": "utf-8", "Authorization": "Bearer " + token,
		"User-Agent":      "Okta SCIM Client 1.0.0",
		"Accept-Encoding": "gzip,deflate",
	} {
		for _, r := range seen {
			if got := strings.Join(r.Header[name], ", "); got != want {
				t.Errorf("%s %s: %q, want %q", r.Method, name, got, want)
			}
		}
	}
	if got := get.Header.Get("Content-Type"); got != "" {
		t.Errorf("a GET has the Content-Type %q", got)
	}
	if got := post.Header.Get("Content-Type"); got != "application/scim+json; charset=utf-8" {
		t.Errorf("a POST has the Content-Type %q", got)
	}
}

func TestCompressedResponses(t *testing.T) {
	w := newWorld(t)
	w.service.injectFault("", -1, func(rw http.ResponseWriter, r *http.Request, serve http.Handler) {
		kept := httptest.NewRecorder()
		serve.ServeHTTP(kept, r)
		rw.Header().Set("Content-Encoding", "gzip")
		rw.WriteHeader(kept.Code)
		z := gzip.NewWriter(rw)
		_, _ = z.Write(kept.Body.Bytes())
		_ = z.Close()
	})
	w.assign(maya)
	w.wantSync(maya, idp.SyncSynchronized)
}

func TestAssigningLinksAnExistingUser(t *testing.T) {
	for _, c := range []struct {
		name   string
		active bool
		wanted []string
		events []string
	}{
		{"active", true, []string{lookup(maya), "GET /Users/u1", "PUT /Users/u1"}, []string{"user.verify_exists",
			"user.push_profile"}},
		{"inactive", false, []string{lookup(maya), "PATCH /Users/u1", "GET /Users/u1", "PUT /Users/u1"},
			[]string{"user.verify_exists", "user.reactivate", "user.push_profile"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			// The app has the user name in capitals, and an attribute that Okta does not know.
			id := w.service.create(w.service.Users, scim.NewObject("schemas", []string{scim.CoreUser}, "userName",
				strings.ToUpper(maya), "active", c.active, "nickName", "May"))
			w.assign(maya)
			seen := w.service.wantRequests(c.wanted...)
			if !c.active {
				w.service.wantBody(seen[1], on)
			}
			put := seen[len(seen)-1].Body
			if put.Text("nickName") != "May" || put.Text("userName") != maya || put.ID() != id || !put.Has("meta") {
				t.Errorf("the PUT lost values of the app: %v", put)
			}
			if au := w.wantSync(maya, idp.SyncSynchronized); au.ExternalID != id {
				t.Errorf("linked to %s, want %s", au.ExternalID, id)
			}
			if active, _ := w.service.user(maya).Bool("active"); !active {
				t.Error("maya is not active")
			}
			w.wantEvents(c.events...)
		})
	}
}

func TestProfileUpdates(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(w *world) error
		put    map[string]string
	}{
		{"profile", func(w *world) error {
			_, err := w.UpdateProfile(w.ctx(), actor, w.user(maya).ID, idp.Profile{"lastName": "Stone"})
			return err
		}, map[string]string{"name.familyName": "Stone", "displayName": "Maya Stone", "userName": maya}},
		{"user name", func(w *world) error {
			_, err := w.UpdateProfile(w.ctx(), actor, w.user(maya).ID, idp.Profile{"email": "maya@lab.example"})
			return err
		}, map[string]string{"userName": "maya@lab.example"}},
		{"user type", func(w *world) error {
			_, err := w.UpdateAppUser(w.ctx(), actor, w.app.ID, w.user(maya).ID,
				idp.Assignment{Profile: map[string]string{"userType": "author"}})
			return err
		}, map[string]string{"userType": "author", "userName": maya}},
		{"force sync", func(w *world) error {
			_, err := w.ForceSync(w.ctx(), actor, w.app.ID)
			return err
		}, map[string]string{"userName": maya}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.assign(maya)
			w.service.takeRequests()
			w.wantEvents("user.push", "push_new_user_success")
			w.must(c.change(w))
			w.settled()
			seen := w.service.wantRequests("GET /Users/u1", "PUT /Users/u1")
			for name, want := range c.put {
				if got := seen[1].Body.Text(name); got != want {
					t.Errorf("%s is sent as %q, want %q", name, got, want)
				}
			}
			if seen[1].Body.Has("password") {
				t.Error("a profile push carries a password")
			}
			w.wantSync(maya, idp.SyncSynchronized)
			events := []string{"user.push_profile"}
			if c.name == "force sync" {
				events = []string{"user.sync", "user.push_profile"}
			}
			w.wantEvents(events...)
		})
	}
}

func TestClearedAttributesAreSentEmpty(t *testing.T) {
	w := newWorld(t)
	id := w.user(maya).ID
	_, err := w.AssignUser(w.ctx(), actor, w.app.ID, id, idp.Assignment{Profile: map[string]string{"userType": "author"}})
	w.must(err)
	w.settled()
	w.service.takeRequests()
	_, err = w.UpdateAppUser(w.ctx(), actor, w.app.ID, id, idp.Assignment{Profile: map[string]string{"userType": ""}})
	w.must(err)
	w.settled()
	put := w.service.wantRequests("GET /Users/u1", "PUT /Users/u1")[1].Body
	if !put.Has("userType") || put.Text("userType") != "" {
		t.Errorf("userType is sent as %v", put.Get("userType"))
	}
}

// An attribute that never had a value in Okta keeps the value of the app.
func TestAttributesWithoutAValueKeepTheValueOfTheApp(t *testing.T) {
	w := newWorld(t)
	w.service.create(w.service.Users, scim.NewObject("schemas", []string{scim.CoreUser}, "userName", maya, "active", true,
		"userType", "author"))
	w.assign(maya)
	put := w.service.wantRequests(lookup(maya), "GET /Users/u1", "PUT /Users/u1")[2].Body
	if got := put.Text("userType"); got != "author" {
		t.Errorf("when linked, userType is sent as %q", got)
	}
	lastName := idp.Profile{"lastName": "Stone"}
	_, err := w.UpdateProfile(w.ctx(), actor, w.user(maya).ID, lastName)
	w.must(err)
	w.settled()
	put = w.service.wantRequests("GET /Users/u1", "PUT /Users/u1")[1].Body
	if got := put.Text("userType"); got != "author" {
		t.Errorf("in an update, userType is sent as %q", got)
	}
}

func TestUnassigningDeactivates(t *testing.T) {
	w := newWorld(t)
	w.assign(maya)
	w.service.takeRequests()
	w.wantEvents("user.push", "push_new_user_success")

	w.unassign(maya)
	w.service.wantBody(w.service.wantRequests("PATCH /Users/u1")[0], off)
	w.wantEvents("user.deactivate")

	w.assign(maya) // finds, reactivates and updates the user
	w.service.wantBody(w.service.wantRequests(lookup(maya), "PATCH /Users/u1", "GET /Users/u1", "PUT /Users/u1")[1], on)
	w.wantSync(maya, idp.SyncSynchronized)
	w.wantEvents("user.verify_exists", "user.reactivate", "user.push_profile")
}

func TestLifecycleOfAPerson(t *testing.T) {
	w := newWorld(t)
	_, err := w.AssignGroup(w.ctx(), actor, w.app.ID, w.group(group).ID, idp.Assignment{})
	w.must(err)
	w.settled()
	id := w.user(maya).ID
	patch := "PATCH /Users/" + w.appUser(maya).ExternalID
	w.service.takeRequests()

	w.must(w.SuspendUser(w.ctx(), actor, id))
	w.must(w.UnsuspendUser(w.ctx(), actor, id))
	w.settled()
	w.service.wantRequests() // suspending sends nothing

	w.must(w.DeactivateUser(w.ctx(), actor, id))
	w.settled()
	w.service.wantBody(w.service.wantRequests(patch)[0], off)

	_, err = w.ActivateUser(w.ctx(), actor, id, "") // still assigned through the group
	w.must(err)
	w.settled()
	external := w.wantSync(maya, idp.SyncSynchronized).ExternalID
	w.service.wantRequests(lookup(maya), patch, "GET /Users/"+external, "PUT /Users/"+external)

	w.must(w.DeactivateUser(w.ctx(), actor, id))
	w.settled()
	w.service.wantRequests(patch)
	w.must(w.DeleteUser(w.ctx(), actor, id))
	w.settled()
	w.service.wantRequests() // Okta never deletes users of an app
}

// Okta sends nothing to an inactive app. After its activation, Okta sends the changes in their order.
func TestInactiveAppsSendNothing(t *testing.T) {
	w := newWorld(t)
	w.assign(maya)
	w.service.takeRequests()
	w.must(w.DeactivateApp(w.ctx(), actor, w.app.ID))
	lastName := idp.Profile{"lastName": "Brooks"}
	_, err := w.UpdateProfile(w.ctx(), actor, w.user(maya).ID, lastName)
	w.must(err)
	w.settled()
	w.service.wantRequests()
	w.must(w.ActivateApp(w.ctx(), actor, w.app.ID))
	w.settled()
	w.service.wantRequests("GET /Users/u1", "PUT /Users/u1")
	if got := w.service.user(maya).Text("name.familyName"); got != "Brooks" {
		t.Errorf("the app has %s", got)
	}
}

func TestDisabledOptionsSendNothing(t *testing.T) {
	w := newWorld(t)
	w.assign(maya)
	_, err := w.SaveToApp(w.ctx(), actor, w.app.ID, idp.ToApp{})
	w.must(err)
	w.service.takeRequests()
	_, err = w.UpdateProfile(w.ctx(), actor, w.user(maya).ID, idp.Profile{"lastName": "Stone"})
	w.must(err)
	w.assign(lee)
	w.wantSync(lee, idp.SyncDisabled)
	w.unassign(maya)
	w.service.wantRequests()
}

func TestPeopleAssignedBeforeProvisioningWaitForProvisionUser(t *testing.T) {
	w := openWorld(t, freshFile(t), newSCIMService(t), newClock(), provision.Config{})
	w.assign(maya, lee)
	w.connect()
	_, err := w.ForceSync(w.ctx(), actor, w.app.ID)
	w.must(err)
	w.settled()
	w.service.wantRequests()
	if !w.appUser(maya).BeforeProv {
		t.Error("the assignment does not tell that maya was assigned before provisioning")
	}
	n, err := w.ProvisionUsers(w.ctx(), actor, w.app.ID)
	w.must(err)
	w.settled()
	if n != 2 || len(w.service.users()) != 2 || w.wantSync(maya, idp.SyncSynchronized).BeforeProv {
		t.Errorf("%d people provisioned; the app has %d users", n, len(w.service.users()))
	}
}
