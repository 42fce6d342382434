// Package password holds the password policy of the org and the hashes of passwords.
//
// The package is pure: a policy is a value, and the checks take the password and the username. The org stores the
// policy, the hashes and the history of each user; see idp/password_policy.go and idp/password_change.go.
//
//	policy.go  Policy: bounds of its numbers, requirements of a password, expiry
//	hash.go    bcrypt hashes
package password

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"understudy/seed/base/problem"
)

// Policy is what a password must meet. Its fields are those of Okta's password policy (Policies API, type PASSWORD).
// Its JSON form, with these field names, is stored in okta_org.password_policy.
type Policy struct {
	MinLength    int // characters
	Lower        bool
	Upper        bool
	Number       bool
	Symbol       bool
	NoUsername   bool
	History      int // the last n passwords cannot be used again; 0: no limit
	MaxAgeDays   int // the password expires after this number of days; 0: never
	LockoutAfter int // failed sign-ins until the user is locked out; 0: never
}

// Default is the policy of a new org. As in Okta's default policy, passwords never expire.
var Default = Policy{MinLength: 8, Lower: true, Upper: true, Number: true, NoUsername: true, History: 4, LockoutAfter: 10}

// Validate checks the numbers against the bounds of Okta's form. Fields of the problem: minLength, history, maxAgeDays,
// lockoutAfter.
func (p Policy) Validate() error {
	var check problem.Check
	for _, number := range []struct {
		field           string
		value, min, max int
	}{
		{"minLength", p.MinLength, 4, 30},
		{"history", p.History, 0, 30},
		{"maxAgeDays", p.MaxAgeDays, 0, 999},
		{"lockoutAfter", p.LockoutAfter, 0, 100},
	} {
		check.Require(number.value >= number.min && number.value <= number.max, number.field,
			fmt.Sprintf("Enter a number from %d to %d.", number.min, number.max))
	}
	return check.Err()
}

// Expired reports whether a password that was set at changed is too old now.
func (p Policy) Expired(changed, now time.Time) bool {
	return p.MaxAgeDays > 0 && !now.Before(changed.AddDate(0, 0, p.MaxAgeDays))
}

// requirement is one rule of a policy: label is for the list on the sign-in page, unmet for the error.
type requirement struct {
	label string
	unmet string
	met   func(password, login string) bool
}

func (p Policy) requirements() []requirement {
	has := func(class func(rune) bool) func(string, string) bool {
		return func(password, _ string) bool { return strings.ContainsFunc(password, class) }
	}
	symbol := func(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) }
	list := []requirement{{
		fmt.Sprintf("At least %d characters", p.MinLength),
		fmt.Sprintf("The password must have at least %d characters.", p.MinLength),
		func(password, _ string) bool { return len([]rune(password)) >= p.MinLength },
	}}
	for _, r := range []struct {
		wanted bool
		requirement
	}{
		{p.Lower, requirement{"A lowercase letter", "The password must contain a lowercase letter.", has(unicode.IsLower)}},
		{p.Upper, requirement{"An uppercase letter", "The password must contain an uppercase letter.",
			has(unicode.IsUpper)}},
		{p.Number, requirement{"A number", "The password must contain a number.", has(unicode.IsDigit)}},
		{p.Symbol, requirement{"A symbol", "The password must contain a symbol.", has(symbol)}},
		{p.NoUsername, requirement{"No parts of your username", "The password must not contain parts of your username.",
			withoutParts}},
	} {
		if r.wanted {
			list = append(list, r.requirement)
		}
	}
	return list
}

// withoutParts reports whether the password contains no part of the username that has at least four letters. Okta splits
// a username at the characters . , - _ # and @.
func withoutParts(password, login string) bool {
	password = strings.ToLower(password)
	separator := func(r rune) bool { return strings.ContainsRune(".,-_#@", r) }
	for _, part := range strings.FieldsFunc(strings.ToLower(login), separator) {
		if len(part) >= 4 && strings.Contains(password, part) {
			return false
		}
	}
	return true
}

// Requirements lists the policy's rules in Okta's words, as the sign-in pages show them.
func (p Policy) Requirements() (list []string) {
	for _, r := range p.requirements() {
		list = append(list, r.label)
	}
	if p.History > 0 {
		list = append(list, fmt.Sprintf("Your password cannot be any of your last %d passwords", p.History))
	}
	return list
}

// Check adds an error for field that names each requirement that the password does not meet. login is the username. Check
// does not check the history, which needs the old hashes.
func (p Policy) Check(check *problem.Check, field, password, login string) {
	text := "Password requirements were not met."
	met := true
	for _, r := range p.requirements() {
		if !r.met(password, login) {
			met = false
			text += " " + r.unmet
		}
	}
	check.Require(met, field, text)
}
