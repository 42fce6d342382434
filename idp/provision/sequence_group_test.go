package provision_test

import (
	"fmt"
	"slices"
	"testing"

	"understudy/idp"
	"understudy/scim"
)

// The requests, bodies and events below are those of okta-wire section 1.7, for a catalogue app.

const lookupGroup = `GET /Groups?filter=displayName eq "OktaViewers"&startIndex=1&count=100`

// patched is the body of a PATCH with these operations.
func patched(operations string) string {
	return `{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [` + operations + `]}`
}

func (w *world) wantMapping(label string) idp.PushMapping {
	w.t.Helper()
	m := w.mapping()
	if m.Label() != label {
		w.t.Fatalf("the group is %s with error %q, not %s", m.Label(), m.Error, label)
	}
	return m
}

func (w *world) wantMembers(name string, logins ...string) {
	w.t.Helper()
	if got := w.far.members(name); !slices.Equal(got, logins) {
		w.t.Fatalf("the far side has %q in %s, not %q", got, name, logins)
	}
}

// pushedWorld has maya and lee assigned and their group pushed.
func pushedWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.assign(lee, maya)
	w.push(group)
	w.wantMapping("Active")
	w.far.take()
	w.wantEvents("user.push", "push_new_user_success", "user.push", "push_new_user_success",
		"group_push.mapping.created", "group.add", "group_push.pushed", "group_push.push_memberships")
	return w
}

func TestPushingAGroupCreates(t *testing.T) {
	w := newWorld(t)
	w.assign(lee)
	w.assign(noor) // assigned, and no member
	w.far.take()
	w.push(group) // maya is a member, and not assigned
	seen := w.far.want(lookupGroup, "POST /Groups")
	w.far.wantBody(seen[1], fmt.Sprintf(`{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "OktaViewers",
		"members": [{"value": "%s", "display": "%s"}]}`, w.appUser(lee).ExternalID, lee))
	if m := w.wantMapping("Active"); m.ExternalID != w.far.group(group).ID() {
		t.Errorf("linked to %s", m.ExternalID)
	}
}

func TestAnEmptyGroupIsPushedWithNoMembers(t *testing.T) {
	w := newWorld(t)
	w.push(group)
	w.far.wantBody(w.far.want(lookupGroup, "POST /Groups")[1],
		`{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "OktaViewers", "members": []}`)
}

func TestPushingAGroupOverwritesOneOfItsName(t *testing.T) {
	w := newWorld(t)
	w.assign(maya)
	stranger := w.far.has(w.far.Users, scim.NewObject("schemas", []string{scim.CoreUser}, "userName", "stranger@lab.example"))
	w.far.has(w.far.Groups, scim.NewObject("displayName", group, "members", []*scim.Object{scim.NewObject("value", stranger)}))
	w.far.take()
	w.push(group)
	seen := w.far.want(lookupGroup, "PATCH /Groups/g1", "PATCH /Groups/g1")
	w.far.wantBody(seen[1], patched(`{"op": "replace", "value": {"id": "g1", "displayName": "OktaViewers"}}`))
	w.far.wantBody(seen[2], patched(fmt.Sprintf(`{"op": "replace", "path": "members", "value": [{"value": "%s", "display": "%s"}]}`, w.appUser(maya).ExternalID, maya)))
	w.wantMembers(group, maya)
}

func TestLinkingAGroup(t *testing.T) {
	w := newWorld(t)
	w.assign(maya)
	id := w.far.has(w.far.Groups, scim.NewObject("displayName", "Viewers of old"))
	w.far.take()
	_, err := w.PushGroup(w.ctx(), actor, w.app.ID, idp.NewPush{GroupID: w.group(group).ID, LinkID: id, Memberships: true})
	w.must(err)
	w.settled()
	w.far.want("PATCH /Groups/"+id, "PATCH /Groups/"+id) // renamed and filled, not made
	w.wantMembers(group, maya)
	w.wantMapping("Active")
}

func TestMembersComeAndGo(t *testing.T) {
	w := pushedWorld(t)
	g := w.group(group).ID

	w.must(w.RemoveMember(w.ctx(), actor, g, w.user(maya).ID))
	w.settled()
	mayaID := w.appUser(maya).ExternalID
	w.far.wantBody(w.far.want("PATCH /Groups/g1")[0], patched(`{"op": "remove", "path": "members[value eq \"`+mayaID+`\"]"}`))
	w.wantMembers(group, lee)
	w.wantEvents("group_push.updated")

	w.must(w.AddMember(w.ctx(), actor, g, w.user(maya).ID))
	w.settled()
	w.far.wantBody(w.far.want("PATCH /Groups/g1")[0], patched(fmt.Sprintf(`{"op": "add", "path": "members", "value": [{"value": "%s", "display": "%s"}]}`, mayaID, maya)))
	w.wantMembers(group, lee, maya)
	w.wantEvents("group_push.updated")

	w.must(w.AddMember(w.ctx(), actor, g, w.user(noor).ID)) // not assigned: nothing to send yet
	w.settled()
	w.far.want()
	w.assign(noor)
	w.far.want(lookup(noor), "POST /Users", "PATCH /Groups/g1")
	w.wantMembers(group, lee, maya, noor)
	w.wantEvents("user.push", "push_new_user_success", "group_push.updated")
	w.wantMapping("Active")
}

