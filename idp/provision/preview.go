package provision

import (
	"context"
	"net/http"
	"net/url"

	"understudy/idp/job"
	"understudy/scim"
	"understudy/seed/base/problem"
)

// Preview is the request that would be sent for a person now.
type Preview struct {
	Method string
	Path   string       // below the base URL
	Body   *scim.Object // without the placeholder password
	Note   string       // what happens around it, in words
}

// PreviewUser gives what a push of a person's profile would send now, and sends nothing. Conflict when nothing would be
// sent, with the reason.
func (r *Runner) PreviewUser(ctx context.Context, appID, userID string) (p Preview, err error) {
	t, err := r.task(ctx, job.Job{AppID: appID, UserID: userID})
	if err != nil {
		return p, err
	}
	if !t.in.Enabled {
		return p, problem.New(problem.Conflict, "Provisioning of "+t.app.Label+" is not configured, so nothing would be sent.")
	}
	au, err := t.person(ctx)
	if problem.Is(err, problem.NotFound) {
		return p, problem.New(problem.Conflict, "This person is not assigned to "+t.app.Label+", so nothing would be sent.")
	}
	if err != nil {
		return p, err
	}
	o := scim.NewObject("schemas", []string{scim.CoreUser})
	known := au.ExternalID != ""
	switch {
	case known && !t.in.UpdateUsers:
		return p, problem.New(problem.Conflict, "Update User Attributes is off under Provisioning > To App, so nothing would be sent.")
	case !known && !t.in.CreateUsers:
		return p, problem.New(problem.Conflict, "Create Users is off under Provisioning > To App, so nothing would be sent.")
	case !known && au.BeforeProv:
		p.Note = "This person was assigned before provisioning was enabled: this is sent once somebody clicks Provision User."
	case !known:
		p.Note = "First the application is asked whether it knows the user name; if it does, its person is linked and updated instead."
	default:
		p.Note = "First the person is read from the application; these values are laid over what it has, and the whole is sent back."
	}
	if err := t.overlay(ctx, o, au, known); err != nil {
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

// SendAgain sends a request once more with an app's credentials, outside all jobs: its outcome changes nothing on Okta's
// side. path and query are as they were sent, below the base URL. The error says what the application answered.
func (r *Runner) SendAgain(ctx context.Context, appID, method, path, query string, body *scim.Object) error {
	in, err := r.org.Integration(ctx, appID)
	if err != nil {
		return err
	}
	if !in.Enabled {
		return problem.New(problem.Conflict, "Provisioning is not configured, so there is no token to send this with.")
	}
	_, err = r.client(in.BaseURL, in.Token).Do(ctx, method, path, query, body)
	return err
}
