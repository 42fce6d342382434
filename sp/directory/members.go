package directory

import (
	"context"
	"iter"
	"slices"
	"strconv"
	"strings"

	"understudy/scim"
	"understudy/sp"
)

// members implements scim.Backend for Users.
type members struct{}

// Get implements scim.Backend.
func (members) Get(ctx context.Context, id string, want scim.Projection) (*scim.Object, error) {
	m, teams, err := sp.From(ctx).DirectoryMember(ctx, actor(ctx), id)
	if err != nil {
		return nil, err
	}
	return withTeams(m, teams)
}

// Query implements scim.Backend. A filter on an indexed attribute is a lookup. Other filters iterate over all members. The
// result has no groups (sp/DIVERGENCES.md), but a filter may name them.
func (b members) Query(ctx context.Context, q scim.Query) (scim.Page, error) {
	o, by := sp.From(ctx), actor(ctx)
	if q.Unordered() {
		page, total, err := sp.DirectoryPage(ctx, o, by, q.StartIndex, q.Count, pageOfUsers)
		page.Total = total
		return page, err
	}
	for _, lookup := range []struct {
		attribute string
		query     func(value string) sp.DirectoryQuery
	}{
		{"id", func(v string) sp.DirectoryQuery { return sp.DirectoryQuery{ID: v} }},
		{"userName", func(v string) sp.DirectoryQuery { return sp.DirectoryQuery{UserName: v} }},
		{"externalId", func(v string) sp.DirectoryQuery { return sp.DirectoryQuery{ExternalID: v} }},
		{"emails.value", func(v string) sp.DirectoryQuery { return sp.DirectoryQuery{EmailKey: scim.Fold(v)} }},
		{"displayName", func(v string) sp.DirectoryQuery {
			return sp.DirectoryQuery{DisplayName: v, DisplayNameKey: scim.Fold(v)}
		}},
	} {
		value, ok := q.Equals(lookup.attribute)
		if !ok {
			continue
		}
		narrowed := lookup.query(value)
		narrowed.Start, narrowed.Count = 1, -1
		list, total, err := o.DirectoryMembers(ctx, by, narrowed)
		if err != nil || total > len(list) { // too many members share the name for one page: iterate
			break
		}
		return q.Page(objects(slices.Values(list), userObject))
	}
	if q.Uses("groups") {
		return q.Page(eachObject(o.EachDirectoryMember(ctx, by), func(m sp.Member) (*scim.Object, error) {
			teams, err := o.DirectoryMemberTeams(ctx, by, m.ID)
			if err != nil {
				return nil, err
			}
			return withTeams(m, teams)
		}))
	}
	return q.Page(eachObject(o.EachDirectoryMember(ctx, by), userObject))
}

// pageOfUsers converts a page of members, which may be returned several times.
func pageOfUsers(list []sp.Member) (page scim.Page, err error) {
	page.Resources, page.Rendering = make([]*scim.Object, len(list)), &scim.Rendering{}
	for i, m := range list {
		if page.Resources[i], err = userObject(m); err != nil {
			return scim.Page{}, err
		}
	}
	return page, nil
}

// Create implements scim.Backend. A new member has no teams.
func (members) Create(ctx context.Context, u *scim.Object) (*scim.Object, error) {
	o := sp.From(ctx)
	in, err := provisioned(u, sp.Member{})
	if err != nil {
		return nil, err
	}
	m, err := o.ProvisionMember(ctx, actor(ctx), in)
	if err != nil {
		return nil, err
	}
	made, err := userObject(m)
	noteChange(ctx, "member", m.ID, m.Name(), nil, made)
	return made, err
}

// Modify implements scim.Backend. A change does not affect the member's teams.
func (b members) Modify(ctx context.Context, id string, change func(*scim.Object) (*scim.Object, error)) (*scim.Object, error) {
	var current *scim.Object
	var teams []sp.Reference
	m, err := sp.From(ctx).ChangeProvisioned(ctx, actor(ctx), id,
		func(m sp.Member, of []sp.Reference) (in sp.ProvisionedMember, err error) {
			teams = of
			if current, err = withTeams(m, teams); err != nil {
				return in, err
			}
			next, err := change(current)
			if err != nil {
				return in, err
			}
			if in, err = provisioned(next, m); err != nil {
				return in, err
			}
			if in.UserType == current.Text("userType") && !same(next.Get("roles"), current.Get("roles")) {
				in.UserType = orRole(next, in.UserType)
			}
			return in, nil
		})
	if err != nil {
		return nil, err
	}
	changed, err := withTeams(m, teams)
	noteChange(ctx, "member", id, m.Name(), current, changed)
	return changed, err
}

