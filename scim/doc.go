// Package scim implements SCIM 2.0, the System for Cross-domain Identity Management: the schemas of RFC 7643 and the protocol
// of RFC 7644, as a server on top of any storage and as a client. It contains nothing about a particular product. Where it
// accepts more than the RFCs allow, the clients of Okta or Microsoft Entra ID need this, and a comment says so.
//
// # Data flow
//
//	request ─▶ Server (route, JSON limits) ─▶ ResourceType (schemas, filter, PATCH) ─▶ Backend (storage, rules of the product)
//	response ◀─ Server (projection, meta, $ref, ETag) ◀─ Object ◀─ Backend
//
//	Client.Query, Create, Replace, Patch, Delete ─▶ request ─▶ Object or *ClientError
//
// # Files
//
// Start reading in server.go (routing) and backend.go (what a storage implements).
//
//   - schema.go, core_schemas.go: attributes and schemas, and those of the RFC: User, Group, EnterpriseUser
//   - resourcetype.go: a resource type with its extensions; finds a path in the schemas
//   - object.go, json.go: resources as JSON objects that keep order and unknown members
//   - handlers.go: GET, POST, PUT, PATCH and DELETE of one resource; ETags
//   - list.go, query.go, sort.go: lists, /.search, pages and sorting
//   - filter.go, filter_parse.go, filter_match.go: filters, their parser, and their evaluation
//   - path.go: attribute paths, and the paths of PATCH operations
//   - patch.go, assign.go, assign_selected.go: PATCH operations, and the assignment of values to attributes
//   - attribute_value.go: checks and normalizes a value by the type of its attribute
//   - validate.go: required and immutable attributes; POST and PUT
//   - projection.go, render.go: the parameters attributes and excludedAttributes, and the JSON of a response
//   - discovery.go: /ServiceProviderConfig, /ResourceTypes and /Schemas
//   - errors.go, limits.go: SCIM errors, and the limits of a request
//   - client.go, client_error.go: the client
//
// # Server
//
// A Server is an http.Handler. It reads requests, checks them against the schemas, applies patches and writes responses. A
// Backend for each resource type stores the resources and enforces the rules of the product.
//
//	users := scim.NewUserType(members) // members is a scim.Backend
//	users.Schema.Attribute("name.givenName").Required = true
//	users.Schema.Attribute("userType").Check = func(v any) error {
//		if v == nil {
//			return errors.New("User type must not be null.")
//		}
//		return nil
//	}
//	users.Extensions = append(users.Extensions, scim.Extension{Schema: ours})
//
//	server, err := scim.NewServer(scim.Config{
//		Types:   []*scim.ResourceType{users, scim.NewGroupType(teams)},
//		BaseURL: func(r *http.Request) string { return address.From(r.Context()).URL("/scim/v2") },
//		Error:   func(err error) *scim.Error { … }, // translates the errors of the product
//	})
//	mux.Handle("/scim/v2/", http.StripPrefix("/scim/v2", authenticate(server)))
//
// The middleware authenticate either calls the server or scim.WriteError(w, scim.Unauthorized("The token was revoked.")).
//
// The Query of a backend uses an index if possible, and otherwise streams all resources. Query.Page applies the filter,
// counts, sorts and cuts the page, and keeps only one page in memory:
//
//	func (b *members) Query(ctx context.Context, q scim.Query) (scim.Page, error) {
//		if q.Unordered() {
//			return b.page(ctx, q.Offset(), q.Count) // SELECT count(*), then LIMIT and OFFSET
//		}
//		if name, ok := q.Equals("userName"); ok {
//			return q.Page(b.rows(ctx, "WHERE user_name_folded = $1", scim.Fold(name)))
//		}
//		return q.Page(b.rows(ctx, ""))
//	}
//
// Its Modify is one transaction around the function that the server passes:
//
//	func (b *members) Modify(ctx context.Context, id string,
//		change func(*scim.Object) (*scim.Object, error)) (o *scim.Object, err error) {
//		err = b.db.Write(ctx, func(tx *store.Tx) error {
//			current, err := load(tx, id)
//			if err != nil {
//				return err
//			}
//			next, err := change(current)
//			if err != nil {
//				return err // the transaction rolls back; the server writes the response
//			}
//			added, removed := scim.Changes(current, next, "members") // for a group
//			o, err = save(tx, id, next, added, removed)
//			return err
//		})
//		return o, err
//	}
//
// A resource is an Object. To read it: o.Text("userName"), o.Bool("active"), o.Text("name.givenName"),
// o.Primary("emails").Text("value"), o.Object(scim.EnterpriseUser).Text("department"), o.Objects("members"). To write it:
//
//	o := scim.NewObject("id", m.ID, "userName", m.Email, "active", m.Active)
//	o.SetText("externalId", m.ExternalID).SetText("name.givenName", m.First).SetText("name.familyName", m.Last)
//	o.Set("emails", []*scim.Object{scim.NewObject("value", m.Email, "type", "work", "primary", true)})
//	o.SetMeta(m.Created, m.Updated, "")
//
// A PUT that omits an attribute omits it in next. The product decides what this means, for example for active: RFC 7644
// section 3.5.1 allows a service to use a default value.
//
// # Client
//
//	c := &scim.Client{BaseURL: base, Token: token, Transport: transport,
//		Header: http.Header{"User-Agent": {"Okta SCIM Client 1.0.0"}}}
//	page, err := c.Query(ctx, "Users", scim.ListRequest{
//		Filter: scim.Equality("userName", "ada@example.com"), StartIndex: 1, Count: 100})
//	user := page.Resources[0]
//	user.Set("name.familyName", "Byron") // all other attributes are sent back unchanged
//	user, err = c.Replace(ctx, "Users", user.ID(), user)
//	_, err = c.Patch(ctx, "Users", user.ID(), scim.Operation{Op: "replace", Value: scim.NewObject("active", false)})
//
//	var failed *scim.ClientError
//	if errors.As(err, &failed) && failed.Status == http.StatusUnauthorized {
//		sentence = "Error authenticating: " + failed.Reason + ". Errors reported by remote server: " + failed.Detail
//	}
//
// The package scim/scimtest has a service that keeps its resources in memory, for tests of servers and clients.
package scim
