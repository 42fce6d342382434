package sso

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"understudy/idp"
	"understudy/idp/saml"
	"understudy/seed/base/address"
)

// metadata responds with the IdP metadata of an app. It needs no session, as Okta's does not.
func metadata(c echo.Context) error {
	app, err := appOfURL(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	_, key, err := idp.From(ctx).SigningKey(ctx, app.ID)
	if err != nil {
		return err
	}
	settings := idp.From(ctx).SAMLSettings(app, address.From(ctx).Peer)
	text := saml.Metadata(app, settings, key.Base64(), address.From(ctx).URL)
	return c.Blob(http.StatusOK, "application/xml;charset=UTF-8", text)
}
