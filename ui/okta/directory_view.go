package okta

import "time"

// StatusFilter is one line of the left filter of a list, with its count.
type StatusFilter struct {
	Group   string // heading above the line, when a new group begins: "ONBOARDING"
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
	Status     string // kept by the search form
	Query      string
	Filters    []StatusFilter
	Rows       []PersonRow
	Page       Paging
}

// PersonRow is one person of a list.
type PersonRow struct {
	Name     string
	Username string
	Email    string
	Status   string
	Tone     string // how the status is coloured: "good", "warning" or "bad"
	Path     string
}

// AddPersonForm is Add person.
type AddPersonForm struct {
	Action, Cancel                                       string
	UserTypes                                            []Option
	FirstName, LastName, Username, Email, SecondaryEmail string
	Groups                                               []Option
	GroupsTruncated                                      bool // than are listed
	ActivateLater                                        bool
	SetPassword                                          bool
	MustChange                                           bool
	SendEmail                                            bool
	Requirements                                         []string
	Errors                                               FormErrors
}

// PersonHead stands above the tabs of every page of one person.
type PersonHead struct {
	Name      string
	Username  string
	Email     string
	Status    string
	Tone      string    // how the status is coloured: "good", "warning" or "bad"
	Since     time.Time // since when the status holds
	Path      string    // of the person's page, without a slash at its end
	LogsPath  string
	ListPath  string
	Tab       string            // "applications", "groups" or "profile"
	Actions   []LifecycleAction // shown as buttons
	More      []LifecycleAction // under More Actions
	CanAssign bool              // apps and groups can be assigned
}

// LifecycleAction is one action on a person.
type LifecycleAction struct {
	Label     string
	Path      string
	NoConfirm bool // takes nothing away, so it is done without asking
	Danger    bool
}

// PersonAppRow is one application of a person.
type PersonAppRow struct {
	Label      string
	AppPath    string
	Username   string
	Assignment string // "Individual" or the group's name
	Error      string // why provisioning failed or did not happen
	Inactive   bool   // the app itself is switched off
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
	RemovePath  string // empty when membership cannot be removed here
	Reason      string // why not
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
	EditPath string // empty while the profile cannot be edited
}

// ProfileFact is one attribute of a profile.
type ProfileFact struct {
	Label    string
	Variable string // variable name, as expressions write it
	Value    string
}

// PersonProfileForm is the person's profile in edit mode.
type PersonProfileForm struct {
	Head           PersonHead
	Action, Cancel string
	Fields         []AttributeField
	Errors         FormErrors
}

// ConfirmPage asks before an action and says its effect.
type ConfirmPage struct {
	Title          string // the h1; Question is it when empty
	Question       string
	Effects        []string
	Button         string // empty when there is nothing to confirm
	Danger         bool
	Action, Cancel string
	Choices        []Option // one must be chosen, under the field name "choice"
	ChoiceLabel    string
}

// OneTimeLinkPage shows a link that works once.
type OneTimeLinkPage struct {
	Name     string
	Link     string // absolute
	DonePath string
}

// PersonRolesPage is the person's tab Admin roles, or Devices, which is not built.
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

// GroupRow is one group of a list.
type GroupRow struct {
	Name        string
	Description string
	Source      string // "Okta" or the label of the app that it was imported from
	People      int
	Apps        int
	Path        string
}

// GroupForm is Add group, and the group's profile in edit mode.
type GroupForm struct {
	Title             string
	Action, Cancel    string
	Name, Description string
	Errors            FormErrors
}

// GroupHead stands above the tabs of every page of one group.
type GroupHead struct {
	Name            string
	Description     string
	Source          string
	Path            string // without a slash at its end
	ListPath        string
	LogsPath        string
	Tab             string // the last part of its address
	People          int
	Apps            int
	CanAssignPeople bool   // people can be assigned by hand
	ReadOnlyReason  string // why not
	DeletePath      string // empty when the group cannot be deleted
}

// GroupPeoplePage is the group's tab People.
type GroupPeoplePage struct {
	Head       GroupHead
	SearchPath string
	Query      string
	Rows       []GroupMemberRow
	Page       Paging
}

// GroupMemberRow is one member.
type GroupMemberRow struct {
	PersonRow
	Managed    string // "Manually", or by which rule
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
	Profile    string // what the assignment gives, "User Type: Viewer"
	EditPath   string
	RemovePath string
}

// GroupProfilePage is the group's tab Profile.
type GroupProfilePage struct {
	Head     GroupHead
	EditPath string
	Facts    []ProfileFact
}

// PickPage is a dialog in which things are assigned one by one: people to a group, groups to a person, apps to either.
type PickPage struct {
	Title      string
	Subject    string // whom or what they are assigned to
	Note       string
	Search     string // label of the search field
	SearchPath string
	Query      string
	Column     string // what the list holds, by name
	Noun       string // and in the plural: "people"
	People     bool
	PlusButton bool // the button is shown as a plus sign
	Rows       []PickRow
	Page       Paging
	Empty      string
	DonePath   string
}

// PickRow is one thing that can be assigned.
type PickRow struct {
	Name       string
	Detail     string
	Assigned   bool
	AssignPath string // form target that assigns at once
	ID         string // value posted as "id"
	FormPath   string // or the page on which the assignment is filled in
}
