package labpages

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"understudy/seed/door"
	"understudy/seed/lab"
	"understudy/seed/scenario"
	"understudy/ui/kit"
	page "understudy/ui/lab"
)

// cardJSON is the lab card as JSON, with which a script player begins.
type cardJSON struct {
	Lab        string              `json:"lab"`
	Addresses  map[string]string   `json:"addresses"`
	Identities []scenario.Identity `json:"identities"`

	Public scenario.PublicAddresses `json:"public,omitzero"` // what the pages show instead of the addresses
}

func (p *Pages) card(r door.LabRequest) error {
	identities, err := r.Lab.Identities(r.Ctx())
	if err != nil {
		return err
	}
	addresses := map[string]string{
		"okta": r.Origin + "/okta/" + r.Lab.Name, "admin": r.Origin + "/okta/" + r.Lab.Name + "/admin", "sigma": r.Origin + "/sigma/" + r.Lab.Name,
		"lab": r.Origin + r.Home(),
	}
	if strings.Contains(r.Request().Header.Get(echo.HeaderAccept), echo.MIMEApplicationJSON) {
		return r.JSON(http.StatusOK, cardJSON{Lab: r.Lab.Name, Addresses: addresses, Identities: identities,
			Public: r.Lab.PublicAddresses()})
	}
	windows, err := windowList(r)
	if err != nil {
		return err
	}
	view := page.Home{
		Page: r.Page(), Name: r.Lab.Name,
		Places: []page.Place{
			{Label: "Okta Admin Console", URL: addresses["admin"]},
			{Label: "Okta sign-in and My Apps", URL: addresses["okta"] + "/"},
			{Label: "Sigma", URL: addresses["sigma"] + "/"},
		},
		Windows:   windows,
		Mailbox:   kit.Link{Label: "Mailbox", Href: r.Home() + "/mail"},
		Traffic:   kit.Link{Label: "Traffic", Href: r.Home() + "/traffic"},
		Faults:    kit.Link{Label: "Faults", Href: r.Home() + "/faults"},
		ResetPath: r.Home() + "/reset",
	}
	made, err := r.Lab.Scenario(r.Ctx())
	if err != nil {
		return err
	}
	view.Scenario = made.Title
	if _, view.FaultActive, err = r.Lab.ActiveFault(r.Ctx()); err != nil {
		return err
	}
	authentication, err := r.Lab.Organization.Authentication(r.Ctx())
	if err != nil {
		return err
	}
	if view.Clock, err = clockView(r); err != nil {
		return err
	}
	view.ExportPath, view.ScenarioPath = r.Home()+"/export", r.Home()+"/scenario"
	view.Settings = &page.Settings{Action: r.Home() + "/settings", StrictTypes: authentication.StrictTypes}
	for _, i := range identities {
		where := kit.Link{Label: "Sign in to Okta", Href: "/okta/" + r.Lab.Name + "/admin/dashboard"}
		if i.Half == string(lab.Sigma) {
			where = kit.Link{Label: "Sign in to Sigma", Href: "/sigma/" + r.Lab.Name + "/"}
		}
		view.Identities = append(view.Identities, page.Identity{Name: i.Name, Role: i.Role, Login: i.Username, Password: i.Password, Where: where})
	}
	return r.Render(http.StatusOK, view)
}
