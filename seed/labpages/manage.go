package labpages

import (
	"fmt"
	"net"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"understudy/seed/base/problem"
	"understudy/seed/door"
	"understudy/seed/lab"
	"understudy/ui/kit"
	page "understudy/ui/lab"
)

// isFromThisMachine reports whether a request comes from the machine that the server runs on. Only its user may create labs.
func isFromThisMachine(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

var errNotHere = problem.New(problem.Forbidden, "Labs can be created only on the machine that runs the server.")

// fromThisMachineOnly is middleware that refuses people on other machines.
func fromThisMachineOnly(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !isFromThisMachine(c.Request()) {
			return problem.New(problem.Forbidden, "Scenarios and guides can be changed only on the machine that runs the server.")
		}
		return next(c)
	}
}

// createLab creates a lab from the chosen scenario and guides.
func (p *Pages) createLab(c echo.Context) error {
	if !isFromThisMachine(c.Request()) {
		return errNotHere
	}
	name := strings.TrimSpace(c.FormValue("name"))
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	choice, err := p.library.Choose(form.Get("scenario"), form["guide"])
	if err == nil {
		err = p.registry.Create(c.Request().Context(), name, choice.Scenario, choice.Guides...)
	}
	return p.created(c, name, "name", err)
}

// importLab creates a lab from an exported file.
func (p *Pages) importLab(c echo.Context) error {
	if !isFromThisMachine(c.Request()) {
		return errNotHere
	}
	name := strings.TrimSpace(c.FormValue("as"))
	upload, _, err := c.Request().FormFile("file")
	if err != nil {
		return p.created(c, name, "as", problem.InvalidField("file", "Choose the file of an exported lab."))
	}
	defer func() { _ = upload.Close() }() // read only
	return p.created(c, name, "as", p.registry.Import(c.Request().Context(), name, upload))
}

// created redirects to the new lab, or shows the start page again with the error at its field.
func (p *Pages) created(c echo.Context, name, field string, err error) error {
	if err == nil {
		return c.Redirect(http.StatusSeeOther, "/labs/"+name)
	}
	if !problem.Is(err, problem.Invalid) && !problem.Is(err, problem.Conflict) {
		return err
	}
	errors := kit.ErrorsOf(err)
	if problem.Is(err, problem.Conflict) {
		errors = kit.ErrorsOf(problem.InvalidField(field, problem.As(err).Message))
	}
	for i := range errors {
		if errors[i].Field == "name" {
			errors[i].Field = field
		}
	}
	view := page.Landing{Name: name, Errors: errors}
	if form, err := c.FormParams(); err == nil {
		view.Offer = p.offer(form.Get("scenario"), form["guide"])
	}
	return p.showLanding(c, http.StatusUnprocessableEntity, view)
}

// exportLab responds with the lab as one file.
func (p *Pages) exportLab(r door.LabRequest) error {
	h := r.Response().Header()
	h.Set(echo.HeaderContentType, "application/octet-stream")
	h.Set(echo.HeaderContentDisposition, fmt.Sprintf("attachment; filename=%q", lab.ExportName(r.Lab.Name)))
	return p.registry.Export(r.Ctx(), r.Lab.Name, r.Response())
}

// maxTitle is the longest title of an exported scenario, in bytes.
const maxTitle = 200

// exportScenario responds with the lab as a scenario file, from which further labs can be created.
func (p *Pages) exportScenario(r door.LabRequest) error {
	title := strings.TrimSpace(r.QueryParam("title"))
	if len(title) > maxTitle {
		return problem.InvalidField("title", "The title is too long. Use at most 200 characters.")
	}
	text, err := r.Lab.ScenarioText(r.Ctx(), title)
	if err != nil {
		return err
	}
	r.Response().Header().Set(echo.HeaderContentDisposition, fmt.Sprintf("attachment; filename=%q", r.Lab.Name+".yaml"))
	return r.Blob(http.StatusOK, "application/yaml", []byte(text))
}
