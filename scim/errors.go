package scim

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
)

// The values of scimType in errors with status 400, and with 409 for uniqueness (RFC 7644 table 9).
const (
	ScimTypeInvalidFilter = "invalidFilter"
	ScimTypeTooMany       = "tooMany"
	ScimTypeUniqueness    = "uniqueness"
	ScimTypeMutability    = "mutability"
	ScimTypeInvalidSyntax = "invalidSyntax"
	ScimTypeInvalidPath   = "invalidPath"
	ScimTypeNoTarget      = "noTarget"
	ScimTypeInvalidValue  = "invalidValue"
	ScimTypeInvalidVers   = "invalidVers"
	ScimTypeSensitive     = "sensitive"
)

// Error is a SCIM error (RFC 7644 section 3.12). A backend may return one, wrapped or not; the server sends it unchanged.
type Error struct {
	Status   int
	ScimType string
	Detail   string
}

func (e *Error) Error() string {
	if e.ScimType == "" {
		return fmt.Sprintf("%d: %s", e.Status, e.Detail)
	}
	return fmt.Sprintf("%d %s: %s", e.Status, e.ScimType, e.Detail)
}

// NewError returns an error. scimType may be empty.
func NewError(status int, scimType, format string, args ...any) *Error {
	return &Error{Status: status, ScimType: scimType, Detail: fmt.Sprintf(format, args...)}
}

// NotFound is the error of a backend for an unknown id.
func NotFound(id string) *Error {
	return NewError(http.StatusNotFound, "", "Resource %s not found.", id)
}

// Conflict is the error of a backend for a value that must be unique and is already in use.
func Conflict(format string, args ...any) *Error {
	return NewError(http.StatusConflict, ScimTypeUniqueness, format, args...)
}

// InvalidValue is the error of a backend for a value that the rules of its product do not allow.
func InvalidValue(format string, args ...any) *Error {
	return NewError(http.StatusBadRequest, ScimTypeInvalidValue, format, args...)
}

// Unauthorized is the error of the authenticating middleware for a missing, unknown, expired or revoked token.
func Unauthorized(format string, args ...any) *Error {
	return NewError(http.StatusUnauthorized, "", format, args...)
}

func invalidSyntax(format string, args ...any) *Error {
	return NewError(http.StatusBadRequest, ScimTypeInvalidSyntax, format, args...)
}

func invalidFilter(format string, args ...any) *Error {
	return NewError(http.StatusBadRequest, ScimTypeInvalidFilter, format, args...)
}

func invalidPath(format string, args ...any) *Error {
	return NewError(http.StatusBadRequest, ScimTypeInvalidPath, format, args...)
}

func mutability(format string, args ...any) *Error {
	return NewError(http.StatusBadRequest, ScimTypeMutability, format, args...)
}

func noTarget(format string, args ...any) *Error {
	return NewError(http.StatusBadRequest, ScimTypeNoTarget, format, args...)
}

// asError returns the SCIM error that err wraps, and whether there is one.
func asError(err error) (*Error, bool) {
	var e *Error
	ok := errors.As(err, &e)
	return e, ok
}

// WriteError sends a SCIM error. A 401 response has the header WWW-Authenticate: Bearer, as RFC 6750 section 3 requires.
func WriteError(w http.ResponseWriter, e *Error) {
	o := NewObject("schemas", []string{ErrorSchema})
	if e.ScimType != "" {
		o.Set("scimType", e.ScimType)
	}
	o.Set("detail", e.Detail)
	o.Set("status", strconv.Itoa(e.Status)) // RFC 7644 section 3.12 makes the status a string
	if e.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	writeJSON(w, e.Status, appendJSON(nil, o))
}

func writeJSON(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", ContentType+"; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	w.Write(body) // it fails only if the client has closed the connection
}
