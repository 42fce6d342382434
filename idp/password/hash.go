package password

import (
	"fmt"

	"golang.org/x/crypto/bcrypt"

	"understudy/seed/base/problem"
)

// cost is bcrypt's lowest. A workshop of hundreds of people signs in at once on two cores, and the passwords protect
// only training labs.
const cost = bcrypt.MinCost

// maxBytes is the length of password that bcrypt can distinguish.
const maxBytes = 72

// NobodysHash is a hash that no password matches. It is compared where a username is unknown, so that the answer takes
// as long as for a known one.
const NobodysHash = "$2a$04$/JK5hh76eEw4LQU4X4Y.NO8K8toBIAjsuuRxYgJvr0D2ss9pCwN1i"

// Hash returns the form in which a password is stored; "" for "". It takes about a millisecond, so call it outside a
// transaction. Field of the problem: password.
func Hash(password string) (string, error) {
	if password == "" {
		return "", nil
	}
	if len(password) > maxBytes {
		return "", problem.InvalidField("password",
			fmt.Sprintf("Password requirements were not met. Use at most %d characters.", maxBytes))
	}
	hash, err := bcrypt.GenerateFromPassword([]byte(password), cost)
	return string(hash), err
}

// Matches reports whether hash was made from password. It is as slow as [Hash].
func Matches(hash, password string) bool {
	return bcrypt.CompareHashAndPassword([]byte(hash), []byte(password)) == nil
}
