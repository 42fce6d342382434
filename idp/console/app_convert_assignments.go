package console

import (
	"understudy/ui/okta"
)

// confirmConvert asks before individual assignments become group assignments, and lists the people.
func (r *request) confirmConvert() error {
	app, err := r.pathApp()
	if err != nil {
		return err
	}
	people, err := r.org.ConvertibleUsers(r.ctx(), app.ID)
	if err != nil {
		return err
	}
	tab := appInstancePath(app.Name, app.ID) + "assignments"
	view := okta.ConfirmPage{Title: "Convert assignments", Cancel: r.path(tab),
		Question: "Convert individual assignments to group assignments?"}
	if len(people) == 0 {
		view.Question = "There is nothing to convert."
		view.Effects = []string{"No person has " + app.Label + " both individually and through a group."}
		return r.render(view.Title, okta.Confirm(view))
	}
	view.Button, view.Action = "Convert", r.path(tab+"/convert")
	view.Effects = []string{"The attribute values of the groups replace the values that were entered for the person.",
		"A person who later leaves all these groups loses " + app.Label + "."}
	const listed = 20
	for i, person := range people {
		if i == listed {
			view.Effects = append(view.Effects, "And "+plural(len(people)-listed, "other person", "other people")+".")
			break
		}
		view.Effects = append(view.Effects, person.User.Name()+" ("+person.UserName+") is converted.")
	}
	return r.render(view.Title, okta.Confirm(view))
}

// convert converts the individual assignments.
func (r *request) convert() error {
	app, err := r.pathApp()
	if err != nil {
		return err
	}
	n, err := r.org.ConvertAssignments(r.ctx(), r.actor(), app.ID)
	if err != nil {
		return err
	}
	return r.done(appInstancePath(app.Name, app.ID)+"assignments", plural(n, "assignment was", "assignments were")+" converted.")
}