// Delete implements scim.Backend. Sigma keeps the member as inactive; the directory does not find the member any more.
func (members) Delete(ctx context.Context, id string, check func(*scim.Object) error) error {
	o, by := sp.From(ctx), actor(ctx)
	m, _, err := o.DirectoryMember(ctx, by, id)
	if err != nil {
		return err
	}
	u, err := userObject(m)
	if err != nil {
		return err
	}
	if err := check(u); err != nil {
		return err
	}
	if err := o.DeleteProvisioned(ctx, by, id); err != nil {
		return err
	}
	noteChange(ctx, "member", id, m.Name(), u, nil)
	return nil
}

// provisioned converts a SCIM User. m is the member before the change, or the zero Member. A User without "active" does not
// change the status; a new member is active.
func provisioned(u *scim.Object, m sp.Member) (sp.ProvisionedMember, error) {
	active, stated := u.Bool("active")
	if !stated {
		active = m.Status != sp.MemberInactive
	}
	in := sp.ProvisionedMember{
		UserName: u.Text("userName"), ExternalID: u.Text("externalId"),
		FirstName: u.Text("name.givenName"), LastName: u.Text("name.familyName"),
		UserType: userType(u), Active: active,
	}
	kept, err := keptAttributes(u, m)
	if err != nil || kept.Len() == 0 {
		return in, err
	}
	text, err := kept.MarshalJSON()
	in.Attributes, in.Keys = string(text), attributeKeys(kept)
	return in, err
}

// userType returns the name of the account type: userType, else the role.
func userType(u *scim.Object) string {
	if t := u.Text("userType"); t != "" {
		return t
	}
	return orRole(u, "")
}

// orRole returns the account type in roles, as Microsoft Entra sends it: the first role above Viewer, else a Viewer role, else
// otherwise (sp/SIGMA.md, Account types). If a change changes roles and not userType, the roles set the account type.
func orRole(u *scim.Object, otherwise string) string {
	lowest := otherwise
	for _, role := range u.Objects("roles") {
		value := role.Text("value")
		switch strings.ToLower(value) {
		case "":
		case "view", "viewer", "lite":
			lowest = value
		default:
			return value
		}
	}
	return lowest
}

// baseObject converts the fields of a member to a SCIM User, without groups and without what the directory gave besides.
func baseObject(m sp.Member) *scim.Object {
	u := (&scim.Object{}).Grow(10).Set("id", m.ID).Set("userName", m.Email).Set("active", m.Status != sp.MemberInactive)
	u.SetText("externalId", m.ExternalID)
	name := (&scim.Object{}).Grow(3).SetText("givenName", m.FirstName).SetText("familyName", m.LastName).SetText("formatted", m.Name())
	if name.Len() > 0 {
		u.Set("name", name)
	}
	u.SetText("displayName", m.Name()).SetText("userType", requestedOr(m))
	u.Set("emails", []*scim.Object{scim.NewObject("value", m.Email, "type", "work", "primary", true)})
	return u.SetMeta(m.CreatedAt, m.UpdatedAt, strconv.FormatInt(m.Version, 10))
}

// userObject converts a member to a SCIM User without groups.
func userObject(m sp.Member) (*scim.Object, error) {
	u := baseObject(m)
	return u, addKept(u, m)
}

// requestedOr returns the account type that the directory requested, even if it does not exist yet. A PUT that sends back
// what it read must not lose the request.
func requestedOr(m sp.Member) string {
	if m.RequestedType != "" {
		return m.RequestedType
	}
	return m.AccountType
}

// withTeams converts a member to a SCIM User with groups.
func withTeams(m sp.Member, teams []sp.Reference) (*scim.Object, error) {
	u, err := userObject(m)
	if err != nil {
		return nil, err
	}
	if len(teams) > 0 {
		u.Set("groups", mapped(teams, func(t sp.Reference) *scim.Object {
			return scim.NewObject("value", t.ID, "display", t.Name, "type", "direct")
		}))
	}
	return u, nil
}

// mapped converts a list to SCIM objects.
func mapped[T any](list []T, f func(T) *scim.Object) []*scim.Object {
	made := make([]*scim.Object, len(list))
	for i, item := range list {
		made[i] = f(item)
	}
	return made
}

// objects converts a sequence to SCIM objects.
func objects[T any](all iter.Seq[T], f func(T) (*scim.Object, error)) iter.Seq2[*scim.Object, error] {
	return func(yield func(*scim.Object, error) bool) {
		for item := range all {
			if !yield(f(item)) {
				return
			}
		}
	}
}

// eachObject converts a sequence with errors to SCIM objects. It stops at the first error.
func eachObject[T any](all iter.Seq2[T, error], f func(T) (*scim.Object, error)) iter.Seq2[*scim.Object, error] {
	return func(yield func(*scim.Object, error) bool) {
		for item, err := range all {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(f(item)) {
				return
			}
		}
	}
}
