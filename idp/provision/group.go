package provision

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"understudy/idp"
	"understudy/scim"
	"understudy/seed/base/store"
)

// groups is the SCIM endpoint of groups (RFC 7644, section 3.2).
const groups = "Groups"

// patchBatch is the maximum of members in one request, so that a large group stays below the limits of the app.
const patchBatch = 500

// pushGroup makes the app's group equal to the Okta group. It finds, links or creates the group, sets its name, and
// replaces its members.
func (t *task) pushGroup(ctx context.Context) error {
	m, err := t.org.PushMapping(ctx, t.job.MappingID)
	if err != nil {
		return err
	}
	t.job.Payload.Name = m.GroupName
	members, err := t.members(ctx, m)
	if err != nil {
		return err
	}
	id, created, err := t.targetGroup(ctx, m, members)
	if err != nil {
		return remoteFailure("Error while creating group "+m.GroupName, err)
	}
	if !created {
		if err := t.overwriteGroup(ctx, m, id, members); err != nil {
			return remoteFailure("Error while updating user group membership for group "+m.GroupName, err)
		}
	}
	return t.org.FinishJob(ctx, t.job, func(tx *store.Tx) error {
		if err := t.org.Pushed(tx, m.ID, id); err != nil {
			return err
		}
		var events []string
		if created {
			events = append(events, "application.provision.group.add")
		}
		events = append(events, "application.provision.group_push.pushed")
		if m.Memberships {
			events = append(events, "application.provision.group_push.push_memberships")
		}
		return t.recordSuccess(tx, []idp.LogTarget{t.groupTarget(m.GroupName)}, events...)
	})
}

// members returns the members to send: people in the group who have a user in the app.
func (t *task) members(ctx context.Context, m idp.PushMapping) ([]*scim.Object, error) {
	if !m.Memberships {
		return nil, nil
	}
	list, err := t.org.PushMembers(ctx, m)
	return memberObjects(list), err
}

// memberObjects converts members to values of the attribute members: value is the SCIM id, display the user name.
func memberObjects(list []idp.AppMember) []*scim.Object {
	objects := make([]*scim.Object, len(list))
	for i, member := range list {
		objects[i] = scim.NewObject("value", member.ExternalID, "display", member.UserName)
	}
	return objects
}

// targetGroup returns the id of the app's group: already known, selected to link, found by name, or just created.
func (t *task) targetGroup(
	ctx context.Context, m idp.PushMapping, members []*scim.Object,
) (id string, created bool, err error) {
	if id = orElse(m.ExternalID, m.LinkID); id != "" {
		t.linked = true
		return id, false, nil
	}
	if id, err = t.findGroup(ctx, m.GroupName); id != "" || err != nil {
		return id, false, err
	}
	first := members[:min(len(members), patchBatch)]
	group, err := t.client.Create(ctx, groups, scim.NewObject(
		"schemas", []string{scim.CoreGroup}, "displayName", m.GroupName, "members", nonNil(first)))
	if err != nil {
		return "", false, err
	}
	if group.ID() == "" {
		return "", false, errNoGroup
	}
	return group.ID(), true, t.addInBatches(ctx, group.ID(), members[len(first):])
}

// nonNil replaces nil by an empty list, because Okta sends "members":[] for an empty group.
func nonNil(members []*scim.Object) []*scim.Object {
	if members == nil {
		return []*scim.Object{}
	}
	return members
}

