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
	for _, table := range [][]route{routes, appRoutes, provisioningRoutes, notBuiltRoutes()} {
		for _, r := range table {
			e.Add(r.method, r.path, administrator(r.handle))
		}
	}
}

// route is one row of a site map.
type route struct {
	method string
	path   string
	handle handler
}

// handler handles one request from an administrator.
type handler func(*request) error

// request is a request whose sender is a signed-in administrator of the org.
type request struct {
	echo.Context
	org     *idp.Org
	address address.Address
	session idp.Session // of the administrator
}

// administrator calls h for administrators only. A person without a session signs in first and then returns to the page;
// a person without an administrator role gets Okta's 403 page.
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

// ctx returns the context of the request.
func (r *request) ctx() context.Context { return r.Request().Context() }

// actor returns the administrator as the actor of System Log events.
func (r *request) actor() idp.Actor { return r.session.Actor(web.Client(r.Context)) }

// path returns a link to a path of this half in the current window. pairs alternates names and values of the query;
// a pair with an empty value is left out.
func (r *request) path(path string, pairs ...string) string {
	return r.address.Path(withQuery(path, pairs...))
}

// page returns the requested page of a list, from 1.
func (r *request) page() int {
	n, err := strconv.Atoi(r.QueryParam("page"))
	if err != nil || n < 1 {
		return 1
	}
	return n
}

// render shows content inside the frame of the console. title is the text of the content's h1.
func (r *request) render(title string, content templ.Component) error {
	return web.Render(r.Context, http.StatusOK, okta.Console(r.frame(title), content))
}

// invalid responds with a form that has errors (status 422). The frame lists the errors above the form; the form itself
// shows each error at its field.
func (r *request) invalid(title string, errors okta.FormErrors, content templ.Component) error {
	frame := r.frame(title)
	frame.Page.Errors = errors
	return web.Render(r.Context, http.StatusUnprocessableEntity, okta.Console(frame, content))
}

// seeOther redirects after a POST to a path of this half, in the same window.
func (r *request) seeOther(path string) error {
	return r.Redirect(http.StatusSeeOther, r.address.Path(path))
}

// done redirects to path after a successful POST, where the next page shows the sentence.
func (r *request) done(path, sentence string) error {
	web.SetNotice(r.Context, sentence)
	return r.seeOther(path)
}

// isFormError reports whether err is to be shown in the form: a value is invalid, or conflicts with the state of the org.
func isFormError(err error) bool {
	return problem.Is(err, problem.Invalid) || problem.Is(err, problem.Conflict)
}

// frame returns the frame of the console for this request.
func (r *request) frame(title string) okta.AdminFrame {
	bar := kit.NewLabBar(r.address.Lab, r.address.Window)
	bar.User = r.session.User.Login() + " in Okta"
	return okta.AdminFrame{
		Page:    kit.Page{Title: title, Lab: bar, Status: web.Notices(r.Context)},
		Base:    r.address.WindowPrefix(),
		Current: section(r.Request().URL.Path),
		User:    okta.Person{Name: r.session.User.Name(), Login: r.session.User.Login(), Admin: true},
	}
}

// section returns the path of the navigation item that a page belongs to.
func section(path string) string {
	for _, page := range []struct{ prefix, section string }{
		{"/admin/user/", peoplePath}, {"/admin/group/", groupsPath}, {rulesPath, groupsPath},
		{"/admin/app/", "/admin/apps"}, {passwordPath, authenticatorsPath},
	} {
		if strings.HasPrefix(path, page.prefix) {
			return page.section
		}
	}
	return path
}

// paging describes one page of a list, with links to the previous and next page. pairs is the query of those links; see
// [request.path].
func paging[T any](r *request, p idp.Page[T], path string, pairs ...string) okta.Paging {
	before := (p.Number - 1) * p.Size
	view := okta.Paging{Number: p.Number, Pages: p.Pages(), Total: p.Total, From: before + 1, To: before + len(p.Items)}
	if p.Number > 1 {
		view.Previous = r.path(path, append(pairs[:len(pairs):len(pairs)], "page", strconv.Itoa(p.Number-1))...)
	}
	if p.Number < view.Pages {
		view.Next = r.path(path, append(pairs[:len(pairs):len(pairs)], "page", strconv.Itoa(p.Number+1))...)
	}
	return view
}

// withQuery adds a query to a path within the half. A pair with an empty value is left out.
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

// errBadForm is the response to a form that none of our pages contains.
var errBadForm = echo.NewHTTPError(http.StatusBadRequest)

// plural returns n with the word for one or many: "1 person", "2 people".
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
