package password

import (
	"fmt"

	"golang.org/x/crypto/bcrypt"

	"understudy/seed/base/problem"
)

// cost is bcrypt's lowest, because hundreds of people of a workshop sign in at once on two cores. The passwords protect only
// training labs.
const cost = bcrypt.MinCost

// maxBytes is the maximum length of a password: bcrypt ignores the bytes after it.
const maxBytes = 72

// DummyHash is a hash that no password matches. The sign-in compares it when the username is unknown, so that the response
// takes as long as for a known username.
const DummyHash = "$2a$04$/JK5hh76eEw4LQU4X4Y.NO8K8toBIAjsuuRxYgJvr0D2ss9pCwN1i"

// Hash returns the bcrypt hash of a password; "" for "". It takes about a millisecond, so call it outside a
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
