package shots

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"
)

// gate lets requests wait while it is held, so that what they cause can be photographed before it happens.
type gate struct {
	to http.RoundTripper

	mu   sync.Mutex
	held chan struct{} // closed when the requests may go; nil while they need not wait
}

// hold shuts the gate, or opens it.
func (g *gate) hold(on bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case on && g.held == nil:
		g.held = make(chan struct{})
	case !on && g.held != nil:
		close(g.held)
		g.held = nil
	}
}

// RoundTrip implements [http.RoundTripper].
func (g *gate) RoundTrip(req *http.Request) (*http.Response, error) {
	g.mu.Lock()
	held := g.held
	g.mu.Unlock()
	if held != nil {
		select {
		case <-held:
		case <-req.Context().Done():
			return nil, req.Context().Err()
		}
	}
	return g.to.RoundTrip(req)
}

// errBusy says that there is no moment at which a picture could be taken the same way twice.
var errBusy = errors.New("what Okta has to send did not arrive in 15 seconds")

// hold lets everything arrive that Okta has to send, and makes what comes after it wait; or lets that go too.
func (s *server) hold(ctx context.Context, on bool) error {
	if !on {
		s.gate.hold(false)
		return nil
	}
	l, release, err := s.registry.Acquire(ctx, labName)
	if err != nil {
		return err
	}
	defer release()
	ctx, cancel := context.WithTimeoutCause(ctx, 15*time.Second, errBusy)
	defer cancel()
	for tick := time.NewTicker(10 * time.Millisecond); ; {
		jobs, err := l.Org.PendingJobs(ctx)
		if err != nil || jobs == 0 {
			tick.Stop()
			s.gate.hold(err == nil)
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			tick.Stop()
			return context.Cause(ctx)
		}
	}
}
