package sp

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
}

// SeedAuth has the authentication settings.
type SeedAuth struct {
	Method       string `yaml:"method"`
	SessionHours int    `yaml:"sessionHours"`
	GuestAccess  bool   `yaml:"guestAccess"`
	TwoFactor    bool   `yaml:"twoFactor"`
	SignRequests bool   `yaml:"signRequests"`
	StrictTypes  bool   `yaml:"strictAccountTypes"`
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
}

// SeedTeam is a team. Members and Admins are email addresses.
type SeedTeam struct {
	Name        string   `yaml:"name"`
	Description string   `yaml:"description"`
	Visibility  string   `yaml:"visibility"` // default: public
	Members     []string `yaml:"members"`
	Admins      []string `yaml:"admins"`
	Workspace   bool     `yaml:"workspace"`
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
	Owner       string      `yaml:"owner"` // email address; default: the first Admin
	Folders     []string    `yaml:"folders"`
	Grants      []SeedGrant `yaml:"grants"`
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
	OpenedBy       []string    `yaml:"openedBy"`
	CreatedDaysAgo int         `yaml:"createdDaysAgo"` // see SeedMember
	Grants         []SeedGrant `yaml:"grants"`
}
