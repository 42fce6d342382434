package console

import (
	"slices"
	"strings"

	"understudy/idp"
	"understudy/idp/web"
	"understudy/ui/okta"
)

// assignMany is Assign Users to App: a list of apps next to a list of people.
func (r *request) assignMany() error {
	view, err := r.assignManyView(nil, nil)
	if err != nil {
		return err
	}
	return r.render("Assign Applications", okta.AppAssignMany(view))
}

// assignManyView returns the first step with the given app and user IDs selected. It lists at most 200 people; the search
// field finds others.
func (r *request) assignManyView(apps, people []string) (okta.AppAssignManyPage, error) {
	view := okta.AppAssignManyPage{
		Action: r.path("/admin/apps/assign"), Cancel: r.path(appsPath), Query: strings.TrimSpace(r.FormValue("q")),
	}
	active, err := r.org.Apps(r.ctx(), idp.AppQuery{Status: idp.AppActive})
	if err != nil {
		return view, err
	}
	for _, app := range active {
		view.Apps = append(view.Apps, okta.Option{Value: app.ID, Label: app.Label, Selected: slices.Contains(apps, app.ID)})
	}
	found, err := r.org.Users(r.ctx(), idp.UserQuery{Text: view.Query, Size: 200})
	if err != nil {
		return view, err
	}
	for _, user := range found.Items {
		if user.Status != idp.Deprovisioned {
			view.People = append(view.People, okta.Option{Value: user.ID, Label: user.Name(), Hint: user.Login(),
				Selected: slices.Contains(people, user.ID)})
		}
	}
	view.Truncated = found.Total > len(found.Items)
	return view, nil
}

// assignManyForm holds the fields of both steps: IDs of apps and of people.
type assignManyForm struct {
	Apps   []string `form:"app"`
	People []string `form:"person"`
}

// assignManyNext is the second step. It lists the assignments to confirm.
func (r *request) assignManyNext() error {
	var form assignManyForm
	if err := web.BindForm(r.Context, &form); err != nil {
		return err
	}
	if len(form.Apps) == 0 || len(form.People) == 0 {
		view, err := r.assignManyView(form.Apps, form.People)
		if err != nil {
			return err
		}
		if len(form.Apps) == 0 {
			view.Errors = append(view.Errors, okta.FormErrors{{Field: "app", Message: "Choose at least one application."}}...)
		}
		if len(form.People) == 0 {
			view.Errors = append(view.Errors, okta.FormErrors{{Field: "person", Message: "Choose at least one person."}}...)
		}
		return r.invalid("Assign Applications", view.Errors, okta.AppAssignMany(view))
	}
	view := okta.AppAssignManyConfirmPage{Action: r.path("/admin/apps/assign/confirm"), Back: r.path("/admin/apps/assign"),
		Apps: form.Apps, People: form.People}
	err := r.eachPair(form, func(app idp.App, user idp.User, assigned bool) error {
		pair := okta.AppPair{App: app.Label, Person: user.Name(), Username: user.Login(), Assigned: assigned}
		view.Pairs = append(view.Pairs, pair)
		return nil
	})
	if err != nil {
		return err
	}
	return r.render("Confirm Assignments", okta.AppAssignManyConfirmation(view))
}

// assignManyConfirmed assigns every pair that is not assigned yet, with the values of the app's mappings.
func (r *request) assignManyConfirmed() error {
	var form assignManyForm
	if err := web.BindForm(r.Context, &form); err != nil {
		return err
	}
	assigned := 0
	err := r.eachPair(form, func(app idp.App, user idp.User, already bool) error {
		if already {
			return nil
		}
		values, err := r.org.DefaultAssignment(r.ctx(), app.ID, user.ID)
		if err != nil {
			return err
		}
		assigned++
		_, err = r.org.AssignUser(r.ctx(), r.actor(), app.ID, user.ID, values)
		return err
	})
	if err != nil {
		return err
	}
	return r.done(appsPath, plural(assigned, "assignment was", "assignments were")+" made.")
}

// eachPair calls f for every selected app with every selected person. assigned tells whether the person has the app.
func (r *request) eachPair(form assignManyForm, f func(app idp.App, user idp.User, assigned bool) error) error {
	for _, userID := range form.People {
		user, err := r.org.User(r.ctx(), userID)
		if err != nil {
			return err
		}
		has, err := r.org.AppsOf(r.ctx(), user.ID)
		if err != nil {
			return err
		}
		for _, appID := range form.Apps {
			app, err := r.org.App(r.ctx(), appID)
			if err != nil {
				return err
			}
			assigned := slices.ContainsFunc(has, func(a idp.AppUser) bool { return a.AppID == app.ID })
			if err := f(app, user, assigned); err != nil {
				return err
			}
		}
	}
	return nil
}
