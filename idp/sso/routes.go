package sso

import (
	"context"
	"net/http"
	"regexp"

	"github.com/labstack/echo/v4"

	"understudy/idp"
	"understudy/idp/web"
	"understudy/seed/base/problem"
)

// Register adds the single sign-on endpoints to the Okta half. The paths are Okta's; see idp/OKTA.md.
func Register(e *echo.Echo) {
	e.GET("/app/:name/:exk/sso/saml", handle(signOn))
	e.POST("/app/:name/:exk/sso/saml", handle(redirectPost))
	e.GET("/app/:name/:exk/slo/saml", handle(singleLogout))
	e.POST("/app/:name/:exk/slo/saml", handle(redirectPost))
	e.GET(web.LogoutPath+":logout", handle(continueLogout))
	e.GET("/app/:exk/sso/saml/metadata", handle(metadata))
	e.GET("/home/:name/:id/:link", handle(openTile))
}

// handle shows the page of an error of f.
func handle(f echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if err := f(c); err != nil {
			return web.HTMLError(c, err)
		}
		return nil
	}
}

var (
	ssoPath  = regexp.MustCompile(`^/app/[^/]+/([^/?]+)/sso/saml(?:\?|$)`)
	tilePath = regexp.MustCompile(`^/home/[^/]+/([^/?]+)/`)
)

// AppOf returns the app that a fromURI (path and query within the half) leads to, so that the sign-in page can name it.
// ok is false when fromURI leads to no app.
func AppOf(ctx context.Context, fromURI string) (app idp.App, ok bool) {
	org := idp.From(ctx)
	if m := ssoPath.FindStringSubmatch(fromURI); m != nil {
		app, err := org.AppByExternalKey(ctx, m[1])
		return app, err == nil
	}
	if m := tilePath.FindStringSubmatch(fromURI); m != nil {
		app, err := org.App(ctx, m[1])
		return app, err == nil
	}
	return idp.App{}, false
}

// appOfURL returns the SAML app that the URL names, by its external key ("exk…"). The app's name in the URL must match.
func appOfURL(c echo.Context) (idp.App, error) {
	ctx := c.Request().Context()
	app, err := idp.From(ctx).AppByExternalKey(ctx, c.Param("exk"))
	name := c.Param("name") // "" in the metadata URL
	if problem.Is(err, problem.NotFound) || err == nil && (name != "" && name != app.Name || app.SignOnMode != idp.SAML2) {
		return app, &web.PageError{Status: http.StatusNotFound, Title: "Page not found",
			Text: "There is no application at this address. Compare the address with the Sign on URL on the application's Sign On tab."}
	}
	return app, err
}
