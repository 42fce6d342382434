package console

import (
	"net/http"
	"slices"
	"strings"

	"understudy/idp"
	"understudy/idp/catalog"
	"understudy/seed/base/problem"
	"understudy/ui/kit"
	"understudy/ui/okta"
)

// suggestions limits the entries that the search field suggests before "See All Results".
const suggestions = 5

// catalog is Browse App Integration Catalog.
func (r *request) catalog() error {
	text := strings.TrimSpace(r.QueryParam("q"))
	category, functionality := r.QueryParam("category"), r.QueryParam("functionality")
	view := okta.CatalogPage{
		Query: text, Category: category, Functionality: functionality,
		Action: r.path(catalogPath), SuggestPath: r.path(catalogPath + "/suggestions"),
		AllPath: r.path(catalogPath), CreatePath: r.path("/admin/apps/create"), BackPath: r.path(appsPath),
	}
	all := r.org.Catalog().Search(text, "")
	view.Categories = append(view.Categories, okta.Option{Label: "All Integrations", Count: len(all), Selected: category == "",
		Path: r.path(catalogPath, "q", text, "functionality", functionality)})
	for _, name := range r.org.Catalog().Categories() {
		view.Categories = append(view.Categories, okta.Option{Label: name, Selected: name == category,
			Count: len(r.org.Catalog().Search(text, name)),
			Path:  r.path(catalogPath, "q", text, "category", name, "functionality", functionality)})
	}
	for _, name := range functionalities(r.org.Catalog().Search("", "")) {
		option := okta.Option{Label: name, Selected: name == functionality,
			Path: r.path(catalogPath, "q", text, "category", category, "functionality", name)}
		if option.Selected { // selecting it again removes the filter
			option.Path = r.path(catalogPath, "q", text, "category", category)
		}
		view.Functionalities = append(view.Functionalities, option)
	}
	for _, entry := range r.org.Catalog().Search(text, category) {
		if functionality == "" || slices.Contains(entry.Functionality, functionality) {
			view.Tiles = append(view.Tiles, r.catalogTile(entry))
		}
	}
	return r.render("Browse App Integration Catalog", okta.Catalog(view))
}

// functionalities returns the functionality filters of the entries, in order of first appearance.
func functionalities(entries []catalog.Entry) []string {
	var list []string
	for _, entry := range entries {
		for _, name := range entry.Functionality {
			if !slices.Contains(list, name) {
				list = append(list, name)
			}
		}
	}
	return list
}

func (r *request) catalogTile(entry catalog.Entry) okta.CatalogTile {
	tile := okta.CatalogTile{Name: entry.Name, Category: entry.Category, Protocols: entry.Functionality,
		Verified: entry.Verified, Path: r.path(catalogPath + "/" + entry.Key)}
	if len(entry.Overview) > 0 {
		tile.Description = entry.Overview[0]
	}
	return tile
}

// catalogSuggestions returns the suggestions for the search field as JSON: matching entries, then the link to all results.
func (r *request) catalogSuggestions() error {
	text := strings.TrimSpace(r.QueryParam("q"))
	list := []kit.Suggestion{}
	if text != "" {
		for _, entry := range first(r.org.Catalog().Search(text, ""), suggestions) {
			list = append(list, kit.Suggestion{Label: entry.Name, Detail: strings.Join(entry.Functionality, ", "),
				Href: r.path(catalogPath + "/" + entry.Key)})
		}
		list = append(list, kit.Suggestion{Label: "See All Results", Href: r.path(catalogPath, "q", text)})
	}
	return r.JSON(http.StatusOK, list)
}

func first[T any](list []T, n int) []T { return list[:min(n, len(list))] }

// pathEntry returns the catalog entry that the URL names.
func (r *request) pathEntry() (catalog.Entry, error) {
	entry, ok := r.org.Catalog().Entry(r.Param("entry"))
	if !ok || entry.Wizard {
		return catalog.Entry{}, problem.New(problem.NotFound, "This integration is not in the app catalog.")
	}
	return entry, nil
}

// catalogEntry is the page of one integration.
func (r *request) catalogEntry() error {
	entry, err := r.pathEntry()
	if err != nil {
		return err
	}
	view := okta.CatalogEntryPage{
		Name: entry.Name, Category: entry.Category, Verified: entry.Verified, LastUpdated: entry.Updated,
		Overview: entry.Overview, AddPath: r.path(catalogPath + "/" + entry.Key + "/add"), BackPath: r.path(catalogPath),
	}
	for _, name := range entry.Functionality {
		capability := okta.CatalogCapability{Protocol: name}
		if name == "SCIM" {
			capability.Features = entry.SCIMFeatures
		}
		view.Functionality = append(view.Functionality, capability)
	}
	apps, err := r.org.Apps(r.ctx(), idp.AppQuery{})
	if err != nil {
		return err
	}
	for _, app := range apps {
		if app.CatalogKey == entry.Key {
			view.Existing = append(view.Existing, r.appRow(app, idp.AssignmentErrors{}))
		}
	}
	return r.render(entry.Name, okta.CatalogEntry(view))
}
