package sp

import (
	"strings"
	"unicode/utf8"
)

// joinName is first and last name, separated by a space.
func joinName(first, last string) string { return strings.TrimSpace(first + " " + last) }

// initialOf is the first letter of a name in upper case; "?" if there is none.
func initialOf(name string) string {
	r, _ := utf8.DecodeRuneInString(strings.TrimSpace(name))
	if r == utf8.RuneError {
		return "?"
	}
	return strings.ToUpper(string(r))
}
