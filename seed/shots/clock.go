package shots

import (
	"context"
	"hash/fnv"
	"net/http"
	"sync"
	"time"

	"understudy/seed/script"
)

// clock is the time in the labs of pictures. It moves only with the script: each step and each action takes a plausible time,
// which follows from the script alone, so that every run shows the same times. Within an action it moves with each
// provisioning request.
type clock struct {
	mu   sync.Mutex
	now  time.Time
	next time.Time // of the next action
}

func newClock(start time.Time) *clock { return &clock{now: start, next: start} }

// Now returns the time.
func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// begin moves the clock to the beginning of an action that takes a time.
func (c *clock) begin(takes time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now, c.next = c.next, c.next.Add(takes)
}

// requestTakes is the time between two provisioning requests.
const requestTakes = 347 * time.Millisecond

// tick moves the clock by a request, but not beyond the action.
func (c *clock) tick() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if next := c.now.Add(requestTakes); next.Before(c.next) {
		c.now = next
	}
}

// readingTakes is the time in which a person reads a step.
const readingTakes = 14 * time.Second

// verbTakes is the time that an action takes. Other verbs take none.
var verbTakes = map[script.Verb]time.Duration{
	script.VerbVisit: 4 * time.Second, script.VerbOpen: 4 * time.Second, script.VerbClick: 3 * time.Second,
	script.VerbFill: 6 * time.Second, script.VerbChoose: 4 * time.Second, script.VerbTick: 2 * time.Second,
	script.VerbUntick: 2 * time.Second, script.VerbDrag: 4 * time.Second, script.VerbCopy: 4 * time.Second,
	script.VerbWait: 5 * time.Second, script.VerbRelease: 4 * time.Second,
}

// takes returns the time that a step's reading (action is nil) or an action takes. It varies, as that of people does.
func takes(step *script.Step, action *script.Action) time.Duration {
	text, base := step.ID, readingTakes
	if action != nil {
		text, base = step.ID+" "+action.String(), verbTakes[action.Verb]
	}
	if base == 0 {
		return 0
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(text)) // never fails
	return base + time.Duration(h.Sum32()%uint32(base.Milliseconds()/2))*time.Millisecond
}

// moment moves the clock before a step or an action. The provisioning requests that the action before has caused finish first,
// because they carry its time.
func (s *server) moment(ctx context.Context, step *script.Step, action *script.Action) error {
	d := takes(step, action)
	if d == 0 {
		return nil
	}
	if err := s.settle(ctx); err != nil {
		return err
	}
	s.clock.begin(d)
	return nil
}

// settleTime is how long moment waits for provisioning. A job that waits for its next try does not finish.
const settleTime = 3 * time.Second

// settle waits until no provisioning request is under way, or the gate holds one.
func (s *server) settle(ctx context.Context) error {
	l, release, err := s.registry.Acquire(ctx, labName)
	if err != nil {
		return err
	}
	defer release()
	ctx, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !s.gate.holdsOne() {
		jobs, err := l.Org.PendingJobs(ctx)
		if err != nil || jobs == 0 {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
	return nil
}

// ticking is a transport that moves the clock with each request.
type ticking struct {
	clock *clock
	to    http.RoundTripper
}

// RoundTrip implements [http.RoundTripper].
func (t ticking) RoundTrip(r *http.Request) (*http.Response, error) {
	t.clock.tick()
	return t.to.RoundTrip(r)
}
