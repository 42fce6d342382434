package provision_test

import (
	"fmt"
	"slices"
	"testing"

	"understudy/idp"
	"understudy/scim"
)

// The requests, bodies and events below are those that Okta sends for an app of its catalog. See idp/OKTA.md.

// lookupGroup is the request that searches for the group.
const lookupGroup = `GET /Groups?filter=displayName eq "OktaViewers"&startIndex=1&count=100`

// patched returns the body of a PATCH request with these operations (RFC 7644, section 3.5.2).
func patched(operations string) string {
	return `{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [` + operations + `]}`
}

// wantMapping checks the status of the only pushed group.
func (w *world) wantMapping(label string) idp.PushMapping {
	w.t.Helper()
	m := w.mapping()
	if m.Label() != label {
		w.t.Fatalf("the group is %s with error %q, want %s", m.Label(), m.Error, label)
	}
	return m
}

// wantMembers checks the members of the app's group.
func (w *world) wantMembers(name string, logins ...string) {
	w.t.Helper()
	if got := w.service.members(name); !slices.Equal(got, logins) {
		w.t.Fatalf("the app has %q in %s, want %q", got, name, logins)
	}
}

// pushedWorld opens a world in which maya and lee are assigned and their group is pushed.
func pushedWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.assign(lee, maya)
	w.push(group)
	w.wantMapping("Active")
	w.service.takeRequests()
	w.wantEvents("user.push", "push_new_user_success", "user.push", "push_new_user_success",
		"group_push.mapping.created", "group.add", "group_push.pushed", "group_push.push_memberships")
	return w
}

func TestPushingAGroupCreates(t *testing.T) {
	w := newWorld(t)
	w.assign(lee)
	w.assign(noor) // assigned, but no member of the group
	w.service.takeRequests()
	w.push(group) // maya is a member, but not assigned
	seen := w.service.wantRequests(lookupGroup, "POST /Groups")
	w.service.wantBody(seen[1], fmt.Sprintf(`{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "OktaViewers",
		"members": [{"value": "%s", "display": "%s"}]}`, w.appUser(lee).ExternalID, lee))
	if m := w.wantMapping("Active"); m.ExternalID != w.service.group(group).ID() {
		t.Errorf("linked to %s", m.ExternalID)
	}
}

func TestEmptyGroupIsPushedWithoutMembers(t *testing.T) {
	w := newWorld(t)
	w.push(group)
	w.service.wantBody(w.service.wantRequests(lookupGroup, "POST /Groups")[1],
		`{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "OktaViewers", "members": []}`)
}

func TestPushingAGroupOverwritesAGroupOfTheSameName(t *testing.T) {
	w := newWorld(t)
	w.assign(maya)
	other := w.service.create(w.service.Users, scim.NewObject("schemas", []string{scim.CoreUser}, "userName", "other@lab.example"))
	w.service.create(w.service.Groups, scim.NewObject("displayName", group, "members",
		[]*scim.Object{scim.NewObject("value", other)}))
	w.service.takeRequests()
	w.push(group)
	seen := w.service.wantRequests(lookupGroup, "PATCH /Groups/g1", "PATCH /Groups/g1")
	w.service.wantBody(seen[1], patched(`{"op": "replace", "value": {"id": "g1", "displayName": "OktaViewers"}}`))
	w.service.wantBody(seen[2], patched(fmt.Sprintf(
		`{"op": "replace", "path": "members", "value": [{"value": "%s", "display": "%s"}]}`, w.appUser(maya).ExternalID, maya)))
	w.wantMembers(group, maya)
}

func TestLinkingAGroup(t *testing.T) {
	w := newWorld(t)
	w.assign(maya)
	id := w.service.create(w.service.Groups, scim.NewObject("displayName", "Viewers of old"))
	w.service.takeRequests()
	_, err := w.PushGroup(w.ctx(), actor, w.app.ID, idp.NewPush{GroupID: w.group(group).ID, LinkID: id, Memberships: true})
	w.must(err)
	w.settled()
	w.service.wantRequests("PATCH /Groups/"+id, "PATCH /Groups/"+id) // renames the group and sets its members
	w.wantMembers(group, maya)
	w.wantMapping("Active")
}

func TestMembersAreAddedAndRemoved(t *testing.T) {
	w := pushedWorld(t)
	g := w.group(group).ID

	w.must(w.RemoveMember(w.ctx(), actor, g, w.user(maya).ID))
	w.settled()
	mayaID := w.appUser(maya).ExternalID
	w.service.wantBody(w.service.wantRequests("PATCH /Groups/g1")[0],
		patched(`{"op": "remove", "path": "members[value eq \"`+mayaID+`\"]"}`))
	w.wantMembers(group, lee)
	w.wantEvents("group_push.updated")

	w.must(w.AddMember(w.ctx(), actor, g, w.user(maya).ID))
	w.settled()
	w.service.wantBody(w.service.wantRequests("PATCH /Groups/g1")[0],
		patched(fmt.Sprintf(`{"op": "add", "path": "members", "value": [{"value": "%s", "display": "%s"}]}`, mayaID, maya)))
	w.wantMembers(group, lee, maya)
	w.wantEvents("group_push.updated")

	w.must(w.AddMember(w.ctx(), actor, g, w.user(noor).ID)) // noor is not assigned, so nothing is sent
	w.settled()
	w.service.wantRequests()
	w.assign(noor)
	w.service.wantRequests(lookup(noor), "POST /Users", "PATCH /Groups/g1")
	w.wantMembers(group, lee, maya, noor)
	w.wantEvents("user.push", "push_new_user_success", "group_push.updated")
	w.wantMapping("Active")
}

