package idp

import (
	"context"
	"encoding/json"
	"time"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// PasswordPolicy is what a password must meet (okta-ui 5; okta-wire, policy type PASSWORD).
type PasswordPolicy struct {
	MinLength    int
	Lower        bool
	Upper        bool
	Number       bool
	Symbol       bool
	NoUsername   bool
	History      int // the last so many cannot be used again; 0 for none
	MaxAgeDays   int // a password of more days has expired; 0 for never
	LockoutAfter int // failed attempts; 0 for never
}

// DefaultPasswordPolicy is the policy of a new org. As in Okta's own, passwords do not grow old in it.
var DefaultPasswordPolicy = PasswordPolicy{MinLength: 8, Lower: true, Upper: true, Number: true, NoUsername: true, History: 4, LockoutAfter: 10}

// Bounds of a policy's numbers, as Okta's form has them.
const (
	minPasswordLength, maxPasswordLength = 4, 30
	maxPasswordHistory                   = 30
	maxPasswordAge                       = 999 // days
	maxPasswordAttempts                  = 100
)

// expired tells whether a password of a time is too old now.
func (p PasswordPolicy) expired(changed, now time.Time) bool {
	return p.MaxAgeDays > 0 && !now.Before(changed.AddDate(0, 0, p.MaxAgeDays))
}

// PasswordPolicy gives the policy that holds in the org.
func (o *Org) PasswordPolicy(ctx context.Context) (p PasswordPolicy, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		p, err = passwordPolicy(tx)
		return err
	})
	return p, err
}

func passwordPolicy(tx *store.Tx) (p PasswordPolicy, err error) {
	var text string
	if err := tx.QueryRow(`SELECT password_policy FROM okta_org`).Scan(&text); err != nil || text == "" {
		return DefaultPasswordPolicy, err
	}
	return p, json.Unmarshal([]byte(text), &p)
}

// UpdatePasswordPolicy changes the policy. It holds for passwords that are chosen from now on, and for the age of all.
// Fields of the problem: minLength, history, maxAgeDays, lockoutAfter.
func (o *Org) UpdatePasswordPolicy(ctx context.Context, a Actor, p PasswordPolicy) error {
	var check problem.Check
	check.Require(p.MinLength >= minPasswordLength && p.MinLength <= maxPasswordLength, "minLength", "Enter a number from 4 to 30.")
	check.Require(p.History >= 0 && p.History <= maxPasswordHistory, "history", "Enter a number from 0 to 30.")
	check.Require(p.MaxAgeDays >= 0 && p.MaxAgeDays <= maxPasswordAge, "maxAgeDays", "Enter a number from 0 to 999.")
	check.Require(p.LockoutAfter >= 0 && p.LockoutAfter <= maxPasswordAttempts, "lockoutAfter", "Enter a number from 0 to 100.")
	if err := check.Err(); err != nil {
		return err
	}
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return o.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Exec(`UPDATE okta_org SET password_policy = $1`, string(text)); err != nil {
			return err
		}
		return succeeded(tx, a, "policy.lifecycle.update", LogTarget{
			ID: "00pdefaultpasswordpol", Type: "PolicyEntity", AlternateID: "unknown", DisplayName: "Default Policy", DetailEntry: map[string]string{"policyType": "Password"}})
	})
}

// expireByAge gives a person whose password is too old the state in which the next thing is a new one.
func expireByAge(tx *store.Tx, u User) (User, error) {
	if u.Status != Active || !u.HasPassword {
		return u, nil
	}
	policy, err := passwordPolicy(tx)
	if err != nil || !policy.expired(u.PasswordChanged, tx.Now()) {
		return u, err
	}
	if err := setStatus(tx, u.ID, PasswordExpired); err != nil {
		return u, err
	}
	u.Status = PasswordExpired
	return u, succeeded(tx, System(Client{}), "user.account.expire_password", u.Target())
}
