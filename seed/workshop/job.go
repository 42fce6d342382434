package workshop

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// Job is an action that runs in the background, lab by lab.
type Job struct {
	ID     int64 // of its entry in the log
	cancel context.CancelFunc
	ended  chan struct{}

	mu       sync.Mutex
	failures []string
	errs     []error
}

// Wait waits until the job has ended, ctx is done, or the time is over. ended tells which. The error is the Conflict problem that
// names the labs in which the action failed.
func (j *Job) Wait(ctx context.Context, limit time.Duration) (ended bool, err error) {
	over := time.NewTimer(limit)
	defer over.Stop()
	select {
	case <-j.ended:
	case <-ctx.Done():
		return false, nil
	case <-over.C:
		return false, nil
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := errors.Join(j.errs...); err != nil {
		return true, err
	}
	if len(j.failures) == 0 {
		return true, nil
	}
	p := problem.New(problem.Conflict, "The action failed in some labs.")
	for _, sentence := range j.failures {
		p.Fields = append(p.Fields, problem.Field{Message: sentence})
	}
	return true, p
}

// fail records that the action failed in a lab. Errors that are no problems go to the server's log, too.
func (j *Job) fail(who string, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if p := problem.As(err); p != nil {
		j.failures = append(j.failures, who+": "+p.Message)
		return
	}
	j.failures = append(j.failures, who+": The server has an internal error.")
	j.errs = append(j.errs, fmt.Errorf("%s: %w", who, err))
}

func (j *Job) failed() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return append([]string{}, j.failures...)
}

// task is what a job does in one lab. It returns what undoes it; nil when there is nothing to undo.
type task func(ctx context.Context, attendee Attendee) (*undoData, error)

// begin starts a job that runs a task in labs, and writes it to the log. The job goes on when the request that began it ends.
func (w *Workshop) begin(ctx context.Context, e Entry, labs []string, run func(entry int64) task) (*Job, error) {
	attendees := map[string]Attendee{}
	all, err := w.Attendees(ctx)
	if err != nil {
		return nil, err
	}
	for _, a := range all {
		attendees[a.Lab] = a
	}
	e.State, e.Total, e.Whom = Running, len(labs), nil
	for _, name := range labs {
		if a, found := attendees[name]; found {
			e.Whom = append(e.Whom, a.Nickname)
		} else {
			e.Whom = append(e.Whom, name)
		}
	}
	j := &Job{ended: make(chan struct{})}
	err = w.db.Write(ctx, func(tx *store.Tx) error {
		j.ID, err = addEntry(tx, e)
		return err
	})
	if err != nil {
		return nil, err
	}
	var background context.Context
	background, j.cancel = context.WithCancel(w.Stopped)
	w.jobsMu.Lock()
	w.jobs[j.ID] = j
	w.jobsMu.Unlock()
	w.background.Go(func() { w.runJob(background, j, labs, attendees, run(j.ID)) })
	return j, nil
}

// parallelTasks is how many labs a job works on at the same time. Bringing a lab to a step is CPU-bound, so one CPU is left for the
// pages that people have open.
func parallelTasks() int { return max(1, runtime.GOMAXPROCS(0)-1) }

func (w *Workshop) runJob(ctx context.Context, j *Job, labs []string, attendees map[string]Attendee, run task) {
	defer close(j.ended)
	defer j.cancel()
	var group sync.WaitGroup
	slots := make(chan struct{}, parallelTasks())
	skipped := false
	for _, name := range labs {
		slots <- struct{}{}
		if skipped = ctx.Err() != nil; skipped {
			break
		}
		group.Go(func() {
			defer func() { <-slots }()
			w.runTask(context.WithoutCancel(ctx), j, name, attendees, run)
		})
	}
	group.Wait()
	state := Finished
	switch {
	case !skipped:
	case w.Stopped.Err() != nil:
		state = Interrupted
	default:
		state = Cancelled
	}
	w.logFailed("finish an action", "", w.finishEntry(context.WithoutCancel(ctx), j, state))
	w.jobsMu.Lock()
	delete(w.jobs, j.ID)
	w.jobsMu.Unlock()
	for _, err := range j.errs {
		w.Log.Error("workshop: an action failed", "error", err)
	}
}

var errAttendeeGone = problem.New(problem.NotFound, "This lab has no attendee any more.")

// runTask runs a task in one lab and records what undoes it. A lab in which a task has begun is finished: an instructor who
// cancels must not leave it half changed.
func (w *Workshop) runTask(ctx context.Context, j *Job, name string, attendees map[string]Attendee, run task) {
	attendee, found := attendees[name]
	attendee.Lab = name
	who := name
	if found {
		who = attendee.Nickname + " (" + name + ")"
	}
	undo, err := run(ctx, attendee)
	if err != nil {
		j.fail(who, err)
	}
	err = w.db.Write(ctx, func(tx *store.Tx) error {
		if undo != nil {
			if err := addUndo(tx, j.ID, name, *undo); err != nil {
				return err
			}
		}
		return tx.Exec(`UPDATE workshop_log SET finished = finished + 1 WHERE id = $1`, j.ID)
	})
	if err != nil {
		j.fail(who, err)
	}
}

func (w *Workshop) finishEntry(ctx context.Context, j *Job, state EntryState) error {
	failures, err := json.Marshal(j.failed())
	if err != nil {
		return err
	}
	err = w.db.Write(ctx, func(tx *store.Tx) error {
		return tx.Exec(`UPDATE workshop_log SET state = $2, failures = $3 WHERE id = $1 AND state = $4`,
			j.ID, string(state), string(failures), string(Running))
	})
	return errors.Join(err, w.forgetOldUndo(ctx))
}

var errNotRunning = problem.New(problem.Conflict, "This action has ended already.")

// Cancel stops an action after the labs that it works on at this moment. The labs that are finished stay as they are.
func (w *Workshop) Cancel(id int64) error {
	w.jobsMu.Lock()
	defer w.jobsMu.Unlock()
	j := w.jobs[id]
	if j == nil {
		return errNotRunning
	}
	j.cancel()
	return nil
}

// Jobs lists the actions on labs that the log holds, newest first: those that are running, and those that have ended.
func (w *Workshop) Jobs(ctx context.Context) ([]Entry, error) {
	entries, err := w.Entries(ctx)
	return slices.DeleteFunc(entries, func(e Entry) bool { return !e.isJob() }), err
}

// JobEntry returns what the log says about a job. NotFound when the log has no job with that id.
func (w *Workshop) JobEntry(ctx context.Context, id int64) (e Entry, err error) {
	err = w.db.Read(ctx, func(tx *store.Tx) error {
		e, err = readEntry(tx, id)
		return err
	})
	if err == nil && !e.isJob() {
		err = errNoEntry
	}
	return e, err
}

func (e Entry) isJob() bool { return e.Total > 0 }
