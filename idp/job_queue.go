package idp

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"understudy/idp/job"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// enqueue writes a job in the transaction of the change that causes it. The runner is woken after the commit.
func (o *Org) enqueue(tx *store.Tx, j job.Job) error {
	payload, err := json.Marshal(j.Payload)
	if err != nil {
		return err
	}
	err = tx.Exec(`INSERT INTO okta_jobs (lane, kind, app_id, user_id, mapping_id, payload, state, transaction_id,
		created_ms)
		VALUES ($1, $2, $3, $4, $5, $6, 'queued', $7, $8)`,
		j.Lane, j.Kind, j.AppID, j.UserID, j.MappingID, string(payload), tx.ID("gam"), store.Millis(tx.Now()))
	if err != nil {
		return fmt.Errorf("enqueue %s: %w", j.Kind, err)
	}
	o.wakeAfterCommit(tx)
	return nil
}

const jobColumns = `id, lane, kind, app_id, user_id, mapping_id, payload, attempts, not_before_ms, error,
	transaction_id, created_ms, failed_ms`

func scanJob(r store.Row) (j job.Job, err error) {
	var payload string
	var notBefore, created, failed int64
	err = r.Scan(&j.ID, &j.Lane, &j.Kind, &j.AppID, &j.UserID, &j.MappingID, &payload, &j.Attempts, &notBefore,
		&j.Error, &j.TransactionID, &created, &failed)
	if err != nil {
		return j, err
	}
	j.NotBefore, j.Created, j.Failed = store.Time(notBefore), store.Time(created), store.Time(failed)
	return j, json.Unmarshal([]byte(payload), &j.Payload)
}

// appActive is the condition that the job's app is not inactive. Jobs of an inactive app wait for its activation.
const appActive = ` NOT EXISTS (SELECT 1 FROM okta_apps AS a WHERE a.id = app_id AND a.status = 'INACTIVE')`

// DueJobs returns up to limit jobs that can run now: each is the first of its lane, its waiting time is over, and its
// lane is not in busy. next is the time at which the earliest other job is due; zero if there is none.
func (o *Org) DueJobs(ctx context.Context, limit int, busy map[string]bool) (due []job.Job, next time.Time, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		first, err := store.List(tx, scanJob, `SELECT `+jobColumns+` FROM okta_jobs AS j
			WHERE state = 'queued' AND`+appActive+` AND NOT EXISTS (SELECT 1 FROM okta_jobs AS e WHERE e.lane = j.lane
				AND e.state = 'queued' AND e.id < j.id)
			ORDER BY not_before_ms, id LIMIT $1`, limit+len(busy))
		if err != nil {
			return err
		}
		for _, j := range first {
			switch {
			case busy[j.Lane]:
			case j.NotBefore.After(tx.Now()):
				if next.IsZero() || j.NotBefore.Before(next) {
					next = j.NotBefore
				}
			case len(due) < limit:
				due = append(due, j)
			}
		}
		return nil
	})
	return due, next, err
}

// PendingJobs returns the number of jobs that will run without an administrator, now or later. Jobs of inactive apps do
// not count.
func (o *Org) PendingJobs(ctx context.Context) (n int, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		return tx.QueryRow(`SELECT count(*) FROM okta_jobs WHERE state = 'queued' AND` + appActive).Scan(&n)
	})
	return n, err
}

// FinishJob removes a job that succeeded, in one transaction with what f writes. Earlier failures in the lane are
// removed too, unless the job was incremental.
func (o *Org) FinishJob(ctx context.Context, j job.Job, f func(tx *store.Tx) error) error {
	complete := !j.Kind.Type().Incremental
	return o.db.Write(ctx, func(tx *store.Tx) error {
		err := tx.Exec(`DELETE FROM okta_jobs WHERE id = $1 OR ($3 AND lane = $2 AND state = 'failed' AND id < $1)`,
			j.ID, j.Lane, complete)
		if err != nil {
			return err
		}
		return f(tx)
	})
}

// RetryJob lets a job wait until a time before the next try, in one transaction with what f writes. reason is a
// sentence for the administrator.
func (o *Org) RetryJob(ctx context.Context, j job.Job, until time.Time, reason string, f func(tx *store.Tx) error) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		err := tx.Exec(`UPDATE okta_jobs SET attempts = attempts + 1, not_before_ms = $2, error = $3 WHERE id = $1`,
			j.ID, store.Millis(until), reason)
		if err != nil {
			return err
		}
		return f(tx)
	})
}

