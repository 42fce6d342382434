// Package directory is the SCIM 2.0 door of the Sigma half: members as Users, teams as Groups, behind the bearer token
// that the setup dialog gives (sp/SIGMA.md, SCIM server). Rules are in package sp, the protocol is in package scim.
package directory

import (
	"context"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"understudy/scim"
	"understudy/seed/base/address"
	"understudy/seed/base/problem"
	"understudy/sp"
	"understudy/sp/web"
)

// Path is where the directory is reached within the half; with the half's address, the Directory Base URL.
const Path = "/scim/v2"

// nullUserType is how the real service refuses "userType": null, word for word (sp/SIGMA.md, Account types).
const nullUserType = "Request is malformed: Error: Expecting string at 0.1.userType but instead got: null."

// Register adds the directory's routes.
func Register(e *echo.Echo) error {
	users := scim.NewUserType(members{})
	users.Schema.Attribute("name.givenName").Required = true
	users.Schema.Attribute("name.familyName").Required = true
	users.Schema.Attribute("userType").Check = func(value any) error {
		if value == nil {
			return scim.InvalidValue("%s", nullUserType)
		}
		return nil
	}
	users.Extensions = append(users.Extensions, scim.Extension{Schema: userKind()})
	groups := scim.NewGroupType(teams{})
	groups.Schema.Attribute("displayName").CaseExact = true // team names differ by their capitals (sp/SIGMA.md, Teams)
	server, err := scim.NewServer(scim.Config{
		Types:   []*scim.ResourceType{users, groups},
		BaseURL: func(r *http.Request) string { return address.From(r.Context()).URL(Path) },
		Error:   web.SCIMError,
	})
	if err != nil {
		return err
	}
	door := echo.WrapHandler(http.StripPrefix(Path, authenticate(server)))
	e.Any(Path, door)
	e.Any(Path+"/*", door)
	return nil
}

// userKind is Sigma's own extension; every member here is internal.
func userKind() scim.Schema {
	return scim.Schema{
		ID: "urn:sigma:scim:schemas:extension:2.0:User", Name: "SigmaUser", Description: "Kind of user: internal, embed, guest, external",
		Attributes: []scim.Attribute{{Name: "userKind", Type: scim.String, Description: "internal"}},
	}
}

type actorKey struct{}

// authenticate lets a request pass that carries a working token, as the Admin who made it.
func authenticate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
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

func actor(ctx context.Context) sp.Actor {
	a, _ := ctx.Value(actorKey{}).(sp.Actor)
	return a
}

func orInternal(err error) *scim.Error {
	if e := web.SCIMError(err); e != nil {
		return e
	}
	return scim.NewError(http.StatusInternalServerError, "", "The directory has a fault.")
}

// attempts is how often a change is worked out anew when somebody else changed the resource meanwhile.
const attempts = 5

// settle runs a change that is checked against the version it began from, until nobody came between.
func settle[T any](change func() (T, error)) (result T, err error) {
	for range attempts {
		result, err = change()
		if p := problem.As(err); p == nil || p.Code != "VERSION" {
			return result, err
		}
	}
	return result, err
}
