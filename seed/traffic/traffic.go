// Package traffic shows what happens between the two systems of a lab: one timeline of both, each SAML message and SCIM
// call explained, one sign-in as a sequence, previews of what would be sent, and a decoder for messages from anywhere.
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
	proxied  bool
}

// New makes the traffic pages. Live pages end when ctx does. trustProxy believes X-Forwarded-Proto, as the front door's
// option of that name does.
func New(ctx context.Context, registry *lab.Registry, guide *guide.Guide, trustProxy bool) *Traffic {
	return &Traffic{registry: registry, guide: guide, stopped: ctx, proxied: trustProxy}
}

// Mount adds the pages to those of the server.
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
	origin string // of this server, as the person typed it
}

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

// sentence ends what is put together from parts.
func sentence(parts ...string) string {
	text := strings.Join(parts, " ")
	if text == "" || strings.ContainsAny(text[len(text)-1:], ".?!") {
		return text
	}
	return text + "."
}
