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

const groups = "Groups"

// patchBatch is how many members one PATCH or POST carries, so that a large group does not meet the far side's limit.
const patchBatch = 500

// pushGroup makes the far side's group be as ours: finds, links or creates it, names it, and writes all members over
// what it has (okta-wire 1.7).
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
		return remote("Error while creating group "+m.GroupName, err)
	}
	if !created {
		if err := t.overwrite(ctx, m, id, members); err != nil {
			return remote("Error while updating user group membership for group "+m.GroupName, err)
		}
	}
	return t.org.FinishJob(ctx, t.job, func(tx *store.Tx) error {
		if err := t.org.Pushed(tx, m.ID, id); err != nil {
			return err
		}
		if created {
			if err := t.record(tx, "application.provision.group.add", "SUCCESS", "", t.groupTarget(m.GroupName)); err != nil {
				return err
			}
		}
		if err := t.record(tx, "application.provision.group_push.pushed", "SUCCESS", "", t.groupTarget(m.GroupName)); err != nil {
			return err
		}
		if !m.Memberships {
			return nil
		}
		return t.record(tx, "application.provision.group_push.push_memberships", "SUCCESS", "", t.groupTarget(m.GroupName))
	})
}

func (t *task) members(ctx context.Context, m idp.PushMapping) ([]*scim.Object, error) {
	if !m.Memberships {
		return nil, nil
	}
	list, err := t.org.PushMembers(ctx, m)
	return memberObjects(list), err
}

func memberObjects(list []idp.AppMember) []*scim.Object {
	objects := make([]*scim.Object, len(list))
	for i, member := range list {
		objects[i] = scim.NewObject("value", member.ExternalID, "display", member.UserName)
	}
	return objects
}

// targetGroup gives the id of the group at the far side: known, chosen to link, found by its name, or created.
func (t *task) targetGroup(ctx context.Context, m idp.PushMapping, members []*scim.Object) (id string, created bool, err error) {
	if id = orElse(m.ExternalID, m.LinkID); id != "" {
		t.linked = true
		return id, false, nil
	}
	if id, err = t.findGroup(ctx, m.GroupName); id != "" || err != nil {
		return id, false, err
	}
	first := members[:min(len(members), patchBatch)]
	made, err := t.client.Create(ctx, groups, scim.NewObject("schemas", []string{scim.CoreGroup}, "displayName", m.GroupName, "members", orEmpty(first)))
	if err != nil {
		return "", false, err
	}
	if made.ID() == "" {
		return "", false, errNoGroup
	}
	for rest := members[len(first):]; len(rest) > 0; rest = rest[min(len(rest), patchBatch):] {
		if _, err := t.client.Patch(ctx, groups, made.ID(), addMembers(rest[:min(len(rest), patchBatch)])); err != nil {
			return "", false, err
		}
	}
	return made.ID(), true, nil
}

// orEmpty makes an empty list be sent as [] and not left out: Okta sends "members":[] for an empty group.
func orEmpty(members []*scim.Object) []*scim.Object {
	if members == nil {
		return []*scim.Object{}
	}
	return members
}

func (t *task) findGroup(ctx context.Context, name string) (string, error) {
	page, err := list(ctx, t.client, groups, scim.ListRequest{Filter: scim.Equality("displayName", name), StartIndex: 1, Count: pageSize})
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

// overwrite writes name and members over an existing group.
func (t *task) overwrite(ctx context.Context, m idp.PushMapping, id string, members []*scim.Object) error {
	if _, err := t.client.Patch(ctx, groups, id, rename(id, m.GroupName)); err != nil {
		return err
	}
	if !m.Memberships {
		return nil
	}
	first := members[:min(len(members), patchBatch)]
	if _, err := t.client.Patch(ctx, groups, id, scim.Operation{Op: "replace", Path: "members", Value: orEmpty(first)}); err != nil {
		return err
	}
	for rest := members[len(first):]; len(rest) > 0; rest = rest[min(len(rest), patchBatch):] {
		if _, err := t.client.Patch(ctx, groups, id, addMembers(rest[:min(len(rest), patchBatch)])); err != nil {
			return err
		}
	}
	return nil
}

func rename(id, name string) scim.Operation {
	return scim.Operation{Op: "replace", Value: scim.NewObject("id", id, "displayName", name)}
}

func addMembers(members []*scim.Object) scim.Operation {
	return scim.Operation{Op: "add", Path: "members", Value: members}
}

// pushMembers sends members that came and went.
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
			return remote("Error while updating user group membership for group "+m.GroupName, err)
		}
	}
	return t.finishUpdate(ctx, m)
}

// memberPatches gives the operations of each request: as a rule one, with those who left and those who came.
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
		return remote("Error while renaming group "+m.GroupName, err)
	}
	return t.finishUpdate(ctx, m)
}

func (t *task) finishUpdate(ctx context.Context, m idp.PushMapping) error {
	return t.org.FinishJob(ctx, t.job, func(tx *store.Tx) error {
		if err := t.org.Pushed(tx, m.ID, m.ExternalID); err != nil {
			return err
		}
		return t.record(tx, "application.provision.group_push.updated", "SUCCESS", "", t.groupTarget(m.GroupName))
	})
}

// deleteGroup removes the far side's group after "Delete the group in the target app".
func (t *task) deleteGroup(ctx context.Context) error {
	id := t.job.Payload.ExternalID
	doing := "Error while deleting group " + t.job.Payload.Name
	var err error
	if id == "" { // the push may have been cut short after it created the group
		if id, err = t.findGroup(ctx, t.job.Payload.Name); err != nil {
			return remote(doing, err)
		}
	}
	if id != "" {
		if err := t.client.Delete(ctx, groups, id); err != nil && status(err) != http.StatusNotFound {
			return remote(doing, err)
		}
	}
	return t.org.FinishJob(ctx, t.job, func(tx *store.Tx) error {
		return t.record(tx, "application.provision.group_push.delete_appgroup", "SUCCESS", "", t.groupTarget(t.job.Payload.Name))
	})
}
