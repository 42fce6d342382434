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

// Limits of the delay before a retry.
const (
	maxNamedDelay = time.Hour       // limits a Retry-After of the app
	maxDelay      = 5 * time.Minute // limits the doubled delay
)

// recordFailure records that the app refused a request or could not be reached. The job is retried later when a retry
// may help. Otherwise it becomes a task for an administrator.
func (t *task) recordFailure(ctx context.Context, err error) error {
	if ctx.Err() != nil { // the runner was stopped; the job stays queued
		return ctx.Err()
	}
	reason := t.explain(err)
	note := func(tx *store.Tx) error { return t.logFailure(tx, err, reason) }
	if delay, again := t.retryDelay(err); again {
		return t.org.RetryJob(ctx, t.job, t.org.Now().Add(delay), reason, note)
	}
	return t.org.FailJob(ctx, t.job, reason, note)
}

// retryDelay returns how long to wait before the request is sent again; again is false when a retry cannot help. The
// delay doubles after each attempt, unless the app names one with Retry-After (RFC 9110, section 10.2.3).
func (t *task) retryDelay(err error) (delay time.Duration, again bool) {
	failed, ok := errors.AsType[*scim.ClientError](err)
	if !ok || !failed.Temporary() || t.job.Attempts+1 >= t.runner.config.Attempts {
		return 0, false
	}
	delay = t.runner.config.Backoff
	if failed.Status == http.StatusTooManyRequests || failed.Status == http.StatusServiceUnavailable {
		if named, ok := failed.Wait(); ok {
			return min(named, maxNamedDelay), true
		}
		if failed.Status == http.StatusTooManyRequests {
			delay = t.runner.config.Throttled
		}
	}
	return min(delay<<t.job.Attempts, maxDelay), true
}

// logFailure stores the reason with the person, group or import of the job, and writes the System Log event.
func (t *task) logFailure(tx *store.Tx, err error, reason string) error {
	kind := t.job.Kind.Type()
	event := kind.FailedEvent
	if _, again := t.retryDelay(err); again {
		event = kind.RetryEvent
	}
	var targets []idp.LogTarget
	var noteErr error
	switch kind.Subject {
	case job.User:
		targets = t.userTargets()
		if kind.Kind != job.DeactivateUser { // the assignment that would show the error has ended
			noteErr = t.org.SyncFailed(tx, t.job.AppID, t.job.UserID, reason)
		}
	case job.Import:
		noteErr = t.org.ImportFailed(tx, t.job.AppID, reason)
	case job.Group:
		noteErr = t.org.PushFailed(tx, t.job.MappingID, reason)
		targets = []idp.LogTarget{t.groupTarget(t.job.Payload.Name)}
	}
	if noteErr != nil {
		return noteErr
	}
	return t.record(tx, event, "FAILURE", t.logReason(err), targets...)
}
