package door

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"understudy/seed/base/address"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
	"understudy/seed/lab"
	"understudy/ui/kit"
)

// ownPages returns the handler of everything that belongs to neither half: health, metrics and the mounted packages.
func (d *Door) ownPages() *echo.Echo {
	e := newEcho(func(err error, c echo.Context) { d.fail(c.Response(), c.Request(), err) })
	e.Use(d.refuseCrossSite, d.admit, d.readBody, d.openLab)
	e.GET("/healthz", d.health)
	e.GET("/metrics", echo.WrapHandler(d.metrics.handler()))
	e.GET("/robots.txt", func(c echo.Context) error { return c.String(http.StatusOK, "User-agent: *\nDisallow: /\n") })
	e.GET("/.well-known/training-stand-in", func(c echo.Context) error {
		return c.String(http.StatusOK, "This server is Understudy, a training stand-in for Okta and Sigma. "+
			"It is neither, and not affiliated with either vendor.\n")
	})
	for _, mount := range d.options.Mount {
		mount(e)
	}
	return e
}

// newEcho returns an echo that prints no banner and maps errors by f.
func newEcho(f echo.HTTPErrorHandler) *echo.Echo {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = f
	e.IPExtractor = func(r *http.Request) string { return r.RemoteAddr } // the front door has found the client's address
	return e
}

// refuseCrossSite refuses forms that other sites send.
func (d *Door) refuseCrossSite(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if err := d.csrf.Check(c.Request()); err != nil {
			return errCrossSite
		}
		return next(c)
	}
}

// LabRequest is a request for one of a lab's own pages, below /labs/{lab}.
type LabRequest struct {
	echo.Context
	Lab     *lab.Lab
	Origin  string // canonical scheme and host of this server
	Browser string // identifies the browser; see lab.Session
}

// Keys of values in an echo context.
const (
	labKey     = "understudy.lab"
	browserKey = "understudy.browser"
	arrivalKey = "understudy.arrival" // context that is tied to the lab as it was when the request arrived
)

// admit is the middleware that asks Options.Admit about the lab in a page's path.
func (d *Door) admit(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if name := c.Param("lab"); name != "" && d.options.Admit != nil {
			if err := d.options.Admit(c.Request(), name, strings.TrimPrefix(c.Request().URL.Path, "/labs/"+name)); err != nil {
				return err
			}
		}
		return next(c)
	}
}

// openLab is the middleware that opens the lab in a page's path once for all packages: it holds the lab until the response is
// sent, puts the bar's state into the context, and repeats reads that a reset made stale.
func (d *Door) openLab(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		name := c.Param("lab")
		if name == "" {
			return next(c)
		}
		l, release, err := d.acquireForPage(c.Request(), name)
		if lab.IsDamaged(err) {
			return d.showDamaged(c, name)
		}
		if err != nil {
			return err
		}
		defer release()
		request := c.Request()
		defer c.SetRequest(request) // an error page is shown after the context below has ended
		tied, end := endWithLab(l, c.Response(), request)
		defer end()
		c.SetRequest(tied)
		browser := browserID(c.Response(), c.Request())
		c.Set(labKey, l)
		c.Set(browserKey, browser)
		ctx := kit.WithClock(c.Request().Context(), l.ClockMark())
		c.SetRequest(c.Request().WithContext(kit.WithWindow(ctx, windowState(l, 0, browser, readURI(c.Request())))))
		err = next(c)
		for n := 1; n < maxResetRetries && errors.Is(err, store.ErrReset) && isRead(c.Request()) && !c.Response().Committed; n++ {
			err = next(c)
		}
		if cause := problem.As(context.Cause(tied.Context())); err != nil && cause != nil { // the lab was closed meanwhile
			return cause
		}
		return err
	}
}

// LabHandler is the one wrapper of the handlers below /labs/{lab}. The route must have the parameter lab.
func LabHandler(f func(LabRequest) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		return f(LabRequest{Context: c, Lab: c.Get(labKey).(*lab.Lab), Origin: Origin(c), Browser: c.Get(browserKey).(string)})
	}
}

// Origin returns the canonical scheme and host of this server, for addresses that people copy. It works in every handler that
// is mounted at the front door.
func Origin(c echo.Context) string { return address.From(c.Request().Context()).Origin }

// Ctx returns the context of the request. Reads with it see the lab as it is when they happen, also after a reset.
func (r LabRequest) Ctx() context.Context { return r.Request().Context() }

// Pin ties the request to the lab as it is now: after a reset its reads and writes fail with store.ErrReset instead of mixing
// two states. A pinned read is repeated by the front door.
func (r LabRequest) Pin() LabRequest {
	ctx, arrived := r.Get(arrivalKey).(context.Context)
	if !arrived || !r.Lab.DB.Stale(ctx) {
		ctx = r.Lab.Pinned(r.Ctx())
	}
	r.SetRequest(r.Request().WithContext(ctx))
	return r
}

// Pinned is [LabHandler] for handlers that must see one state of the lab: most pages.
func Pinned(f func(LabRequest) error) echo.HandlerFunc {
	return LabHandler(func(r LabRequest) error {
		before := r.Request()
		defer r.SetRequest(before) // a repeated read is pinned again
		return f(r.Pin())
	})
}

// Home returns the path of the lab card, such as /labs/demo.
func (r LabRequest) Home() string { return "/labs/" + r.Lab.Name }

// Page returns the frame of a lab page with the given scripts.
func (r LabRequest) Page(scripts ...string) kit.Page {
	return kit.Page{Lab: kit.NewLabBar(r.Lab.Name, 0), Scripts: scripts}
}

// Render responds with a page.
func (r LabRequest) Render(status int, content templ.Component) error {
	return Render(r.Context, status, content)
}

// Render responds with a page of the server's own.
func Render(c echo.Context, status int, content templ.Component) error {
	c.Response().Header().Set(echo.HeaderContentType, echo.MIMETextHTMLCharsetUTF8)
	c.Response().WriteHeader(status)
	return content.Render(c.Request().Context(), c.Response())
}
