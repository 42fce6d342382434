// Package attempt limits how often somebody may guess a code, a PIN or a password.
//
// Each guess takes a token of every bucket that it is counted in. Which buckets those are depends on who guesses, so that
// nobody locks others out: a browser that is known from before has a bucket of its own and is counted nowhere else. Everybody
// else shares buckets with their network address and with all other strangers.
//
//	known browser ──────────────► bucket of the browser
//	stranger ──► bucket of the browser or the address, bucket of all strangers
package attempt

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"understudy/seed/base/problem"
)

// ErrTooMany is the error of a guess that was not made, because too many were made before. It is Forbidden.
var ErrTooMany = &problem.Error{Kind: problem.Forbidden, Code: "TOO_MANY_ATTEMPTS",
	Message: "Too many attempts. Wait a minute, then try again."}

// maxBuckets bounds the memory that invented keys can take.
const maxBuckets = 10_000

// Bucket counts guesses: Burst at once, then one each Every.
type Bucket struct {
	Key   string // what is guessed and who guesses: "pin 10.0.0.7"
	Burst int
	Every time.Duration
}

// Limits are the buckets of a workshop or of a lab. They are safe for concurrent use.
type Limits struct {
	now   func() time.Time
	mu    sync.Mutex // makes a reservation and its cancellation one step
	byKey map[string]*rate.Limiter
}

// New returns limits that go by the given clock.
func New(now func() time.Time) *Limits { return &Limits{now: now, byKey: map[string]*rate.Limiter{}} }

// Attempt is a guess that may be made.
type Attempt struct {
	limits       *Limits
	reservations []*rate.Reservation
	at           time.Time
}

// Take counts a guess in all buckets before the guess is checked, so that simultaneous guesses count, too. When one of the buckets
// is empty, the guess counts in none, and the error is [ErrTooMany].
func (l *Limits) Take(buckets ...Bucket) (Attempt, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := Attempt{limits: l, at: l.now()}
	for _, b := range buckets {
		r := l.limiter(b).ReserveN(a.at, 1)
		a.reservations = append(a.reservations, r)
		if r.DelayFrom(a.at) > 0 {
			a.cancel()
			return Attempt{}, ErrTooMany
		}
	}
	return a, nil
}

func (l *Limits) limiter(b Bucket) *rate.Limiter {
	limiter := l.byKey[b.Key]
	if limiter == nil {
		if len(l.byKey) >= maxBuckets {
			clear(l.byKey) // far more keys than people: start again instead of growing
		}
		limiter = rate.NewLimiter(rate.Every(b.Every), b.Burst)
		l.byKey[b.Key] = limiter
	}
	return limiter
}

// Refund gives an attempt back after a right guess: many people share one network address (a router, a container's bridge).
func (a Attempt) Refund() {
	a.limits.mu.Lock()
	defer a.limits.mu.Unlock()
	a.cancel()
}

func (a Attempt) cancel() {
	for _, r := range a.reservations {
		r.CancelAt(a.at) // a reservation can be cancelled only at the time for which it was made
	}
}

// Network returns what counts as one address: an IPv4 address, or the /64 network of an IPv6 address, because one machine can use
// all addresses of its network.
func Network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is4() {
		return ip.String()
	}
	network, err := ip.Prefix(64)
	if err != nil {
		return ip.String()
	}
	return network.String()
}
