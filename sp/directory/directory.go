package directory

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"understudy/scim"
	"understudy/seed/base/address"
	"understudy/seed/base/problem"
	"understudy/sp"
	"understudy/sp/web"
)

// Path is the path of the service. Appended to the organization's URL it is the Directory Base URL.
const Path = "/scim/v2"

// nullUserType is Sigma's message for "userType": null, word for word (sp/SIGMA.md, Account types).
const nullUserType = "Request is malformed: Error: Expecting string at 0.1.userType but instead got: null."

// Register adds the routes of the service. The error is about an invalid schema.
func Register(e *echo.Echo) error {
	server, err := scim.NewServer(scim.Config{
		Types:   []*scim.ResourceType{memberType(), teamType()},
		BaseURL: func(r *http.Request) string { return address.From(r.Context()).URL(Path) },
		Error:   web.SCIMError,
	})
	if err != nil {
		return err
	}
	handler := echo.WrapHandler(http.StripPrefix(Path, authenticate(server)))
	e.Any(Path, handler)
	e.Any(Path+"/*", handler)
	return nil
}

// memberType describes members. A password is not offered: members sign in through the identity provider.
func memberType() *scim.ResourceType {
	t := scim.NewUserType(members{})
	t.Schema.Attributes = slices.DeleteFunc(t.Schema.Attributes, func(a scim.Attribute) bool { return a.Name == "password" })
	t.Schema.Attribute("userName").Mutability = scim.Immutable
	for _, name := range []string{"name", "name.givenName", "name.familyName"} {
		t.Schema.Attribute(name).Required = true
	}
	t.Schema.Attribute("userType").Check = func(value any) error {
		if value == nil {
			return scim.InvalidValue("%s", nullUserType)
		}
		return nil
	}
	t.Extensions = append(t.Extensions, scim.Extension{Schema: userKind()})
	return t
}

// teamType describes teams. The directory can set only the id of a member: all members are Users.
func teamType() *scim.ResourceType {
	t := scim.NewGroupType(teams{})
	t.Schema.Attribute("displayName").CaseExact = true // names of teams are case-sensitive (sp/SIGMA.md, Teams)
	for _, name := range []string{"members.$ref", "members.display", "members.type"} {
		t.Schema.Attribute(name).Mutability = scim.ReadOnly
	}
	t.Schema.Attribute("members.$ref").ReferenceTypes = []string{"User"}
	t.Schema.Attribute("members.type").CanonicalValues = []string{"User"}
	return t
}

// userKind is Sigma's schema extension. The kind is kept and has no effect: every member of this organization is internal.
func userKind() scim.Schema {
	return scim.Schema{
		ID: "urn:sigma:scim:schemas:extension:2.0:User", Name: "SigmaUser",
		Description: "Kind of user: internal, embed, guest, external",
		Attributes: []scim.Attribute{{Name: "userKind", Type: scim.String, Description: "The kind of user.",
			CanonicalValues: []string{"internal", "embed", "guest", "external"}}},
	}
}

type actorKey struct{}

// authenticate passes requests with a valid bearer token, and stores the Admin who created the token as the actor.
func authenticate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isPublic(r) {
			next.ServeHTTP(w, r)
			return
		}
		scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if !strings.EqualFold(scheme, "Bearer") || token == "" {
			scim.WriteError(w, scim.Unauthorized("Token missing or malformed"))
			return
		}
		client := sp.Client{IP: r.RemoteAddr, UserAgent: r.UserAgent(), RequestURI: r.URL.RequestURI()}
		actor, err := sp.From(r.Context()).AuthenticateDirectory(r.Context(), strings.TrimSpace(token), client)
		if err != nil {
			scim.WriteError(w, orInternal(err))
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), actorKey{}, actor)))
	})
}

// isPublic reports whether a request needs no token: a client learns from /ServiceProviderConfig how to authenticate (RFC 7643
// section 5).
func isPublic(r *http.Request) bool {
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) && strings.Trim(r.URL.Path, "/") == "ServiceProviderConfig"
}

// actor returns the actor of an authenticated request.
func actor(ctx context.Context) sp.Actor {
	a, _ := ctx.Value(actorKey{}).(sp.Actor)
	return a
}

// orInternal maps an error to a SCIM error; an internal error of the server becomes 500.
func orInternal(err error) *scim.Error {
	if e := web.SCIMError(err); e != nil {
		return e
	}
	return scim.NewError(http.StatusInternalServerError, "", "The directory has an internal error.")
}

// attempts is how often a change is tried if other requests change the same resource.
const attempts = 5

// retry repeats a change while it fails because another request changed the resource (code VERSION).
func retry[T any](change func() (T, error)) (result T, err error) {
	for range attempts {
		result, err = change()
		if p := problem.As(err); p == nil || p.Code != "VERSION" {
			return result, err
		}
	}
	return result, err
}
