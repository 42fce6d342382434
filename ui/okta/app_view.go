package okta

import "understudy/ui/kit"

// AppsPage is Applications > Applications: the list of app instances.
type AppsPage struct {
	Status         string // "ACTIVE" or "INACTIVE": which list is shown
	Query          string
	Active         int
	Inactive       int
	Rows           []AppRow
	ActivePath     string
	InactivePath   string
	SearchPath     string
	CreatePath     string
	CatalogPath    string
	AssignManyPath string
}

// AppRow is one app instance in the list.
type AppRow struct {
	Label      string
	SignOnMode string // "SAML 2.0", "Bookmark"
	Active     bool
	People     int
	Groups     int
	Path       string // of the app page, with a trailing slash
	Errors     int    // assignments in error
	ErrorsPath string // page that explains them

	ActivatePath, DeactivatePath, DeletePath string
	AssignPeople, AssignGroups               string
}

// AppHead is the header of every page of one app instance, above its tabs.
type AppHead struct {
	ID       string
	Label    string
	Kind     string // catalog name or sign-on mode, shown below the label
	Active   bool
	Path     string // of the app page, with a trailing slash
	LogsPath string
	ListPath string
	Tabs     []AppTab

	ActivatePath, DeactivatePath, DeletePath string
	CanImport                                bool
	ImportsPath                              string // Monitor Imports
}

// AppTab is one tab of the app page.
type AppTab struct {
	Label   string
	Path    string
	Current bool
}

// Fact is one label with its value in a read-only section.
type Fact struct {
	Label string
	Value string
	Note  string
}

// Option is one choice of a select, radio group or filter.
type Option struct {
	Value    string
	Label    string
	Hint     string
	Path     string // for filters that are links
	Count    int
	Selected bool
	Disabled bool
}

// AppGeneralPage is the tab General.
type AppGeneralPage struct {
	Head      AppHead
	SAML      []Fact // SAML Settings of an app of Create App Integration; none for other apps
	SAMLPath  string // to edit them
	Settings  []Fact
	EditPath  string
	EmbedLink string // canonical
}

// AppGeneralForm is General > App Settings in edit mode.
type AppGeneralForm struct {
	Head       AppHead
	Action     string
	Cancel     string
	Label      string
	HideIcon   bool
	AutoSubmit bool
	EndUser    string
	Admin      string
	Settings   []AppSettingField
	Errors     FormErrors
}

// AppSettingField is one setting that the app's catalog entry defines in addition to the label.
type AppSettingField struct {
	Name     string
	Label    string
	Hint     string
	Value    string
	Required bool
}

// AppSignOnPage is the tab Sign On of a SAML app.
type AppSignOnPage struct {
	Head              AppHead
	EditPath          string
	DefaultRelayState string
	DisableForceAuthn bool
	Statements        []AttributeStatement
	MetadataURL       string // canonical, like all URLs of this page
	DetailsLabel      string // opens the values below: "More details"
	OtherDetailsLabel string // the wording in other releases, for people who look for it
	SignOnURL         string
	SignOutURL        string
	Issuer            string
	Certificate       string // PEM
	CertificatePath   string
	Fingerprint       string // SHA-256, colon separated
	Certificates      []AppCertificate
	GeneratePath      string
	InstructionsPath  string
	PreviewPath       string
	UsernameFormat    string
	UsernameCustom    string
	UsernameUpdateOn  string
	Bookmark          string // URL of a bookmark app; if set, the SAML sections are not shown
}

// AttributeStatement is one attribute sent in the assertion.
type AttributeStatement struct {
	Name   string
	Format string
	Value  string // of a group attribute statement: what the filter compares with
	Filter string // of a group attribute statement
}

// AppCertificate is one row of SAML Signing Certificates.
type AppCertificate struct {
	Type            string // "SHA-2"
	KeyID           string
	Created         string
	Expires         string
	Active          bool
	ActivatePath    string
	MetadataPath    string
	CertificatePath string
}

// AppAssignmentsPage is the tab Assignments.
type AppAssignmentsPage struct {
	Head          AppHead
	Groups        bool // the filter Groups is selected; otherwise People
	Query         string
	SearchPath    string
	PeoplePath    string
	GroupsPath    string
	OrderPath     string // a dragged group posts its id and position here; empty if not all groups are shown
	AssignPeople  string
	AssignGroups  string
	ConvertPath   string
	PeopleCount   int
	GroupCount    int
	People        []AppPersonRow
	GroupRows     []AppGroupRow
	Page          Paging
	ProvisionPath string // "Provision User"; empty if nobody waits for it
	WaitingCount  int    // number of people who wait for Provision User
	ErrorCount    int
}

