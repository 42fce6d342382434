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
	AddPath      string // empty if attributes cannot be added
	MappingsPath string // empty if provisioning to the app is off
	ReadOnly     bool   // the attributes cannot be changed
	Rows         []AttributeRow
}

// AttributeRow is one attribute of a profile.
type AttributeRow struct {
	Title, Name, Type string
	Base, Required    bool
	Values            []string // of an enumerated attribute
	Mapping           string
	EditPath          string
	RemovePath        string
}

// AttributeForm is the dialog that adds or edits one attribute.
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

// EnumValue is one value of an enumerated attribute.
type EnumValue struct {
	Title, Value string
}
