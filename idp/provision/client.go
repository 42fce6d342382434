package provision

import (
	"context"
	"errors"
	"net/http"

	"understudy/scim"
)

// client returns a SCIM client that sends the headers of Okta's client.
func (r *Runner) client(baseURL, token string) *scim.Client {
	return &scim.Client{
		BaseURL: baseURL, Token: token, Transport: r.config.Transport, Timeout: r.config.Timeout,
		Header: http.Header{
			"User-Agent": {"Okta SCIM Client 1.0.0"}, "Accept-Charset": {"utf-8"}, "Accept-Encoding": {"gzip,deflate"},
		},
	}
}

// list reads one page of an endpoint. A response that is not a SCIM list is an error, not an empty list: it says nothing
// about which records exist.
func list(ctx context.Context, client *scim.Client, endpoint string, l scim.ListRequest) (*scim.ListResponse, error) {
	page, err := client.Query(ctx, endpoint, l)
	if err == nil && !page.IsList {
		return nil, errNoList
	}
	return page, err
}

// errorText is an error whose text administrators read in Okta.
type errorText string

func (e errorText) Error() string { return string(e) }

// remoteError is a failure of a request to the app: the app refused it, or no response arrived.
type remoteError struct {
	prefix string // how Okta's message begins: "Error while creating user Maya Rivers"
	cause  error  // *scim.ClientError, or an error about the content of the response
}

func (e *remoteError) Error() string { return e.prefix + ": " + e.cause.Error() }
func (e *remoteError) Unwrap() error { return e.cause }

// isRemote reports whether err is a failure of the app, and not of the store.
func isRemote(err error) bool {
	_, ok := errors.AsType[*remoteError](err)
	return ok
}

// remoteFailure wraps an error of the client as a failure of the app; nil stays nil.
func remoteFailure(prefix string, err error) error {
	if err == nil {
		return nil
	}
	return &remoteError{prefix: prefix, cause: err}
}

// status returns the HTTP status that the app answered with; 0 when err has none.
func status(err error) int {
	failed, ok := errors.AsType[*scim.ClientError](err)
	if ok && failed.Failure == scim.FailureStatus {
		return failed.Status
	}
	return 0
}
