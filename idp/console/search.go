package console

import (
	"strings"

	"understudy/idp"
	"understudy/ui/okta"
)

// search finds people, apps and groups from the box on top of every page.
func (r *request) search() error {
	query := strings.TrimSpace(r.QueryParam("search"))
	view := okta.SearchPage{Query: query}
	if query != "" {
		hits, err := r.org.Search(r.ctx(), query)
		if err != nil {
			return err
		}
		for _, hit := range hits {
			kind, path := r.hitPath(hit)
			view.Hits = append(view.Hits, okta.SearchHit{Kind: kind, Name: hit.Name, Detail: hit.Detail, Path: path})
		}
	}
	return r.render("Search results", okta.SearchResults(view))
}

// hitPath gives the word for the kind of a thing that was found, and its page.
func (r *request) hitPath(hit idp.Hit) (kind, path string) {
	switch hit.Kind {
	case "app":
		return "Application", r.path(appInstancePath(hit.App.Name, hit.App.ID))
	case "group":
		return "Group", r.path(groupPath(hit.ID))
	}
	return "Person", r.path(personPath(hit.ID))
}
