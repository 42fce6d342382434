package labpages

import (
	"net/http"

	"understudy/seed/door"
)

// view responds with the lab's view, or with the parts of it that the query names. Script players ask for it after each step.
func (p *Pages) view(r door.LabRequest) error {
	view, err := r.Lab.View(r.Ctx(), r.QueryParams()["part"]...)
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, view)
}

// clipboard records that a value was copied from a field (label, value) or pasted into one (into). Pages' scripts and script
// players send it.
func (p *Pages) clipboard(r door.LabRequest) error {
	if err := r.Lab.RecordPaste(r.Ctx(), r.FormValue("into"), r.FormValue("from")); err != nil {
		return err
	}
	if err := r.Lab.RecordCopy(r.Ctx(), r.FormValue("label"), r.FormValue("value")); err != nil {
		return err
	}
	return r.NoContent(http.StatusNoContent)
}
