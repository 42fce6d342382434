package okta

import "time"

// ProvisioningStart is the tab Provisioning while the API integration is off.
type ProvisioningStart struct {
	Head          AppHead
	ConfigurePath string
	Features      []string // what the integration can do: "Create users", "Push groups", …
}

// ProvisioningNav is the list beside the tab Provisioning once the integration is on.
type ProvisioningNav struct {
	ToApp, ToOkta, Integration string // addresses
	Current                    string // "to-app", "to-okta" or "integration"
}

// IntegrationForm is Configure API Integration, and Integration > Edit.
type IntegrationForm struct {
	Head         AppHead
	Nav          *ProvisioningNav // nil before the integration is on
	Action       string
	Cancel       string
	Enabled      bool
	AskBaseURL   bool
	BaseURL      string
	Token        string // as typed; a token that is kept is never shown
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

// ProvisioningSwitch is one thing that provisioning to the app does, or not.
type ProvisioningSwitch struct {
	Name     string // form field
	Title    string // "Create Users"
	Text     string
	On       bool
	NotBuilt string // why it cannot be switched on
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

// MappingForm edits one attribute mapping and shows what it gives for a person.
type MappingForm struct {
	Head         AppHead
	Title        string
	Name         string
	Action       string
	Cancel       string
	Expression   string
	ApplyOn      string // "create" or "both"
	PreviewLogin string // login of the person to try it with
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

// ToOktaSection is one part of it.
type ToOktaSection struct {
	Title string
	Facts []Fact
}

// PushGroupsPage is the tab Push Groups.
type PushGroupsPage struct {
	Head        AppHead
	OffReason   string // why groups cannot be pushed; empty when they can
	SetUpPath   string
	ByNamePath  string
	ByRulePath  string
	RefreshPath string
	Query       string
	SearchPath  string
	Rows        []PushRow
	Rules       []PushRuleRow
	InProgress  bool // something is being pushed: worth looking again soon
	LivePath    string
}

// PushRow is one pushed group.
type PushRow struct {
	Group       string
	GroupPath   string
	Target      string // name in the app
	LastPush    time.Time
	Status      string // "Pushing", "Active", "Inactive" or "Error"
	Error       string
	Rule        string // by which rule, if any
	ChangePath  string // form target: do=activate, deactivate, push
	UnlinkPath  string
	Inactive    bool
	CanPushOnce bool
}

// PushRuleRow is one rule by which groups are pushed.
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
	Suggestions []Option // groups found; the path chooses one
	Chosen      *PushChoice
	Errors      FormErrors
}

// PushChoice is the group that was chosen to be pushed, and what is to be done with it.
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
	Matching    []string // groups that match so far
	Errors      FormErrors
}

// ImportPage is the tab Import.
type ImportPage struct {
	Head        AppHead
	OffReason   string // why nothing can be imported
	SetUpPath   string
	ImportPath  string // Import Now
	Running     string // how far the running import is
	LivePath    string
	Result      []string
	FinishedAt  time.Time
	Error       string
	Rows        []ImportRow
	ConfirmPath string
	ClearPath   string
	Page        Paging
}

// ImportRow is one person that the app has and Okta has not confirmed.
type ImportRow struct {
	ID        string
	Name      string
	UserName  string
	Match     string // "Exact match", "Partial match" or "No match"
	MatchName string
	Choices   []Option // what to do
	Choice    string
	Confirm   bool // ticked to begin with
}
