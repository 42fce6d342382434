package sso

import (
	"context"
	"net/http"
	"regexp"

	"github.com/labstack/echo/v4"

	"understudy/idp"
	"understudy/idp/signin"
	"understudy/seed/base/problem"
)

// Register adds the sign-on addresses to the Okta half (okta-wire 2.1).
func Register(e *echo.Echo) {
	e.GET("/app/:name/:exk/sso/saml", handle(signOn))
	e.POST("/app/:name/:exk/sso/saml", handle(takePost))
	e.GET("/app/:exk/sso/saml/metadata", handle(metadata))
	e.GET("/home/:name/:id/:link", handle(openTile))
}

func handle(f func(echo.Context) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		if err := f(c); err != nil {
			return signin.HTMLError(c, err)
		}
		return nil
	}
}

var (
	ssoPath  = regexp.MustCompile(`^/app/[^/]+/([^/?]+)/sso/saml(?:\?|$)`)
	tilePath = regexp.MustCompile(`^/home/[^/]+/([^/?]+)/`)
)

// AppOf tells which app a fromURI (path and query within the half) is on the way to, so that the sign-in page can name it.
func AppOf(ctx context.Context, fromURI string) (idp.App, bool) {
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

// appAt finds the app of an address; both of its parts must be right.
func appAt(c echo.Context) (idp.App, error) {
	app, err := idp.From(c.Request().Context()).AppByExternalKey(c.Request().Context(), c.Param("exk"))
	if problem.Is(err, problem.NotFound) || (err == nil && (c.Param("name") != "" && c.Param("name") != app.Name || app.SignOnMode != idp.SAML2)) {
		return app, &signin.Refusal{Status: http.StatusNotFound, Title: "Page not found",
			Text: "There is no application at this address. Compare it with the Sign on URL on the application's Sign On tab."}
	}
	return app, err
}

func unavailable(app idp.App) *signin.Refusal {
	return &signin.Refusal{Status: http.StatusForbidden, Title: "This app is not available",
		Text: app.Label + " is deactivated. If you're wondering why this is happening, please contact your administrator."}
}

func badRequest(text string, err error) *signin.Refusal {
	return &signin.Refusal{Status: http.StatusBadRequest, Title: "Bad Request",
		Text: "Your request resulted in an error. " + text + " Please contact your administrator.", Err: err}
}
