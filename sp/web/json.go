package web

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"
)

// JSONError answers a request to an address of Sigma's REST API: with a refusal, or that the address is not built. The response
// has the form of Sigma's errors (requestId, code, message).
func JSONError(c echo.Context, err error) error {
	// Sigma has no such code.
	status, code, message := http.StatusNotImplemented, "not_part_of_stand_in", c.Request().URL.Path+" is not part of this stand-in yet."
	if refusal, ok := errors.AsType[*Refusal](err); ok {
		status, code, message = refusal.Status, "invalid_request", refusal.Text
	}
	return c.JSON(status, map[string]string{
		"requestId": c.Response().Header().Get(echo.HeaderXRequestID), "code": code, "message": message,
	})
}
