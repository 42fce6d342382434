package sso

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"understudy/idp"
	"understudy/idp/saml"
	"understudy/seed/base/address"
)

// metadata answers with the IdP metadata of an app. It needs no session, as Okta's does not.
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
	text := saml.Metadata(app, key.Base64(), settings.NameIDFormat, address.From(ctx).URL(app.SSOPath()))
	return c.Blob(http.StatusOK, "application/xml;charset=UTF-8", text)
}
