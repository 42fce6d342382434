package console

import (
	"fmt"
	"slices"
	"strings"

	"understudy/idp"
	"understudy/idp/schema"
	"understudy/seed/base/problem"
	"understudy/ui/okta"
)

// rulesPath is Directory > Groups > Rules.
const rulesPath = groupsPath + "/rules"

// groupRules lists the group rules.
func (r *request) groupRules() error {
	rules, err := r.org.GroupRules(r.ctx())
	if err != nil {
		return err
	}
	view := okta.GroupRulesPage{AllPath: r.path(groupsPath), RulesPath: r.path(rulesPath), AddPath: r.path(rulesPath + "/new")}
	for _, rule := range rules {
		view.Rows = append(view.Rows, r.groupRuleRow(rule))
	}
	return r.render("Group Rules", okta.GroupRules(view))
}

// groupRuleRow returns the row of a rule. As in Okta, only an inactive rule can be edited, and an active one must be
// deactivated before it is deleted.
func (r *request) groupRuleRow(rule idp.GroupRule) okta.GroupRuleRow {
	path := rulesPath + "/" + rule.ID
	row := okta.GroupRuleRow{Name: rule.Name, If: conditionText(rule), Then: strings.Join(rule.Groups, ", "),
		PreviewPath: r.path(path + "/preview")}
	if len(rule.Exceptions) > 0 {
		row.Except = "EXCEPT " + strings.Join(rule.Exceptions, ", ")
	}
	switch rule.Status {
	case idp.RuleActive:
		row.Status, row.Tone, row.DeactivatePath = "Active", "good", r.path(path+"/deactivate")
		return row
	case idp.RuleInvalid:
		row.Status, row.Tone, row.DeactivatePath = "Invalid", "bad", r.path(path+"/deactivate")
	default:
		row.Status, row.ActivatePath, row.EditPath = "Inactive", r.path(path+"/activate"), r.path(path+"/edit")
	}
	row.DeletePath = r.path(path + "/delete")
	return row
}

// conditionText returns the condition of a rule, in the words of the form.
func conditionText(rule idp.GroupRule) string {
	if rule.Attribute == "" {
		return rule.Expression
	}
	words := []string{rule.Attribute, rule.Operator, "“" + rule.Value + "”"}
	for _, attribute := range schema.User() {
		if attribute.Name == rule.Attribute {
			words[0] = attribute.Title
		}
	}
	for _, operator := range idp.RuleOperators {
		if operator.Value == rule.Operator {
			words[1] = operator.Title
		}
	}
	return strings.Join(words, " ")
}

// groupRuleForm returns the form for a rule. advanced selects the condition by expression.
func (r *request) groupRuleForm(rule idp.GroupRule, advanced bool) (view okta.GroupRuleForm, err error) {
	view = okta.GroupRuleForm{Title: "Add Rule", Action: r.path(rulesPath + "/new"), Cancel: r.path(rulesPath), Advanced: advanced,
		Name: rule.Name, Attribute: rule.Attribute, Operator: rule.Operator, Value: rule.Value, Expression: rule.Expression,
		Exceptions: strings.Join(rule.Exceptions, "\n"), Person: r.FormValue("person")}
	if rule.ID != "" {
		view.Title, view.Action = "Edit Rule", r.path(rulesPath+"/"+rule.ID+"/edit")
	}
	for _, attribute := range schema.User() {
		view.Attributes = append(view.Attributes, okta.Option{Value: attribute.Name, Label: attribute.Title})
	}
	for _, operator := range idp.RuleOperators {
		view.Operators = append(view.Operators, okta.Option{Value: operator.Value, Label: operator.Title})
	}
	err = r.ruleGroups(&view, rule.GroupIDs)
	return view, err
}

// ruleGroupsShown limits the groups that the form lists. Others are found by name.
const ruleGroupsShown = 100

// ruleGroups lists the groups in the form: the selected groups, and those that match the search field.
func (r *request) ruleGroups(view *okta.GroupRuleForm, chosen []string) error {
	view.GroupSearch = strings.TrimSpace(r.FormValue("groupSearch"))
	for _, id := range chosen {
		group, err := r.org.Group(r.ctx(), id)
		if problem.Is(err, problem.NotFound) { // Save reports the missing group
			continue
		}
		if err != nil {
			return err
		}
		view.Groups = append(view.Groups, okta.Option{Value: group.ID, Label: group.Name, Selected: true})
	}
	found, err := r.org.Groups(r.ctx(), idp.GroupQuery{Text: view.GroupSearch, Type: idp.OktaGroup, Size: ruleGroupsShown})
	for _, group := range found.Items {
		if !slices.Contains(chosen, group.ID) {
			view.Groups = append(view.Groups, okta.Option{Value: group.ID, Label: group.Name})
		}
	}
	switch {
	case found.Total > len(found.Items):
		view.GroupHint = fmt.Sprintf("Only %d of %d groups are shown. Find others by name.", len(found.Items), found.Total)
	case found.Total == 0 && view.GroupSearch != "":
		view.GroupHint = "No group matches “" + view.GroupSearch + "”."
	}
	return err
}

