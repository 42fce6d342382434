package control

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"understudy/seed/base/problem"
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

// maxTitle is the longest title of a scenario, in bytes.
const maxTitle = 200

// scenario responds with the lab as the text of a scenario file.
func (c *Control) scenario(r *request) error {
	title := strings.TrimSpace(r.QueryParam("title"))
	if len(title) > maxTitle {
		return problem.InvalidField("title", "The title is too long. Use at most 200 characters.")
	}
	l, err := r.lab()
	if err != nil {
		return err
	}
	text, err := l.ScenarioText(r.ctx(), title)
	if err != nil {
		return err
	}
	return r.Blob(http.StatusOK, echo.MIMEOctetStream, []byte(text))
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
