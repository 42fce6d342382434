package door

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"understudy/idp/web"
	"understudy/seed/door/limit"
	"understudy/seed/lab"
	sigmaweb "understudy/sp/web"
	"understudy/ui/kit"
	page "understudy/ui/lab"
)

// refuse answers a request that exceeds a limit, in the style of the half that it is for: a page, or an error of its API.
func (d *Door) refuse(w http.ResponseWriter, r *http.Request, rt route, e *limit.Error) {
	if rt.half == "" && isControl(r.URL.Path) {
		d.failControl(w, r, e)
		return
	}
	if rt.half == "" {
		view := page.ErrorPage{Status: e.Status, Sentence: e.Text, Back: kit.Link{Label: "Back to the lab list", Href: "/"}}
		show(w, r, e.Status, view, d.options.Log)
		return
	}
	setPath(r, rt.rest)
	half := d.halves[rt.half]
	c := half.NewContext(r, w)
	c.Response().Header().Set(echo.HeaderXRequestID, newRequestID())
	if rt.half == lab.Okta {
		half.HTTPErrorHandler(&web.PageError{Status: e.Status, Title: e.Title, Text: e.Text}, c)
		return
	}
	half.HTTPErrorHandler(&sigmaweb.Refusal{Status: e.Status, Title: e.Title, Text: e.Text}, c)
}

// readBody is the middleware that reads the body of a request for one of the server's own pages, before the lab is opened.
func (d *Door) readBody(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if name := c.Param("lab"); name != "" {
			tied, err := d.pinnedAtArrival(r, name, false)
			if err != nil {
				return err
			}
			c.Set(arrivalKey, tied.Context())
		}
		done, refused := limit.RuleFor("", r.URL.EscapedPath(), isLoopback(r.RemoteAddr)).Read(c.Response(), r)
		if refused != nil {
			return refused
		}
		defer done()
		return next(c)
	}
}

// Route is an address of the server, for tests that try every one.
type Route struct {
	Half         lab.Half // "" for the server's own pages
	Method, Path string   // Path is within the half, with parameters as echo writes them
}

// Routes lists all addresses of the server.
func (d *Door) Routes() (list []Route) {
	add := func(half lab.Half, e *echo.Echo) {
		for _, r := range e.Routes() {
			list = append(list, Route{half, r.Method, r.Path})
		}
	}
	add("", d.own)
	for half, e := range d.halves {
		add(half, e)
	}
	return list
}
