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

// Failure is the kind of thing that went wrong with a client's request.
type Failure string

// The kinds of failure. Only FailureStatus and FailureNotJSON have seen a whole answer.
const (
	FailureStatus    Failure = "status"    // the service answered with an error status
	FailureNotJSON   Failure = "not-json"  // a success whose body is no JSON object
	FailureRedirect  Failure = "redirect"  // an answer that points elsewhere; it is not followed
	FailureTooLarge  Failure = "too-large" // an answer larger than MaxResponse
	FailureTruncated Failure = "truncated" // the connection ended within the answer, or before it
	FailureRefused   Failure = "refused"   // nothing listens there
	FailureTimeout   Failure = "timeout"
	FailureTLS       Failure = "tls"
	FailureName      Failure = "name"      // the host's name is unknown
	FailureCanceled  Failure = "canceled"  // by the caller
	FailureConfig    Failure = "config"    // the base URL or token cannot be used
	FailureTransport Failure = "transport" // anything else on the way, such as a dialer that forbids the address
)

// ClientError tells what a caller needs to explain a failed request, and to decide whether to try again.
type ClientError struct {
	Failure Failure
	Method  string
	URL     string // never holds a token

	Status     int    // 0 without an answer
	Reason     string // the reason phrase, such as "Unauthorized"
	Detail     string // of a SCIM error
	ScimType   string // of a SCIM error
	RetryAfter string // the header as it came
	Location   string // of a redirect

	NotJSON bool   // the answer had a body that is not JSON
	Began   string // the start of such a body

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

// Temporary tells whether the same request may succeed later: after 408, 429 and 5xx, and when the connection failed.
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

// Wait is the Retry-After header as a number of seconds. Of a date, which Okta doesn't read either, it says false.
func (e *ClientError) Wait() (time.Duration, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(e.RetryAfter))
	if err != nil || n < 0 || n > 1<<30 {
		return 0, false
	}
	return time.Duration(n) * time.Second, true
}

// failure sorts a transport's error.
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
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return FailureTruncated
	}
	return FailureTransport
}

func isTLS(err error) bool {
	var record tls.RecordHeaderError
	var alert tls.AlertError
	var verification *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	return errors.As(err, &record) || errors.As(err, &alert) || errors.As(err, &verification) || errors.As(err, &authority) ||
		errors.As(err, &host) || errors.As(err, &invalid) || strings.Contains(err.Error(), "server gave HTTP response to HTTPS client")
}
