package control

import (
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"understudy/seed/lab"
)

// export responds with the lab as one file.
func (c *Control) export(r *request) error {
	if !c.Registry.Exists(r.name()) {
		return errNoLab
	}
	h := r.Response().Header()
	h.Set(echo.HeaderContentType, echo.MIMEOctetStream)
	h.Set(echo.HeaderContentDisposition, fmt.Sprintf("attachment; filename=%q", lab.ExportName(r.name())))
	return c.Registry.Export(r.ctx(), r.name(), r.Response())
}

// importLab creates a lab from an exported file, which is the body of the request.
func (c *Control) importLab(r *request) error {
	if err := c.mayCreate(r.name()); err != nil {
		return err
	}
	if err := c.Registry.Import(r.ctx(), r.name(), r.Request().Body); err != nil {
		return err
	}
	return c.respondLab(r, http.StatusCreated, r.name())
}
