// Package scim is SCIM 2.0, the System for Cross-domain Identity Management: its schemas (RFC 7643) and its protocol (RFC 7644), as a server
// over any storage and as a client. It knows of no product; where it is looser than the RFCs, that is what Okta's and Entra's real
// clients need, and a comment says so.
//
// # Server
//
// A Server is an http.Handler. It reads requests, checks them against the schemas, applies patches, writes answers; a Backend for each
// resource type stores resources and knows the rules of its product.
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
//		Error:   func(err error) *scim.Error { … }, // the product's own errors, once
//	})
//	mux.Handle("/scim/v2/", http.StripPrefix("/scim/v2", authenticate(server)))
//
// where authenticate answers scim.WriteError(w, scim.Unauthorized("The token was revoked.")) or calls the server.
//
// A backend's Query takes the index when it can and streams otherwise; Query.Page applies the filter, counts, sorts and cuts, and
// keeps one page in memory:
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
// Its Modify is one transaction around the function that the server gives it:
//
//	func (b *members) Modify(ctx context.Context, id string, change func(*scim.Object) (*scim.Object, error)) (o *scim.Object, err error) {
//		err = b.db.Write(ctx, func(tx *store.Tx) error {
//			current, err := load(tx, id)
//			if err != nil {
//				return err
//			}
//			next, err := change(current)
//			if err != nil {
//				return err // the transaction rolls back; the server knows what it meant
//			}
//			added, removed := scim.Changes(current, next, "members") // for a group
//			o, err = save(tx, id, next, added, removed)
//			return err
//		})
//		return o, err
//	}
//
// A resource is an Object: o.Text("userName"), o.Bool("active"), o.Text("name.givenName"), o.Primary("emails").Text("value"),
// o.Object(scim.EnterpriseUser).Text("department"), o.Objects("members"). To answer:
//
//	o := scim.NewObject("id", m.ID, "userName", m.Email, "active", m.Active)
//	o.SetText("externalId", m.ExternalID).SetText("name.givenName", m.First).SetText("name.familyName", m.Last)
//	o.Set("emails", []*scim.Object{scim.NewObject("value", m.Email, "type", "work", "primary", true)})
//	o.SetMeta(m.Created, m.Updated, "")
//
// A PUT that omits an attribute leaves it out of next. What that means, for example for active, is the product's decision: the RFC
// lets a service take its default.
//
// # Client
//
//	c := &scim.Client{BaseURL: base, Token: token, Transport: transport, Header: http.Header{"User-Agent": {"Okta SCIM Client 1.0.0"}}}
//	page, err := c.Query(ctx, "Users", scim.ListRequest{Filter: scim.Equality("userName", "ada@example.com"), StartIndex: 1, Count: 100})
//	user := page.Resources[0]
//	user.Set("name.familyName", "Byron") // all else, known to us or not, goes back as it came
//	user, err = c.Replace(ctx, "Users", user.ID(), user)
//	_, err = c.Patch(ctx, "Users", user.ID(), scim.Operation{Op: "replace", Value: scim.NewObject("active", false)})
//
//	var failed *scim.ClientError
//	if errors.As(err, &failed) && failed.Status == http.StatusUnauthorized {
//		sentence = "Error authenticating: " + failed.Reason + ". Errors reported by remote server: " + failed.Detail
//	}
//
// Package scim/scimtest has a service in memory, for tests of either side.
package scim
