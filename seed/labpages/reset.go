package labpages

import (
	"net/http"

	"understudy/seed/door"
	"understudy/seed/lab"
	"understudy/sp"
	page "understudy/ui/lab"
)

func (p *Pages) askReset(r door.LabRequest) error {
	return r.Render(http.StatusOK, page.Reset{Page: r.Page(), Name: r.Lab.Name, Action: r.Home() + "/reset", Cancel: r.Home()})
}

// saveSettings stores whether Sigma refuses account types that do not exist. Real Sigma organizations may differ here.
func (p *Pages) saveSettings(r door.LabRequest) error {
	if err := r.Lab.Organization.SetStrictTypes(r.Ctx(), sp.System(), r.FormValue("unknownTypes") == page.TypesRefused); err != nil {
		return err
	}
	return r.Redirect(http.StatusSeeOther, r.Home())
}

// reset resets the lab and signs everybody out. The state before the reset is kept as a checkpoint.
func (p *Pages) reset(r door.LabRequest) error {
	if err := p.registry.ResetTo(r.Ctx(), r.Lab.Name, "Before the reset", lab.EndSessions); err != nil {
		return err
	}
	return r.Redirect(http.StatusSeeOther, r.Home())
}