// findGroup returns the id of the app's group with this name; "" when there is none.
func (t *task) findGroup(ctx context.Context, name string) (string, error) {
	request := scim.ListRequest{Filter: scim.Equality("displayName", name), StartIndex: 1, Count: pageSize}
	page, err := list(ctx, t.client, groups, request)
	if status(err) == http.StatusNotFound {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	for _, o := range page.Resources {
		if o.Text("displayName") == name {
			return o.ID(), nil
		}
	}
	return "", nil
}

// overwriteGroup sets the name of an existing group and replaces its members.
func (t *task) overwriteGroup(ctx context.Context, m idp.PushMapping, id string, members []*scim.Object) error {
	if _, err := t.client.Patch(ctx, groups, id, rename(id, m.GroupName)); err != nil {
		return err
	}
	if !m.Memberships {
		return nil
	}
	first := members[:min(len(members), patchBatch)]
	if _, err := t.client.Patch(ctx, groups, id, scim.Operation{Op: "replace", Path: "members", Value: nonNil(first)}); err != nil {
		return err
	}
	return t.addInBatches(ctx, id, members[len(first):])
}

// addInBatches adds members to a group, at most patchBatch with each request.
func (t *task) addInBatches(ctx context.Context, id string, members []*scim.Object) error {
	for batch := range slices.Chunk(members, patchBatch) {
		if _, err := t.client.Patch(ctx, groups, id, addMembers(batch)); err != nil {
			return err
		}
	}
	return nil
}

// rename returns the operation that sets the name of a group. Okta repeats the id in the value.
func rename(id, name string) scim.Operation {
	return scim.Operation{Op: "replace", Value: scim.NewObject("id", id, "displayName", name)}
}

func addMembers(members []*scim.Object) scim.Operation {
	return scim.Operation{Op: "add", Path: "members", Value: members}
}

// pushMembers sends members that were added or removed.
func (t *task) pushMembers(ctx context.Context) error {
	m, err := t.org.PushMapping(ctx, t.job.MappingID)
	if err != nil {
		return err
	}
	if m.ExternalID == "" {
		return t.pushGroup(ctx)
	}
	t.job.Payload.Name, t.linked = m.GroupName, true
	requests, err := t.memberPatches(ctx, m)
	if err != nil {
		return err
	}
	for _, operations := range requests {
		if _, err := t.client.Patch(ctx, groups, m.ExternalID, operations...); err != nil {
			return remoteFailure("Error while updating user group membership for group "+m.GroupName, err)
		}
	}
	return t.finishUpdate(ctx, m)
}

// memberPatches returns the operations of each request: usually one request, which first removes and then adds members.
func (t *task) memberPatches(ctx context.Context, m idp.PushMapping) (requests [][]scim.Operation, err error) {
	var operations []scim.Operation
	for _, id := range t.job.Payload.Remove {
		operations = append(operations, scim.Operation{Op: "remove", Path: "members[value eq " + strconv.Quote(id) + "]"})
	}
	for len(operations) > patchBatch {
		requests, operations = append(requests, operations[:patchBatch]), operations[patchBatch:]
	}
	var added []idp.AppMember
	if len(t.job.Payload.Add) > 0 {
		if added, err = t.org.PushMembers(ctx, m, t.job.Payload.Add...); err != nil {
			return nil, err
		}
	}
	for batch := range slices.Chunk(memberObjects(added), patchBatch) {
		requests, operations = append(requests, append(operations, addMembers(batch))), nil
	}
	if len(operations) > 0 {
		requests = append(requests, operations)
	}
	return requests, nil
}

// renameGroup sends the new name of a group.
func (t *task) renameGroup(ctx context.Context) error {
	m, err := t.org.PushMapping(ctx, t.job.MappingID)
	if err != nil {
		return err
	}
	if m.ExternalID == "" {
		return t.pushGroup(ctx)
	}
	t.job.Payload.Name, t.linked = m.GroupName, true
	if _, err := t.client.Patch(ctx, groups, m.ExternalID, rename(m.ExternalID, m.GroupName)); err != nil {
		return remoteFailure("Error while renaming group "+m.GroupName, err)
	}
	return t.finishUpdate(ctx, m)
}

// finishUpdate finishes a job that changed an existing group.
func (t *task) finishUpdate(ctx context.Context, m idp.PushMapping) error {
	return t.org.FinishJob(ctx, t.job, func(tx *store.Tx) error {
		if err := t.org.Pushed(tx, m.ID, m.ExternalID); err != nil {
			return err
		}
		targets := []idp.LogTarget{t.groupTarget(m.GroupName)}
		return t.recordSuccess(tx, targets, "application.provision.group_push.updated")
	})
}

// deleteGroup deletes the app's group after "Delete the group in the target app".
func (t *task) deleteGroup(ctx context.Context) error {
	id := t.job.Payload.ExternalID
	prefix := "Error while deleting group " + t.job.Payload.Name
	var err error
	if id == "" { // an interrupted push may have created the group
		if id, err = t.findGroup(ctx, t.job.Payload.Name); err != nil {
			return remoteFailure(prefix, err)
		}
	}
	if id != "" {
		if err := t.client.Delete(ctx, groups, id); err != nil && status(err) != http.StatusNotFound {
			return remoteFailure(prefix, err)
		}
	}
	return t.org.FinishJob(ctx, t.job, func(tx *store.Tx) error {
		targets := []idp.LogTarget{t.groupTarget(t.job.Payload.Name)}
		return t.recordSuccess(tx, targets, "application.provision.group_push.delete_appgroup")
	})
}
