package workshop

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"understudy/seed/base/problem"
)

// Each key may make attemptBurst attempts at once, then one every attemptInterval.
const (
	attemptBurst    = 5
	attemptInterval = 12 * time.Second
	maxAttemptKeys  = 10_000 // bounds the memory that invented keys can take
)

var errTooManyAttempts = problem.New(problem.Forbidden, "Too many attempts. Wait a minute, then try again.")

// attemptLimits limits guesses of codes, PINs and passwords. A key names what is guessed and who guesses: "pin 10.0.0.7".
// Right guesses are refunded, because all attendees of a workshop often share one network address (a router, a
// container's bridge).
type attemptLimits struct {
	now   func() time.Time
	mu    sync.Mutex // makes a reservation and its cancellation one step
	byKey map[string]*rate.Limiter
}

func newAttemptLimits(now func() time.Time) *attemptLimits {
	return &attemptLimits{now: now, byKey: map[string]*rate.Limiter{}}
}

// attempt is an attempt that was allowed.
type attempt struct {
	limits      *attemptLimits
	reservation *rate.Reservation
	at          time.Time
}

// take counts an attempt before the guess is checked, so that simultaneous guesses count, too. It returns
// errTooManyAttempts when the key has no attempt left; that call does not count.
func (l *attemptLimits) take(key string) (attempt, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	limiter := l.byKey[key]
	if limiter == nil {
		if len(l.byKey) >= maxAttemptKeys {
			clear(l.byKey) // far more keys than people: start again instead of growing
		}
		limiter = rate.NewLimiter(rate.Every(attemptInterval), attemptBurst)
		l.byKey[key] = limiter
	}
	now := l.now()
	reservation := limiter.ReserveN(now, 1)
	if reservation.DelayFrom(now) > 0 {
		reservation.CancelAt(now)
		return attempt{}, errTooManyAttempts
	}
	return attempt{l, reservation, now}, nil
}

// refund gives an attempt back after a right guess.
func (a attempt) refund() {
	a.limits.mu.Lock()
	defer a.limits.mu.Unlock()
	a.reservation.CancelAt(a.at) // a reservation can be cancelled only at the time for which it was made
}