func TestWhoLosesTheAppLeavesItsGroups(t *testing.T) {
	w := pushedWorld(t)
	w.unassign(maya)
	if seen := w.far.take(); len(seen) != 2 { // the two are in no order: they are of different lanes
		t.Errorf("the far side saw%s", lines(seen))
	}
	w.wantMembers(group, lee)
	if active, _ := w.far.person(maya).Bool("active"); active {
		t.Error("she is still active")
	}
}

func TestRenamingAPushedGroup(t *testing.T) {
	w := pushedWorld(t)
	_, err := w.UpdateGroup(w.ctx(), actor, w.group(group).ID, "Onlookers", "")
	w.must(err)
	w.settled()
	w.far.wantBody(w.far.want("PATCH /Groups/g1")[0], patched(`{"op": "replace", "value": {"id": "g1", "displayName": "Onlookers"}}`))
	w.wantMembers("Onlookers", lee, maya)
	w.wantEvents("group_push.updated")
	if m := w.wantMapping("Active"); m.TargetName != "Onlookers" {
		t.Errorf("the target is called %s", m.TargetName)
	}
}

func TestPushNowOverwrites(t *testing.T) {
	w := pushedWorld(t)
	m := w.mapping()
	w.must(w.DeactivatePush(w.ctx(), actor, m.ID))
	w.must(w.RemoveMember(w.ctx(), actor, m.GroupID, w.user(maya).ID)) // gathers
	w.settled()
	w.far.want()
	w.wantMapping("Inactive")

	w.must(w.PushNow(w.ctx(), actor, m.ID))
	w.settled()
	w.far.wantBody(w.far.want("PATCH /Groups/g1", "PATCH /Groups/g1")[1],
		patched(fmt.Sprintf(`{"op": "replace", "path": "members", "value": [{"value": "%s", "display": "%s"}]}`, w.appUser(lee).ExternalID, lee)))
	w.wantMembers(group, lee)
	w.wantMapping("Active")
	w.wantEvents("group_push.deactivate_mapping", "group_push.activate_mapping", "group_push.pushed", "group_push.push_memberships")
}

func TestUnlinkingAGroup(t *testing.T) {
	for _, c := range []struct {
		name    string
		remove  bool
		wanted  []string
		events  []string
		remains int
	}{
		{"leave", false, nil, []string{"group_push.removed"}, 1},
		{"delete", true, []string{"DELETE /Groups/g1"}, []string{"group_push.removed", "group_push.delete_appgroup"}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := pushedWorld(t)
			w.must(w.UnlinkPush(w.ctx(), actor, w.mapping().ID, c.remove))
			w.settled()
			w.far.want(c.wanted...)
			if got := len(w.far.groups()); got != c.remains || len(w.far.people()) != 2 {
				t.Errorf("%d groups and %d people are left", got, len(w.far.people()))
			}
			w.wantEvents(c.events...)
		})
	}
}

func TestPushingByRule(t *testing.T) {
	w := newWorld(t)
	rule, err := w.AddPushRule(w.ctx(), actor, idp.PushRule{AppID: w.app.ID, Name: "All of Okta", Match: "STARTS_WITH", Value: "okta", Memberships: true})
	w.must(err)
	w.settled()
	w.far.want(lookupGroup, "POST /Groups")
	_, err = w.CreateGroup(w.ctx(), actor, "OktaAdmins", "")
	w.must(err)
	w.settled()
	w.far.want(`GET /Groups?filter=displayName eq "OktaAdmins"&startIndex=1&count=100`, "POST /Groups")
	w.must(w.RemovePushRule(w.ctx(), actor, rule.ID, true))
	w.settled()
	if len(w.far.groups()) != 0 {
		t.Errorf("%d groups are left", len(w.far.groups()))
	}
}

func TestRulesRestWhileProvisioningIsOff(t *testing.T) {
	w := newWorld(t)
	_, err := w.AddPushRule(w.ctx(), actor, idp.PushRule{AppID: w.app.ID, Name: "Teams", Match: "ENDS_WITH", Value: "team", Memberships: true})
	w.must(err)
	_, err = w.SaveCredentials(w.ctx(), actor, w.app.ID, idp.Credentials{})
	w.must(err)
	if _, err := w.CreateGroup(w.ctx(), actor, "Red team", ""); err != nil {
		t.Errorf("a group cannot be made while provisioning is off: %v", err)
	}
	w.settled()
	w.far.want()
}
