package okta

// GroupRulesPage is Directory > Groups > Rules.
type GroupRulesPage struct {
	AllPath, RulesPath, AddPath string
	Rows                        []GroupRuleRow
}

// GroupRuleRow is one rule of the list. Paths are empty for what its state does not allow.
type GroupRuleRow struct {
	Name, Status, Tone string
	If, Then, Except   string
	PreviewPath        string
	EditPath           string
	ActivatePath       string
	DeactivatePath     string
	DeletePath         string
}

// GroupRuleForm is Add Rule, and a rule in edit mode.
type GroupRuleForm struct {
	Title, Action, Cancel string
	Name                  string
	Advanced              bool
	Attributes, Operators []Option
	Attribute, Operator   string
	Value, Expression     string
	Groups                []Option
	GroupSearch           string // what the groups are found by
	GroupHint             string
	Exceptions            string // usernames, one in each line
	Person, Result        string // of the preview
	Errors                FormErrors
}

// GroupRulePreview shows what a saved rule does to one person.
type GroupRulePreview struct {
	Name, If, Then         string
	Action, Cancel, Person string
	Result                 string
	Errors                 FormErrors
}
