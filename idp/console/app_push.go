package console

import (
	"net/http"
	"strings"

	"understudy/idp"
	"understudy/idp/web"
	"understudy/ui/kit"
	"understudy/ui/okta"
)

func pushPath(app idp.App) string { return appInstancePath(app.Name, app.ID) + "push-groups" }

// pushGroups shows the tab Push Groups.
func (r *request) pushGroups() error {
	app, in, err := r.pathProvisionedApp()
	if err != nil {
		return err
	}
	path := pushPath(app)
	view := okta.PushGroupsPage{
		Head: r.appHead(app, "push-groups"), ByNamePath: r.path(path + "/by-name"), ByRulePath: r.path(path + "/by-rule"),
		RefreshPath: r.path(path + "/refresh"), Query: strings.TrimSpace(r.QueryParam("q")), SearchPath: r.path(path),
		SetUpPath: r.path(provisioningPath(app)),
	}
	view.LivePath = r.path(path, "q", view.Query)
	if !in.Enabled {
		view.OffReason = "Groups can be pushed once the API integration is on."
		return r.render(app.Label, okta.PushGroups(view))
	}
	rules, err := r.org.PushRules(r.ctx(), app.ID)
	if err != nil {
		return err
	}
	mappings, err := r.org.PushMappings(r.ctx(), app.ID, "")
	if err != nil {
		return err
	}
	names, pushed := map[string]string{}, map[string]int{}
	for _, m := range mappings {
		pushed[m.RuleID]++
	}
	for _, rule := range rules {
		names[rule.ID] = rule.Name
		view.Rules = append(view.Rules, okta.PushRuleRow{Name: rule.Name, Condition: pushRuleText(rule), Groups: pushed[rule.ID],
			DeletePath: r.path(path + "/rules/" + rule.ID + "/delete")})
	}
	for _, m := range mappings {
		view.InProgress = view.InProgress || m.Pushing
		if !strings.Contains(strings.ToLower(m.GroupName), strings.ToLower(view.Query)) {
			continue
		}
		below := path + "/mappings/" + m.ID
		view.Rows = append(view.Rows, okta.PushRow{
			Group: m.GroupName, GroupPath: r.path(groupPath(m.GroupID)), Target: m.TargetName, Rule: names[m.RuleID],
			LastPush: m.LastPush, Status: m.Label(), Error: m.Error, Inactive: m.Status == idp.PushInactive,
			ChangePath: r.path(below), UnlinkPath: r.path(below + "/unlink"),
		})
	}
	return r.render(app.Label, okta.PushGroups(view))
}

// refreshAppGroups handles Refresh App Groups: it imports the groups of the app again.
func (r *request) refreshAppGroups() error {
	return r.changeApp(func(app idp.App) (string, string, error) {
		err := r.org.RefreshAppGroups(r.ctx(), r.actor(), app.ID)
		return pushPath(app), "Okta is importing the groups of " + app.Label + " again.", err
	})
}

// pushByName shows Find groups by name: the search, its results, and the push action for the selected group.
func (r *request) pushByName() error {
	app, _, err := r.pathProvisionedApp()
	if err != nil {
		return err
	}
	view := r.pushByNameView(app)
	if id := r.QueryParam("group"); id != "" {
		if view.Chosen, err = r.pushChoice(app, id); err != nil {
			return err
		}
		view.Query = view.Chosen.Name
		return r.render("Push groups by name", okta.PushByName(view))
	}
	if view.Query != "" {
		groups, err := r.org.PushCandidates(r.ctx(), app.ID, view.Query, 25)
		if err != nil {
			return err
		}
		for _, g := range groups {
			view.Suggestions = append(view.Suggestions, okta.Option{Label: g.Name, Hint: g.Description,
				Path: r.path(pushPath(app)+"/by-name", "group", g.ID)})
		}
	}
	return r.render("Push groups by name", okta.PushByName(view))
}

// pushByNameView returns the page without search results.
func (r *request) pushByNameView(app idp.App) okta.PushByNamePage {
	path := pushPath(app)
	return okta.PushByNamePage{
		Head: r.appHead(app, "push-groups"), Query: strings.TrimSpace(r.QueryParam("q")),
		SearchPath: r.path(path + "/by-name"), SuggestPath: r.path(path + "/suggestions"),
		Action: r.path(path + "/by-name"), Cancel: r.path(path),
	}
}

// suggestPush returns the suggestions for the search field of Find groups by name, as JSON.
func (r *request) suggestPush() error {
	app, _, err := r.pathProvisionedApp()
	if err != nil {
		return err
	}
	list := []kit.Suggestion{}
	if text := strings.TrimSpace(r.QueryParam("q")); text != "" {
		groups, err := r.org.PushCandidates(r.ctx(), app.ID, text, suggestions)
		if err != nil {
			return err
		}
		for _, g := range groups {
			list = append(list, kit.Suggestion{Label: g.Name, Detail: g.Description,
				Href: r.path(pushPath(app)+"/by-name", "group", g.ID)})
		}
	}
	return r.JSON(http.StatusOK, list)
}

