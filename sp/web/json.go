package web

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// JSONNotBuilt answers that an address of Sigma's REST API is not built. The response has the form of Sigma's errors
// (requestId, code, message) with a code that Sigma does not have.
func JSONNotBuilt(c echo.Context) error {
	return c.JSON(http.StatusNotImplemented, map[string]string{
		"requestId": c.Response().Header().Get(echo.HeaderXRequestID),
		"code":      "not_part_of_stand_in",
		"message":   c.Request().URL.Path + " is not part of this stand-in yet.",
	})
}
