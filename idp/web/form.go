package web

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// BindForm reads a form into a struct with the tags "form". Any other body is an error: echo's Bind would accept JSON where a
// form is expected, with values that no form can hold.
func BindForm(c echo.Context, form any) error {
	kind := c.Request().Header.Get(echo.HeaderContentType)
	if kind != "" && !strings.HasPrefix(kind, echo.MIMEApplicationForm) && !strings.HasPrefix(kind, echo.MIMEMultipartForm) {
		return echo.NewHTTPError(http.StatusUnsupportedMediaType)
	}
	return (&echo.DefaultBinder{}).BindBody(c, form)
}
