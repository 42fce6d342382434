package scim

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Failure is the kind of error of a request of the client.
type Failure string

// The kinds of failure. Only FailureStatus and FailureNotJSON mean that a complete response was received.
const (
	FailureStatus    Failure = "status"    // the status of the response is 400 or greater
	FailureNotJSON   Failure = "not-json"  // the status is 2xx, but the body is not a JSON object
	FailureRedirect  Failure = "redirect"  // the response is a redirect, which the client does not follow
	FailureTooLarge  Failure = "too-large" // the response is larger than MaxResponse
	FailureTruncated Failure = "truncated" // the connection was closed before the end of the response
	FailureRefused   Failure = "refused"   // connection refused
	FailureTimeout   Failure = "timeout"
	FailureTLS       Failure = "tls"
	FailureName      Failure = "name"      // the host name was not found
	FailureCanceled  Failure = "canceled"  // by the caller
	FailureConfig    Failure = "config"    // the base URL or token cannot be used
	FailureTransport Failure = "transport" // another error, such as a dialer that does not allow the address
)

// ClientError explains a failed request, and says whether to try it again.
type ClientError struct {
	Failure Failure
	Method  string
	URL     string // never holds a token

	Status     int    // 0 if there was no response
	Reason     string // the reason phrase, such as "Unauthorized"
	Detail     string // of a SCIM error
	ScimType   string // of a SCIM error
	RetryAfter string // the header Retry-After, unchanged
	Location   string // of a redirect

	NotJSON   bool   // the response has a body that is not JSON
	BodyStart string // the start of such a body

	Err error // the underlying error, if any
}

func (e *ClientError) Error() string {
	at := e.Method + " " + e.URL
	if e.Failure == FailureStatus {
		text := fmt.Sprintf("%s: %d %s", at, e.Status, e.Reason)
		if e.Detail != "" {
			text += ": " + e.Detail
		}
		return text
	}
	if e.Err != nil {
		return fmt.Sprintf("%s: %s: %s", at, e.Failure, e.Err)
	}
	return at + ": " + string(e.Failure)
}

func (e *ClientError) Unwrap() error { return e.Err }

// Temporary reports whether the same request may succeed later: after status 408, 429 and 5xx other than 501, and after
// a failed connection.
func (e *ClientError) Temporary() bool {
	switch e.Failure {
	case FailureStatus:
		return e.Status == http.StatusRequestTimeout || e.Status == http.StatusTooManyRequests ||
			e.Status >= 500 && e.Status != http.StatusNotImplemented
	case FailureTruncated, FailureRefused, FailureTimeout, FailureName, FailureTransport:
		return true
	}
	return false
}

// Wait returns the header Retry-After if it is a number of seconds. It returns false for a date, which Okta ignores as
// well.
func (e *ClientError) Wait() (time.Duration, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(e.RetryAfter))
	if err != nil || n < 0 || n > 1<<30 {
		return 0, false
	}
	return time.Duration(n) * time.Second, true
}

// failure classifies an error of the transport.
func failure(err error) Failure {
	var timeout interface{ Timeout() bool }
	var name *net.DNSError
	switch {
	case errors.Is(err, context.Canceled):
		return FailureCanceled
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return FailureTimeout
	case errors.Is(err, syscall.ECONNREFUSED):
		return FailureRefused
	case errors.As(err, &name):
		return FailureName
	case isTLS(err):
		return FailureTLS
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF),
		errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return FailureTruncated
	}
	return FailureTransport
}

// isTLS reports whether err is an error of the TLS handshake, or of a server that responds without TLS.
func isTLS(err error) bool {
	var record tls.RecordHeaderError
	var alert tls.AlertError
	var verification *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	return errors.As(err, &record) || errors.As(err, &alert) || errors.As(err, &verification) ||
		errors.As(err, &authority) || errors.As(err, &host) || errors.As(err, &invalid) ||
		errors.Is(err, http.ErrSchemeMismatch)
}
