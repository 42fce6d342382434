package sso

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"understudy/idp"
	"understudy/idp/saml"
	"understudy/idp/web"
	"understudy/seed/base/problem"
)

var (
	errUnknownACS = errors.New("the AssertionConsumerServiceURL is not the application's")
	errInactive   = errors.New("the application is deactivated")
)

// refusals lists the sign-on requests that are refused before the person's assignment is checked: the cause, the reason
// in the System Log, and the page.
var refusals = []struct {
	cause  error
	reason string
	page   func(app idp.App, cause error) *web.PageError
}{
	{saml.ErrOversized, "OVERSIZED_REQUEST", badRequest("The SAML request is too large.")},
	{saml.ErrMalformed, "MALFORMED_REQUEST", badRequest("The SAML request cannot be read.")},
	{errUnknownACS, "UNKNOWN_ACS", badRequest("The SAML request names an Assertion Consumer Service " +
		"that is not configured for this application.")},
	{idp.ErrReplayed, "REPLAYED_REQUEST", badRequest(idp.ErrReplayed.Message)},
	{errInactive, "APP_INACTIVE", unavailable},
}

// refuse records the refusal in the System Log and returns its page as an error. It returns an err that is not in
// refusals unchanged.
func refuse(c echo.Context, app idp.App, err error) error {
	for _, r := range refusals {
		if errors.Is(err, r.cause) {
			if err := record(c, app, r.reason); err != nil {
				return err
			}
			return r.page(app, err)
		}
	}
	return err
}

// badRequest returns the function that makes Okta's "Bad Request" page with the given sentence.
func badRequest(sentence string) func(idp.App, error) *web.PageError {
	return func(_ idp.App, cause error) *web.PageError {
		return &web.PageError{Status: http.StatusBadRequest, Title: "Bad Request",
			Text: "Your request resulted in an error. " + sentence + " Please contact your administrator.", Err: cause}
	}
}

// unavailable returns the page of a deactivated app.
func unavailable(app idp.App, cause error) *web.PageError {
	return &web.PageError{Status: http.StatusForbidden, Title: "This app is not available",
		Text: app.Label + " is deactivated. If you're wondering why this is happening, please contact your administrator.",
		Err:  cause}
}

// notAssigned returns the 403 page when err says that the app is not assigned to the person, and err otherwise.
func notAssigned(err error, app idp.App) error {
	if errors.Is(err, idp.ErrNotAssigned) || problem.Is(err, problem.NotFound) {
		return web.NotAssigned(app.Label, err)
	}
	return err
}

// record writes a refusal to the System Log. The actor is the signed-in person, or "unknown".
func record(c echo.Context, app idp.App, reason string) error {
	session, err := web.CurrentSession(c)
	if err != nil {
		return err
	}
	actor := idp.Nobody(web.Client(c))
	if session != nil {
		actor = session.Actor(web.Client(c))
	}
	ctx := c.Request().Context()
	return idp.From(ctx).RefuseSignOn(ctx, actor, app, reason)
}
