package sso

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"understudy/seed/base/address"
	"understudy/sp"
	"understudy/sp/web"
)

// finish opens the page that the person asked for before the sign-on. The identity provider's RelayState leads here.
func finish(c echo.Context) error {
	ctx := c.Request().Context()
	a := address.From(ctx)
	viewer, err := web.Viewer(c)
	if err != nil {
		return err
	}
	if viewer.Member.ID == "" {
		return c.Redirect(http.StatusFound, a.Path(sp.LoginPath))
	}
	return c.Redirect(http.StatusFound, a.Path(localPath(a, c.QueryParam("next"))))
}
