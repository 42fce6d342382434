package okta

// ProfilesPage is Directory > Profile Editor.
type ProfilesPage struct {
	Filters []StatusFilter
	Rows    []ProfileRow
}

// ProfileRow is one profile.
type ProfileRow struct {
	Title, Type, Path string
}

// ProfilePage shows the attributes of one profile.
type ProfilePage struct {
	Title        string
	ListPath     string
	AddPath      string // empty when attributes cannot be added
	MappingsPath string // empty when the app is not provisioned to
	ReadOnly     bool   // nothing of it can be changed
	Rows         []AttributeRow
}

// AttributeRow is one attribute.
type AttributeRow struct {
	Title, Name, Type string
	Base, Required    bool
	Values            []string // of an enumerated list
	Mapping           string
	EditPath          string
	RemovePath        string
}

// AttributeForm is the dialog of one attribute.
type AttributeForm struct {
	Title                       string
	New                         bool
	Action, Cancel              string
	Name, Type                  string
	DisplayName, ExternalName   string
	Description                 string
	Required, Personal, Combine bool
	Enumerated                  bool
	Values                      []EnumValue
	Errors                      FormErrors
}

// EnumValue is one line of an enumerated list of values.
type EnumValue struct {
	Title, Value string
}
