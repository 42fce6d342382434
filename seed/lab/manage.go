package lab

import (
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"understudy/seed/base/problem"
	"understudy/seed/scenario"
	"understudy/ui/kit"
	page "understudy/ui/lab"
)

// fromThisMachine reports whether a request comes from the machine that the server runs on: only its owner makes labs.
func fromThisMachine(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

var errNotHere = problem.New(problem.Forbidden, "Labs are made on the machine that runs the server.")

// createLab makes a lab of the starter scenario.
func (d *Door) createLab(c echo.Context) error {
	if !fromThisMachine(c.Request()) {
		return errNotHere
	}
	starter, err := scenario.Load(scenario.Starter)
	if err != nil {
		return err
	}
	name := strings.TrimSpace(c.FormValue("name"))
	return d.made(c, name, "name", d.registry.Create(c.Request().Context(), name, starter))
}

// importLab makes a lab of an exported file.
func (d *Door) importLab(c echo.Context) error {
	if !fromThisMachine(c.Request()) {
		return errNotHere
	}
	c.Request().Body = http.MaxBytesReader(c.Response(), c.Request().Body, transferMaximum)
	name := strings.TrimSpace(c.FormValue("as"))
	upload, _, err := c.Request().FormFile("file")
	if err != nil {
		return d.made(c, name, "as", problem.InvalidField("file", "Choose the file of an exported lab."))
	}
	defer func() { _ = upload.Close() }() // read only
	return d.made(c, name, "as", d.registry.Import(c.Request().Context(), name, upload))
}

// made goes to the new lab, or shows the start page again with what is wrong at its field.
func (d *Door) made(c echo.Context, name, field string, err error) error {
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
	return d.showLanding(c, http.StatusUnprocessableEntity, page.Landing{Name: name, Errors: errors})
}

// exportLab hands the lab out as one file.
func (d *Door) exportLab(v visit) error {
	h := v.Response().Header()
	h.Set(echo.HeaderContentType, "application/octet-stream")
	h.Set(echo.HeaderContentDisposition, fmt.Sprintf("attachment; filename=%q", exportName(v.lab.Name)))
	return d.registry.Export(v.Request().Context(), v.lab.Name, v.Response())
}

// The lab's clock moves ahead by whole days; ten years let every certificate expire.
const clockMaximum = 3660

// clockMark says how the lab's clock differs from the wall clock; empty when it does not.
func (l *Lab) clockMark() string {
	offset, frozen := l.DB.Clock()
	switch days := int(offset / (24 * time.Hour)); {
	case !frozen.IsZero():
		return "stopped"
	case offset == 0:
		return ""
	case days == 1:
		return "1 day ahead"
	case days > 1:
		return strconv.Itoa(days) + " days ahead"
	}
	return "moved"
}

func (v visit) clockView() (*page.Clock, error) {
	offset, _ := v.lab.DB.Clock()
	skew, err := v.lab.Org.ClockSkew(v.Request().Context())
	if err != nil {
		return nil, err
	}
	view := &page.Clock{
		Action: v.path() + "/clock", Now: v.lab.DB.Now().Format(clockTime) + " UTC", Mark: v.lab.clockMark(),
		Days: strconv.Itoa(int(offset / (24 * time.Hour))), Synchronize: v.path() + "/clock/synchronize",
	}
	if skew != 0 {
		view.Skew = v.lab.DB.Now().Add(skew).Format(clockTime) + " UTC"
	}
	return view, nil
}

// synchronize sets Okta's clock to the lab's, which is Sigma's.
func (d *Door) synchronize(v visit) error {
	if err := v.lab.Org.SetClockSkew(v.Request().Context(), 0); err != nil {
		return err
	}
	return v.Redirect(http.StatusSeeOther, v.path())
}

// setClock moves the lab's clock ahead of the wall clock by whole days, or back to it.
func (d *Door) setClock(v visit) error {
	days, err := strconv.Atoi(strings.TrimSpace(v.FormValue("days")))
	if err != nil || days < 0 || days > clockMaximum {
		return problem.New(problem.Invalid, fmt.Sprintf("Days ahead are a number from 0 to %d. The clock was not changed.", clockMaximum))
	}
	if err := v.lab.DB.SetClock(v.Request().Context(), time.Duration(days)*24*time.Hour, time.Time{}); err != nil {
		return err
	}
	return v.Redirect(http.StatusSeeOther, v.path())
}
