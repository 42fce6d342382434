package sso

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"understudy/idp"
	"understudy/idp/saml"
	"understudy/idp/web"
	"understudy/seed/base/address"
	"understudy/seed/base/exchange"
	"understudy/seed/base/problem"
	"understudy/ui/okta"
)

// singleLogout is the single logout service of an app (SAML profiles 4.4). It takes the app's LogoutRequest, and the app's
// LogoutResponse to a request of Okta.
func singleLogout(c echo.Context) error {
	if to, other := inOtherWindow(c); other {
		return c.Redirect(http.StatusFound, to)
	}
	app, err := appOfURL(c)
	if err != nil {
		return err
	}
	query := c.QueryParams()
	switch {
	case !app.LogsOut():
		err = errLogoutOff
	case len(query.Get("RelayState")) > maxRelayState:
		err = saml.ErrOversized
	case query.Has("SAMLRequest"):
		err = beginLogout(c, app)
	case query.Has("SAMLResponse"):
		err = takeLogoutResponse(c, app)
	default:
		err = errNoMessage
	}
	return refuse(c, app, err)
}

// beginLogout takes the app's LogoutRequest: the session at Okta ends, then the browser visits the other apps.
func beginLogout(c echo.Context, app idp.App) error {
	ctx := c.Request().Context()
	org := idp.From(ctx)
	request, err := saml.DecodeLogoutRequest(c.QueryParam("SAMLRequest"))
	if err != nil {
		return err
	}
	now, err := org.OktaTime(ctx)
	if err != nil {
		return err
	}
	options := app.SignOn.SAML
	if !options.Logout.FromApp {
		return errLogoutOff
	}
	if err := request.CheckSignature(c.Request().URL.RawQuery, options.Certificate()); err != nil {
		return err
	}
	switch {
	case request.Issuer != options.Logout.Issuer:
		return errLogoutIssuer
	case !isFor(app, request.Destination):
		return errDestination
	case !request.NotOnOrAfter.IsZero() && !now.Before(request.NotOnOrAfter):
		return errExpired
	}
	session, err := web.CurrentSession(c)
	if err != nil {
		return err
	}
	begun := idp.Logout{AppID: app.ID, RequestID: request.ID, RelayState: c.QueryParam("RelayState")}
	named, err := isSubject(c, app, session, request.NameID)
	if err != nil {
		return err
	}
	if session != nil && !named { // another person's session does not end
		refused, err := org.RefuseLogout(ctx, session.Actor(web.Client(c)), begun, "REQUEST_DENIED")
		if err != nil {
			return err
		}
		return logoutResponse(c, refused, saml.StatusRequester, saml.StatusRequestDenied)
	}
	begun, err = org.BeginLogout(ctx, actorOf(c, session), web.SessionToken(c), begun)
	if err != nil {
		return err
	}
	web.ClearSession(c)
	return c.Redirect(http.StatusSeeOther, address.From(ctx).Path(web.LogoutPath+begun.ID))
}

// takeLogoutResponse takes the response of the app to a LogoutRequest of Okta. The logout continues even if the app refused.
func takeLogoutResponse(c echo.Context, app idp.App) error {
	ctx := c.Request().Context()
	response, err := saml.DecodeLogoutResponse(c.QueryParam("SAMLResponse"))
	if err != nil {
		return err
	}
	confirmed := response.Success &&
		response.CheckSignature(c.Request().URL.RawQuery, app.SignOn.SAML.Certificate()) == nil
	l, err := idp.From(ctx).TakeLogoutResponse(ctx, idp.Nobody(web.Client(c)), app.ID, response.InResponseTo, confirmed)
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, address.From(ctx).Path(web.LogoutPath+l.ID))
}

// continueLogout sends the browser to the next app with a LogoutRequest. At the end the app that began the logout gets its
// LogoutResponse; a logout that Okta began ends at the sign-in page.
func continueLogout(c echo.Context) error {
	ctx := c.Request().Context()
	org := idp.From(ctx)
	next, l, err := org.NextLogoutRequest(ctx, idp.Nobody(web.Client(c)), c.Param("logout"))
	if problem.Is(err, problem.NotFound) { // it ended, for instance in another tab
		return c.Redirect(http.StatusSeeOther, address.From(ctx).Path("/login/login.htm"))
	}
	if err != nil {
		return err
	}
	if next != nil {
		return sendLogoutRequest(c, *next)
	}
	if l.AppID == "" {
		return c.Redirect(http.StatusSeeOther, address.From(ctx).Path("/login/login.htm"))
	}
	codes := []string{saml.StatusSuccess}
	if l.Partial {
		codes = append(codes, saml.StatusPartialLogout)
	}
	return logoutResponse(c, l, codes...)
}

// sendLogoutRequest sends the browser to an app, with the binding of the app's settings.
func sendLogoutRequest(c echo.Context, q idp.LogoutRequest) error {
	ctx := c.Request().Context()
	key, certificate, err := idp.From(ctx).SigningKey(ctx, q.App.ID)
	if err != nil {
		return err
	}
	signer := saml.NewSigner(key, certificate.Certificate)
	message, err := saml.NewLogoutRequest(q, signer)
	if err != nil {
		return err
	}
	options := q.App.SignOn.SAML
	if options.Logout.Binding == "REDIRECT" {
		to, err := signer.RedirectURL(options.Logout.RequestURL, message, options)
		if err != nil {
			return err
		}
		to = address.From(ctx).Reach(to)
		exchange.AddSent(ctx, exchange.Sent{Method: http.MethodGet, URL: to})
		return c.Redirect(http.StatusSeeOther, to)
	}
	return postPage(c, "Signing out of ", okta.SAMLResponsePage{App: q.App.Label,
		Action: address.From(ctx).Reach(options.Logout.RequestURL), SAMLRequest: saml.Encode(message)})
}

// logoutResponse responds to the LogoutRequest of an app (POST binding).
func logoutResponse(c echo.Context, l idp.Logout, codes ...string) error {
	ctx := c.Request().Context()
	app, err := idp.From(ctx).App(ctx, l.AppID)
	if err != nil {
		return err
	}
	key, certificate, err := idp.From(ctx).SigningKey(ctx, app.ID)
	if err != nil {
		return err
	}
	message, err := saml.NewLogoutResponse(l, app, saml.NewSigner(key, certificate.Certificate), codes...)
	if err != nil {
		return err
	}
	return postPage(c, "Signing out of ", okta.SAMLResponsePage{App: app.Label,
		Action: address.From(ctx).Reach(app.SignOn.SAML.Logout.ResponseURL), SAMLResponse: saml.Encode(message), RelayState: l.RelayState})
}
