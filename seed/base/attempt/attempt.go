// Package attempt limits how often somebody may guess a code, a PIN or a password.
//
// Each wrong guess takes from a bucket of the one who guesses: of a known person, or of a network address. This bucket refuses
// guesses, so that nobody locks out people of other addresses. Buckets that many share count the wrong guesses of all. Those that are
// bounded refuse the guesses of all strangers while they are empty; known people have buckets of their own. While a
// shared bucket is empty, each guess costs half of the guesser's own bucket, so that many addresses do not make many guesses, and
// somebody who has not guessed yet may still try.
//
//	known person ──► bucket of the person
//	stranger     ──► bucket of the address;  empty shared bucket: guesses cost more
//
// A guess that is refused gets the same answer whether it is right or wrong. People of one address share its bucket: whoever guesses
// there takes guesses of the others, but right guesses cost nothing.
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
	// Bounded makes a shared bucket refuse guesses when it is empty, so that many addresses together make a bounded number.
	Bounded bool
}

// Limits are the buckets of a workshop or of a lab. They are safe for concurrent use.
type Limits struct {
	now   func() time.Time
	mu    sync.Mutex // makes the steps of a guess one step
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

// Take counts a guess as a wrong one before it is checked, so that simultaneous guesses count, too. It is for checks that take long,
// such as bcrypt. The error is [ErrTooMany] when own has no guess left; the guess then counts nowhere.
func (l *Limits) Take(own Bucket, shared ...Bucket) (Attempt, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := Attempt{limits: l, at: l.now()}
	cost := l.cost(a.at, own, shared)
	limiter := l.limiter(a.at, own)
	if limiter.TokensAt(a.at) < float64(cost) {
		return Attempt{}, ErrTooMany
	}
	for _, b := range shared {
		if b.Bounded && l.limiter(a.at, b).TokensAt(a.at) < 1 {
			return Attempt{}, ErrTooMany
		}
	}
	a.reservations = append(a.reservations, limiter.ReserveN(a.at, cost))
	for _, b := range shared {
		if s := l.limiter(a.at, b); s.TokensAt(a.at) >= 1 {
			a.reservations = append(a.reservations, s.ReserveN(a.at, 1))
		}
	}
	return a, nil
}

// Count counts a guess whose check has been made already. A right guess takes nothing, so that any number of people may send the
// right code at once. The error is [ErrTooMany] when own has no guess left, also for a right guess.
func (l *Limits) Count(right bool, own Bucket, shared ...Bucket) error {
	a, err := l.Take(own, shared...)
	if err == nil && right {
		a.Refund()
	}
	return err
}

// cost returns how many guesses of its own bucket a guess takes.
func (l *Limits) cost(at time.Time, own Bucket, shared []Bucket) int {
	for _, b := range shared {
		if l.limiter(at, b).TokensAt(at) < 1 {
			return (own.Burst + 1) / 2
		}
	}
	return 1
}

func (l *Limits) limiter(at time.Time, b Bucket) *rate.Limiter {
	limiter := l.byKey[b.Key]
	if limiter == nil {
		if len(l.byKey) >= maxBuckets {
			l.makeRoom(at)
		}
		limiter = rate.NewLimiter(rate.Every(b.Every), b.Burst)
		l.byKey[b.Key] = limiter
	}
	return limiter
}

// makeRoom removes the buckets that are full again. If too few are, somebody invents keys: all buckets start again.
func (l *Limits) makeRoom(at time.Time) {
	for key, limiter := range l.byKey {
		if limiter.TokensAt(at) >= float64(limiter.Burst()) {
			delete(l.byKey, key)
		}
	}
	if len(l.byKey) > maxBuckets*3/4 {
		clear(l.byKey)
	}
}

// Refund gives an attempt back after a right guess: many people share one network address (a router, a container's bridge).
func (a Attempt) Refund() {
	a.limits.mu.Lock()
	defer a.limits.mu.Unlock()
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
