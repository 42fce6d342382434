package okta

import "time"

// ProvisioningStart is the tab Provisioning while the API integration is off.
type ProvisioningStart struct {
	Head          AppHead
	ConfigurePath string
	Features      []string // what the integration can do: "Create users", "Push groups", …
}

// ProvisioningNav is the side navigation of the tab Provisioning while the API integration is on.
type ProvisioningNav struct {
	ToApp, ToOkta, Integration string // paths
	Current                    string // "to-app", "to-okta" or "integration"
}

// IntegrationForm is the form Configure API Integration and the form Integration > Edit.
type IntegrationForm struct {
	Head         AppHead
	Nav          *ProvisioningNav // nil while the integration is off
	Action       string
	Cancel       string
	Enabled      bool
	AskBaseURL   bool
	BaseURL      string
	OwnBaseURL   string // what an empty Base URL means; empty when one has to be entered
	Token        string // as typed; a stored token is never shown
	TokenStored  bool
	ImportGroups bool
	Verified     string // "Sigma on AWS was verified successfully!"
	Errors       FormErrors
}

// IntegrationPage is Provisioning > Integration.
type IntegrationPage struct {
	Head     AppHead
	Nav      ProvisioningNav
	EditPath string
	Facts    []Fact
}

// ToAppPage is Provisioning > To App.
type ToAppPage struct {
	Head          AppHead
	Nav           ProvisioningNav
	EditPath      string
	Switches      []ProvisioningSwitch
	Mappings      []MappingRow
	ProfilePath   string // Go to Profile Editor
	UnmappedPath  string // Show Unmapped Attributes, or hide them again
	Unmapped      bool
	ForceSyncPath string
}

// ProvisioningSwitch is one feature of provisioning to the app, such as Create Users, and whether it is on.
type ProvisioningSwitch struct {
	Name     string // form field
	Title    string // "Create Users"
	Text     string
	On       bool
	NotBuilt string // why it cannot be switched on; empty if it can
}

// ToAppForm is Provisioning to App in edit mode.
type ToAppForm struct {
	Head     AppHead
	Nav      ProvisioningNav
	Action   string
	Cancel   string
	Switches []ProvisioningSwitch
	Errors   FormErrors
}

// MappingRow is one line of the attribute mappings.
type MappingRow struct {
	Title, Name string
	Type        string // "Personal" or "Group"
	Value       string // expression; empty when it is not mapped
	ApplyOn     string // "Create" or "Create and update"
	EditPath    string
}

// MappingForm edits one attribute mapping and previews its value for a person.
type MappingForm struct {
	Head         AppHead
	Title        string
	Name         string
	Action       string
	Cancel       string
	Expression   string
	ApplyOn      string // "create" or "both"
	PreviewLogin string // login of the person for the preview
	People       []Option
	Result       string
	Previewed    bool
	Errors       FormErrors
}

// ToOktaPage is Provisioning > To Okta.
type ToOktaPage struct {
	Head     AppHead
	Nav      ProvisioningNav
	Sections []ToOktaSection
}

// ToOktaSection is one section of Provisioning > To Okta.
type ToOktaSection struct {
	Title string
	Facts []Fact
}

// PushGroupsPage is the tab Push Groups.
type PushGroupsPage struct {
	Head        AppHead
	OffReason   string // why groups cannot be pushed; empty if they can
	SetUpPath   string
	ByNamePath  string
	ByRulePath  string
	RefreshPath string
	Query       string
	SearchPath  string
	Rows        []PushRow
	Rules       []PushRuleRow
	InProgress  bool // a push is running, so the page polls LivePath
	LivePath    string
}

// PushRow is one pushed group.
type PushRow struct {
	Group       string
	GroupPath   string
	Target      string // name of the group in the app
	LastPush    time.Time
	Status      string // "Pushing", "Active", "Inactive" or "Error"
	Error       string
	Rule        string // name of the rule that pushed the group; empty if it was pushed by name
	ChangePath  string // form target: do=activate, deactivate, push
	UnlinkPath  string
	Inactive    bool
	CanPushOnce bool
}

// PushRuleRow is one rule that selects groups to push by their names.
type PushRuleRow struct {
	Name, Condition string
	Groups          int
	DeletePath      string
}

// PushByNamePage is Find groups by name.
type PushByNamePage struct {
	Head        AppHead
	Query       string
	SearchPath  string
	SuggestPath string
	Action      string
	Cancel      string
	Suggestions []Option // groups found; Path selects one
	Chosen      *PushChoice
	Errors      FormErrors
}

// PushChoice is the group selected for the push, with its match in the app and the push action.
type PushChoice struct {
	GroupID     string
	Name        string
	Description string
	Match       string // "No match found", or the name of the group in the app
	Actions     []Option
	Targets     []Option // groups in the app, for Link Group
	Action      string
	Target      string
	Memberships bool
}

// PushByRuleForm is Find groups by rule.
type PushByRuleForm struct {
	Head        AppHead
	Action      string
	Cancel      string
	Name        string
	Operators   []Option
	Operator    string
	Text        string
	Memberships bool
	Matching    []string // names of the groups that match now
	Errors      FormErrors
}

// ImportPage is the tab Import.
type ImportPage struct {
	Head        AppHead
	OffReason   string // why nothing can be imported; empty if it can
	SetUpPath   string
	ImportPath  string // Import Now
	Running     string // progress of the running import; empty if none runs
	LivePath    string
	Result      []string
	FinishedAt  time.Time
	Error       string
	Rows        []ImportRow
	ConfirmPath string
	ClearPath   string
	Page        Paging
}

// ImportRow is one account of the app that nobody has confirmed in Okta yet.
type ImportRow struct {
	ID        string
	Name      string
	UserName  string
	Match     string // "Exact match", "Partial match" or "No match"
	MatchName string
	Choices   []Option // actions for this account
	Choice    string
	Confirm   bool // the box is ticked
}
