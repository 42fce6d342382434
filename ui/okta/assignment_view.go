package okta

// AssignmentForm is the attribute form of an assignment of an app, the same for a person, a group and from the app's
// own page.
type AssignmentForm struct {
	App            string // label of the app
	Subject        string // name of the person or group
	Group          bool   // a group: its people get the values
	Action, Cancel string
	Username       string           // a person's name in the app
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
