// Package problem holds the kinds of error that a half returns.
//
// A half says what went wrong and to whom it matters; each door (HTML, Okta JSON,
// SCIM, Sigma JSON) maps a kind to its own wire style in one place.
package problem

import (
	"errors"
	"strings"
)

// Kind is what a door needs to know of an error to answer with the right status.
type Kind int

// The kinds. An error that is none of them is Internal: a fault of ours.
const (
	Internal Kind = iota
	NotFound
	Conflict
	Invalid
	Forbidden
	Unauthenticated
	Unavailable
)

// Field is one input that cannot be taken, with the sentence shown beside it.
type Field struct {
	Name    string // name of the form field or wire attribute
	Message string
}

// Error is an error with a meaning for the person or program that asked.
type Error struct {
	Kind    Kind
	Message string  // one sentence for a person; never holds a secret
	Code    string  // optional: stable word for tests, logs and wire styles, such as "SESSION_EXPIRED"
	Fields  []Field // for Invalid: where it went wrong
	Err     error   // cause, for the log only
}

// Error implements error.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Message)
	for _, f := range e.Fields {
		b.WriteString("; " + f.Name + ": " + f.Message)
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// New makes an error of a kind with a sentence for a person.
func New(kind Kind, message string) *Error { return &Error{Kind: kind, Message: message} }

// InvalidField makes an Invalid error about one input.
func InvalidField(name, message string) *Error {
	return InvalidFields(Field{Name: name, Message: message})
}

// InvalidFields makes an Invalid error about several inputs.
func InvalidFields(fields ...Field) *Error {
	return &Error{Kind: Invalid, Message: "Please check the marked fields.", Fields: fields}
}

// KindOf gives the kind of err; Internal when it carries none.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// As gives the *Error that err carries, or nil.
func As(err error) *Error {
	e, _ := errors.AsType[*Error](err)
	return e
}

// Is reports whether err is of the kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }

// Check collects field errors while a form is read; Err gives them as one error or nil.
type Check struct{ fields []Field }

// Require notes message at name unless ok.
func (c *Check) Require(ok bool, name, message string) {
	if !ok {
		c.fields = append(c.fields, Field{Name: name, Message: message})
	}
}

// Err gives one Invalid error with all that was noted, or nil.
func (c *Check) Err() error {
	if len(c.fields) == 0 {
		return nil
	}
	return InvalidFields(c.fields...)
}
