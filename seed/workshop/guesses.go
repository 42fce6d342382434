package workshop

import (
	"sync"
	"time"

	"understudy/seed/base/problem"
)

// guesses slows down those who guess codes, PINs and passwords. Only what was wrong counts: a room often comes from one
// address, behind a router or a container's bridge.
type guesses struct {
	now   func() time.Time
	mu    sync.Mutex
	byKey map[string]*attempts
}

// attempts are what somebody has left of something, as it was at a moment.
type attempts struct {
	left float64
	at   time.Time
}

const (
	attemptsAtOnce  = 5
	attemptComesIn  = 12 * time.Second
	guessersCounted = 10_000
)

func newGuesses(now func() time.Time) *guesses {
	return &guesses{now: now, byKey: map[string]*attempts{}}
}

var errTooMany = problem.New(problem.Forbidden, "Too many attempts. Wait a minute, then try again.")

// allow counts an attempt of somebody at something; five at once, then one in twelve seconds.
func (g *guesses) allow(key string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	a := g.byKey[key]
	if a == nil {
		if len(g.byKey) >= guessersCounted { // nobody types so much: begin afresh rather than grow
			clear(g.byKey)
		}
		a = &attempts{left: attemptsAtOnce}
		g.byKey[key] = a
	} else {
		a.left = min(a.left+float64(now.Sub(a.at))/float64(attemptComesIn), attemptsAtOnce)
	}
	a.at = now
	if a.left < 1 {
		return errTooMany
	}
	a.left--
	return nil
}

// forgive gives an attempt back that was right. It was taken first, so that many at the same moment are not all free.
func (g *guesses) forgive(keys ...string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, key := range keys {
		if a := g.byKey[key]; a != nil {
			a.left = min(a.left+1, attemptsAtOnce)
		}
	}
}
