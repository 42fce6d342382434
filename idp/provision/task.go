package provision

import (
	"context"
	"errors"
	"net/http"
	"time"

	"understudy/idp"
	"understudy/idp/job"
	"understudy/scim"
	"understudy/seed/base/store"
)

// task is a job being run: with the app, its settings and a client for its directory.
type task struct {
	runner *Runner
	org    *idp.Org
	job    job.Job
	app    idp.App
	in     idp.Integration
	client *scim.Client
	actor  idp.Actor
	linked bool // the group that the job is about was known at the far side
}

func (r *Runner) task(ctx context.Context, j job.Job) (*task, error) {
	app, err := r.org.App(ctx, j.AppID)
	if err != nil {
		return nil, err
	}
	in, err := r.org.Integration(ctx, j.AppID)
	if err != nil {
		return nil, err
	}
	actor := idp.System(idp.Client{})
	actor.JobID = j.TransactionID
	return &task{runner: r, org: r.org, job: j, app: app, in: in, client: r.client(in.BaseURL, in.Token), actor: actor}, nil
}

// client speaks as Okta's SCIM client does (okta-wire 1.2).
func (r *Runner) client(baseURL, token string) *scim.Client {
	return &scim.Client{
		BaseURL: baseURL, Token: token, Transport: r.config.Transport, Timeout: r.config.Timeout,
		Header: http.Header{"User-Agent": {"Okta SCIM Client 1.0.0"}, "Accept-Charset": {"utf-8"}, "Accept-Encoding": {"gzip,deflate"}},
	}
}

// list reads one page. What answers with something else than a list has said nothing about who is there.
func list(ctx context.Context, client *scim.Client, endpoint string, l scim.ListRequest) (*scim.ListResponse, error) {
	page, err := client.Query(ctx, endpoint, l)
	if err == nil && !page.IsList {
		return nil, errNoList
	}
	return page, err
}

// verbatim is an error in the words that an administrator reads in Okta.
type verbatim string

func (v verbatim) Error() string { return string(v) }

// remoteError is what the far side, or the way there, did to a request, with the words that Okta begins its message with.
type remoteError struct {
	doing string // "Error while creating user Maya Rivers"
	cause error  // *scim.ClientError, or what was wrong with an answer
}

func (e *remoteError) Error() string { return e.doing + ": " + e.cause.Error() }
func (e *remoteError) Unwrap() error { return e.cause }

func isRemote(err error) bool {
	var remote *remoteError
	return errors.As(err, &remote)
}

// remote marks an error of the client as the far side's.
func remote(doing string, err error) error {
	if err == nil {
		return nil
	}
	return &remoteError{doing: doing, cause: err}
}

// status is the HTTP status that an error carries; 0 without an answer.
func status(err error) int {
	var failed *scim.ClientError
	if errors.As(err, &failed) && failed.Failure == scim.FailureStatus {
		return failed.Status
	}
	return 0
}

// ended writes down that the far side refused or could not be reached: the job waits for another try where that may help,
// else for an administrator.
func (t *task) ended(ctx context.Context, err error) error {
	if ctx.Err() != nil { // we were stopped; the job stays queued as it is
		return ctx.Err()
	}
	reason := t.explain(err)
	note := func(tx *store.Tx) error { return t.noteFailure(tx, err, reason) }
	if wait, again := t.wait(err); again {
		return t.org.RetryJob(ctx, t.job, t.org.Now().Add(wait), reason, note)
	}
	return t.org.FailJob(ctx, t.job, reason, note)
}

// longestWait bounds what a far side may ask for: a lab lives for a day.
const longestWait = time.Hour

// wait tells whether and after how long the same request is worth another try (okta-wire 1.9, and the issue for 5xx and
// lost connections).
func (t *task) wait(err error) (time.Duration, bool) {
	var failed *scim.ClientError
	if !errors.As(err, &failed) || !failed.Temporary() || t.job.Attempts+1 >= t.runner.config.Attempts {
		return 0, false
	}
	wait := t.runner.config.Backoff
	if failed.Status == http.StatusTooManyRequests || failed.Status == http.StatusServiceUnavailable {
		named, ok := failed.Wait()
		if ok {
			return min(named, longestWait), true
		}
		if failed.Status == http.StatusTooManyRequests {
			wait = t.runner.config.Throttled
		}
	}
	return min(wait<<t.job.Attempts, 5*time.Minute), true
}

// noteFailure marks the person, group or import that the job is about, and writes the System Log event.
func (t *task) noteFailure(tx *store.Tx, err error, reason string) error {
	kind := t.job.Kind.Type()
	event := kind.FailedEvent
	if _, again := t.wait(err); again {
		event = kind.RetryEvent
	}
	var targets []idp.LogTarget
	var note error
	switch kind.Subject {
	case job.User:
		targets = t.userTargets()
		if kind.Kind != job.DeactivateUser { // the assignment that would show the failure is gone
			note = t.org.SyncFailed(tx, t.job.AppID, t.job.UserID, reason)
		}
	case job.Import:
		note = t.org.ImportFailed(tx, t.job.AppID, reason)
	case job.Group:
		note = t.org.PushFailed(tx, t.job.MappingID, reason)
		targets = []idp.LogTarget{t.groupTarget(t.job.Payload.Name)}
	}
	if note != nil {
		return note
	}
	return t.record(tx, event, "FAILURE", t.logReason(err), targets...)
}

func (t *task) record(tx *store.Tx, event, result, reason string, targets ...idp.LogTarget) error {
	_, err := idp.Record(tx, t.actor, idp.Event{
		Type: event, Result: result, Reason: reason, Targets: append(targets, t.app.Target()),
		Debug: map[string]string{"appname": t.app.Name},
	})
	return err
}

func (t *task) userTargets() []idp.LogTarget {
	name := t.job.Payload.UserName
	return []idp.LogTarget{{ID: t.job.UserID, Type: "AppUser", AlternateID: name, DisplayName: orElse(t.job.Payload.Name, name)}}
}

func (t *task) groupTarget(name string) idp.LogTarget {
	return idp.LogTarget{ID: t.job.MappingID, Type: "AppGroup", AlternateID: name, DisplayName: name}
}
