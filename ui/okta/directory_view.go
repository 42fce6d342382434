package okta

import "time"

// StatusFilter is one link of the filter at the left of a list, with its count.
type StatusFilter struct {
	Group   string // heading above the link, if the link begins a group: "ONBOARDING"
	Name    string
	Count   int
	Path    string
	Current bool
}

// PeoplePage is Directory > People.
type PeoplePage struct {
	AddPath    string
	ResetPath  string // Reset passwords
	ImportPath string // Import users from CSV
	SearchPath string
	Status     string // sent with the search form
	Query      string
	Filters    []StatusFilter
	Rows       []PersonRow
	Page       Paging
}

// PersonRow is one person in a list.
type PersonRow struct {
	Name     string
	Username string
	Email    string
	Status   string
	Tone     string // colour of the status: "good", "warning" or "bad", as in kit.Tone
	Path     string
}

// AddPersonForm is Add person.
type AddPersonForm struct {
	Action, Cancel                                       string
	UserTypes                                            []Option
	FirstName, LastName, Username, Email, SecondaryEmail string
	Groups                                               []Option
	GroupsTruncated                                      bool // Groups does not list all groups
	ActivateLater                                        bool
	SetPassword                                          bool
	MustChange                                           bool
	SendEmail                                            bool
	Requirements                                         []string
	Errors                                               FormErrors
}

// PersonHead is the header of every page of one person, above its tabs.
type PersonHead struct {
	Name      string
	Username  string
	Email     string
	Status    string
	Tone      string    // colour of the status: "good", "warning" or "bad", as in kit.Tone
	Since     time.Time // when the person got the status
	Path      string    // of the person's page, without a trailing slash
	LogsPath  string
	ListPath  string
	Tab       string            // last segment of the current tab's path: "applications"
	Actions   []LifecycleAction // shown as buttons
	More      []LifecycleAction // under More Actions
	CanAssign bool              // apps and groups can be assigned
}

// LifecycleAction is one action on a person's account, such as Suspend.
type LifecycleAction struct {
	Label     string
	Path      string
	NoConfirm bool // done without a confirmation dialog
	Danger    bool
}

// PersonAppRow is one application of a person.
type PersonAppRow struct {
	Label      string
	AppPath    string
	Username   string
	Assignment string // "Individual" or the name of the group
	Error      string // why provisioning failed or did not happen
	Inactive   bool   // the app is deactivated
	EditPath   string
	RemovePath string // empty for an assignment through a group
}

// PersonAppsPage is the person's tab Applications.
type PersonAppsPage struct {
	Head PersonHead
	Rows []PersonAppRow
}

// PersonGroupRow is one group of a person.
type PersonGroupRow struct {
	Name        string
	Description string
	Path        string
	RemovePath  string // empty if the membership cannot be removed here
	Reason      string // why it cannot be removed
}

// PersonGroupsPage is the person's tab Groups.
type PersonGroupsPage struct {
	Head PersonHead
	Rows []PersonGroupRow
}

// PersonProfilePage is the person's tab Profile.
type PersonProfilePage struct {
	Head     PersonHead
	Facts    []ProfileFact
	EditPath string // empty if the profile cannot be edited
}

// ProfileFact is one attribute of a profile.
type ProfileFact struct {
	Label    string
	Variable string // variable name, as used in expressions
	Value    string
}

// PersonProfileForm is the person's profile in edit mode.
type PersonProfileForm struct {
	Head           PersonHead
	Action, Cancel string
	Fields         []AttributeField
	Errors         FormErrors
}

// ConfirmPage is a dialog that asks before an action and lists its effects.
type ConfirmPage struct {
	Title          string // the h1; if empty, Question is the h1
	Question       string
	Effects        []string
	Button         string // empty if the action is not possible
	Danger         bool
	Action, Cancel string
	Choices        []Option // radio buttons with the field name "choice"
	ChoiceLabel    string
}

// OneTimeLinkPage shows a link that works once.
type OneTimeLinkPage struct {
	Name     string
	Link     string // absolute
	DonePath string
}

// PersonRolesPage is the person's tab Admin roles or, if Devices is set, the tab Devices.
type PersonRolesPage struct {
	Head    PersonHead
	Devices bool
	Roles   []ProfileFact
}

// GroupsPage is Directory > Groups.
type GroupsPage struct {
	AddPath    string
	SearchPath string
	Query      string
	AllPath    string
	RulesPath  string
	Rows       []GroupRow
	Page       Paging
}

// GroupRow is one group in a list.
type GroupRow struct {
	Name        string
	Description string
	Source      string // "Okta" or the label of the app that the group was imported from
	People      int
	Apps        int
	Path        string
}

// GroupForm is Add group and the group's profile in edit mode.
type GroupForm struct {
	Title             string
	Action, Cancel    string
	Name, Description string
	Errors            FormErrors
}

// GroupHead is the header of every page of one group, above its tabs.
type GroupHead struct {
	Name            string
	Description     string
	Source          string
	Path            string // without a trailing slash
	ListPath        string
	LogsPath        string
	Tab             string // last segment of the current tab's path: "people"
	People          int
	Apps            int
	CanAssignPeople bool   // an administrator can add people
	ReadOnlyReason  string // why members cannot be changed; empty if they can
	DeletePath      string // empty if the group cannot be deleted
}

// GroupPeoplePage is the group's tab People.
type GroupPeoplePage struct {
	Head       GroupHead
	SearchPath string
	Query      string
	Rows       []GroupMemberRow
	Page       Paging
}

// GroupMemberRow is one member of a group.
type GroupMemberRow struct {
	PersonRow
	Managed    string // "Manually", or the rule that added the person
	RemovePath string
}

// GroupAppsPage is the group's tab Applications.
type GroupAppsPage struct {
	Head GroupHead
	Rows []GroupAppRow
}

// GroupAppRow is one application of a group.
type GroupAppRow struct {
	Label      string
	AppPath    string
	Profile    string // the attributes of the assignment: "User Type: Viewer"
	EditPath   string
	RemovePath string
}

// GroupProfilePage is the group's tab Profile.
type GroupProfilePage struct {
	Head     GroupHead
	EditPath string
	Facts    []ProfileFact
}

// PickPage is a dialog that assigns items one by one: people or apps to a group, groups or apps to a person.
type PickPage struct {
	Title      string
	Subject    string // the person, group or app that gets the items
	Note       string
	Search     string // label of the search field
	SearchPath string
	Query      string
	Column     string // accessible name of the list
	Noun       string // plural noun of the items: "people"
	People     bool
	PlusButton bool // the assign button is a plus sign
	Rows       []PickRow
	Page       Paging
	Empty      string
	DonePath   string
}

// PickRow is one item that can be assigned. Either AssignPath or FormPath is set.
type PickRow struct {
	Name       string
	Detail     string
	Assigned   bool
	AssignPath string // posting ID here assigns the item
	ID         string // posted as "id"
	FormPath   string // page with the attributes of the assignment
	EditPath   string // of an assigned item: page that edits the assignment; empty if there is none
}
