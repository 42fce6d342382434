package sso

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"understudy/idp"
	"understudy/idp/saml"
	"understudy/idp/web"
	"understudy/seed/base/address"
	"understudy/ui/kit"
)

// maxRelayState limits the RelayState, in bytes. SAML bindings 3.4.3 allows 80, but service providers send more.
const maxRelayState = 4 << 10

// redirectPost turns a posted message into one with the Redirect binding. The browser sends no session cookie with a
// form from another site, and could not return to a form after sign-in.
func redirectPost(c echo.Context) error {
	app, err := appOfURL(c)
	if err != nil {
		return err
	}
	parameter := "SAMLRequest"
	if c.FormValue(parameter) == "" && c.FormValue("SAMLResponse") != "" {
		parameter = "SAMLResponse"
	}
	message, err := saml.Deflate(c.FormValue(parameter))
	if err != nil {
		return refuse(c, app, err)
	}
	query := url.Values{parameter: {message}}
	for _, name := range []string{"RelayState", web.LoginHint} {
		if text := c.FormValue(name); text != "" {
			query.Set(name, text)
		}
	}
	return c.Redirect(http.StatusSeeOther, addressInWindow(c).Path(c.Request().URL.Path)+"?"+query.Encode())
}

// signOn is the single sign-on URL of an app. With a SAMLRequest it answers the service provider; without one the
// sign-on is IdP-initiated.
func signOn(c echo.Context) error {
	if to, other := inOtherWindow(c); other {
		return c.Redirect(http.StatusFound, to)
	}
	app, err := appOfURL(c)
	if err != nil {
		return err
	}
	if len(c.QueryParam("RelayState")) > maxRelayState {
		return refuse(c, app, saml.ErrOversized)
	}
	if app.Status != idp.AppActive {
		return refuse(c, app, errInactive)
	}
	if !c.QueryParams().Has("SAMLRequest") {
		return initiate(c, app, c.QueryParam("RelayState"))
	}
	request, err := saml.DecodeRequest(c.QueryParam("SAMLRequest"))
	if err != nil {
		return refuse(c, app, err)
	}
	return respond(c, app, request, c.QueryParam("RelayState"))
}

// openTile is the target of an app's tile on My Apps, and the app's embed link.
func openTile(c echo.Context) error {
	ctx := c.Request().Context()
	org := idp.From(ctx)
	app, err := org.App(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	if app.Status != idp.AppActive {
		return refuse(c, app, errInactive)
	}
	if app.SignOnMode != idp.Bookmark {
		return initiate(c, app, c.QueryParam("RelayState"))
	}
	session, err := web.CurrentSession(c)
	if err != nil {
		return err
	}
	if session == nil {
		return web.RedirectToSignIn(c, web.FromURI(c), false)
	}
	if _, err := org.AppUser(ctx, app.ID, session.UserID); err != nil {
		return notAssigned(err, app)
	}
	at := address.From(ctx)
	return c.Redirect(http.StatusFound, at.Reach(org.BookmarkURL(app, at.Peer)))
}

// initiate signs the person on without an AuthnRequest (IdP-initiated; SAML profiles 4.1.5).
func initiate(c echo.Context, app idp.App, relay string) error {
	session, err := web.CurrentSession(c)
	if err != nil {
		return err
	}
	if session == nil {
		return web.RedirectToSignIn(c, web.FromURI(c), false)
	}
	ctx := c.Request().Context()
	settings := idp.From(ctx).SAMLSettings(app, address.From(ctx).Peer)
	if relay == "" {
		relay = settings.RelayState
	}
	kit.SetPageState(c.Response().Header(), session.User.Login())
	return deliver(c, *session, idp.SignOnRequest{App: app, Settings: settings}, relay)
}

// respond signs the person on for the AuthnRequest of a service provider. ForceAuthn is met when the person gave
// credentials after the request first arrived. A request with a Subject is for that person only (SAML core 3.4.1).
func respond(c echo.Context, app idp.App, request *saml.AuthnRequest, relay string) error {
	ctx := c.Request().Context()
	r, err := checkRequest(c, app, request)
	if status, ok := errors.AsType[*statusRefusal](err); ok {
		return deliverStatus(c, r, relay, status)
	}
	if err != nil {
		return refuse(c, app, err)
	}
	session, err := web.CurrentSession(c)
	if err != nil {
		return err
	}
	named, err := isSubject(c, app, session, request.Subject)
	if err != nil {
		return err
	}
	if session != nil && named && !(request.ForceAuthn && r.Settings.ForceAuthn) {
		return deliver(c, *session, r, relay)
	}
	// From here on the person must sign in, now or since the request first arrived. The browser repeats the request after
	// the sign-in, so Okta stores when the request first arrived. It does not store a request that the session answers at once.
	arrived, err := idp.From(ctx).SeeAuthnRequest(ctx, app.ID, request.ID)
	if err != nil {
		return refuse(c, app, err)
	}
	if session != nil && !session.AuthTime.Before(arrived) {
		if !named {
			return deliverStatus(c, r, relay, errOtherPerson)
		}
		return deliver(c, *session, r, relay)
	}
	if request.IsPassive {
		return deliverStatus(c, r, relay, errNoPassive)
	}
	return web.RedirectToSignInAs(c, web.FromURI(c), session != nil, request.Subject)
}

// deliver signs the person of the session on, and answers with the page that carries the response.
func deliver(c echo.Context, session idp.Session, r idp.SignOnRequest, relay string) error {
	ctx := c.Request().Context()
	org := idp.From(ctx)
	key, certificate, err := org.SigningKey(ctx, r.App.ID)
	if err != nil {
		return err
	}
	on, err := org.SignOn(ctx, session, web.Client(c), r)
	if errors.Is(err, idp.ErrReplayed) {
		return refuse(c, r.App, err)
	}
	if err != nil {
		return notAssigned(err, r.App)
	}
	message, err := saml.Response(on, r, saml.NewSigner(key, certificate.Certificate))
	if err != nil {
		return err
	}
	return deliveryPage(c, r, message, relay)
}

// deliverStatus answers a request with a Response that has a status and no assertion (SAML core 3.2.2.2).
func deliverStatus(c echo.Context, r idp.SignOnRequest, relay string, refusal *statusRefusal) error {
	ctx := c.Request().Context()
	org := idp.From(ctx)
	key, certificate, err := org.SigningKey(ctx, r.App.ID)
	if err != nil {
		return err
	}
	session, err := web.CurrentSession(c)
	if err != nil {
		return err
	}
	id, at, err := org.RefuseWithStatus(ctx, actorOf(c, session), r, refusal.reason)
	if err != nil {
		return refuse(c, r.App, err)
	}
	message, err := saml.ErrorResponse(id, at, r, saml.NewSigner(key, certificate.Certificate), refusal.codes...)
	if err != nil {
		return err
	}
	return deliveryPage(c, r, message, relay)
}
