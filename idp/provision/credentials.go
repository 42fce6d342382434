package provision

import (
	"context"
	"net/http"

	"understudy/idp"
	"understudy/scim"
	"understudy/seed/problem"
)

// TestCredentials sends what Okta's button "Test API Credentials" sends (okta-wire 1.3). The problem names the field
// that is wrong: baseURL or token. What comes back is never stored.
func (r *Runner) TestCredentials(ctx context.Context, c idp.Credentials) error {
	client := r.client(c.BaseURL, c.Token)
	page, err := client.Query(ctx, users, scim.ListRequest{StartIndex: 1, Count: 2})
	if err == nil && page.TotalResults == 0 && page.Resources == nil {
		err = listCheck(ctx, client)
	}
	if err == nil && c.ImportGroups {
		_, err = client.Query(ctx, groups, scim.ListRequest{StartIndex: 1, Count: pageSize})
	}
	if err == nil {
		return nil
	}
	message := "Error authenticating: " + reported(err)
	if text := advice(err); text != "" {
		message += " " + text
	}
	return problem.InvalidField(fieldOf(err), message)
}

// errNoList says that an address answers, but not as a SCIM service does.
const errNoList = verbatim("The server answered, but not with a SCIM list of users. Check that the Base URL is the application's SCIM address.")

func listCheck(ctx context.Context, client *scim.Client) error {
	o, err := client.Do(ctx, http.MethodGet, users, "startIndex=1&count=2", nil)
	if err != nil {
		return err
	}
	if _, ok := o.Int("totalResults"); !ok {
		return errNoList
	}
	return nil
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
