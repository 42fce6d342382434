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

// Config configures a [Runner]. A zero field takes the default named in its comment.
type Config struct {
	Transport http.RoundTripper                         // sends the requests; http.DefaultTransport
	Pin       func(ctx context.Context) context.Context // returns a context that ends when the lab is reset; none
	Timeout   time.Duration                             // of one request with its response; 60 s, as in Okta
	Workers   int                                       // jobs that run at the same time; 4
	Attempts  int                                       // attempts before a job becomes a task for an administrator; 10
	Backoff   time.Duration                             // delay after the first failed attempt, doubled after each further one; 1 s
	Throttled time.Duration                             // delay after a 429 without Retry-After; 30 s (Okta: 5 minutes)
	Log       *slog.Logger                              // slog.Default()
}

// Runner runs the provisioning jobs of one org. Jobs of the same lane (one user of an app, one pushed group) run in order;
// jobs of different lanes run at the same time.
type Runner struct {
	config Config
	org    *idp.Org
	wake   chan struct{}

	mu      sync.Mutex
	settled chan struct{} // closed while no job runs and none is due
	stop    context.CancelFunc
	done    sync.WaitGroup
}

// New returns a runner. Set idp.Options.Wake to its Wake, then call Start with the org.
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

// orElse returns value, or fallback when value is zero.
func orElse[T comparable](value, fallback T) T {
	var zero T
	if value == zero {
		return fallback
	}
	return value
}

// Wake tells the runner that a job may be due. It never blocks.
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

// Settled waits until no job runs and none is due: each job has finished, has failed, or waits for its retry.
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

// settle ends all waits in Settled, unless Wake was called in the meantime.
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

// Start runs jobs in the background until Stop. It begins with the jobs that an earlier process left in the queue.
func (r *Runner) Start(org *idp.Org) {
	r.org = org
	ctx, cancel := context.WithCancel(context.Background())
	r.stop = cancel
	r.Wake()
	r.done.Go(func() { r.run(ctx) })
}

// Stop cancels running requests and waits for the runner to end. Interrupted jobs stay in the queue.
func (r *Runner) Stop() {
	if r.stop != nil {
		r.stop()
	}
	r.done.Wait()
}

// run takes due jobs and starts a goroutine for each. It waits for a Wake, the next due time, or a finished job.
func (r *Runner) run(ctx context.Context) {
	busy := map[string]bool{} // lanes with a running job
	finished := make(chan string, r.config.Workers)
	var workers sync.WaitGroup
	defer workers.Wait()
	for ctx.Err() == nil {
		due, next, err := r.org.DueJobs(ctx, r.config.Workers-len(busy), busy)
		if err != nil && ctx.Err() == nil {
			r.config.Log.Error("provisioning jobs cannot be read", "error", err)
			next = r.org.Now().Add(time.Second)
		}
		for _, j := range due {
			busy[j.Lane] = true
			workers.Go(func() {
				r.runJob(ctx, j)
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

// runJob runs one job. The failures of the app are recorded with the job; runJob logs only our own.
func (r *Runner) runJob(ctx context.Context, j job.Job) {
	ctx = r.config.Pin(ctx)
	err := r.performRecovered(ctx, j)
	if err != nil && ctx.Err() == nil && !errors.Is(err, store.ErrReset) {
		r.config.Log.Error("provisioning job failed in the store", "kind", j.Kind, "error", err)
		select { // the job is still due; the pause keeps it from sending its requests in a loop while the file is not writable
		case <-ctx.Done():
		case <-time.After(r.config.Backoff):
		}
	}
}

// performRecovered performs a job. A panic fails only this job, because the process serves other labs, too.
func (r *Runner) performRecovered(ctx context.Context, j job.Job) (err error) {
	defer func() {
		cause := recover()
		if cause == nil {
			return
		}
		r.config.Log.Error("provisioning job panicked", "kind", j.Kind, "panic", cause, "stack", string(debug.Stack()))
		var t *task
		if t, err = r.task(ctx, j); err == nil {
			err = t.recordFailure(ctx, remoteFailure("Error while sending the change", errInternal))
		}
	}()
	return r.perform(ctx, j)
}

// perform sends the requests of a job. It records failures of the app with the job, and returns failures of the store.
func (r *Runner) perform(ctx context.Context, j job.Job) error {
	t, err := r.task(ctx, j)
	if problem.Is(err, problem.NotFound) || (err == nil && !t.in.Enabled) {
		return r.discard(ctx, j) // the app was deleted, or its API integration was disabled
	}
	if err != nil {
		return err
	}
	action := actions[j.Kind]
	if action == nil {
		return r.discard(ctx, j)
	}
	err = action(t, ctx)
	if problem.Is(err, problem.NotFound) && !isRemote(err) {
		return r.discard(ctx, j) // the assignment or push mapping ended while the job waited
	}
	if !isRemote(err) {
		return err
	}
	return t.recordFailure(ctx, err)
}

// discard removes a job that has nothing to send.
func (r *Runner) discard(ctx context.Context, j job.Job) error {
	return r.org.FinishJob(ctx, j, func(*store.Tx) error { return nil })
}
