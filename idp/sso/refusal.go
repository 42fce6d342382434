package sso

import (
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"understudy/idp"
	"understudy/idp/saml"
	"understudy/idp/web"
	"understudy/seed/base/problem"
)

var (
	errUnknownACS   = errors.New("the application has no Assertion Consumer Service with this URL or index")
	errDestination  = errors.New("the Destination is another address")
	errNameIDFormat = errors.New("the NameIDPolicy is not the configured format")
	errInactive     = errors.New("the application is deactivated")
	errLogoutOff    = errors.New("the application has no single logout")
	errLogoutIssuer = errors.New("the issuer of the LogoutRequest is not the SP Issuer")
	errExpired      = errors.New("the LogoutRequest has expired")
	errNoMessage    = errors.New("there is neither SAMLRequest nor SAMLResponse")
)

// statusRefusal is the error of a request that is answered with a Response without an assertion: the status codes, the
// outer one first, and the reason in the System Log.
type statusRefusal struct {
	codes  []string
	reason string
}

// Error implements error.
func (s *statusRefusal) Error() string { return s.reason }

// The requests that are answered with a status (SAML core 3.2.2.2).
var (
	errNoPassive    = &statusRefusal{[]string{saml.StatusResponder, saml.StatusNoPassive}, "NO_PASSIVE"}
	errNameIDPolicy = &statusRefusal{[]string{saml.StatusRequester, saml.StatusInvalidNameIDPolicy}, "INVALID_NAMEID_POLICY"}
	errNoContext    = &statusRefusal{[]string{saml.StatusResponder, saml.StatusNoAuthnContext}, "NO_AUTHN_CONTEXT"}
	errOtherPerson  = &statusRefusal{[]string{saml.StatusResponder, saml.StatusUnknownPrincipal}, "UNKNOWN_PRINCIPAL"}
)

// refusals lists the requests that are refused before the person's assignment is checked: the cause, the reason in the
// System Log, and the page.
var refusals = []struct {
	cause  error
	reason string
	page   func(app idp.App, cause error) *web.PageError
}{
	{saml.ErrOversized, "OVERSIZED_REQUEST", badRequest("The SAML request is too large.")},
	{saml.ErrMalformed, "MALFORMED_REQUEST", badRequest("The SAML request cannot be read.")},
	{errUnknownACS, "UNKNOWN_ACS", badRequest("The SAML request names an Assertion Consumer Service " +
		"that is not configured for this application.")},
	{saml.ErrSignature, "INVALID_SIGNATURE", badSignature},
	{errDestination, "INVALID_DESTINATION", badRequest("The SAML request was sent to an address other than its Destination.")},
	{errNameIDFormat, "INVALID_NAMEID_POLICY", ownSentence},
	{errLogoutOff, "SINGLE_LOGOUT_DISABLED", badRequest("Single Logout is not enabled for this application.")},
	{errLogoutIssuer, "INVALID_ISSUER", badRequest("The issuer of the SAML request is not the SP Issuer of this application.")},
	{errExpired, "EXPIRED_REQUEST", badRequest("The SAML request has expired.")},
	{errNoMessage, "MALFORMED_REQUEST", badRequest("There is no SAML message.")},
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

// badSignature returns the page of a request whose signature is missing or wrong. It says what is wrong.
func badSignature(app idp.App, cause error) *web.PageError {
	return badRequest("The signature of the SAML request cannot be verified: "+
		strings.TrimPrefix(cause.Error(), saml.ErrSignature.Error()+": ")+".")(app, cause)
}

// ownSentence returns the page that shows the text of the error as its sentence.
func ownSentence(app idp.App, cause error) *web.PageError {
	return badRequest(cause.Error()+".")(app, cause)
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
	ctx := c.Request().Context()
	if strings.HasSuffix(c.Request().URL.Path, app.SLOPath()) {
		_, err := idp.From(ctx).RefuseLogout(ctx, actorOf(c, session), idp.Logout{AppID: app.ID}, reason)
		return err
	}
	return idp.From(ctx).RefuseSignOn(ctx, actorOf(c, session), app, reason)
}

// actorOf returns the person of a session as the actor, or "unknown" without a session.
func actorOf(c echo.Context, session *idp.Session) idp.Actor {
	if session == nil {
		return idp.Nobody(web.Client(c))
	}
	return session.Actor(web.Client(c))
}
