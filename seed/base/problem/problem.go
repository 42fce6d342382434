// Package problem defines the errors that Okta and Sigma of a lab return to their handlers.
//
// The model (idp, sp) says what is wrong: a [Kind], a sentence for a person, and the fields of the form. It does not
// know how the request arrived. Each handler package translates the kind into its own format, in one place: an HTML
// page with marked fields, an error of the Okta API, a SCIM error (RFC 7644 section 3.12), or an error of the Sigma
// API.
//
//	idp, sp ─▶ *problem.Error ─▶ handler package ─▶ status code and body
//
// The package has only this file. Start reading at [Error].
package problem

import (
	"errors"
	"strings"
)

// Kind is the class of an error, from which a handler derives the HTTP status.
type Kind int

// The kinds. An error that is not an [*Error] is Internal: a defect of this program, reported with status 500.
const (
	Internal        Kind = iota
	NotFound             // 404
	Conflict             // 409: the state of an object does not allow the action
	Invalid              // 400 or 422: the input is wrong; Fields says where
	Forbidden            // 403
	Unauthenticated      // 401, or a redirect to the sign-in page
	Unavailable          // 503: the same request may succeed later
)

// Field is an input that was not accepted.
type Field struct {
	Name    string // name of the form field or API attribute
	Message string // the sentence shown next to the field
}

// Error is an error that the sender of a request can understand and act on.
type Error struct {
	Kind    Kind
	Message string  // one sentence for a person; never holds a secret
	Code    string  // optional: a stable word for tests, logs and APIs, such as "SESSION_EXPIRED"
	Fields  []Field // for Invalid: the inputs that were not accepted
	Err     error   // the cause, for the log only
}

// Error returns the message, the fields and the cause. It is for logs.
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

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// New returns an error of a kind. The message is one sentence for a person.
func New(kind Kind, message string) *Error { return &Error{Kind: kind, Message: message} }

// InvalidField returns an Invalid error about one input.
func InvalidField(name, message string) *Error {
	return InvalidFields(Field{Name: name, Message: message})
}

// InvalidFields returns an Invalid error about several inputs.
func InvalidFields(fields ...Field) *Error {
	return &Error{Kind: Invalid, Message: "Please check the marked fields.", Fields: fields}
}

// KindOf returns the kind of the [*Error] that err wraps, or Internal.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// As returns the [*Error] that err wraps, or nil.
func As(err error) *Error {
	e, _ := errors.AsType[*Error](err)
	return e
}

// Is reports whether err is not nil and of the kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }

// Check collects the errors of the fields of a form. Its zero value is ready to use.
type Check struct{ fields []Field }

// Require adds an error for the field name unless ok.
func (c *Check) Require(ok bool, name, message string) {
	if !ok {
		c.fields = append(c.fields, Field{Name: name, Message: message})
	}
}

// Err returns one Invalid error with all the collected errors, or nil if there are none.
func (c *Check) Err() error {
	if len(c.fields) == 0 {
		return nil
	}
	return InvalidFields(c.fields...)
}
