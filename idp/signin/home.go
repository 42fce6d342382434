package signin

import (
	"net/http"
	"strings"

	"understudy/ui/okta"
)

// myApps is the dashboard with a tile for each app of the person.
func (r *request) myApps() error {
	tiles, err := r.org.Tiles(r.ctx(), r.session.UserID)
	if err != nil {
		return err
	}
	query := strings.TrimSpace(r.QueryParam("q"))
	view := okta.MyAppsPage{
		Frame:      r.endUserFrame("My Apps"),
		SearchPath: r.address.Path(Home),
		Query:      query,
		None:       len(tiles) == 0,
	}
	for _, tile := range tiles {
		if query != "" && !strings.Contains(strings.ToLower(tile.Label), strings.ToLower(query)) {
			continue
		}
		view.Tiles = append(view.Tiles, okta.Tile{Label: tile.Label, Path: r.address.Path(tile.Path), Note: tile.Note})
	}
	return Render(r.Context, http.StatusOK, okta.MyApps(view))
}

// unbuilt stands in for a section of the dashboard that is not part of the stand-in yet.
func (r *request) unbuilt() error {
	names := map[string]string{"catalog": "Add apps", "notifications": "Notifications", "preferences": "Preferences", "activity": "Recent Activity"}
	name, ok := names[r.Param("section")]
	if !ok {
		return errNoPage
	}
	return Render(r.Context, http.StatusOK, okta.EndUserUnbuilt(r.endUserFrame(name)))
}

// plainFrame is the frame of the pages before sign-in.
func (r *request) plainFrame(title string) okta.PlainFrame {
	return okta.PlainFrame{Title: title, HomePath: r.address.Path("/"), Lab: r.address.Lab, Window: r.address.Window}
}

// endUserFrame is the frame of the pages that a signed-in person has.
func (r *request) endUserFrame(title string) okta.EndUserFrame {
	frame := okta.EndUserFrame{
		Title:       title,
		Lab:         r.address.Lab,
		Window:      r.address.Window,
		Name:        r.session.User.Name(),
		Login:       r.session.User.Login(),
		HomePath:    r.address.Path(Home),
		SignOutPath: r.address.Path("/login/signout"),
		Base:        r.address.Path(""),
		Here:        r.Request().URL.Path,
		Notice:      TakeNotice(r.Context),
	}
	if r.session.Admin {
		frame.AdminPath = r.address.Path("/admin")
	}
	return frame
}
