package sso

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strconv"

	"github.com/labstack/echo/v4"

	"understudy/idp"
	"understudy/idp/signin"
	"understudy/seed/base/address"
	"understudy/seed/base/problem"
)

// maxRelayState is more than the 80 bytes of the bindings, which no service provider keeps to.
const maxRelayState = 4 << 10

// takePost turns an AuthnRequest that was posted into one that can be asked for again: a form posted from another site
// carries no session cookie, and a sign-in in between could not come back to it.
func takePost(c echo.Context) error {
	c.Request().Body = http.MaxBytesReader(c.Response(), c.Request().Body, 2*maxMessage)
	app, err := appAt(c)
	if err != nil {
		return err
	}
	message, relay := c.FormValue("SAMLRequest"), c.FormValue("RelayState")
	if _, err := decodeRequest(message); err != nil {
		return refuseMessage(c, app, err)
	}
	if message, err = deflated(message); err != nil {
		return refuseMessage(c, app, err)
	}
	query := url.Values{"SAMLRequest": {message}}
	if relay != "" {
		query.Set("RelayState", relay)
	}
	return c.Redirect(http.StatusSeeOther, inWindow(c).Path(app.SSOPath())+"?"+query.Encode())
}

// signOn is the SSO service: with a SAMLRequest it answers a service provider, without one it begins by itself.
func signOn(c echo.Context) error {
	if a := inWindow(c); a.Window != address.From(c.Request().Context()).Window {
		to := a.Path(c.Request().URL.Path)
		if q := c.Request().URL.RawQuery; q != "" {
			to += "?" + q
		}
		return c.Redirect(http.StatusFound, to)
	}
	app, err := appAt(c)
	if err != nil {
		return err
	}
	if len(c.QueryParam("RelayState")) > maxRelayState {
		return refuseMessage(c, app, errOversized)
	}
	if app.Status != idp.AppActive {
		return refuseInactive(c, app)
	}
	if !c.QueryParams().Has("SAMLRequest") {
		return initiate(c, app, c.QueryParam("RelayState"))
	}
	request, err := decodeRequest(c.QueryParam("SAMLRequest"))
	if err != nil {
		return refuseMessage(c, app, err)
	}
	return answer(c, app, request, c.QueryParam("RelayState"))
}

