package console

import (
	"net/http"
	"strings"

	"understudy/idp"
	"understudy/idp/web"
	"understudy/ui/kit"
	"understudy/ui/okta"
)

// search is the page of results of the search field on top of every page. It finds people, apps and groups.
func (r *request) search() error {
	view := okta.SearchPage{Query: strings.TrimSpace(r.QueryParam("q"))}
	hits, err := r.hits(view.Query)
	if err != nil {
		return err
	}
	for _, hit := range hits {
		view.Hits = append(view.Hits, r.searchHit(hit))
	}
	frame := r.frame("Search results")
	frame.Search = view.Query
	return web.Render(r.Context, http.StatusOK, okta.Console(frame, okta.SearchResults(view)))
}

// suggest returns the suggestions for the search field, as JSON.
func (r *request) suggest() error {
	hits, err := r.hits(strings.TrimSpace(r.QueryParam("q")))
	if err != nil {
		return err
	}
	list := []kit.Suggestion{}
	for _, hit := range hits {
		found := r.searchHit(hit)
		detail := strings.TrimSuffix(found.Kind+" · "+found.Detail, " · ")
		list = append(list, kit.Suggestion{Label: found.Name, Detail: detail, Href: found.Path})
	}
	return r.JSON(http.StatusOK, list)
}

// hits returns the results of a search; an empty query finds nothing.
func (r *request) hits(query string) ([]idp.Hit, error) {
	if query == "" {
		return nil, nil
	}
	return r.org.Search(r.ctx(), query)
}

// searchHit returns the view of one result.
func (r *request) searchHit(hit idp.Hit) okta.SearchHit {
	switch hit.Kind {
	case "app":
		return okta.SearchHit{Kind: "Application", Name: hit.Name, Detail: signOnModeLabel(hit.App.SignOnMode),
			Path: r.path(appInstancePath(hit.App.Name, hit.App.ID))}
	case "group":
		return okta.SearchHit{Kind: "Group", Name: hit.Name, Detail: hit.Detail, Path: r.path(groupPath(hit.ID))}
	}
	return okta.SearchHit{Kind: "Person", Name: hit.Name, Detail: hit.Detail, Path: r.path(personPath(hit.ID))}
}
