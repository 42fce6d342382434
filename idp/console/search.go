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
	results, err := r.searchResults(view.Query)
	if err != nil {
		return err
	}
	for _, result := range results {
		view.Results = append(view.Results, r.searchResultView(result))
	}
	frame := r.frame("Search results")
	frame.Search = view.Query
	return web.Render(r.Context, http.StatusOK, okta.Console(frame, okta.SearchResults(view)))
}

// suggest returns the suggestions for the search field, as JSON.
func (r *request) suggest() error {
	results, err := r.searchResults(strings.TrimSpace(r.QueryParam("q")))
	if err != nil {
		return err
	}
	list := []kit.Suggestion{}
	for _, result := range results {
		found := r.searchResultView(result)
		detail := strings.TrimSuffix(found.Kind+" · "+found.Detail, " · ")
		list = append(list, kit.Suggestion{Label: found.Name, Detail: detail, Href: found.Path})
	}
	return r.JSON(http.StatusOK, list)
}

// searchResults returns the results of a search; an empty query finds nothing.
func (r *request) searchResults(query string) ([]idp.SearchResult, error) {
	if query == "" {
		return nil, nil
	}
	return r.org.Search(r.ctx(), query)
}

// searchResultView returns the view of one result.
func (r *request) searchResultView(result idp.SearchResult) okta.SearchResult {
	switch result.Kind {
	case "app":
		return okta.SearchResult{Kind: "Application", Name: result.Name, Detail: signOnModeLabel(result.App.SignOnMode),
			Path: r.path(appInstancePath(result.App.Name, result.App.ID))}
	case "group":
		return okta.SearchResult{Kind: "Group", Name: result.Name, Detail: result.Detail, Path: r.path(groupPath(result.ID))}
	}
	return okta.SearchResult{Kind: "Person", Name: result.Name, Detail: result.Detail, Path: r.path(personPath(result.ID))}
}
