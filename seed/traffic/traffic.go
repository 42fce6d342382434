package traffic

import (
	"context"
	"net/http"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"understudy/seed/door"
	"understudy/seed/guide"
	"understudy/seed/lab"
)

// Traffic serves the traffic pages of all labs of a registry.
type Traffic struct {
	registry *lab.Registry
	guides   *guide.Guides
	stopped  context.Context // done when the server stops
}

// New makes the traffic pages. The event streams of open pages end when ctx ends.
func New(ctx context.Context, registry *lab.Registry, guides *guide.Guides) *Traffic {
	return &Traffic{registry: registry, guides: guides, stopped: ctx}
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
type visit struct{ door.LabRequest }

// with pins the request to the present state of the lab: after a reset it fails instead of mixing old and new data.
func (t *Traffic) with(f func(visit) error) echo.HandlerFunc {
	return door.Pinned(func(r door.LabRequest) error { return f(visit{r}) })
}

func (v visit) base() string { return v.Home() + "/traffic" }

func (v visit) render(content templ.Component) error { return v.Render(http.StatusOK, content) }

// okta and sigma return a context with the address at which this request would reach the product.
func (v visit) okta() context.Context  { return v.Lab.OktaContext(v.Ctx(), v.Origin) }
func (v visit) sigma() context.Context { return v.Lab.SigmaContext(v.Ctx(), v.Origin) }

func (v visit) sigmaURL() string { return v.Origin + "/sigma/" + v.Lab.Name }

// sentence joins parts by spaces and ends them with a full stop, unless they end with a punctuation mark.
func sentence(parts ...string) string {
	text := strings.Join(parts, " ")
	if text == "" || strings.ContainsAny(text[len(text)-1:], ".?!") {
		return text
	}
	return text + "."
}
