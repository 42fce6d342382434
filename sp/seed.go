package sp

import "understudy/seed/base/moment"

// Seed is the Sigma part of a scenario. [Organization.Populate] fills an empty organization from it.
type Seed struct {
	Name           string            `yaml:"name"`
	Cloud          string            `yaml:"cloud"`  // default: AWS
	Region         string            `yaml:"region"` // default: US West
	Authentication SeedAuth          `yaml:"authentication"`
	AccountTypes   []SeedAccountType `yaml:"accountTypes"` // custom account types
	Members        []SeedMember      `yaml:"members"`
	Teams          []SeedTeam        `yaml:"teams"`
	Workspaces     []SeedWorkspace   `yaml:"workspaces"`
	Documents      []SeedDocument    `yaml:"documents"`
	// HistoryDays is how far the audit log reaches back at the start: it has the sign-ins and changed documents of these days.
	HistoryDays int `yaml:"historyDays"`

	DefaultAccountType string        `yaml:"defaultAccountType"` // default: Viewer
	Directory          SeedDirectory `yaml:"directory"`          // Account Type and Team Provisioning
	Audit              []SeedAudit   `yaml:"audit"`              // the audit log, oldest first
}

// SeedDirectory is SCIM provisioning. It can be on only while the authentication method is SAML.
type SeedDirectory struct {
	On     bool        `yaml:"on"`
	Tokens []SeedToken `yaml:"tokens"`
}

// SeedToken is a bearer token of an Admin. It is given as itself or as a hash (SHA-256, hexadecimal).
type SeedToken struct {
	Name     string        `yaml:"name"`
	Member   string        `yaml:"member"` // email address; default: the first Admin
	Token    string        `yaml:"token"`
	Hash     string        `yaml:"hash"`
	Created  moment.Moment `yaml:"created"`
	LastUsed moment.Moment `yaml:"lastUsed"`
	Expires  moment.Moment `yaml:"expires"`
	Revoked  moment.Moment `yaml:"revoked"`
}

// SeedAudit is an event of the audit log.
type SeedAudit struct {
	At         moment.Moment     `yaml:"at"`
	Type       EventType         `yaml:"type"`
	Name       string            `yaml:"name"`
	Failure    bool              `yaml:"failure"`
	Reason     string            `yaml:"reason"`
	By         string            `yaml:"by"`    // email address of a member; empty: the system or the directory
	Token      string            `yaml:"token"` // name of the directory's token
	Object     string            `yaml:"object"`
	ObjectKind string            `yaml:"objectKind"` // member, team, document, …
	Detail     map[string]string `yaml:"detail"`
	IP         string            `yaml:"ip"`
	UserAgent  string            `yaml:"userAgent"`
}

// SeedAuth has the authentication settings.
type SeedAuth struct {
	Method       string `yaml:"method"`
	SessionHours int    `yaml:"sessionHours"`
	GuestAccess  bool   `yaml:"guestAccess"`
	TwoFactor    bool   `yaml:"twoFactor"`
	SignRequests bool   `yaml:"signRequests"`
	StrictTypes  bool   `yaml:"strictAccountTypes"`
	LoginURL     string `yaml:"loginURL"`    // Identity provider login URL
	Certificate  string `yaml:"certificate"` // Identity provider X509 certificate
}

// SeedAccountType is a custom account type. It has the permissions of the type Like and those in With, but not those in
// Without. With and Without have labels or identifiers of permissions.
type SeedAccountType struct {
	Name        string   `yaml:"name"`
	Description string   `yaml:"description"`
	Like        string   `yaml:"like"`
	With        []string `yaml:"with"`
	Without     []string `yaml:"without"`
}

// SeedMember is a member.
type SeedMember struct {
	FirstName   string `yaml:"firstName"`
	LastName    string `yaml:"lastName"`
	Email       string `yaml:"email"`
	Password    string `yaml:"password"`
	AccountType string `yaml:"accountType"` // name; default: Viewer
	Status      string `yaml:"status"`      // default: active
	// CreatedDaysAgo dates the member on a weekday before the lab. 0 means the start of the lab.
	CreatedDaysAgo int `yaml:"createdDaysAgo"`

	PasswordHash  string        `yaml:"passwordHash"`  // bcrypt, in place of the password
	Provisioned   bool          `yaml:"provisioned"`   // by the directory
	RequestedType string        `yaml:"requestedType"` // account type that the directory asked for and that does not exist
	Created       moment.Moment `yaml:"created"`
	LastActive    moment.Moment `yaml:"lastActive"`
	// What the directory sent beyond the name, as JSON, and what it can be looked up by.
	DirectoryAttributes string `yaml:"directoryAttributes"`
	DirectoryKeys       string `yaml:"directoryKeys"`
}

// SeedTeam is a team. Members and Admins are email addresses.
type SeedTeam struct {
	Name        string   `yaml:"name"`
	Description string   `yaml:"description"`
	Visibility  string   `yaml:"visibility"` // default: public
	Members     []string `yaml:"members"`
	Admins      []string `yaml:"admins"`
	Workspace   bool     `yaml:"workspace"`
	Provisioned bool     `yaml:"provisioned"` // pushed by the directory
	Inactive    bool     `yaml:"inactive"`
}

// SeedGrant gives access to a member (email address), a team (name), or "everyone".
type SeedGrant struct {
	To     string `yaml:"to"`
	Access string `yaml:"access"` // view, explore, edit (contribute), manage
}

// SeedWorkspace is a workspace with folders.
type SeedWorkspace struct {
	Name        string      `yaml:"name"`
	Description string      `yaml:"description"`
	Owner       string      `yaml:"owner"`   // email address; default: the first Admin
	Folders     []string    `yaml:"folders"` // "Reports", "Reports/2023"
	Grants      []SeedGrant `yaml:"grants"`

	FolderGrants []SeedFolderGrant `yaml:"folderGrants"`
}

// SeedFolderGrant gives access to a folder of a workspace.
type SeedFolderGrant struct {
	Folder string `yaml:"folder"`
	To     string `yaml:"to"`
	Access string `yaml:"access"`
}

// SeedDocument is a workbook. In is its folder: "My Documents" of the owner, "Workspace", or "Workspace/Folder".
type SeedDocument struct {
	Name        string         `yaml:"name"`
	Description string         `yaml:"description"`
	Owner       string         `yaml:"owner"` // email address; default: the first Admin
	In          string         `yaml:"in"`
	Text        string         `yaml:"text"`
	Pages       []WorkbookPage `yaml:"pages"`
	// OpenedBy are the email addresses of members who have the document in their Recents.
	OpenedBy       []string      `yaml:"openedBy"`
	CreatedDaysAgo int           `yaml:"createdDaysAgo"` // see SeedMember
	Grants         []SeedGrant   `yaml:"grants"`
	Trashed        bool          `yaml:"trashed"`
	Created        moment.Moment `yaml:"created"`
	Updated        moment.Moment `yaml:"updated"`
}
