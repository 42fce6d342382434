package directory

import (
	"context"
	"iter"
	"strconv"

	"understudy/scim"
	"understudy/sp"
)

// teams implements scim.Backend for Groups.
type teams struct{}

// Get implements scim.Backend.
func (teams) Get(ctx context.Context, id string, want scim.Projection) (*scim.Object, error) {
	o := sp.From(ctx)
	t, err := o.DirectoryTeam(ctx, actor(ctx), id)
	if err != nil {
		return nil, err
	}
	if !want.Wants("members") {
		return groupObject(t), nil
	}
	return withMembers(ctx, o, t)
}

// Query implements scim.Backend. A list without a filter, which an import reads, has no members: Sigma does not support the
// import of group members (sp/SIGMA.md, SCIM server). The result of a filter has members.
func (b teams) Query(ctx context.Context, q scim.Query) (scim.Page, error) {
	o, by := sp.From(ctx), actor(ctx)
	if q.Unordered() {
		list, total, err := o.DirectoryTeams(ctx, by, sp.DirectoryQuery{Start: q.StartIndex, Count: q.Count})
		return scim.Page{Total: total, Resources: mapped(list, groupObject)}, err
	}
	// A filter on an indexed attribute reads only the teams that can match; Page then applies the whole filter to them.
	narrow := sp.DirectoryQuery{Start: 1, Count: -1}
	indexed := true
	if name, ok := q.Equals("displayName"); ok {
		narrow.DisplayName = name
	} else if id, ok := q.Equals("id"); ok {
		narrow.ID = id
	} else if external, ok := q.Equals("externalId"); ok {
		narrow.ExternalID = external
	} else if member, ok := q.Equals("members.value"); ok {
		narrow.MemberID = member
	} else {
		indexed = false
	}
	if indexed {
		list, total, err := o.DirectoryTeams(ctx, by, narrow)
		if err == nil && total <= len(list) {
			return q.Page(b.eachWithMembers(ctx, o, func(yield func(sp.Team, error) bool) {
				for _, t := range list {
					if !yield(t, nil) {
						return
					}
				}
			}))
		}
	}
	return q.Page(b.eachWithMembers(ctx, o, o.EachDirectoryTeam(ctx, by)))
}

// eachWithMembers converts teams to SCIM Groups with members.
func (teams) eachWithMembers(ctx context.Context, o *sp.Organization, all iter.Seq2[sp.Team, error]) iter.Seq2[*scim.Object, error] {
	return func(yield func(*scim.Object, error) bool) {
		for t, err := range all {
			var g *scim.Object
			if err == nil {
				g, err = withMembers(ctx, o, t)
			}
			if !yield(g, err) || err != nil {
				return
			}
		}
	}
}

// Create implements scim.Backend.
func (teams) Create(ctx context.Context, g *scim.Object) (*scim.Object, error) {
	o := sp.From(ctx)
	t, err := o.PushTeam(ctx, actor(ctx), sp.PushedTeam{
		DisplayName: g.Text("displayName"), ExternalID: g.Text("externalId"), MemberIDs: memberIDs(g),
	})
	if err != nil {
		return nil, err
	}
	created, err := withMembers(ctx, o, t)
	noteChange(ctx, "team", t.ID, t.Name, nil, created)
	return created, err
}

// Modify implements scim.Backend. It writes only added and removed members, so that a change of one member of a large team is
// fast.
func (teams) Modify(ctx context.Context, id string, change func(*scim.Object) (*scim.Object, error)) (*scim.Object, error) {
	o, by := sp.From(ctx), actor(ctx)
	return retry(func() (*scim.Object, error) {
		t, err := o.DirectoryTeam(ctx, by, id)
		if err != nil {
			return nil, err
		}
		current, err := withMembers(ctx, o, t)
		if err != nil {
			return nil, err
		}
		next, err := change(current)
		if err != nil {
			return nil, err
		}
		c := sp.TeamChange{IfVersion: t.Version}
		c.Add, c.Remove = scim.Changes(current, next, "members")
		if name := next.Text("displayName"); name != t.Name {
			c.DisplayName = &name
		}
		if external := next.Text("externalId"); external != t.ExternalID {
			c.ExternalID = &external
		}
		if t, err = o.UpdatePushedTeam(ctx, by, id, c); err != nil {
			return nil, err
		}
		changed, err := withMembers(ctx, o, t)
		noteChange(ctx, "team", id, t.Name, current, changed)
		return changed, err
	})
}

// Delete implements scim.Backend. The team is deactivated, not deleted.
func (teams) Delete(ctx context.Context, id string, check func(*scim.Object) error) error {
	o, by := sp.From(ctx), actor(ctx)
	t, err := o.DirectoryTeam(ctx, by, id)
	if err != nil {
		return err
	}
	if err := check(groupObject(t)); err != nil {
		return err
	}
	if err := o.DeactivatePushedTeam(ctx, by, id); err != nil {
		return err
	}
	noteChange(ctx, "team", id, t.Name, groupObject(t), nil)
	return nil
}

// groupObject converts a team to a SCIM Group without members.
func groupObject(t sp.Team) *scim.Object {
	g := scim.NewObject("id", t.ID, "displayName", t.Name)
	g.SetText("externalId", t.ExternalID)
	return g.SetMeta(t.CreatedAt, t.UpdatedAt, strconv.FormatInt(t.Version, 10))
}

// withMembers converts a team to a SCIM Group with members. It reads as the system, because the response to a change
// must still be possible if the Admin of the token has been demoted meanwhile.
func withMembers(ctx context.Context, o *sp.Organization, t sp.Team) (*scim.Object, error) {
	list, err := o.DirectoryTeamMembers(ctx, sp.System(), t.ID)
	if err != nil {
		return nil, err
	}
	g := groupObject(t)
	if len(list) > 0 {
		g.Set("members", mapped(list, func(m sp.Reference) *scim.Object {
			return scim.NewObject("value", m.ID, "display", m.Name, "type", "User")
		}))
	}
	return g, nil
}

// memberIDs returns the ids in a Group's members.
func memberIDs(g *scim.Object) []string {
	var ids []string
	for _, m := range g.Objects("members") {
		if id := m.Text("value"); id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}