func TestUnassigningRemovesFromPushedGroups(t *testing.T) {
	w := pushedWorld(t)
	w.unassign(maya)
	// The two requests have no order, because their jobs are in different lanes.
	if seen := w.service.takeRequests(); len(seen) != 2 {
		t.Errorf("the app received%s", lines(seen))
	}
	w.wantMembers(group, lee)
	if active, _ := w.service.user(maya).Bool("active"); active {
		t.Error("maya is still active")
	}
}

func TestRenamingAPushedGroup(t *testing.T) {
	w := pushedWorld(t)
	_, err := w.UpdateGroup(w.ctx(), actor, w.group(group).ID, "Onlookers", "")
	w.must(err)
	w.settled()
	w.service.wantBody(w.service.wantRequests("PATCH /Groups/g1")[0],
		patched(`{"op": "replace", "value": {"id": "g1", "displayName": "Onlookers"}}`))
	w.wantMembers("Onlookers", lee, maya)
	w.wantEvents("group_push.updated")
	if m := w.wantMapping("Active"); m.TargetName != "Onlookers" {
		t.Errorf("the name of the target group is %s", m.TargetName)
	}
}

func TestPushNowOverwrites(t *testing.T) {
	w := pushedWorld(t)
	m := w.mapping()
	w.must(w.DeactivatePush(w.ctx(), actor, m.ID))
	w.must(w.RemoveMember(w.ctx(), actor, m.GroupID, w.user(maya).ID)) // sent later, by PushNow
	w.settled()
	w.service.wantRequests()
	w.wantMapping("Inactive")

	w.must(w.PushNow(w.ctx(), actor, m.ID))
	w.settled()
	w.service.wantBody(w.service.wantRequests("PATCH /Groups/g1", "PATCH /Groups/g1")[1],
		patched(fmt.Sprintf(`{"op": "replace", "path": "members", "value": [{"value": "%s", "display": "%s"}]}`,
			w.appUser(lee).ExternalID, lee)))
	w.wantMembers(group, lee)
	w.wantMapping("Active")
	w.wantEvents("group_push.deactivate_mapping", "group_push.activate_mapping",
		"group_push.pushed", "group_push.push_memberships")
}

func TestUnlinkingAGroup(t *testing.T) {
	for _, c := range []struct {
		name    string
		remove  bool
		wanted  []string
		events  []string
		remains int // groups in the app afterwards
	}{
		{"leave", false, nil, []string{"group_push.removed"}, 1},
		{"delete", true, []string{"DELETE /Groups/g1"}, []string{"group_push.removed", "group_push.delete_appgroup"}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := pushedWorld(t)
			w.must(w.UnlinkPush(w.ctx(), actor, w.mapping().ID, c.remove))
			w.settled()
			w.service.wantRequests(c.wanted...)
			if got := len(w.service.groups()); got != c.remains || len(w.service.users()) != 2 {
				t.Errorf("%d groups and %d users are left", got, len(w.service.users()))
			}
			w.wantEvents(c.events...)
		})
	}
}

func TestPushingByRule(t *testing.T) {
	w := newWorld(t)
	rule, err := w.AddPushRule(w.ctx(), actor, idp.PushRule{AppID: w.app.ID, Name: "All of Okta", Match: "STARTS_WITH",
		Value: "okta", Memberships: true})
	w.must(err)
	w.settled()
	w.service.wantRequests(lookupGroup, "POST /Groups")
	_, err = w.CreateGroup(w.ctx(), actor, "OktaAdmins", "")
	w.must(err)
	w.settled()
	w.service.wantRequests(`GET /Groups?filter=displayName eq "OktaAdmins"&startIndex=1&count=100`, "POST /Groups")
	w.must(w.RemovePushRule(w.ctx(), actor, rule.ID, true))
	w.settled()
	if len(w.service.groups()) != 0 {
		t.Errorf("%d groups are left", len(w.service.groups()))
	}
}

func TestPushRulesAreIgnoredWhileProvisioningIsDisabled(t *testing.T) {
	w := newWorld(t)
	_, err := w.AddPushRule(w.ctx(), actor, idp.PushRule{AppID: w.app.ID, Name: "Teams", Match: "ENDS_WITH", Value: "team",
		Memberships: true})
	w.must(err)
	_, err = w.SaveCredentials(w.ctx(), actor, w.app.ID, idp.Credentials{})
	w.must(err)
	if _, err := w.CreateGroup(w.ctx(), actor, "Red team", ""); err != nil {
		t.Errorf("a group cannot be created while provisioning is disabled: %v", err)
	}
	w.settled()
	w.service.wantRequests()
}
