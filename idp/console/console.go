// Package console is the Okta half's Admin Console: the pages under /admin.
//
// It is a door: a handler reads its form, calls one method of [idp.Org] and renders one page of ui/okta. Which pages
// there are is read from the tables in routes.go and app_routes.go.
package console

import (
	"context"
	"net/http"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"understudy/idp"
	"understudy/idp/signin"
	"understudy/seed/address"
	"understudy/ui/okta"
)

// Register mounts the Admin Console on the Okta half.
func Register(e *echo.Echo) {
	for _, table := range [][]route{siteMap, appSiteMap} {
		for _, r := range table {
			e.Add(r.method, r.path, administrator(r.handle))
		}
	}
}

// route is one line of a site map.
type route struct {
	method string
	path   string
	handle handler
}

// handler answers one request of an administrator.
type handler func(*request) error

// request is a request whose sender is known to be an administrator of the org.
type request struct {
	echo.Context
	org     *idp.Org
	address address.Address
	admin   idp.User    // who is signed in
	session idp.Session // through which session
}

// administrator lets only signed-in administrators through: others are sent to sign in and come back, or, when they are
// signed in but hold no administrator role, get Okta's 403 page.
func administrator(h handler) echo.HandlerFunc {
	return func(c echo.Context) error {
		session, user, err := signin.Current(c)
		if err != nil {
			return signin.HTMLError(c, err)
		}
		if user == nil {
			return signin.ToSignIn(c)
		}
		if !user.IsAdmin() {
			return signin.HTMLError(c, errNotAdministrator)
		}
		ctx := c.Request().Context()
		r := &request{Context: c, org: idp.From(ctx), address: address.From(ctx), admin: *user, session: *session}
		if err := h(r); err != nil {
			return signin.HTMLError(c, err)
		}
		return nil
	}
}

// ctx is the context of the request.
func (r *request) ctx() context.Context { return r.Request().Context() }

// actor is who acts, as every change of the org wants to know for its System Log event.
func (r *request) actor() idp.Actor { return signin.Actor(r.Context, &r.admin, &r.session) }

// render answers with a page of the console: the frame with its navigation around the page's own content. title is
// the page's h1 and the document's title.
func (r *request) render(title string, content templ.Component) error {
	return r.renderStatus(http.StatusOK, title, content)
}

// renderStatus is [request.render] with another status, such as 422 for a form that could not be taken.
func (r *request) renderStatus(status int, title string, content templ.Component) error {
	frame := r.frame(title)
	frame.Invalid = status == http.StatusUnprocessableEntity
	return signin.Render(r.Context, status, okta.Console(frame, content))
}

// seeOther ends a POST: the browser goes on to a path of this half, in the same window.
func (r *request) seeOther(path string) error {
	return r.Redirect(http.StatusSeeOther, r.address.Path(path))
}

// done ends a POST that worked: the next page says the sentence.
func (r *request) done(path, sentence string) error {
	signin.SetNotice(r.Context, sentence)
	return r.seeOther(path)
}
