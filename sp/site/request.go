package site

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"understudy/seed/base/address"
	"understudy/seed/base/problem"
	"understudy/sp"
	"understudy/sp/web"
	"understudy/ui/sigma"
)

// request is one request to this package.
type request struct {
	echo.Context
	org     *sp.Organization
	address address.Address
	viewer  sp.Viewer // the zero Viewer if nobody is signed in
}

// handler handles one request.
type handler func(*request) error

// serve converts h to an echo handler.
func (h handler) serve() echo.HandlerFunc {
	return func(c echo.Context) error {
		r, err := begin(c)
		if err == nil {
			err = h(r)
		}
		if err != nil {
			return web.HTMLError(c, err)
		}
		return nil
	}
}

// begin loads the organization, the address and the signed-in member of a request.
func begin(c echo.Context) (*request, error) {
	ctx := c.Request().Context()
	r := &request{Context: c, org: sp.From(ctx), address: address.From(ctx)}
	viewer, err := web.Viewer(c)
	r.viewer = viewer
	return r, err
}

// signedIn passes requests of signed-in members. Other people are sent to the sign-in page and return afterwards.
func signedIn(h handler) handler {
	return func(r *request) error {
		if r.viewer.Member.ID == "" {
			next := ""
			if r.Request().Method == http.MethodGet && r.Request().URL.Path != "/" {
				next = r.Request().URL.RequestURI()
			}
			return r.Redirect(http.StatusFound, r.path("/login", "next", next))
		}
		r.Response().Header().Set("Cache-Control", "no-store") // the next person at this computer must not see the page
		return h(r)
	}
}

// administrator passes requests of members with the account type Admin.
func administrator(h handler) handler {
	return func(r *request) error {
		if !r.viewer.Admin() {
			return &problem.Error{Kind: problem.Forbidden, Code: "ADMIN_ONLY",
				Message: "Administration is only for members with the account type Admin. Your account type is " + r.viewer.AccountType.Name + "."}
		}
		return h(r)
	}
}

// ctx is the context of the request.
func (r *request) ctx() context.Context { return r.Request().Context() }

// base is the canonical URL of the organization, for links in emails.
func (r *request) base() sp.BaseURL { return sp.BaseURL(r.address.MailBase()) }

// by returns the actor, which every method of package sp takes.
func (r *request) by() sp.Actor {
	if r.viewer.Member.ID == "" {
		return sp.Anonymous(web.Client(r.Context))
	}
	return r.viewer.Actor(web.Client(r.Context))
}

// path returns the path of a page within the window, with a query of the pairs that have a value.
func (r *request) path(path string, pairs ...string) string {
	query := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			query.Set(pairs[i], pairs[i+1])
		}
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return r.address.Path(path)
}

// at is the prefix from which components make links.
func (r *request) at() sigma.At { return sigma.At(r.address.WindowPrefix()) }

// text returns a form value without surrounding spaces.
func (r *request) text(name string) string { return strings.TrimSpace(r.FormValue(name)) }

// ticked reports whether a check box is ticked.
func (r *request) ticked(name string) bool { return r.FormValue(name) != "" }

// values returns all values of a form field, which check boxes with the same name send.
func (r *request) values(name string) []string {
	_ = r.Request().ParseForm() // like FormValue, ignore what cannot be parsed
	return r.Request().Form[name]
}

// pageNumber returns the requested page of a list, from 1.
func (r *request) pageNumber() int {
	n, err := strconv.Atoi(r.QueryParam("page"))
	if err != nil || n < 1 {
		return 1
	}
	return n
}

// render shows content inside the frame. title is the text of the content's h1 and becomes the title of the document.
func (r *request) render(title string, content templ.Component) error {
	return r.respond(http.StatusOK, web.Frame(r.Context, r.viewer, title), content)
}

// formErrors shows a form again with the errors of its input, with the status 422 or 409. It returns any other error.
func (r *request) formErrors(title string, err error, form func(sigma.Errors) templ.Component) error {
	if !rejected(err) {
		return err
	}
	frame := web.Frame(r.Context, r.viewer, title)
	frame.Errors = sigma.ErrorsOf(err)
	status := http.StatusUnprocessableEntity
	if problem.Is(err, problem.Conflict) {
		status = http.StatusConflict
	}
	return r.respond(status, frame, form(frame.Errors))
}

// rejected reports whether the error is about the input, or about a conflict with the present state.
func rejected(err error) bool {
	return problem.Is(err, problem.Invalid) || problem.Is(err, problem.Conflict)
}

func (r *request) respond(status int, frame sigma.FrameView, content templ.Component) error {
	return web.Render(r.Context, status, sigma.InFrame(frame, content))
}

// done ends a successful POST: it redirects to a path of this half, where the page shows the sentence.
func (r *request) done(path, sentence string) error {
	web.SetNotice(r.Context, sentence)
	return r.seeOther(path)
}

// seeOther redirects to a path of this half.
func (r *request) seeOther(path string) error {
	return r.Redirect(http.StatusSeeOther, r.address.Path(path))
}
