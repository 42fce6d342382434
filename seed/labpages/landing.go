package labpages

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"understudy/seed/door"
	page "understudy/ui/lab"
)

func (p *Pages) landing(c echo.Context) error {
	return p.showLanding(c, http.StatusOK, page.Landing{})
}

func (p *Pages) showLanding(c echo.Context, status int, view page.Landing) error {
	names, err := p.registry.List()
	if err != nil {
		return err
	}
	if isFromThisMachine(c.Request()) {
		view.Create, view.Import = "/labs", "/import"
	}
	view.Page.Errors = view.Errors
	for _, name := range names {
		view.Labs = append(view.Labs, page.LandingLab{Name: name, Home: "/labs/" + name, Okta: "/okta/" + name + "/", Sigma: "/sigma/" + name + "/"})
	}
	return door.Render(c, status, view)
}
