package shots

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"
)

// gate is a transport that can hold requests back, so that a picture can show the state before they have an effect.
type gate struct {
	to http.RoundTripper

	mu   sync.Mutex
	held chan struct{} // closed to release the waiting requests; nil while requests need not wait

	waiting int // requests that are held back
}

// hold closes the gate, or opens it.
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

func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.waiting--
}

// holdsOne reports whether a request is held back.
func (g *gate) holdsOne() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.waiting > 0
}

// RoundTrip implements [http.RoundTripper].
func (g *gate) RoundTrip(req *http.Request) (*http.Response, error) {
	g.mu.Lock()
	held := g.held
	if held != nil {
		g.waiting++
	}
	g.mu.Unlock()
	if held != nil {
		select {
		case <-held:
			g.leave()
		case <-req.Context().Done():
			g.leave()
			return nil, req.Context().Err()
		}
	}
	return g.to.RoundTrip(req)
}

// errBusy is the error of a lab that has no stable state in which a picture could be taken.
var errBusy = errors.New("the provisioning requests of Okta did not finish within 15 seconds")

// hold with on waits until all pending provisioning requests of Okta have finished, and holds back the following ones.
// Without on it releases them.
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
