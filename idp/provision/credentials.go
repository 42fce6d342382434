package provision

import (
	"context"
	"net/http"

	"understudy/idp"
	"understudy/scim"
	"understudy/seed/base/problem"
)

// TestCredentials sends what Okta's button "Test API Credentials" sends (okta-wire 1.3). The problem names the field
// that is wrong: baseURL or token. What comes back is never stored.
func (r *Runner) TestCredentials(ctx context.Context, c idp.Credentials) error {
	client := r.client(c.BaseURL, c.Token)
	_, err := list(ctx, client, users, scim.ListRequest{StartIndex: 1, Count: 2})
	if err == nil && c.ImportGroups {
		_, err = list(ctx, client, groups, scim.ListRequest{StartIndex: 1, Count: pageSize})
	}
	if err == nil {
		return nil
	}
	message := "Error authenticating: " + stopped(reported(err))
	if status(err) == http.StatusNotFound {
		message += " Check that the Base URL is the application's SCIM address."
	} else if text := advice(err); text != "" {
		message += " " + text
	}
	return problem.InvalidField(fieldOf(err), masked(message, c.Token))
}

func fieldOf(err error) string {
	if s := status(err); s == http.StatusUnauthorized || s == http.StatusForbidden {
		return "token"
	}
	return "baseUrl"
}

type contextKey struct{}

// With puts the lab's runner into the context of a request, for the pages that test credentials.
func With(ctx context.Context, r *Runner) context.Context {
	return context.WithValue(ctx, contextKey{}, r)
}

// From gives the lab's runner; nil outside a lab.
func From(ctx context.Context) *Runner {
	r, _ := ctx.Value(contextKey{}).(*Runner)
	return r
}
