package console

import (
	"understudy/ui/okta"
)

// confirmConvert asks before individual assignments become those of the people's groups, and says whose.
func (r *request) confirmConvert() error {
	app, err := r.app()
	if err != nil {
		return err
	}
	people, err := r.org.ConvertibleUsers(r.ctx(), app.ID)
	if err != nil {
		return err
	}
	tab := appInstancePath(app.Name, app.ID) + "assignments"
	view := okta.ConfirmPage{Title: "Convert assignments", Question: "Convert individual assignments to group assignments?", Cancel: r.path(tab)}
	if len(people) == 0 {
		view.Question = "There is nothing to convert."
		view.Effects = []string{"Nobody who has " + app.Label + " individually also has it through a group."}
		return r.render(view.Title, okta.Confirm(view))
	}
	view.Button, view.Action = "Convert", r.path(tab+"/convert")
	view.Effects = []string{"What was typed for the person is given up; the groups' attributes count from then on.",
		"Who leaves all those groups later loses " + app.Label + "."}
	const named = 20
	for i, person := range people {
		if i == named {
			view.Effects = append(view.Effects, "And "+countOf(len(people)-named, "other person", "other people")+".")
			break
		}
		view.Effects = append(view.Effects, person.User.Name()+" ("+person.UserName+") is converted.")
	}
	return r.render(view.Title, okta.Confirm(view))
}

// convert does it.
func (r *request) convert() error {
	app, err := r.app()
	if err != nil {
		return err
	}
	n, err := r.org.ConvertAssignments(r.ctx(), r.actor(), app.ID)
	if err != nil {
		return err
	}
	return r.done(appInstancePath(app.Name, app.ID)+"assignments", countOf(n, "assignment was", "assignments were")+" converted.")
}