// openTile is the embed link and the tile of My Apps.
func openTile(c echo.Context) error {
	ctx := c.Request().Context()
	org := idp.From(ctx)
	app, err := org.App(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	if app.Status != idp.AppActive {
		return refuseInactive(c, app)
	}
	if app.SignOnMode != idp.Bookmark {
		return initiate(c, app, c.QueryParam("RelayState"))
	}
	session, err := signin.Current(c)
	if err != nil {
		return err
	}
	if session == nil {
		return signin.ToSignIn(c, signin.FromURI(c), false)
	}
	if _, err := org.AppUser(ctx, app.ID, session.UserID); err != nil {
		return notAssigned(err, app)
	}
	return c.Redirect(http.StatusFound, org.BookmarkURL(ctx, app))
}

// initiate signs on without having been asked (IdP-initiated): in the window at hand, by the alias of the ACS in it.
func initiate(c echo.Context, app idp.App, relay string) error {
	session, err := signin.Current(c)
	if err != nil {
		return err
	}
	if session == nil {
		return signin.ToSignIn(c, signin.FromURI(c), false)
	}
	ctx := c.Request().Context()
	settings := idp.From(ctx).SAMLSettings(ctx, app)
	if relay == "" {
		relay = settings.RelayState
	}
	return deliver(c, *session, idp.SignOnRequest{App: app, Settings: settings}, relay)
}

// answer signs on at the request of a service provider.
func answer(c echo.Context, app idp.App, request *authnRequest, relay string) error {
	ctx := c.Request().Context()
	org := idp.From(ctx)
	settings := org.SAMLSettings(ctx, app)
	if acs := request.AssertionConsumerServiceURL; acs != "" && acs != settings.ACS {
		return refuseMessage(c, app, errUnknownACS)
	}
	session, err := signin.Current(c)
	if err != nil {
		return err
	}
	r := idp.SignOnRequest{App: app, Settings: settings, RequestID: request.ID}
	if session != nil && !(request.ForceAuthn && settings.ForceAuthn) {
		return deliver(c, *session, r, relay)
	}
	seen, err := org.SeeAuthnRequest(ctx, app.ID, request.ID)
	if errors.Is(err, idp.ErrReplayed) {
		return refuseMessage(c, app, err)
	}
	if err != nil {
		return err
	}
	if session != nil && !session.AuthTime.Before(seen) { // signed in anew, as the request demands
		return deliver(c, *session, r, relay)
	}
	if request.IsPassive {
		return deliverNoPassive(c, r, relay)
	}
	return signin.ToSignIn(c, signin.FromURI(c), session != nil)
}

// deliver sends the person on with a response.
func deliver(c echo.Context, session idp.Session, r idp.SignOnRequest, relay string) error {
	ctx := c.Request().Context()
	org := idp.From(ctx)
	key, certificate, err := org.SigningKey(ctx, r.App.ID)
	if err != nil {
		return err
	}
	s := newSigner(key, certificate.Certificate)
	on, err := org.SignOn(ctx, session, signin.Client(c), r)
	if errors.Is(err, idp.ErrReplayed) {
		return refuseMessage(c, r.App, err)
	}
	if err != nil {
		return notAssigned(err, r.App)
	}
	message, err := response(on, r, s)
	if err != nil {
		return err
	}
	return page(c, r, message, relay)
}

// deliverNoPassive tells a service provider that asked not to bother the person that nobody is signed in.
func deliverNoPassive(c echo.Context, r idp.SignOnRequest, relay string) error {
	ctx := c.Request().Context()
	org := idp.From(ctx)
	key, certificate, err := org.SigningKey(ctx, r.App.ID)
	if err != nil {
		return err
	}
	s := newSigner(key, certificate.Certificate)
	id, at, err := org.RefusePassive(ctx, idp.Nobody(signin.Client(c)), r)
	if err != nil {
		return err
	}
	message, err := refusal(id, at, r, s, statusResponder, statusNoPassive)
	if err != nil {
		return err
	}
	return page(c, r, message, relay)
}

func encode(message []byte) string { return base64.StdEncoding.EncodeToString(message) }

func notAssigned(err error, app idp.App) error {
	if errors.Is(err, idp.ErrNotAssigned) || problem.Is(err, problem.NotFound) {
		refused := signin.NotAssigned(app.Label)
		refused.Err = err
		return refused
	}
	return err
}

var errUnknownACS = errors.New("the SAML request asks for an answer to an address that is not the application's")

// refuseMessage shows and records that a request was not taken.
func refuseMessage(c echo.Context, app idp.App, err error) error {
	texts := map[error]struct{ text, reason string }{
		errOversized:    {"The SAML request is too large.", "OVERSIZED_REQUEST"},
		errMalformed:    {"The SAML request cannot be read.", "MALFORMED_REQUEST"},
		errUnknownACS:   {"The SAML request names an Assertion Consumer Service that is not configured for this application.", "UNKNOWN_ACS"},
		idp.ErrReplayed: {idp.ErrReplayed.Message, "REPLAYED_REQUEST"},
	}
	for cause, words := range texts {
		if errors.Is(err, cause) {
			if err := record(c, app, words.reason); err != nil {
				return err
			}
			return badRequest(words.text, err)
		}
	}
	return err
}

func refuseInactive(c echo.Context, app idp.App) error {
	if err := record(c, app, "APP_INACTIVE"); err != nil {
		return err
	}
	return unavailable(app)
}

// record notes a refusal with the person at hand as actor, where there is one.
func record(c echo.Context, app idp.App, reason string) error {
	session, err := signin.Current(c)
	if err != nil {
		return err
	}
	actor := idp.Nobody(signin.Client(c))
	if session != nil {
		actor = session.Actor(signin.Client(c))
	}
	ctx := c.Request().Context()
	return idp.From(ctx).RefuseSignOn(ctx, actor, app, reason)
}

var windowOfReferer = regexp.MustCompile(`^/(?:okta|sigma)/([^/~]+)~(\d{1,2})(?:/|$)`)

// inWindow gives the half's address in the window that the person works in. A Sign on URL is copied without a window, so
// on arrival there the page that led here tells it; from then on it stays in the path.
func inWindow(c echo.Context) address.Address {
	a := address.From(c.Request().Context())
	if a.Window != 0 || a.Prefix == "" {
		return a
	}
	from, err := url.Parse(c.Request().Referer())
	if err != nil || from.Scheme+"://"+from.Host != a.Origin {
		return a
	}
	m := windowOfReferer.FindStringSubmatch(from.Path)
	if m == nil || m[1] != a.Lab {
		return a
	}
	window, err := strconv.Atoi(m[2])
	if err != nil || window < 1 {
		return a
	}
	return a.InWindow(window)
}
