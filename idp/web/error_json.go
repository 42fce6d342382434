package web

import (
	"errors"
	"log/slog"
	"net/http"

	"github.com/labstack/echo/v4"
)

// APIError is the body of an error of Okta's APIs (Okta API reference, "Error codes": developer.okta.com).
type APIError struct {
	Code    string     `json:"errorCode"`
	Summary string     `json:"errorSummary"`
	Link    string     `json:"errorLink"`
	ID      string     `json:"errorId"`
	Causes  []struct{} `json:"errorCauses"`
}

// codeNotBuilt is the error code of an address that this stand-in does not have. Okta has no such code, so nobody takes
// the response for Okta's own.
const codeNotBuilt = "UNDERSTUDY_NOT_BUILT"

// codeInternal is Okta's "Internal Server Error".
const codeInternal = "E0000009"

// codeUnreadable is Okta's "The request body was not well-formed."
const codeUnreadable = "E0000003"

// JSONError answers a request to an address of Okta's APIs with err, in the shape of Okta's errors.
func JSONError(c echo.Context, err error) error {
	status, code, summary := http.StatusInternalServerError, codeInternal, "Internal Server Error"
	if _, ok := errors.AsType[*echo.HTTPError](err); ok { // the router found no handler
		status, code = http.StatusNotImplemented, codeNotBuilt
		summary = c.Request().URL.Path + " is not part of this stand-in yet."
	}
	if p, ok := errors.AsType[*PageError](err); ok { // refused before a handler
		status, code, summary = p.Status, codeUnreadable, p.Text
	}
	id := c.Response().Header().Get(echo.HeaderXRequestID)
	if status == http.StatusInternalServerError {
		slog.ErrorContext(c.Request().Context(), "API request failed", "path", c.Request().URL.Path, "request", id, "error", err)
	}
	return c.JSON(status, newAPIError(code, summary, id))
}

func newAPIError(code, summary, id string) APIError {
	return APIError{Code: code, Summary: summary, Link: code, ID: id, Causes: []struct{}{}}
}

// APIErrorOf returns the body for a request that did not reach Okta, with the code that Okta has for the status.
func APIErrorOf(status int, summary, id string) APIError {
	code, known := map[int]string{http.StatusUnauthorized: "E0000004", http.StatusForbidden: "E0000006", http.StatusNotFound: "E0000007",
		http.StatusServiceUnavailable: "E0000010"}[status]
	if !known {
		code = "E0000002"
	}
	return newAPIError(code, summary, id)
}
