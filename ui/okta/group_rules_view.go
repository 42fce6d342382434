package okta

// GroupRulesPage is Directory > Groups, tab Rules.
type GroupRulesPage struct {
	AllPath, RulesPath, AddPath string
	Rows                        []GroupRuleRow
}

// GroupRuleRow is one rule in the list. A path is empty if the rule's status does not allow the action.
type GroupRuleRow struct {
	Name, Status, Tone string
	If, Then, Except   string
	PreviewPath        string
	EditPath           string
	ActivatePath       string
	DeactivatePath     string
	DeletePath         string
}

// GroupRuleForm is Add Rule and a rule in edit mode.
type GroupRuleForm struct {
	Title, Action, Cancel string
	Name                  string
	Advanced              bool
	Attributes, Operators []Option
	Attribute, Operator   string
	Value, Expression     string
	Groups                []Option
	GroupSearch           string // text that the names of the listed groups contain
	GroupHint             string
	Exceptions            string // usernames, one per line
	Person, Result        string // of the preview
	Errors                FormErrors
}

// GroupRulePreview shows the effect of a saved rule on one person.
type GroupRulePreview struct {
	Name, If, Then         string
	Action, Cancel, Person string
	Result                 string
	Errors                 FormErrors
}
