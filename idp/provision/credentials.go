package provision

import (
	"context"
	"net/http"

	"understudy/idp"
	"understudy/scim"
	"understudy/seed/base/problem"
)

// TestCredentials sends the requests of Okta's button "Test API Credentials": a list of users and, with ImportGroups, of
// groups. The error is [problem.Invalid] and names the wrong field, baseUrl or token. Nothing is stored.
func (r *Runner) TestCredentials(ctx context.Context, c idp.Credentials) error {
	client := r.client(c.BaseURL, c.Token)
	_, err := list(ctx, client, users, scim.ListRequest{StartIndex: 1, Count: 2})
	if err == nil && c.ImportGroups {
		_, err = list(ctx, client, groups, scim.ListRequest{StartIndex: 1, Count: pageSize})
	}
	if err == nil {
		return nil
	}
	message := "Error authenticating: " + withFullStop(remoteText(err))
	if status(err) == http.StatusNotFound {
		message += " Check that the Base URL is the application's SCIM address."
	} else if text := advice(err); text != "" {
		message += " " + text
	}
	return problem.InvalidField(fieldOf(err), maskToken(message, c.Token))
}

// fieldOf returns the form field that a failure points to.
func fieldOf(err error) string {
	if s := status(err); s == http.StatusUnauthorized || s == http.StatusForbidden {
		return "token"
	}
	return "baseUrl"
}

type contextKey struct{}

// With returns a context that carries the runner of the lab, for the pages that test credentials.
func With(ctx context.Context, r *Runner) context.Context {
	return context.WithValue(ctx, contextKey{}, r)
}

// From returns the runner of the lab; nil outside a lab.
func From(ctx context.Context) *Runner {
	r, _ := ctx.Value(contextKey{}).(*Runner)
	return r
}
