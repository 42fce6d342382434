// Package labpages serves the pages of a lab that belong to neither half: the list of labs, the lab card with its settings and
// its clock, the windows, and the mailbox. It also serves the lab's view and clipboard, which script players use.
//
// All handlers are mounted at the front door (package door), which opens the lab and checks who may see it.
//
//	pages.go     routes, start here
//	landing.go   the list of labs
//	card.go      the lab card, as a page and as JSON
//	manage.go    create, import, export
//	reset.go     reset and settings
//	clock.go     the lab's clock
//	window.go    the windows of a lab
//	mailbox.go   the emails of a lab
//	view.go      view and clipboard
package labpages

import (
	"github.com/labstack/echo/v4"

	"understudy/seed/content"
	"understudy/seed/contentpages"
	"understudy/seed/door"
	"understudy/seed/lab"
	"understudy/ui/kit"
)

// Pages serves the lab pages of a registry.
type Pages struct {
	registry *lab.Registry
	library  *content.Library
	content  string // URL of the page about the content; empty if there is none
}

// New returns the pages of a registry's labs. New labs come from the program's own scenarios and guides; see [Pages.Use].
func New(registry *lab.Registry) *Pages {
	return &Pages{registry: registry, library: content.BuiltInOnly()}
}

// Use offers the scenarios and guides of a library for new labs. url is the page that lists them; empty for none. Call Use before
// the first request.
func (p *Pages) Use(library *content.Library, url string) { p.library, p.content = library, url }

// MountLanding adds the start page, which lists, creates and imports labs. A workshop has its own start page.
func (p *Pages) MountLanding(e *echo.Echo) {
	e.GET("/", p.landing)
	e.POST("/labs", p.createLab)
	e.POST("/import", p.importLab)
	if p.content != "" {
		contentpages.New(p.library, p.content, kit.Link{Label: "Labs", Href: "/"}, nil).Mount(e, fromThisMachineOnly)
	}
}

// Mount adds the pages of each lab.
func (p *Pages) Mount(e *echo.Echo) {
	e.GET("/labs/:lab", door.Pinned(p.card))
	e.GET("/labs/:lab/export", door.Pinned(p.exportLab))
	e.GET("/labs/:lab/scenario", door.Pinned(p.exportScenario))
	e.POST("/labs/:lab/clock", door.Pinned(p.setClock))
	e.POST("/labs/:lab/clock/synchronize", door.Pinned(p.synchronize))
	e.GET("/labs/:lab/view", door.Pinned(p.view))
	e.POST("/labs/:lab/clipboard", door.Pinned(p.clipboard))
	e.GET("/labs/:lab/windows", door.Pinned(p.windows))
	e.POST("/labs/:lab/windows/end", door.Pinned(p.endWindow))
	e.POST("/labs/:lab/windows/name", door.Pinned(p.nameWindow))
	e.GET("/labs/:lab/mail", door.Pinned(p.mailbox))
	e.GET("/labs/:lab/mail/:id", door.Pinned(p.email))
	e.POST("/labs/:lab/settings", door.Pinned(p.saveSettings))
	e.GET("/labs/:lab/reset", door.Pinned(p.askReset))
	e.POST("/labs/:lab/reset", door.LabHandler(p.reset)) // not pinned, because it replaces the lab
}
