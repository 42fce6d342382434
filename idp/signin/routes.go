package signin

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"understudy/idp"
	"understudy/idp/web"
	"understudy/seed/base/address"
)

// Options configure what the handlers cannot find in the org.
type Options struct {
	// AppOf returns the app that a fromURI (path and query within the half) leads to. The sign-in page shows its name.
	// With nil the page names no app.
	AppOf func(ctx context.Context, fromURI string) (idp.App, bool)
	// AllowName returns an error for a username that the sign-in page must not accept. On a shared machine only names in reserved
	// domains are allowed, so that nobody types the credentials of a real account. nil allows every name.
	AllowName func(name string) error
}

// Register mounts sign-in, My Apps and Settings on the Okta half.
func Register(e *echo.Echo, o Options) {
	for _, r := range routes {
		e.Add(r.method, r.path, r.handle.withOrg(o))
	}
}

const (
	get  = http.MethodGet
	post = http.MethodPost
)

// routes lists the pages. A form is shown and submitted at the same path.
var routes = []struct {
	method string
	path   string
	handle handler
}{
	{get, "/", (*request).root},
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
	{get, "/signin/unlock", (*request).unlockPage},
	{get, "/help/login", (*request).helpPage},

	{get, "/app/UserHome", requireSession((*request).myApps)},
	{get, "/enduser/settings", requireSession((*request).settings)},
	{get, "/enduser/settings/personal", requireSession((*request).personalPage)},
	{post, "/enduser/settings/personal", requireSession((*request).savePersonal)},
	{get, "/enduser/settings/password", requireSession((*request).passwordPage)},
	{post, "/enduser/settings/password", requireSession((*request).changePassword)},
	{post, "/enduser/settings/end-sessions", requireSession((*request).endSessions)},
	{get, "/enduser/:section", requireSession((*request).notBuilt)},
}

// request is one request, with its org and session.
type request struct {
	echo.Context
	org     *idp.Org
	address address.Address
	options Options
	session *idp.Session // nil when nobody is signed in
}

// handler handles one request.
type handler func(*request) error

// withOrg returns the echo handler that calls h with the org and session of the request.
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

// requireSession calls h for signed-in people only. Others sign in first and then return to the page.
func requireSession(h handler) handler {
	return func(r *request) error {
		if r.session == nil {
			return web.RedirectToSignIn(r.Context, web.FromURI(r.Context), false)
		}
		return h(r)
	}
}

func (r *request) ctx() context.Context { return r.Request().Context() }

// actor returns the signed-in person, for the System Log. It needs a session.
func (r *request) actor() idp.Actor { return r.session.Actor(web.Client(r.Context)) }

// seeOther redirects after a POST to a path of this half, in the same window.
func (r *request) seeOther(path string) error {
	return r.Redirect(http.StatusSeeOther, r.address.Path(path))
}

// root redirects from the root of the half to My Apps, or to the sign-in page.
func (r *request) root() error {
	if r.session == nil {
		return r.Redirect(http.StatusFound, r.address.Path("/login/login.htm"))
	}
	return r.Redirect(http.StatusFound, r.address.Path(web.HomePath))
}
