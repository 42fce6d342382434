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

// request is one request to this door.
type request struct {
	echo.Context
	org     *sp.Organization
	address address.Address
	viewer  sp.Viewer // the zero Viewer when nobody is signed in
}

// handler answers one request.
type handler func(*request) error

// serve makes an echo handler of h.
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

// begin finds out who asks.
func begin(c echo.Context) (*request, error) {
	ctx := c.Request().Context()
	r := &request{Context: c, org: sp.From(ctx), address: address.From(ctx)}
	viewer, err := web.Viewer(c)
	r.viewer = viewer
	return r, err
}

// signedIn lets only signed-in members through; others sign in first and come back to where they wanted to be.
func signedIn(h handler) handler {
	return func(r *request) error {
		if r.viewer.Member.ID == "" {
			next := ""
			if r.Request().Method == http.MethodGet && r.Request().URL.Path != "/" {
				next = r.Request().URL.RequestURI()
			}
			return r.Redirect(http.StatusFound, r.path("/login", "next", next))
		}
		r.Response().Header().Set("Cache-Control", "no-store") // what a member sees is not for the next person at this machine
		return h(r)
	}
}

// administrator lets only the account type Admin through.
func administrator(h handler) handler {
	return func(r *request) error {
		if !r.viewer.Admin() {
			return &problem.Error{Kind: problem.Forbidden, Code: "ADMIN_ONLY",
				Message: "Administration is open to members of the account type Admin. Yours is " + r.viewer.AccountType.Name + "."}
		}
		return h(r)
	}
}

// ctx is the context of the request.
func (r *request) ctx() context.Context { return r.Request().Context() }

// by is who acts, as every method of the half wants to know.
func (r *request) by() sp.Actor {
	if r.viewer.Member.ID == "" {
		return sp.Anonymous(web.Client(r.Context))
	}
	return r.viewer.Actor(web.Client(r.Context))
}

// path gives the address of a path of this half within the window, with a query of the pairs whose value is not empty.
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

// at is what components make links of.
func (r *request) at() sigma.At { return sigma.At(r.address.WindowPrefix()) }

// text is a form value without surrounding spaces.
func (r *request) text(name string) string { return strings.TrimSpace(r.FormValue(name)) }

// ticked reports whether a check box was on.
func (r *request) ticked(name string) bool { return r.FormValue(name) != "" }

// values are all values of a form field, as check boxes of one name send them.
func (r *request) values(name string) []string {
	_ = r.Request().ParseForm() // FormValue reads what could be parsed, and so does this
	return r.Request().Form[name]
}

// number is the page of a list that was asked for, from 1.
func (r *request) number() int {
	n, err := strconv.Atoi(r.QueryParam("page"))
	if err != nil || n < 1 {
		return 1
	}
	return n
}

// render answers with a page: the frame with its navigation around the page's own content, which holds the h1. title is
// the h1's text, for the document's title.
func (r *request) render(title string, content templ.Component) error {
	return r.answer(http.StatusOK, web.Frame(r.Context, r.viewer, title), content)
}

// again shows a form once more with what err says of it (status 422 or 409); other errors go on to the error page.
func (r *request) again(title string, err error, form func(sigma.Errors) templ.Component) error {
	if !rejected(err) {
		return err
	}
	frame := web.Frame(r.Context, r.viewer, title)
	frame.Errors = sigma.ErrorsOf(err)
	status := http.StatusUnprocessableEntity
	if problem.Is(err, problem.Conflict) {
		status = http.StatusConflict
	}
	return r.answer(status, frame, form(frame.Errors))
}

// rejected reports whether what was typed cannot be taken, as it is or as things are.
func rejected(err error) bool {
	return problem.Is(err, problem.Invalid) || problem.Is(err, problem.Conflict)
}

func (r *request) answer(status int, frame sigma.FrameView, content templ.Component) error {
	return web.Render(r.Context, status, sigma.InFrame(frame, content))
}

// done ends a POST that worked: the browser goes on to a path of this half, and the next page says the sentence.
func (r *request) done(path, sentence string) error {
	web.SetNotice(r.Context, sentence)
	return r.seeOther(path)
}

// seeOther ends a POST without a word.
func (r *request) seeOther(path string) error {
	return r.Redirect(http.StatusSeeOther, r.address.Path(path))
}
