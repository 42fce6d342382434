package console

import (
	"net/http"
	"strings"

	"understudy/idp"
	"understudy/idp/signin"
	"understudy/ui/kit"
	"understudy/ui/okta"
)

// search finds people, apps and groups from the box on top of every page.
func (r *request) search() error {
	view := okta.SearchPage{Query: strings.TrimSpace(r.QueryParam("q"))}
	hits, err := r.hits(view.Query)
	if err != nil {
		return err
	}
	for _, hit := range hits {
		kind, path := r.hitPath(hit)
		view.Hits = append(view.Hits, okta.SearchHit{Kind: kind, Name: hit.Name, Detail: hit.Detail, Path: path})
	}
	frame := r.frame("Search results")
	frame.Search = view.Query
	return signin.Render(r.Context, http.StatusOK, okta.Console(frame, okta.SearchResults(view)))
}

// suggest answers the box as one types.
func (r *request) suggest() error {
	hits, err := r.hits(strings.TrimSpace(r.QueryParam("q")))
	if err != nil {
		return err
	}
	list := []kit.Suggestion{}
	for _, hit := range hits {
		kind, path := r.hitPath(hit)
		list = append(list, kit.Suggestion{Label: hit.Name, Detail: strings.TrimSuffix(kind+" · "+hit.Detail, " · "), Href: path})
	}
	return r.JSON(http.StatusOK, list)
}

func (r *request) hits(query string) ([]idp.Hit, error) {
	if query == "" {
		return nil, nil
	}
	return r.org.Search(r.ctx(), query)
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
