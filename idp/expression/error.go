package expression

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Error says what is wrong with an expression, and where.
type Error struct {
	Character int    // position of the mistake, from 1; 0 if the whole expression is wrong
	Reason    string // a sentence fragment, such as "the user profile has no attribute nope"
	Hint      string // a sentence that says what to do; may be empty
}

// Error returns the reason and the hint with the position: "at character 6: …".
func (e *Error) Error() string {
	if e.Character == 0 {
		return e.rest()
	}
	return "at character " + strconv.Itoa(e.Character) + ": " + e.rest()
}

func (e *Error) rest() string {
	if e.Hint == "" {
		return e.Reason + "."
	}
	return e.Reason + ". " + e.Hint
}

// IsError reports whether err is about the expression. Other errors come from what the subject loads.
func IsError(err error) bool {
	_, ok := errors.AsType[*Error](err)
	return ok
}

// Explain returns an error of this package as sentences for a form. start begins them: "The expression is not valid".
func Explain(start string, err error) string {
	e, ok := errors.AsType[*Error](err)
	switch {
	case !ok:
		return start + "."
	case e.Character == 0:
		return start + ": " + e.Error()
	}
	return start + " " + e.Error()
}

// fragment returns what [Explain] returns without the full stop at the end.
func fragment(start string, err error) string { return strings.TrimSuffix(Explain(start, err), ".") }

// errorAt returns an error at a byte of text.
func errorAt(text string, at int, reason, hint string) *Error {
	at = min(at, len(text))
	return &Error{Character: utf8.RuneCountInString(text[:at]) + 1, Reason: reason, Hint: hint}
}

// problem returns an error at a node.
func (x *Expression) problem(n *node, reason string) *Error { return errorAt(x.text, n.at, reason, "") }
