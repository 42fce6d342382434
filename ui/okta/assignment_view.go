package okta

// AssignmentForm is the attribute form of an app assignment. The pages of a person, a group and an app share it.
type AssignmentForm struct {
	App            string // label of the app
	Subject        string // name of the person or group
	Group          bool   // the subject is a group, whose members get the values
	Action, Cancel string
	Username       string           // the person's username in the app; not used for a group
	Fields         []AttributeField // in the order of the app's profile
	Button         string           // "Save and Go Back" or "Save"
	Errors         FormErrors
}

// AttributeField is one attribute of a profile in a form.
type AttributeField struct {
	Name     string // form field
	Label    string
	Hint     string
	Value    string
	Type     string   // "text", "email", "number", "boolean" or "select"
	Options  []Option // for "select"
	Required bool
	ReadOnly bool
}
