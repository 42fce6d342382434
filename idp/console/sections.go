package console

import (
	"understudy/seed/problem"
	"understudy/ui/okta"
)

var errNoPage = problem.New(problem.NotFound, "Sorry, we can't find that page.")

// unbuiltSiteMap gives every section of the left navigation that is not built a page that says so plainly.
func unbuiltSiteMap() (table []route) {
	for _, group := range okta.Navigation {
		for _, item := range group.Items {
			if !item.Built {
				table = append(table, route{get, item.Path, unbuilt(group.Name, item.Name)})
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
