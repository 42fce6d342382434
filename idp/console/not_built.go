package console

import (
	"slices"

	"understudy/ui/okta"
)

// notBuiltRoutes returns a route for each navigation item without its own page. Its page says that the section is
// not part of this stand-in yet.
func notBuiltRoutes() (table []route) {
	built := map[string]bool{}
	for _, r := range slices.Concat(routes, appRoutes) {
		built[r.path] = true
	}
	for _, group := range okta.Navigation() {
		for _, item := range group.Items {
			if !built[item.Path] {
				table = append(table, route{get, item.Path, notBuilt(group.Label, item.Label)})
			}
		}
	}
	return table
}

// notBuilt returns the handler of a section that is not part of this stand-in yet.
func notBuilt(group, section string) handler {
	return func(r *request) error {
		return r.render(section, okta.NotBuilt(okta.NotBuiltPage{Group: group, Section: section, Back: r.path(dashboardPath)}))
	}
}