// AppPersonRow is one person in the list of assignments.
type AppPersonRow struct {
	Name       string
	Username   string
	PersonPath string
	Type       string // "Individual" or "Group"
	GroupName  string // the group, if Type is "Group"
	Error      string // why provisioning failed or did not happen
	Waiting    bool   // assigned before provisioning was switched on
	RetryPath  string // retries provisioning; empty unless it failed
	EditPath   string
	RemovePath string // empty for an assignment through a group
}

// AppGroupRow is one group in the list of assignments, which is sorted by priority.
type AppGroupRow struct {
	ID          string
	Name        string
	Description string
	GroupPath   string
	Priority    int // 1 is the highest
	First, Last bool
	Profile     string // the attributes of the assignment: "User Type: Viewer"
	EditPath    string
	RemovePath  string
	MovePath    string
}

// AppTabNotBuiltPage is a tab of the app that this program does not have.
type AppTabNotBuiltPage struct {
	Head AppHead
	Tab  string
}

// CatalogPage is Browse App Integration Catalog.
type CatalogPage struct {
	Query           string
	Action          string
	SuggestPath     string
	Categories      []Option
	Functionalities []Option
	Category        string
	Functionality   string
	Tiles           []CatalogTile
	AllPath         string
	CreatePath      string
	BackPath        string
}

// CatalogTile is one entry in the list of integrations.
type CatalogTile struct {
	Name        string
	Category    string
	Description string
	Protocols   []string
	Verified    bool
	Path        string
}

// CatalogEntryPage is the page of one catalog entry.
type CatalogEntryPage struct {
	Name          string
	Category      string
	Verified      bool
	LastUpdated   string
	Functionality []CatalogCapability
	Overview      []string
	AddPath       string
	BackPath      string
	Existing      []AppRow // apps that were already added from this entry
}

// CatalogCapability is one protocol that the entry supports, with its features.
type CatalogCapability struct {
	Protocol string
	Features []string
}

// CatalogAddForm is Add Integration: step 1 is General Settings, step 2 Sign-On Options.
type CatalogAddForm struct {
	Name       string
	Step       int
	Action     string
	Cancel     string
	Label      string
	HideIcon   bool
	AutoSubmit bool
	Settings   []AppSettingField
	SAML       bool // the form has the field Default Relay State
	RelayState string
	RelayHint  string
	Formats    []Option
	Format     string
	Errors     FormErrors
}

// AppSignOnForm is Sign On > Settings in edit mode.
type AppSignOnForm struct {
	Head              AppHead
	Action            string
	Cancel            string
	SAML              bool
	DefaultRelayState string
	RelayHint         string
	DisableForceAuthn bool
	Statements        []AttributeStatement // one for each row of the form, including empty rows
	GroupStatements   []AttributeStatement
	NameFormats       []Option
	GroupFilters      []Option
	UsernameFormats   []Option
	UsernameFormat    string
	UsernameCustom    string
	Errors            FormErrors
}

// AppInstructionsPage is View SAML setup instructions.
type AppInstructionsPage struct {
	Label           string
	Steps           []string
	SignOnURL       string
	SignOutURL      string // empty without single logout
	Issuer          string
	Certificate     string
	CertificatePath string
	MetadataURL     string
	BackPath        string
}

// PreviewSAMLPage is Preview SAML.
type PreviewSAMLPage struct {
	Label      string
	BackPath   string
	Action     string
	People     []Option // the people to whom the app is assigned
	Person     string   // id of the previewed person; empty if the app has no people
	Response   string   // XML, indented
	NoResponse string   // why Okta would not send a response; empty if it would
}

// AppAssignManyPage is Assign Users to App, which assigns several apps to several people.
type AppAssignManyPage struct {
	Action    string
	Cancel    string
	Query     string
	Apps      []Option
	People    []Option
	Truncated bool // there are more people than the page shows
	Errors    FormErrors
}

// AppAssignManyConfirmPage is the second step of Assign Users to App.
type AppAssignManyConfirmPage struct {
	Action string
	Back   string
	Apps   []string // ids from the first step, posted again
	People []string
	Pairs  []AppPair
}

// AppPair is one person and one app to be assigned.
type AppPair struct {
	App, Person, Username string
	Assigned              bool
}

// CreateAppPage is Create a new app integration, which asks for the sign-in method.
type CreateAppPage struct {
	Action  string
	Cancel  string
	Methods []Option
}

// CreateSAMLForm is Create SAML Integration: step 1 is General Settings, step 2 Configure SAML.
type CreateSAMLForm struct {
	Step     int
	Action   string
	Cancel   string
	Label    string
	HideIcon bool
	Kept     []kit.Hidden // values of the second step while the first is shown
	Settings SAMLSettings
	Errors   FormErrors
}
