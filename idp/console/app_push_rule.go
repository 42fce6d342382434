package console

import (
	"strings"

	"understudy/idp"
	"understudy/idp/web"
	"understudy/ui/okta"
)

// pushOperators lists how a push rule compares group names, in the order of the form.
var pushOperators = []okta.Option{
	{Value: "STARTS_WITH", Label: "starts with"}, {Value: "ENDS_WITH", Label: "ends with"}, {Value: "CONTAINS", Label: "contains"},
}

// pushRuleText returns the condition of a rule as a sentence.
func pushRuleText(rule idp.PushRule) string {
	for _, operator := range pushOperators {
		if operator.Value == rule.Match {
			return "Group name " + operator.Label + " “" + rule.Value + "”"
		}
	}
	return rule.Value
}

// pushByRule is Find groups by rule.
func (r *request) pushByRule() error {
	app, _, err := r.pathProvisionedApp()
	if err != nil {
		return err
	}
	view := r.pushRuleView(app, idp.PushRule{Match: "STARTS_WITH", Memberships: true})
	return r.render("Push groups by rule", okta.PushByRule(view))
}

func (r *request) pushRuleView(app idp.App, rule idp.PushRule) okta.PushByRuleForm {
	return okta.PushByRuleForm{
		Head: r.appHead(app, "push-groups"), Action: r.path(pushPath(app) + "/by-rule"), Cancel: r.path(pushPath(app)),
		Name: rule.Name, Operators: pushOperators, Operator: rule.Match, Text: rule.Value, Memberships: rule.Memberships,
	}
}

// savePushRule saves a rule, or shows which groups it would push.
func (r *request) savePushRule() error {
	app, _, err := r.pathProvisionedApp()
	if err != nil {
		return err
	}
	rule := idp.PushRule{AppID: app.ID, Name: strings.TrimSpace(r.FormValue("name")), Match: r.FormValue("operator"),
		Value: strings.TrimSpace(r.FormValue("text")), Memberships: r.checked("memberships")}
	view := r.pushRuleView(app, rule)
	if r.FormValue("move") == "preview" {
		groups, err := r.org.PushCandidates(r.ctx(), app.ID, rule.Value, 500)
		if err != nil {
			return err
		}
		for _, g := range groups {
			if rule.Value != "" && rule.Matches(g.Name) {
				view.Matching = append(view.Matching, g.Name)
			}
		}
		return r.render("Push groups by rule", okta.PushByRule(view))
	}
	_, err = r.org.AddPushRule(r.ctx(), r.actor(), rule)
	if isFormError(err) {
		view.Errors = okta.ErrorsOf(err)
		return r.invalid("Push groups by rule", view.Errors, okta.PushByRule(view))
	}
	if err != nil {
		return err
	}
	return r.done(pushPath(app), "The rule "+rule.Name+" was created.")
}

// pathPushRule returns the app and the push rule that the URL names.
func (r *request) pathPushRule() (idp.App, idp.PushRule, error) {
	app, _, err := r.pathProvisionedApp()
	if err != nil {
		return app, idp.PushRule{}, err
	}
	rules, err := r.org.PushRules(r.ctx(), app.ID)
	if err != nil {
		return app, idp.PushRule{}, err
	}
	for _, rule := range rules {
		if rule.ID == r.Param("rule") {
			return app, rule, nil
		}
	}
	return app, idp.PushRule{}, web.ErrPageNotFound
}

// confirmDeletePushRule asks what to do with the groups that the rule pushed.
func (r *request) confirmDeletePushRule() error {
	app, rule, err := r.pathPushRule()
	if err != nil {
		return err
	}
	title := "Delete rule"
	return r.render(title, okta.Confirm(okta.ConfirmPage{
		Title: title, Question: "The groups that the rule " + rule.Name + " found will no longer be pushed to " + app.Label + ".",
		Button: "Delete Rule", Danger: true, ChoiceLabel: "Groups in " + app.Label, Choices: ruleDeletionChoices,
		Action: r.path(pushPath(app) + "/rules/" + rule.ID + "/delete"), Cancel: r.path(pushPath(app)),
	}))
}

// ruleDeletionChoices are the choices for the groups in the app when a rule is deleted.
var ruleDeletionChoices = []okta.Option{
	{Value: "delete", Label: "Delete the groups in the target app", Selected: true},
	{Value: "leave", Label: "Leave the groups in the target app"},
}

// deletePushRule deletes a rule and ends the pushes that it made.
func (r *request) deletePushRule() error {
	app, rule, err := r.pathPushRule()
	if err != nil {
		return err
	}
	if err := r.org.RemovePushRule(r.ctx(), r.actor(), rule.ID, r.FormValue("choice") == "delete"); err != nil {
		return err
	}
	return r.done(pushPath(app), "The rule "+rule.Name+" was deleted.")
}
