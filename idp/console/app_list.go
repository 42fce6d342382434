package console

import (
	"net/http"
	"strings"

	"understudy/idp"
	"understudy/ui/okta"
)

// toApps redirects from the short URL of Applications to the list.
func (r *request) toApps() error { return r.Redirect(http.StatusFound, r.path(appsPath)) }

// apps lists the active or the inactive apps.
func (r *request) apps() error {
	query := idp.AppQuery{Text: strings.TrimSpace(r.QueryParam("q")), Status: idp.AppActive}
	if r.QueryParam("status") == string(idp.AppInactive) {
		query.Status = idp.AppInactive
	}
	found, err := r.org.Apps(r.ctx(), query)
	if err != nil {
		return err
	}
	counts, err := r.org.AppCounts(r.ctx())
	if err != nil {
		return err
	}
	view := okta.AppsPage{
		Status: string(query.Status), Query: query.Text,
		Active: counts[idp.AppActive], Inactive: counts[idp.AppInactive],
		ActivePath:     r.path(appsPath, "q", query.Text),
		InactivePath:   r.path(appsPath, "q", query.Text, "status", string(idp.AppInactive)),
		SearchPath:     r.path(appsPath),
		CreatePath:     r.path("/admin/apps/create"),
		CatalogPath:    r.path(catalogPath),
		AssignManyPath: r.path("/admin/apps/assign"),
	}
	inError, err := r.org.AssignmentErrors(r.ctx())
	if err != nil {
		return err
	}
	for _, app := range found {
		view.Rows = append(view.Rows, r.appRow(app, inError[app.ID]))
	}
	return r.render("Applications", okta.Apps(view))
}

func (r *request) appRow(app idp.App, inError idp.AssignmentErrors) okta.AppRow {
	path := appInstancePath(app.Name, app.ID)
	return okta.AppRow{
		Label: app.Label, SignOnMode: signOnModeLabel(app.SignOnMode), Active: app.Status == idp.AppActive,
		People: app.People, Groups: app.Groups, Path: r.path(path),
		ActivatePath: r.path(path + "activate"), DeactivatePath: r.path(path + "deactivate"),
		DeletePath: r.path(path + "delete"),
		Errors:     inError.Failed + inError.Waiting, ErrorsPath: r.path(path + "assignments"),
		AssignPeople: r.path(path + "assignments/people"), AssignGroups: r.path(path + "assignments/groups"),
	}
}

// confirmActivateApp asks for confirmation.
func (r *request) confirmActivateApp() error {
	return r.confirmApp(appConfirmation{
		title: "Activate Application", button: "Activate Application", action: "activate",
		effects: []string{"Assigned people can sign in to the application again.", "The application appears on their My Apps page."},
	})
}

// activateApp activates an app.
func (r *request) activateApp() error {
	return r.changeApp(func(app idp.App) (string, string, error) {
		err := r.org.ActivateApp(r.ctx(), r.actor(), app.ID)
		return appInstancePath(app.Name, app.ID), app.Label + " was activated.", err
	})
}

// confirmDeactivateApp asks for confirmation and lists the effects.
func (r *request) confirmDeactivateApp() error {
	return r.confirmApp(appConfirmation{
		title: "Deactivate Application", button: "Deactivate Application", action: "deactivate", danger: true,
		effects: []string{
			"Nobody can sign in to the application through Okta until you activate the application again.",
			"Assignments are kept. Okta sends nothing to the application, so people keep their accounts there.",
		},
	})
}

// deactivateApp deactivates an app.
func (r *request) deactivateApp() error {
	return r.changeApp(func(app idp.App) (string, string, error) {
		err := r.org.DeactivateApp(r.ctx(), r.actor(), app.ID)
		return appInstancePath(app.Name, app.ID), app.Label + " was deactivated.", err
	})
}

// confirmDeleteApp asks for confirmation and lists the effects.
func (r *request) confirmDeleteApp() error {
	return r.confirmApp(appConfirmation{
		title: "Delete Application", button: "Delete Application", action: "delete", danger: true,
		effects: []string{
			"The settings, certificates and assignments of the application are removed. This cannot be undone.",
			"Accounts in the application itself are left as they are.",
		},
	})
}

// deleteApp deletes an app, which must be inactive.
func (r *request) deleteApp() error {
	return r.changeApp(func(app idp.App) (string, string, error) {
		err := r.org.DeleteApp(r.ctx(), r.actor(), app.ID)
		return appsPath, app.Label + " was deleted.", err
	})
}

// changeApp runs change on the app that the URL names. change returns the path to redirect to, and the notice to show there.
func (r *request) changeApp(change func(idp.App) (path, sentence string, err error)) error {
	app, err := r.pathApp()
	if err != nil {
		return err
	}
	path, sentence, err := change(app)
	if err != nil {
		return err
	}
	return r.done(path, sentence)
}

// appConfirmation holds the texts of a confirmation. action is the last element of the path.
type appConfirmation struct {
	title, button, action string
	effects               []string
	danger                bool
}

// confirmApp shows a confirmation for the app that the URL names.
func (r *request) confirmApp(c appConfirmation) error {
	app, err := r.pathApp()
	if err != nil {
		return err
	}
	path := appInstancePath(app.Name, app.ID)
	return r.render(c.title, okta.Confirm(okta.ConfirmPage{
		Title: c.title, Question: c.title + ": " + app.Label + "?", Effects: c.effects,
		Button: c.button, Danger: c.danger, Action: r.path(path + c.action), Cancel: r.path(path),
	}))
}

// signOnModeLabel returns a sign-on mode as lists show it.
func signOnModeLabel(mode idp.SignOnMode) string {
	if mode == idp.Bookmark {
		return "Bookmark"
	}
	return "SAML 2.0"
}
