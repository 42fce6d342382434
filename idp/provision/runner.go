package provision

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"understudy/idp"
	"understudy/idp/job"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// Config says how jobs are run. Zero fields take the defaults named.
type Config struct {
	Transport http.RoundTripper                         // carries the requests; http.DefaultTransport
	Pin       func(ctx context.Context) context.Context // ties a job to the lab as it is, so that a reset ends it; none
	Timeout   time.Duration                             // of one request with its answer; 60 s, as Okta
	Workers   int                                       // jobs at once; 4
	Attempts  int                                       // tries of a job before it is left to an administrator; 10
	Backoff   time.Duration                             // wait after the first lost try, doubled after each further one; 1 s
	Throttled time.Duration                             // wait after a 429 that names none; 30 s (Okta: 5 minutes)
	Log       *slog.Logger                              // slog.Default()
}

// Runner runs an org's jobs: in order within a lane (a person of an app, a pushed group), side by side otherwise.
type Runner struct {
	config Config
	org    *idp.Org
	wake   chan struct{}

	mu      sync.Mutex
	settled chan struct{} // closed while no job can run
	stop    context.CancelFunc
	done    sync.WaitGroup
}

// New makes a runner. Give its Wake to the org's options, then Start it with the org.
func New(c Config) *Runner {
	if c.Transport == nil {
		c.Transport = http.DefaultTransport
	}
	if c.Pin == nil {
		c.Pin = func(ctx context.Context) context.Context { return ctx }
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	c.Workers = orElse(c.Workers, 4)
	c.Attempts = orElse(c.Attempts, 10)
	c.Backoff = orElse(c.Backoff, time.Second)
	c.Throttled = orElse(c.Throttled, 30*time.Second)
	return &Runner{config: c, wake: make(chan struct{}, 1), settled: make(chan struct{})}
}

func orElse[T comparable](value, usual T) T {
	var zero T
	if value == zero {
		return usual
	}
	return value
}

// Wake tells the runner that there may be work. It never blocks.
func (r *Runner) Wake() {
	r.mu.Lock()
	defer r.mu.Unlock()
	select {
	case <-r.settled:
		r.settled = make(chan struct{})
	default:
	}
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Settled waits until no job runs and none can: all are done, failed, or wait for their time.
func (r *Runner) Settled(ctx context.Context) error {
	r.mu.Lock()
	settled := r.settled
	r.mu.Unlock()
	select {
	case <-settled:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// settle notes that there is nothing to do, unless somebody has woken the runner meanwhile.
func (r *Runner) settle() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.wake) > 0 {
		return
	}
	select {
	case <-r.settled:
	default:
		close(r.settled)
	}
}

// Start runs jobs until Stop, beginning with those that an earlier process left.
func (r *Runner) Start(org *idp.Org) {
	r.org = org
	ctx, cancel := context.WithCancel(context.Background())
	r.stop = cancel
	r.Wake()
	r.done.Go(func() { r.run(ctx) })
}

// Stop ends the requests under way and waits for the runner. Jobs that were cut short stay queued.
func (r *Runner) Stop() {
	if r.stop != nil {
		r.stop()
	}
	r.done.Wait()
}

func (r *Runner) run(ctx context.Context) {
	busy := map[string]bool{} // lanes at work
	finished := make(chan string, r.config.Workers)
	var workers sync.WaitGroup
	defer workers.Wait()
	for ctx.Err() == nil {
		due, next, err := r.org.DueJobs(ctx, r.config.Workers-len(busy), busy)
		if err != nil && ctx.Err() == nil {
			r.config.Log.Error("reading provisioning jobs", "error", err)
			next = r.org.Now().Add(time.Second)
		}
		for _, j := range due {
			busy[j.Lane] = true
			workers.Go(func() {
				r.do(ctx, j)
				finished <- j.Lane
			})
		}
		if err == nil && len(busy) == 0 {
			r.settle()
		}
		var timer <-chan time.Time
		if !next.IsZero() {
			timer = time.After(max(next.Sub(r.org.Now()), 10*time.Millisecond))
		}
		select {
		case <-ctx.Done():
		case <-r.wake:
		case <-timer:
			r.Wake()
		case lane := <-finished:
			delete(busy, lane)
		}
	}
	for len(busy) > 0 {
		delete(busy, <-finished)
	}
}

// do runs one job and writes down how it ended.
func (r *Runner) do(ctx context.Context, j job.Job) {
	ctx = r.config.Pin(ctx)
	err := r.guarded(ctx, j)
	if err != nil && ctx.Err() == nil && !errors.Is(err, store.ErrReset) {
		r.config.Log.Error("provisioning job", "kind", j.Kind, "error", err)
		select { // the job is still due; without a pause it would be sent over and over while the file cannot be written
		case <-ctx.Done():
		case <-time.After(r.config.Backoff):
		}
	}
}

// guarded performs a job. A panic fails that job alone: other labs are served by the same process.
func (r *Runner) guarded(ctx context.Context, j job.Job) (err error) {
	defer func() {
		fault := recover()
		if fault == nil {
			return
		}
		r.config.Log.Error("provisioning job panicked", "kind", j.Kind, "panic", fault, "stack", string(debug.Stack()))
		var t *task
		if t, err = r.task(ctx, j); err == nil {
			err = t.ended(ctx, remote("Error while sending the change", errFault))
		}
	}()
	return r.perform(ctx, j)
}

// perform sends what the job asks for. Its error is one of ours (storage); what the far side says is written to the job.
func (r *Runner) perform(ctx context.Context, j job.Job) error {
	t, err := r.task(ctx, j)
	if problem.Is(err, problem.NotFound) || (err == nil && !t.in.Enabled) {
		return r.drop(ctx, j) // the app is gone, or provisioning was switched off
	}
	if err != nil {
		return err
	}
	var run func(context.Context) error
	switch j.Kind {
	case job.CreateUser:
		run = t.createUser
	case job.UpdateUser:
		run = t.updateUser
	case job.DeactivateUser:
		run = t.deactivateUser
	case job.PushGroup:
		run = t.pushGroup
	case job.PushMembers:
		run = t.pushMembers
	case job.RenameGroup:
		run = t.renameGroup
	case job.DeleteGroup:
		run = t.deleteGroup
	case job.ImportUsers, job.ImportGroups:
		run = t.importAll
	default:
		return r.drop(ctx, j)
	}
	err = run(ctx)
	if problem.Is(err, problem.NotFound) && !isRemote(err) {
		return r.drop(ctx, j) // the assignment or mapping ended while the job waited
	}
	if !isRemote(err) {
		return err
	}
	return t.ended(ctx, err)
}

func (r *Runner) drop(ctx context.Context, j job.Job) error {
	return r.org.FinishJob(ctx, j, func(*store.Tx) error { return nil })
}
