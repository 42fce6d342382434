package console

import (
	"slices"

	"understudy/ui/okta"
)

// unbuiltSiteMap gives every section of the left navigation that no table names a page that says so plainly.
func unbuiltSiteMap() (table []route) {
	built := map[string]bool{}
	for _, r := range slices.Concat(siteMap, appSiteMap) {
		built[r.path] = true
	}
	for _, group := range okta.Navigation() {
		for _, item := range group.Items {
			if !built[item.Path] {
				table = append(table, route{get, item.Path, unbuilt(group.Label, item.Label)})
			}
		}
	}
	return table
}

func unbuilt(group, section string) handler {
	return func(r *request) error {
		return r.render(section, okta.Unbuilt(okta.UnbuiltPage{Group: group, Section: section, Back: r.path(dashboardPath)}))
	}
}
