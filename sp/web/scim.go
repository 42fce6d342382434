package web

import (
	"net/http"
	"strings"

	"understudy/scim"
	"understudy/seed/base/problem"
)

// SCIMError maps an error of package sp to a SCIM error (RFC 7644 section 3.12). It returns nil for every other error;
// such an error is a fault of the server.
func SCIMError(err error) *scim.Error {
	p := problem.As(err)
	if p == nil {
		return nil
	}
	switch p.Kind {
	case problem.NotFound:
		return scim.NewError(http.StatusNotFound, "", "%s", p.Message)
	case problem.Conflict:
		if p.Code == "VERSION" { // If-Match did not match (RFC 7644 section 3.14)
			return scim.NewError(http.StatusPreconditionFailed, "", "%s", p.Message)
		}
		return scim.Conflict("%s", p.Message)
	case problem.Invalid:
		return scim.InvalidValue("%s", scimDetail(p))
	case problem.Forbidden:
		return scim.NewError(http.StatusForbidden, "", "%s", p.Message)
	case problem.Unauthenticated:
		return scim.Unauthorized("%s", p.Message)
	case problem.Unavailable:
		return scim.NewError(http.StatusServiceUnavailable, "", "%s", p.Message)
	}
	return nil
}

// scimDetail joins the messages of all refused fields, because a SCIM error has one detail for all.
func scimDetail(p *problem.Error) string {
	if len(p.Fields) == 0 {
		return p.Message
	}
	parts := make([]string, len(p.Fields))
	for i, f := range p.Fields {
		parts[i] = f.Message
	}
	return strings.Join(parts, " ")
}
