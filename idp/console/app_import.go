package console

import (
	"fmt"

	"understudy/idp"
	"understudy/seed/base/problem"
	"understudy/ui/okta"
)

func importPath(app idp.App) string { return appInstancePath(app.Name, app.ID) + "import" }

// appImport is the tab Import.
func (r *request) appImport() error {
	app, in, err := r.pathProvisionedApp()
	if err != nil {
		return err
	}
	path := importPath(app)
	view := okta.ImportPage{
		Head: r.appHead(app, "import"), SetUpPath: r.path(provisioningPath(app)),
		ImportPath: r.path(path), LivePath: r.path(path), ConfirmPath: r.path(path + "/confirm"), ClearPath: r.path(path + "/clear"),
	}
	if !in.Enabled {
		view.OffReason = "People can be imported once the API integration is on."
		return r.render(app.Label, okta.Import(view))
	}
	state, err := r.org.Import(r.ctx(), app.ID)
	if err != nil {
		return err
	}
	fillImportState(&view, state)
	waiting, err := r.org.ImportUsers(r.ctx(), app.ID, r.page(), 0)
	if err != nil {
		return err
	}
	view.Page = paging(r, waiting, path)
	view.Page.Noun = "people"
	for _, person := range waiting.Items {
		view.Rows = append(view.Rows, importRow(person))
	}
	return r.render(app.Label, okta.Import(view))
}

// fillImportState shows the progress or the result of the latest import.
func fillImportState(view *okta.ImportPage, state idp.Import) {
	switch state.State {
	case idp.ImportRunning:
		view.Running = fmt.Sprintf("Importing: %d of %d users scanned", state.Scanned, max(state.Total, state.Scanned))
	case idp.ImportFailed:
		view.Error = state.Error
	case idp.ImportDone:
		view.FinishedAt = state.Finished
		view.Result = []string{
			plural(state.Scanned, "user", "users") + " scanned",
			plural(state.Added, "new user", "new users") + " found",
			plural(state.Updated, "user", "users") + " updated",
			plural(state.Unchanged, "user", "users") + " unchanged",
			plural(state.Removed, "user", "users") + " removed",
			plural(state.Groups, "group", "groups") + " imported",
		}
	}
}

// The choices for a person whom an import found.
const (
	importMatch  = "match"
	importNew    = "new"
	importIgnore = "ignore"
)

// matchLabels holds the words of Okta for the match of an imported person.
var matchLabels = map[string]string{idp.MatchExact: "Exact match", idp.MatchPartial: "Partial match", idp.MatchNone: "No match"}

// importRow returns the row of an imported person. Only an exact match is selected for confirmation by default, as in Okta.
func importRow(p idp.ImportUser) okta.ImportRow {
	row := okta.ImportRow{
		ID: p.ExternalID, Name: p.FirstName + " " + p.LastName, UserName: p.UserName, Match: matchLabels[p.Match],
		Choice: importNew, Confirm: p.Match == idp.MatchExact,
	}
	if p.MatchUser != "" {
		row.MatchName, row.Choice = p.MatchName+" ("+p.MatchLogin+")", importMatch
		row.Choices = append(row.Choices, okta.Option{Value: importMatch, Label: "Existing user: " + p.MatchName})
	}
	row.Choices = append(row.Choices, okta.Option{Value: importNew, Label: "New user"},
		okta.Option{Value: importIgnore, Label: "Ignore"})
	return row
}

// startImport is Import Now.
func (r *request) startImport() error {
	return r.changeImport(func(app idp.App) (string, error) {
		return "The import was started.", r.org.StartImport(r.ctx(), r.actor(), app.ID)
	})
}

// clearImport is Clear Unconfirmed Users.
func (r *request) clearImport() error {
	return r.changeImport(func(app idp.App) (string, error) {
		return "The list of unconfirmed users was cleared.", r.org.ClearUnconfirmed(r.ctx(), r.actor(), app.ID)
	})
}

// confirmImport is Confirm Assignments: the selected people become new Okta users, or are linked to existing ones.
func (r *request) confirmImport() error {
	return r.changeImport(func(app idp.App) (string, error) {
		choices, err := r.importChoices(app)
		if err != nil {
			return "", err
		}
		n, err := r.org.ConfirmImport(r.ctx(), r.actor(), app.ID, choices)
		return plural(n, "assignment was", "assignments were") + " confirmed.", err
	})
}

// changeImport runs change and returns to the tab with its sentence, or with the sentence of a form error.
func (r *request) changeImport(change func(idp.App) (sentence string, err error)) error {
	app, _, err := r.pathProvisionedApp()
	if err != nil {
		return err
	}
	sentence, err := change(app)
	if isFormError(err) {
		return r.done(importPath(app), problem.As(err).Message)
	}
	if err != nil {
		return err
	}
	return r.done(importPath(app), sentence)
}

// importChoices reads the choice for each selected person from the form. It loads the suggested match from the org, so
// that a form can link only to the user whom the page suggested.
func (r *request) importChoices(app idp.App) ([]idp.ImportChoice, error) {
	form, err := r.FormParams()
	if err != nil {
		return nil, err
	}
	var choices []idp.ImportChoice
	for _, id := range form["confirm"] {
		choice := idp.ImportChoice{ExternalID: id}
		switch form.Get("do-" + id) {
		case importIgnore:
			choice.Ignore = true
		case importMatch:
			person, err := r.org.ImportUser(r.ctx(), app.ID, id)
			if err != nil {
				return nil, err
			}
			choice.UserID = person.MatchUser
		}
		choices = append(choices, choice)
	}
	return choices, nil
}
