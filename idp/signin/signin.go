// Package signin is the Okta half as everybody meets it: signing in and out, choosing a password, My Apps and
// Settings. It also holds what all HTML doors of the half share: who is signed in, where to go to sign in, and the
// pages that errors are shown as.
package signin

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"understudy/idp"
	"understudy/idp/web"
	"understudy/seed/base/address"
)

// Options tell the door what it cannot find in the org.
type Options struct {
	// AppOf names the app that a fromURI (path and query within the half) is on the way to, so that the sign-in page
	// can say so; nil names none.
	AppOf func(ctx context.Context, fromURI string) (idp.App, bool)
	// AllowName refuses to look at a typed user name: on a shared machine only names in reserved domains may be typed,
	// so that nobody gives away a real account. nil allows every name, as on loopback.
	AllowName func(name string) error
}

// Register mounts sign-in, My Apps and Settings on the Okta half.
func Register(e *echo.Echo, o Options) {
	for _, r := range siteMap {
		e.Add(r.method, r.path, r.handle.withOrg(o))
	}
}

const (
	get  = http.MethodGet
	post = http.MethodPost
)

// siteMap lists the door's addresses. A form's page and the form's target share an address.
var siteMap = []struct {
	method string
	path   string
	handle handler
}{
	{get, "/", (*request).front},
	{get, "/login/login.htm", (*request).signInPage},
	{post, "/login/login.htm", (*request).signIn},
	{get, "/login/change-password", (*request).changePasswordPage},
	{post, "/login/change-password", (*request).replacePassword},
	{get, "/login/signout", (*request).signOutPage},
	{post, "/login/signout", (*request).signOut},
	{get, "/signin/forgot-password", (*request).forgotPasswordPage},
	{post, "/signin/forgot-password", (*request).forgotPassword},
	{get, "/signin/reset-password/:token", (*request).linkPage},
	{post, "/signin/reset-password/:token", (*request).passwordByLink},
	{get, "/welcome/:token", (*request).linkPage},
	{post, "/welcome/:token", (*request).passwordByLink},
	{get, "/help/login", (*request).helpPage},

	{get, "/app/UserHome", person((*request).myApps)},
	{get, "/enduser/settings", person((*request).settings)},
	{get, "/enduser/settings/personal", person((*request).personalPage)},
	{post, "/enduser/settings/personal", person((*request).savePersonal)},
	{get, "/enduser/settings/password", person((*request).passwordPage)},
	{post, "/enduser/settings/password", person((*request).changePassword)},
	{post, "/enduser/settings/end-sessions", person((*request).endSessions)},
	{get, "/enduser/:section", person((*request).unbuilt)},
}

// request is one request to this door.
type request struct {
	echo.Context
	org     *idp.Org
	address address.Address
	options Options
	session *idp.Session // nil when nobody is signed in
}

// handler answers one request.
type handler func(*request) error

func (h handler) withOrg(o Options) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx := c.Request().Context()
		session, err := web.CurrentSession(c)
		if err != nil {
			return web.HTMLError(c, err)
		}
		r := &request{Context: c, org: idp.From(ctx), address: address.From(ctx), options: o, session: session}
		if err := h(r); err != nil {
			return web.HTMLError(c, err)
		}
		return nil
	}
}

// person lets only signed-in people through; others sign in first and come back.
func person(h handler) handler {
	return func(r *request) error {
		if r.session == nil {
			return web.RedirectToSignIn(r.Context, web.FromURI(r.Context), false)
		}
		return h(r)
	}
}

func (r *request) ctx() context.Context { return r.Request().Context() }

// actor is the signed-in person as the one who acts.
func (r *request) actor() idp.Actor { return r.session.Actor(web.Client(r.Context)) }

// seeOther ends a POST: the browser goes on to a path of this half, in the same window.
func (r *request) seeOther(path string) error {
	return r.Redirect(http.StatusSeeOther, r.address.Path(path))
}

// front leads to My Apps, or to sign-in first.
func (r *request) front() error {
	if r.session == nil {
		return r.Redirect(http.StatusFound, r.address.Path("/login/login.htm"))
	}
	return r.Redirect(http.StatusFound, r.address.Path(web.HomePath))
}