// groupRuleFromForm reads the form.
func (r *request) groupRuleFromForm() (rule idp.GroupRule, advanced bool, err error) {
	form, err := r.FormParams()
	if err != nil {
		return rule, false, err
	}
	rule = idp.GroupRule{ID: r.Param("rule"), Name: form.Get("name"), GroupIDs: form["groups"],
		Attribute: form.Get("attribute"), Operator: form.Get("operator"), Value: form.Get("value")}
	for _, line := range strings.Split(form.Get("exceptions"), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			rule.Exceptions = append(rule.Exceptions, line)
		}
	}
	if advanced = form.Get("condition") == "advanced"; advanced {
		rule.Attribute, rule.Operator, rule.Value, rule.Expression = "", "", "", form.Get("expression")
	}
	return rule, advanced, nil
}

// newGroupRule is Add Rule.
func (r *request) newGroupRule() error {
	view, err := r.groupRuleForm(idp.GroupRule{Attribute: "department", Operator: "EQUALS"}, false)
	if err != nil {
		return err
	}
	return r.render(view.Title, okta.GroupRuleEdit(view))
}

// editGroupRule is Edit Rule.
func (r *request) editGroupRule() error {
	rule, err := r.org.GroupRule(r.ctx(), r.Param("rule"))
	if err != nil {
		return err
	}
	advanced := rule.Attribute == ""
	if !advanced {
		rule.Expression = ""
	}
	view, err := r.groupRuleForm(rule, advanced)
	if err != nil {
		return err
	}
	return r.render(view.Title, okta.GroupRuleEdit(view))
}

// saveGroupRule saves a new or edited rule, or shows its preview for one person.
func (r *request) saveGroupRule() error {
	rule, advanced, err := r.groupRuleFromForm()
	if err != nil {
		return err
	}
	view, err := r.groupRuleForm(rule, advanced)
	if err != nil {
		return err
	}
	if r.FormValue("move") == "search" {
		return r.render(view.Title, okta.GroupRuleEdit(view))
	}
	preview := r.FormValue("move") == "preview"
	switch {
	case preview:
		view.Result, err = r.previewText(rule)
	case rule.ID == "":
		_, err = r.org.AddGroupRule(r.ctx(), r.actor(), rule)
	default:
		_, err = r.org.UpdateGroupRule(r.ctx(), r.actor(), rule)
	}
	if isFormError(err) {
		view.Errors = okta.ErrorsOf(err)
		return r.invalid(view.Title, view.Errors, okta.GroupRuleEdit(view))
	}
	if err != nil {
		return err
	}
	if preview {
		return r.render(view.Title, okta.GroupRuleEdit(view))
	}
	return r.done(rulesPath, "The rule "+strings.TrimSpace(rule.Name)+" was saved. Activate the rule to apply it.")
}

// previewText tells whether the rule matches the person whom the form names.
func (r *request) previewText(rule idp.GroupRule) (string, error) {
	user, matches, err := r.org.PreviewGroupRule(r.ctx(), rule, r.FormValue("person"))
	if err != nil {
		return "", err
	}
	if matches {
		return user.Name() + " matches this rule.", nil
	}
	return user.Name() + " does not match this rule.", nil
}

// previewGroupRule shows a saved rule, and its preview for one person.
func (r *request) previewGroupRule() error {
	rule, err := r.org.GroupRule(r.ctx(), r.Param("rule"))
	if err != nil {
		return err
	}
	view := okta.GroupRulePreview{Name: rule.Name, If: conditionText(rule), Then: strings.Join(rule.Groups, ", "),
		Action: r.path(rulesPath + "/" + rule.ID + "/preview"), Cancel: r.path(rulesPath), Person: r.FormValue("person")}
	if r.Request().Method == post {
		view.Result, err = r.previewText(rule)
	}
	if isFormError(err) {
		view.Errors = okta.ErrorsOf(err)
		return r.invalid(rule.Name, view.Errors, okta.PreviewGroupRule(view))
	}
	if err != nil {
		return err
	}
	return r.render(rule.Name, okta.PreviewGroupRule(view))
}

// activateGroupRule activates a rule.
func (r *request) activateGroupRule() error {
	if err := r.org.ActivateGroupRule(r.ctx(), r.actor(), r.Param("rule")); err != nil {
		return err
	}
	return r.done(rulesPath, "The rule was activated.")
}

// deactivateGroupRule deactivates a rule.
func (r *request) deactivateGroupRule() error {
	if err := r.org.DeactivateGroupRule(r.ctx(), r.actor(), r.Param("rule")); err != nil {
		return err
	}
	return r.done(rulesPath, "The rule was deactivated. People whom the rule added stay in their groups.")
}

// confirmDeleteGroupRule asks what to do with the people whom the rule added to groups.
func (r *request) confirmDeleteGroupRule() error {
	rule, err := r.org.GroupRule(r.ctx(), r.Param("rule"))
	if err != nil {
		return err
	}
	return r.render("Delete "+rule.Name, okta.Confirm(okta.ConfirmPage{
		Title: "Delete " + rule.Name, Question: "Delete this rule?", Button: "Delete", Danger: true,
		ChoiceLabel: "People whom the rule added to groups",
		Choices: []okta.Option{
			{Value: "keep", Label: "Keep them in the groups", Selected: true},
			{Value: "remove", Label: "Remove them from the groups"},
		},
		Action: r.path(rulesPath + "/" + rule.ID + "/delete"), Cancel: r.path(rulesPath),
	}))
}

// deleteGroupRule deletes the rule.
func (r *request) deleteGroupRule() error {
	if err := r.org.DeleteGroupRule(r.ctx(), r.actor(), r.Param("rule"), r.FormValue("choice") == "remove"); err != nil {
		return err
	}
	return r.done(rulesPath, "The rule was deleted.")
}
