// Package sso is the door through which the Okta half signs people on to apps: a SAML 2.0 identity provider.
package sso

import (
	"context"

	"github.com/labstack/echo/v4"

	"understudy/idp"
)

// Register adds the sign-on addresses to the Okta half.
func Register(e *echo.Echo) {}

// AppOf tells which app a fromURI (path and query within the half) is on the way to, so that the sign-in page can name it.
func AppOf(ctx context.Context, fromURI string) (idp.App, bool) { return idp.App{}, false }