// FailJob leaves a job to an administrator, in one transaction with what f writes. The job is listed under Dashboard
// > Tasks until it is retried or dismissed.
func (o *Org) FailJob(ctx context.Context, j job.Job, reason string, f func(tx *store.Tx) error) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		err := tx.Exec(`UPDATE okta_jobs SET state = 'failed', attempts = attempts + 1, error = $2, failed_ms = $3
			WHERE id = $1`,
			j.ID, reason, store.Millis(tx.Now()))
		if err != nil {
			return err
		}
		return f(tx)
	})
}

// FailedJobs lists the failed jobs of an app, or of all apps if appID is empty, oldest first.
func (o *Org) FailedJobs(ctx context.Context, appID string) (jobs []job.Job, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		jobs, err = failedJobs(tx, appID)
		return err
	})
	return jobs, err
}

func failedJobs(tx *store.Tx, appID string) ([]job.Job, error) {
	return store.List(tx, scanJob, `SELECT `+jobColumns+` FROM okta_jobs WHERE state = 'failed'
		AND ($1 = '' OR app_id = $1) ORDER BY id`, appID)
}

// RetryJobs queues failed jobs again ("Retry selected"). Conflict when one of them no longer waits.
func (o *Org) RetryJobs(ctx context.Context, a Actor, ids ...int64) error {
	return o.eachFailed(ctx, a, "Retry selected", ids, func(tx *store.Tx, id int64) error {
		return tx.Exec(`UPDATE okta_jobs SET state = 'queued', attempts = 0, not_before_ms = 0, failed_ms = 0
			WHERE id = $1`, id)
	})
}

// DismissJobs deletes failed jobs ("Mark as done"); their requests are never sent. Conflict when one of them no longer
// waits.
func (o *Org) DismissJobs(ctx context.Context, a Actor, ids ...int64) error {
	return o.eachFailed(ctx, a, "Mark as done", ids, func(tx *store.Tx, id int64) error {
		return tx.Exec(`DELETE FROM okta_jobs WHERE id = $1`, id)
	})
}

// eachFailed changes failed jobs, and records the action once for each app.
func (o *Org) eachFailed(ctx context.Context, a Actor, action string, ids []int64,
	change func(tx *store.Tx, id int64) error) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		tasks := map[string]int{} // number of jobs by app
		for _, id := range ids {
			failed, err := store.One(tx, "One of these tasks is no longer in the list. Reload the page.", scanJob,
				`SELECT `+jobColumns+` FROM okta_jobs WHERE id = $1 AND state = 'failed'`, id)
			if problem.Is(err, problem.NotFound) {
				return problem.New(problem.Conflict, problem.As(err).Message)
			}
			if err != nil {
				return err
			}
			tasks[failed.AppID]++
			if err := change(tx, id); err != nil {
				return err
			}
		}
		for _, appID := range slices.Sorted(maps.Keys(tasks)) {
			if err := recordAppAction(tx, a, appID, action, tasks[appID]); err != nil {
				return err
			}
		}
		o.wakeAfterCommit(tx)
		return nil
	})
}

// recordAppAction records an administrator's action for which Okta documents no separate event type, as an update of
// the app. count is the number of things that it affected.
func recordAppAction(tx *store.Tx, a Actor, appID, action string, count int) error {
	application, err := app(tx, appID)
	if err != nil {
		return err
	}
	_, err = Record(tx, a, Event{Type: "application.lifecycle.update", Targets: []LogTarget{application.Target()},
		Debug: map[string]string{"action": action, "count": strconv.Itoa(count)}})
	return err
}

// wakeAfterCommit wakes the runner, if there is one, once the transaction has committed.
func (o *Org) wakeAfterCommit(tx *store.Tx) {
	if o.options.Wake != nil {
		tx.AfterCommit(o.options.Wake)
	}
}

// requeueFailed queues the failed jobs of an app again and ends the waiting times of the others.
func (o *Org) requeueFailed(tx *store.Tx, appID string) error {
	if err := tx.Exec(`UPDATE okta_jobs SET state = 'queued', attempts = 0, not_before_ms = 0, failed_ms = 0
		WHERE app_id = $1 AND state = 'failed'`, appID); err != nil {
		return err
	}
	if err := tx.Exec(`UPDATE okta_jobs SET not_before_ms = 0 WHERE app_id = $1 AND state = 'queued'`, appID); err != nil {
		return err
	}
	o.wakeAfterCommit(tx)
	return nil
}
