package traffic

import (
	"context"
	"net/http"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"understudy/seed/guide"
	"understudy/seed/lab"
	"understudy/ui/kit"
)

// Traffic serves the traffic pages of all labs of a registry.
type Traffic struct {
	registry *lab.Registry
	guide    *guide.Guide
	stopped  context.Context // done when the server stops
	proxied  bool            // trust X-Forwarded-Proto
}

// New makes the traffic pages. The event streams of open pages end when ctx ends. With trustProxy, the scheme of
// absolute URLs comes from the X-Forwarded-Proto header.
func New(ctx context.Context, registry *lab.Registry, guide *guide.Guide, trustProxy bool) *Traffic {
	return &Traffic{registry: registry, guide: guide, stopped: ctx, proxied: trustProxy}
}

// Mount registers the routes of the traffic pages.
func (t *Traffic) Mount(e *echo.Echo) {
	e.GET("/labs/:lab/traffic", t.with(t.timelinePage))
	e.GET("/labs/:lab/traffic/events", t.with(t.events))
	e.GET("/labs/:lab/traffic/har", t.with(t.exportHAR))
	e.GET("/labs/:lab/traffic/decode", t.with(t.decode))
	e.POST("/labs/:lab/traffic/decode", t.with(t.decode))
	e.GET("/labs/:lab/traffic/preview", t.with(t.preview))
	e.GET("/labs/:lab/traffic/:id", t.with(t.message))
	e.GET("/labs/:lab/traffic/:id/sequence", t.with(t.sequence))
	e.POST("/labs/:lab/traffic/:id/again", t.with(t.sendAgain))
}

// visit is a request to one of the traffic pages.
type visit struct {
	echo.Context
	lab    *lab.Lab
	origin string // scheme and host of this server, as in the browser's address bar
}

// with opens the lab that the URL names for the duration of f. The request is pinned to the present state of the lab: after
// a reset it fails instead of mixing old and new data.
func (t *Traffic) with(f func(visit) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		l, release, err := t.registry.Acquire(c.Request().Context(), c.Param("lab"))
		if err != nil {
			return err
		}
		defer release()
		c.SetRequest(c.Request().WithContext(l.DB.Pin(c.Request().Context())))
		return f(visit{Context: c, lab: l, origin: lab.Origin(c.Request(), t.proxied)})
	}
}

func (v visit) ctx() context.Context { return v.Request().Context() }
func (v visit) home() string         { return "/labs/" + v.lab.Name }
func (v visit) base() string         { return v.home() + "/traffic" }

func (v visit) page(scripts ...string) kit.Page {
	return kit.Page{Lab: kit.NewLabBar(v.lab.Name, 0), Scripts: scripts}
}

func (v visit) render(content templ.Component) error { return v.renderStatus(http.StatusOK, content) }

func (v visit) renderStatus(status int, content templ.Component) error {
	v.Response().Header().Set(echo.HeaderContentType, echo.MIMETextHTMLCharsetUTF8)
	v.Response().WriteHeader(status)
	return content.Render(v.ctx(), v.Response())
}

func (v visit) okta() context.Context  { return v.lab.OktaContext(v.ctx(), v.origin) }
func (v visit) sigma() context.Context { return v.lab.SigmaContext(v.ctx(), v.origin) }

func (v visit) sigmaURL() string { return v.origin + "/sigma/" + v.lab.Name }

// sentence joins parts by spaces and ends them with a full stop, unless they end with a punctuation mark.
func sentence(parts ...string) string {
	text := strings.Join(parts, " ")
	if text == "" || strings.ContainsAny(text[len(text)-1:], ".?!") {
		return text
	}
	return text + "."
}
