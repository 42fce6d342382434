package attempt

import (
	"strings"
	"sync"
	"time"
)

// maxKnown bounds the number of browsers that a SignIns remembers.
const maxKnown = 1000

// SignIns limits the guesses at one sign-in page. A browser that has signed in before is a known one. All known browsers of one account
// share a bucket: otherwise somebody who knows an account could get more guesses with more browsers.
type SignIns struct {
	limits *Limits
	mu     sync.Mutex
	known  map[string]string // account by identifier of the browser
}

// NewSignIns returns limits that go by the wall clock: the clock of a lab can be moved.
func NewSignIns() *SignIns {
	return &SignIns{limits: New(time.Now), known: map[string]string{}}
}

// SignIn is somebody who signs in.
type SignIn struct {
	Address string // network address of the client
	Browser string // identifier of the browser; empty if it has none
	Account string // what was typed as the account; empty if the product itself locks an account after wrong passwords
}

// Take counts a guess. The bursts leave room for many people who sign in at the same moment, because a right guess counts until
// its password is checked.
func (s *SignIns) Take(in SignIn) (Attempt, error) {
	if account := s.accountOf(in.Browser); account != "" {
		return s.limits.Take(Bucket{Key: "known " + account, Burst: 60, Every: time.Second})
	}
	address := Bucket{Key: "address " + Network(in.Address), Burst: 60, Every: time.Second}
	shared := []Bucket{{Key: "strangers", Burst: 200, Every: time.Second / 2}}
	if in.Account != "" {
		shared = append(shared, Bucket{Key: "account " + strings.ToLower(in.Account), Burst: 60, Every: 2 * time.Second})
	}
	return s.limits.Take(address, shared...)
}

// Succeeded refunds the guess and makes the browser a known one of an account, given by its ID.
func (s *SignIns) Succeeded(in SignIn, account string, guess Attempt) {
	guess.Refund()
	if in.Browser == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.known) >= maxKnown {
		clear(s.known)
	}
	s.known[in.Browser] = account
}

// accountOf returns the account with which a browser has signed in last; "" for a browser that is not known.
func (s *SignIns) accountOf(browser string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.known[browser]
}
