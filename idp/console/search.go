package console

import (
	"net/http"
	"strings"

	"understudy/idp"
	"understudy/idp/web"
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
		view.Hits = append(view.Hits, r.searchHit(hit))
	}
	frame := r.frame("Search results")
	frame.Search = view.Query
	return web.Render(r.Context, http.StatusOK, okta.Console(frame, okta.SearchResults(view)))
}

// suggest answers the box as one types.
func (r *request) suggest() error {
	hits, err := r.hits(strings.TrimSpace(r.QueryParam("q")))
	if err != nil {
		return err
	}
	list := []kit.Suggestion{}
	for _, hit := range hits {
		found := r.searchHit(hit)
		list = append(list, kit.Suggestion{Label: found.Name, Detail: strings.TrimSuffix(found.Kind+" · "+found.Detail, " · "), Href: found.Path})
	}
	return r.JSON(http.StatusOK, list)
}

func (r *request) hits(query string) ([]idp.Hit, error) {
	if query == "" {
		return nil, nil
	}
	return r.org.Search(r.ctx(), query)
}

// searchHit is a thing that was found, with the word for its kind and its page.
func (r *request) searchHit(hit idp.Hit) okta.SearchHit {
	switch hit.Kind {
	case "app":
		return okta.SearchHit{Kind: "Application", Name: hit.Name, Detail: signOnModeLabel(hit.App.SignOnMode), Path: r.path(appInstancePath(hit.App.Name, hit.App.ID))}
	case "group":
		return okta.SearchHit{Kind: "Group", Name: hit.Name, Detail: hit.Detail, Path: r.path(groupPath(hit.ID))}
	}
	return okta.SearchHit{Kind: "Person", Name: hit.Name, Detail: hit.Detail, Path: r.path(personPath(hit.ID))}
}
