// Package console is the Okta half's Admin Console: the pages under /admin.
//
// It is a door: a handler reads its form, calls one method of [idp.Org] and renders one page of ui/okta. Which pages
// there are is read from the tables in routes.go and app_routes.go.
package console

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"understudy/idp"
	"understudy/idp/web"
	"understudy/seed/base/address"
	"understudy/seed/base/problem"
	"understudy/ui/kit"
	"understudy/ui/okta"
)

// Register mounts the Admin Console on the Okta half.
func Register(e *echo.Echo) {
	for _, table := range [][]route{siteMap, appSiteMap, provisioningSiteMap, unbuiltSiteMap()} {
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
	session idp.Session // of the administrator: session.User is who acts
}

// administrator lets only signed-in administrators through: others are sent to sign in and come back, or, when they are
// signed in but hold no administrator role, get Okta's 403 page.
func administrator(h handler) echo.HandlerFunc {
	return func(c echo.Context) error {
		session, err := web.CurrentSession(c)
		if err != nil {
			return web.HTMLError(c, err)
		}
		if session == nil {
			return web.RedirectToSignIn(c, web.FromURI(c), false)
		}
		if !session.Admin {
			return web.HTMLError(c, web.ErrNotAdministrator)
		}
		ctx := c.Request().Context()
		r := &request{Context: c, org: idp.From(ctx), address: address.From(ctx), session: *session}
		if err := h(r); err != nil {
			return web.HTMLError(c, err)
		}
		return nil
	}
}

// ctx is the context of the request.
func (r *request) ctx() context.Context { return r.Request().Context() }

// actor is who acts, as every change of the org wants to know for its System Log event.
func (r *request) actor() idp.Actor { return r.session.Actor(web.Client(r.Context)) }

// path gives the address of a path of this half within the window, with a query of the pairs whose value is not empty.
func (r *request) path(path string, pairs ...string) string {
	return r.address.Path(withQuery(path, pairs...))
}

// page is the number of the page of a list that was asked for, from 1.
func (r *request) page() int {
	n, err := strconv.Atoi(r.QueryParam("page"))
	if err != nil || n < 1 {
		return 1
	}
	return n
}

// render answers with a page of the console: the frame with its navigation around the page's own content, which holds
// the h1. title is the h1's text, for the document's title.
func (r *request) render(title string, content templ.Component) error {
	return web.Render(r.Context, http.StatusOK, okta.Console(r.frame(title), content))
}

// invalid answers with a form that could not be taken (status 422): the summary of its errors stands above it. The form
// itself shows each error at its field.
func (r *request) invalid(title string, errors okta.FormErrors, content templ.Component) error {
	frame := r.frame(title)
	frame.Page.Errors = errors
	return web.Render(r.Context, http.StatusUnprocessableEntity, okta.Console(frame, content))
}

// seeOther ends a POST: the browser goes on to a path of this half, in the same window.
func (r *request) seeOther(path string) error {
	return r.Redirect(http.StatusSeeOther, r.address.Path(path))
}

// done ends a POST that worked: the next page says the sentence.
func (r *request) done(path, sentence string) error {
	web.SetNotice(r.Context, sentence)
	return r.seeOther(path)
}

// rejected reports whether a form should be shown again with err's sentences: what was typed cannot be taken, as it is
// or as things are.
func rejected(err error) bool {
	return problem.Is(err, problem.Invalid) || problem.Is(err, problem.Conflict)
}

// frame is the frame of the console for the request at hand.
func (r *request) frame(title string) okta.AdminFrame {
	bar := kit.NewLabBar(r.address.Lab, r.address.Window)
	bar.Who = r.session.User.Login() + " in Okta"
	return okta.AdminFrame{
		Page:    kit.Page{Title: title, Lab: bar, Status: web.Notices(r.Context)},
		Base:    r.address.WindowPrefix(),
		Current: section(r.Request().URL.Path),
		User:    okta.Person{Name: r.session.User.Name(), Login: r.session.User.Login(), Admin: true},
	}
}

// section gives the address of the section of the navigation that a page belongs to.
func section(path string) string {
	for _, page := range []struct{ prefix, section string }{
		{"/admin/user/", peoplePath}, {"/admin/group/", groupsPath}, {rulesPath, groupsPath}, {"/admin/app/", "/admin/apps"}, {passwordPath, authenticatorsPath},
	} {
		if strings.HasPrefix(path, page.prefix) {
			return page.section
		}
	}
	return path
}

// paging tells which part of a list a page shows, with the ways to the parts before and after it. pairs are the query
// that the other parts need too.
func paging[T any](r *request, p idp.Page[T], path string, pairs ...string) okta.Paging {
	view := okta.Paging{Number: p.Number, Pages: p.Pages(), Total: p.Total, From: (p.Number-1)*p.Size + 1, To: (p.Number-1)*p.Size + len(p.Items)}
	if p.Number > 1 {
		view.Previous = r.path(path, append(pairs[:len(pairs):len(pairs)], "page", strconv.Itoa(p.Number-1))...)
	}
	if p.Number < view.Pages {
		view.Next = r.path(path, append(pairs[:len(pairs):len(pairs)], "page", strconv.Itoa(p.Number+1))...)
	}
	return view
}

// withQuery adds a query of the pairs whose value is not empty to a path within the half.
func withQuery(path string, pairs ...string) string {
	query := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			query.Set(pairs[i], pairs[i+1])
		}
	}
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}
