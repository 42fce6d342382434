package sso

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"understudy/idp"
	"understudy/idp/saml"
	"understudy/seed/base/address"
	"understudy/seed/base/problem"
)

// checkRequest checks what an AuthnRequest asks for, and returns what the response to it needs. The error is one of the table
// refusals, which get a page, or a [statusRefusal], which gets a SAML response. With a statusRefusal, r is valid.
func checkRequest(c echo.Context, app idp.App, request *saml.AuthnRequest) (r idp.SignOnRequest, err error) {
	ctx := c.Request().Context()
	settings := idp.From(ctx).SAMLSettings(app, address.From(ctx).Peer)
	options := settings.Options
	if err := request.CheckSignature(c.Request().URL.RawQuery, options.Certificate(), options.SignedRequests); err != nil {
		return r, err
	}
	settings, ok := settings.ACSNamed(request.AssertionConsumerServiceURL, request.ACSIndex, options.SignedRequests)
	if !ok {
		return r, errUnknownACS
	}
	if options.SignedRequests && !isFor(app, request.Destination) {
		return r, errDestination
	}
	if options.SignedRequests && request.NameIDFormat != settings.NameIDFormat {
		return r, &nameIDMismatch{requested: request.NameIDFormat, configured: settings.NameIDFormat}
	}
	r = idp.SignOnRequest{App: app, Settings: settings, RequestID: request.ID}
	if !saml.KnownNameIDFormat(request.NameIDFormat) {
		return r, errNameIDPolicy
	}
	if r.Settings.AuthnContext, ok = request.ContextFor(settings.AuthnContext); !ok {
		return r, errNoContext
	}
	return r, nil
}

// isFor reports whether a message with the given Destination is for the app's sign-on or logout service. isFor does
// not compare the host, because a lab has several. An empty Destination matches.
func isFor(app idp.App, destination string) bool {
	to, err := url.Parse(destination)
	return destination == "" || err == nil && (strings.HasSuffix(to.Path, app.SSOPath()) || strings.HasSuffix(to.Path, app.SLOPath()))
}

// nameIDMismatch is the error of an app with Signed Requests whose request asks for another format. The sentence is Okta's.
type nameIDMismatch struct{ requested, configured string }

// Error implements error.
func (e *nameIDMismatch) Error() string {
	return fmt.Sprintf("NameIDPolicy '%s' is not the configured Name ID Format '%s' for the app", e.requested, e.configured)
}

// Is makes errors.Is match the row errNameIDFormat of the table refusals.
func (e *nameIDMismatch) Is(target error) bool { return target == errNameIDFormat }

// isSubject reports whether the person of the session is the one that a request names, by application username or Okta
// username. A request without a Subject matches everybody. Without a session, a Subject matches nobody.
func isSubject(c echo.Context, app idp.App, session *idp.Session, subject string) (bool, error) {
	if subject == "" {
		return true, nil
	}
	if session == nil {
		return false, nil
	}
	if strings.EqualFold(subject, session.User.Login()) {
		return true, nil
	}
	ctx := c.Request().Context()
	assigned, err := idp.From(ctx).AppUser(ctx, app.ID, session.UserID)
	if problem.Is(err, problem.NotFound) {
		return false, nil
	}
	return err == nil && strings.EqualFold(subject, assigned.UserName), err
}
