package labpages

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"understudy/seed/contentpages"
	"understudy/seed/door"
	"understudy/seed/lab"
	page "understudy/ui/lab"
)

func (p *Pages) landing(c echo.Context) error {
	return p.showLanding(c, http.StatusOK, page.Landing{Offer: p.offer("", []string{lab.Quickstart})})
}

// offer lists the scenarios and guides of the library, with those that are chosen.
func (p *Pages) offer(scenarioName string, guides []string) page.Offer {
	o := contentpages.Offer(p.library, scenarioName, guides)
	o.Content = p.content
	return o
}

func (p *Pages) showLanding(c echo.Context, status int, view page.Landing) error {
	names, err := p.registry.List()
	if err != nil {
		return err
	}
	if isFromThisMachine(c.Request()) {
		view.Create, view.Import = "/labs", "/import"
	} else {
		view.Offer = page.Offer{}
	}
	view.Page.Errors = view.Errors
	for _, name := range names {
		view.Labs = append(view.Labs, page.LandingLab{Name: name, Home: "/labs/" + name, Okta: "/okta/" + name + "/", Sigma: "/sigma/" + name + "/"})
	}
	return door.Render(c, status, view)
}
