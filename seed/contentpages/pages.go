// Package contentpages serves the page on which an instructor sees, uploads and removes scenarios, guides and catalog apps.
//
// The page is mounted twice: below /instructor/content in a workshop, for instructors, and below /content on a server without a
// workshop, for the person at the machine that runs it. Whoever mounts the page decides who may open it.
package contentpages

import (
	"fmt"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"understudy/seed/base/problem"
	"understudy/seed/content"
	"understudy/seed/door"
	"understudy/ui/kit"
	page "understudy/ui/lab"
)

// Pages is the page about the content of a server.
type Pages struct {
	library *content.Library
	base    string   // URL of the page
	home    kit.Link // the page that leads here
	newLabs NewLabs  // nil if the page does not choose what new labs contain
}

// NewLabs keeps what the new labs of a workshop contain.
type NewLabs interface {
	Choice(c echo.Context) (scenario string, guides []string, err error)
	SetChoice(c echo.Context, scenario string, guides []string) error
}

// New returns the page at an address. home is the page that leads to it.
func New(library *content.Library, base string, home kit.Link, newLabs NewLabs) *Pages {
	return &Pages{library: library, base: base, home: home, newLabs: newLabs}
}

// Mount adds the routes. allow is middleware that refuses everybody else.
func (p *Pages) Mount(e *echo.Echo, allow echo.MiddlewareFunc) {
	e.GET(p.base, p.list, allow)
	e.POST(p.base, p.upload, allow)
	e.POST(p.base+"/remove", p.remove, allow)
	if p.newLabs != nil {
		e.POST(p.base+"/new-labs", p.chooseNewLabs, allow)
	}
}

func (p *Pages) list(c echo.Context) error { return p.show(c, nil) }

// show renders the page, with the errors of a form.
func (p *Pages) show(c echo.Context, failure error) error {
	if failure != nil && !problem.Is(failure, problem.Invalid) {
		return failure
	}
	errors := kit.ErrorsOf(failure)
	view := page.ContentPage{
		Page: kit.Page{Errors: errors}, Errors: errors, Base: p.base, Home: p.home, Kind: c.FormValue("kind"),
	}
	for _, item := range p.library.Items() {
		view.Items = append(view.Items, itemView(item))
	}
	if p.newLabs != nil {
		scenario, guides, err := p.newLabs.Choice(c)
		if err != nil {
			return err
		}
		offer := Offer(p.library, scenario, guides)
		view.NewLabs = &offer
	}
	status := http.StatusOK
	if failure != nil {
		status = http.StatusUnprocessableEntity
	}
	return door.Render(c, status, view)
}

var kinds = map[content.Kind]string{content.Scenarios: "Scenario", content.Guides: "Guide", content.Apps: "Catalog app"}

var origins = map[content.Origin]string{content.BuiltIn: "Built in", content.Folder: "Content folder", content.Uploaded: "Uploaded"}

func itemView(i content.Item) page.ContentItem {
	v := page.ContentItem{
		Kind: string(i.Kind), KindLabel: kinds[i.Kind], Name: i.Name, Title: i.Title, Origin: origins[i.Origin],
		Removable: i.Origin == content.Uploaded,
	}
	if i.Err != nil {
		v.Problem = i.Err.Error()
	}
	return v
}

// Offer lists the scenarios and guides of a library for a form, with those that are chosen.
func Offer(l *content.Library, scenario string, guides []string) page.Offer {
	o := page.Offer{Scenario: scenario, Scenarios: []kit.Option{{Label: "The one that the first guide begins in"}}}
	for _, item := range l.Usable(content.Scenarios) {
		o.Scenarios = append(o.Scenarios, kit.Option{Value: item.Name, Label: item.Title})
	}
	chosen := map[string]bool{}
	for _, name := range guides {
		chosen[name] = true
	}
	for _, item := range l.Usable(content.Guides) {
		o.Guides = append(o.Guides, kit.Option{Value: item.Name, Label: item.Title, Hint: item.Summary, Selected: chosen[item.Name]})
	}
	return o
}

// upload takes a file into the library.
func (p *Pages) upload(c echo.Context) error {
	opened, header, err := c.Request().FormFile("file")
	if err != nil {
		return p.show(c, problem.InvalidField("file", "Choose a file."))
	}
	defer func() { _ = opened.Close() }() // read only
	text, err := io.ReadAll(io.LimitReader(opened, content.MaxFile+1))
	if err != nil {
		return fmt.Errorf("upload: %w", err)
	}
	if _, err := p.library.Add(content.Kind(c.FormValue("kind")), header.Filename, text); err != nil {
		return p.show(c, err)
	}
	return c.Redirect(http.StatusSeeOther, p.base)
}

func (p *Pages) remove(c echo.Context) error {
	if err := p.library.Remove(content.Kind(c.FormValue("kind")), c.FormValue("name")); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, p.base)
}

// chooseNewLabs sets what the labs of people who join from now on contain.
func (p *Pages) chooseNewLabs(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	if _, err := p.library.Choose(form.Get("scenario"), form["guide"]); err != nil {
		return p.show(c, err)
	}
	if err := p.newLabs.SetChoice(c, form.Get("scenario"), form["guide"]); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, p.base)
}
