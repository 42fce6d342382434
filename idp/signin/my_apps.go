package signin

import (
	"net/http"
	"strings"

	"understudy/idp/web"
	"understudy/ui/kit"
	"understudy/ui/okta"
)

// myApps is the dashboard: one tile for each app that is assigned to the person.
func (r *request) myApps() error {
	tiles, err := r.org.Tiles(r.ctx(), r.session.UserID)
	if err != nil {
		return err
	}
	query := strings.TrimSpace(r.QueryParam("q"))
	view := okta.MyAppsPage{
		Frame:      r.endUserFrame("My Apps"),
		SearchPath: r.address.Path(web.HomePath),
		Query:      query,
		NoApps:     len(tiles) == 0,
	}
	for _, tile := range tiles {
		if query != "" && !strings.Contains(strings.ToLower(tile.Label), strings.ToLower(query)) {
			continue
		}
		view.Tiles = append(view.Tiles, okta.Tile{Label: tile.Label, Path: r.address.Path(tile.Path), Note: tile.Note})
	}
	return web.Render(r.Context, http.StatusOK, okta.MyApps(view))
}

// notBuilt is the page of a dashboard section that is not part of this stand-in yet.
func (r *request) notBuilt() error {
	names := map[string]string{"catalog": "Add apps", "notifications": "Notifications", "preferences": "Preferences",
		"recent-activity": "Recent Activity"}
	name, ok := names[r.Param("section")]
	if !ok {
		return web.ErrPageNotFound
	}
	return web.Render(r.Context, http.StatusOK, okta.EndUserNotBuilt(r.endUserFrame(name)))
}

// frame returns the frame of the pages before sign-in.
func (r *request) frame(title string) okta.SignInFrame { return web.SignInFrame(r.Context, title) }

// endUserFrame returns the frame of the pages that need a session.
func (r *request) endUserFrame(title string) okta.EndUserFrame {
	bar := kit.NewLabBar(r.address.Lab, r.address.Window)
	bar.User = r.session.User.Login() + " in Okta"
	return okta.EndUserFrame{
		Page:    kit.Page{Title: title, Lab: bar, Status: web.Notices(r.Context)},
		Base:    r.address.WindowPrefix(),
		Current: r.Request().URL.Path,
		User:    okta.Person{Name: r.session.User.Name(), Login: r.session.User.Login(), Admin: r.session.Admin},
		Search:  r.QueryParam("q"),
	}
}
