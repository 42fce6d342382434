package sp

import (
	"strings"
	"unicode/utf8"
)

func joinName(first, last string) string { return strings.TrimSpace(first + " " + last) }

func initialOf(name string) string {
	r, _ := utf8.DecodeRuneInString(strings.TrimSpace(name))
	if r == utf8.RuneError {
		return "?"
	}
	return strings.ToUpper(string(r))
}
