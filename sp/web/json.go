package web

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"
)

// APIError is the body of an error of Sigma's REST API.
type APIError struct {
	RequestID string `json:"requestId"`
	Code      string `json:"code"`
	Message   string `json:"message"`
}

// JSONError responds to a request for Sigma's REST API: with an error, or that this stand-in does not have the endpoint.
func JSONError(c echo.Context, err error) error {
	// Sigma has no such code.
	status, code, message := http.StatusNotImplemented, "not_part_of_stand_in", c.Request().URL.Path+" is not part of this stand-in yet."
	if refusal, ok := errors.AsType[*Refusal](err); ok {
		status, code, message = refusal.Status, "invalid_request", refusal.Text
	}
	return c.JSON(status, APIError{RequestID: c.Response().Header().Get(echo.HeaderXRequestID), Code: code, Message: message})
}
