package scim

import "context"

// Backend stores the resources of one type. The server checks what the schemas say: names and types of attributes,
// read-only and required attributes. The backend checks the rules of its product, and returns an *Error (Conflict,
// InvalidValue, NotFound …) or another error that Config.Error translates.
//
// Resources from the server use the names as the schemas spell them, and have neither "schemas" nor null values.
// Resources from the backend have an id, meta (see SetMeta) and the read-only attributes. The server neither keeps nor
// changes a resource after the call.
type Backend interface {
	// Get returns one resource. It may omit attributes that the projection does not want, provided that meta.version is
	// set.
	Get(ctx context.Context, id string, want Projection) (*Object, error)

	// Query returns a page. Query.Page does most of the work.
	Query(ctx context.Context, q Query) (Page, error)

	// Create stores a new resource under a new id and returns it as stored.
	Create(ctx context.Context, o *Object) (*Object, error)

	// Modify changes a resource in one transaction, for PUT and PATCH. It loads the complete resource, calls change,
	// stores the result, and returns the resource as stored. No other writer may change the resource between loading
	// and storing. If change fails, Modify rolls back and returns the error, wrapped or not. change also checks
	// If-Match. It does not alter current, so the backend may compare current with the result.
	Modify(ctx context.Context, id string, change func(current *Object) (*Object, error)) (*Object, error)

	// Delete deletes a resource in one transaction, provided that check returns nil for it.
	Delete(ctx context.Context, id string, check func(current *Object) error) error
}

// Changes compares a multi-valued complex attribute, such as members, before and after a change. It returns the values
// of the sub-attribute value that were added and removed.
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