// The push actions of a group.
const (
	pushCreate = "create"
	pushLink   = "link"
)

// pushChoice returns the view of the selected group, with the group of the same name in the app.
func (r *request) pushChoice(app idp.App, groupID string) (*okta.PushChoice, error) {
	group, err := r.org.Group(r.ctx(), groupID)
	if err != nil {
		return nil, err
	}
	match, found, err := r.org.MatchGroup(r.ctx(), app.ID, group.Name)
	if err != nil {
		return nil, err
	}
	targets, err := r.org.ImportedGroups(r.ctx(), app.ID)
	if err != nil {
		return nil, err
	}
	choice := &okta.PushChoice{
		GroupID: group.ID, Name: group.Name, Description: group.Description,
		Match: "No match found", Memberships: true,
		Actions: []okta.Option{{Value: pushCreate, Label: "Create Group"}}, Action: pushCreate,
	}
	for _, target := range targets {
		choice.Targets = append(choice.Targets, okta.Option{Value: target.ExternalID, Label: target.Name})
	}
	if len(targets) > 0 {
		choice.Actions = append(choice.Actions, okta.Option{Value: pushLink, Label: "Link Group"})
	}
	if found {
		choice.Match, choice.Action, choice.Target = "Match found: "+match.Name, pushLink, match.ExternalID
	}
	return choice, nil
}

// savePush starts to push the selected group.
func (r *request) savePush() error {
	app, _, err := r.pathProvisionedApp()
	if err != nil {
		return err
	}
	push := idp.NewPush{GroupID: r.FormValue("group"), Memberships: r.checked("memberships")}
	if r.FormValue("action") == pushLink {
		push.LinkID = r.FormValue("target")
	}
	mapping, err := r.org.PushGroup(r.ctx(), r.actor(), app.ID, push)
	if isFormError(err) {
		view := r.pushByNameView(app)
		chosen, choiceErr := r.pushChoice(app, push.GroupID)
		if choiceErr != nil {
			return choiceErr
		}
		chosen.Action, chosen.Target = r.FormValue("action"), r.FormValue("target")
		chosen.Memberships = push.Memberships
		view.Chosen, view.Query, view.Errors = chosen, chosen.Name, okta.ErrorsOf(err)
		return r.invalid("Push groups by name", view.Errors, okta.PushByName(view))
	}
	if err != nil {
		return err
	}
	next := pushPath(app)
	if r.FormValue("move") == "another" {
		next += "/by-name"
	}
	return r.done(next, mapping.GroupName+" is being pushed to "+app.Label+".")
}

// pathPushMapping returns the app and the pushed group that the URL names.
func (r *request) pathPushMapping() (idp.App, idp.PushMapping, error) {
	app, _, err := r.pathProvisionedApp()
	if err != nil {
		return app, idp.PushMapping{}, err
	}
	m, err := r.org.PushMapping(r.ctx(), r.Param("mapping"))
	if err == nil && m.AppID != app.ID {
		err = web.ErrPageNotFound
	}
	return app, m, err
}

// changePush runs an action of the status menu: activate, deactivate, or push now.
func (r *request) changePush() error {
	app, m, err := r.pathPushMapping()
	if err != nil {
		return err
	}
	message := m.GroupName + " is being pushed to " + app.Label + "."
	switch r.FormValue("do") {
	case "activate", "push":
		err = r.org.PushNow(r.ctx(), r.actor(), m.ID)
	case "deactivate":
		message = m.GroupName + " is no longer pushed. The group in " + app.Label + " does not change."
		err = r.org.DeactivatePush(r.ctx(), r.actor(), m.ID)
	default:
		return errBadForm
	}
	if err != nil {
		return err
	}
	return r.done(pushPath(app), message)
}

// unlinkChoices are the choices for the group in the app when the push ends.
var unlinkChoices = []okta.Option{
	{Value: "delete", Label: "Delete the group in the target app (recommended)", Selected: true},
	{Value: "leave", Label: "Leave the group in the target app"},
}

// confirmUnlinkPush asks what to do with the group in the app.
func (r *request) confirmUnlinkPush() error {
	app, m, err := r.pathPushMapping()
	if err != nil {
		return err
	}
	title := "Unlink pushed group"
	return r.render(title, okta.Confirm(okta.ConfirmPage{
		Title: title, Question: m.GroupName + " will no longer be pushed to " + app.Label + ".",
		Button: "Unlink", Danger: true, ChoiceLabel: "Group in " + app.Label, Choices: unlinkChoices,
		Action: r.path(pushPath(app) + "/mappings/" + m.ID + "/unlink"), Cancel: r.path(pushPath(app)),
	}))
}

// unlinkPush ends the push of a group.
func (r *request) unlinkPush() error {
	app, m, err := r.pathPushMapping()
	if err != nil {
		return err
	}
	if err := r.org.UnlinkPush(r.ctx(), r.actor(), m.ID, r.FormValue("choice") == "delete"); err != nil {
		return err
	}
	return r.done(pushPath(app), m.GroupName+" was unlinked.")
}
