package door

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"understudy/seed/lab"
	page "understudy/ui/lab"
)

// remedies are the forms of a lab that replace its whole state. For a damaged lab they first replace its file.
var remedies = []string{"/reset", "/guide/undo", "/guide/again", "/guide/bring", "/guide/back"}

// acquireForPage opens a lab for one of its own pages.
func (d *Door) acquireForPage(r *http.Request, name string) (*lab.Lab, func(), error) {
	l, release, err := d.registry.Acquire(r.Context(), name)
	if lab.IsDamaged(err) && r.Method == http.MethodPost && slices.Contains(remedies, strings.TrimPrefix(r.URL.Path, "/labs/"+name)) {
		if err := d.registry.Repair(r.Context(), name); err != nil {
			return nil, nil, err
		}
		return d.registry.Acquire(r.Context(), name)
	}
	return l, release, err
}

// showDamaged answers for every page of a damaged lab: what happened, and the remedies.
func (d *Door) showDamaged(c echo.Context, name string) error {
	checkpoints, err := d.registry.Checkpoints(name)
	if err != nil {
		return err
	}
	view := page.DamagedLab{Name: name, ResetPath: "/labs/" + name + "/reset", BackPath: "/labs/" + name + "/guide/back"}
	for _, k := range checkpoints {
		view.Checkpoints = append(view.Checkpoints, page.GuideCheckpoint{
			ID: strconv.Itoa(k.ID), Label: k.Label, At: k.At.UTC().Format("15:04:05 UTC"),
		})
	}
	return Render(c, http.StatusServiceUnavailable, view)
}
