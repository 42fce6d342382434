package scim

import "context"

// Backend keeps the resources of one type. The server has already checked everything that the schemas can say: the types and names of attributes,
// what is read-only, what is required; a backend checks its own rules and answers with an *Error (Conflict, InvalidValue, NotFound…)
// or with any error that Config.Error translates.
//
// Resources that come from the server have the schemas' spelling of names and neither "schemas" nor null values. Resources that go to the server carry
// their id, meta (SetMeta) and any read-only attributes. No resource is kept or changed by the server after the call.
type Backend interface {
	// Get returns one resource. Attributes that projection doesn't want may be left out, if the version is set.
	Get(ctx context.Context, id string, want Projection) (*Object, error)

	// Query returns a page. See Query.Page for the short way to write it.
	Query(ctx context.Context, q Query) (Page, error)

	// Create stores a new resource under a new id and returns it as stored.
	Create(ctx context.Context, o *Object) (*Object, error)

	// Modify changes a resource in one transaction: it loads the resource whole, calls change once, stores what change returned and returns it as
	// stored. An error of change ends the transaction without effect and is returned, wrapped or not. Both PUT and PATCH come here;
	// change checks If-Match. It must neither be called without the resource being safe from other writers nor keep the
	// objects that pass through. What change gets may be compared with what it returns; it doesn't alter the former.
	Modify(ctx context.Context, id string, change func(current *Object) (*Object, error)) (*Object, error)

	// Delete removes a resource in one transaction, if check, which sees the resource, returns nil.
	Delete(ctx context.Context, id string, check func(current *Object) error) error
}

// Changes compares a multi-valued complex attribute, such as a group's members, before and after: the "value"s that came and those that went.
func Changes(before, after *Object, attribute string) (added, removed []string) {
	had := valuesOf(before, attribute)
	has := valuesOf(after, attribute)
	for _, o := range after.Objects(attribute) {
		if v := o.Text("value"); v != "" && !had[v] {
			added = append(added, v)
		}
	}
	for _, o := range before.Objects(attribute) {
		if v := o.Text("value"); v != "" && !has[v] {
			removed = append(removed, v)
		}
	}
	return added, removed
}

func valuesOf(o *Object, attribute string) map[string]bool {
	all := map[string]bool{}
	for _, v := range o.Objects(attribute) {
		all[v.Text("value")] = true
	}
	return all
}
