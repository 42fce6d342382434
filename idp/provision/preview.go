package provision

import (
	"context"
	"net/http"
	"net/url"

	"understudy/idp/job"
	"understudy/scim"
	"understudy/seed/base/problem"
)

// Preview is the request that a push of a person would send now.
type Preview struct {
	Method string
	Path   string       // below the base URL
	Body   *scim.Object // without the placeholder password
	Note   string       // a sentence about what happens before the request
}

// PreviewUser returns the request that a push of the person's profile would send now. It sends nothing. When a push would
// send nothing, the error is [problem.Conflict] with the reason.
func (r *Runner) PreviewUser(ctx context.Context, appID, userID string) (p Preview, err error) {
	t, err := r.task(ctx, job.Job{AppID: appID, UserID: userID})
	if err != nil {
		return p, err
	}
	if !t.in.Enabled {
		return p, problem.New(problem.Conflict, "Provisioning of "+t.app.Label+" is not configured, so Okta would send nothing.")
	}
	au, err := t.assignment(ctx)
	if problem.Is(err, problem.NotFound) {
		return p, problem.New(problem.Conflict, "This person is not assigned to "+t.app.Label+", so Okta would send nothing.")
	}
	if err != nil {
		return p, err
	}
	o := scim.NewObject("schemas", []string{scim.CoreUser})
	known := au.ExternalID != ""
	switch {
	case known && !t.in.UpdateUsers:
		return p, problem.New(problem.Conflict,
			"Update User Attributes is off under Provisioning > To App, so Okta would send nothing.")
	case !known && !t.in.CreateUsers:
		return p, problem.New(problem.Conflict, "Create Users is off under Provisioning > To App, so Okta would send nothing.")
	case !known && au.BeforeProv:
		p.Note = "This person was assigned before provisioning was enabled. Select Provision User to send this request."
	case !known:
		p.Note = "Okta first searches the application for the user name. If a user exists, Okta links and updates the user instead."
	default:
		p.Note = "Okta first reads the user from the application, sets these values, and sends the whole user back."
	}
	if err := t.setProfile(ctx, o, au, known); err != nil {
		return p, err
	}
	p.Method, p.Path = http.MethodPost, "/"+users
	if known {
		p.Method, p.Path = http.MethodPut, "/"+users+"/"+url.PathEscape(au.ExternalID)
	} else {
		o.Set("groups", []any{}).Set("active", true)
	}
	p.Body = o
	return p, nil
}

// SendAgain repeats a request with the credentials of the app, outside of all jobs. It changes nothing in Okta. path and
// query are those of the original request, below the base URL. The error describes the response of the app.
func (r *Runner) SendAgain(ctx context.Context, appID, method, path, query string, body *scim.Object) error {
	in, err := r.org.Integration(ctx, appID)
	if err != nil {
		return err
	}
	if !in.Enabled {
		return problem.New(problem.Conflict, "Provisioning is not configured, so Okta has no token for this request.")
	}
	_, err = r.client(in.BaseURL, in.Token).Do(ctx, method, path, query, body)
	return err
}
