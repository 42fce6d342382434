package sp

// Seed is what a scenario puts into an empty organization.
type Seed struct {
	Name           string            `yaml:"name"`
	Cloud          string            `yaml:"cloud"`  // AWS unless told
	Region         string            `yaml:"region"` // US West unless told
	Authentication SeedAuth          `yaml:"authentication"`
	AccountTypes   []SeedAccountType `yaml:"accountTypes"` // custom ones
	Members        []SeedMember      `yaml:"members"`
	Teams          []SeedTeam        `yaml:"teams"`
	Workspaces     []SeedWorkspace   `yaml:"workspaces"`
	Documents      []SeedDocument    `yaml:"documents"`
}

// SeedAuth is the authentication that the organization starts with.
type SeedAuth struct {
	Method       string `yaml:"method"`
	SessionHours int    `yaml:"sessionHours"`
	GuestAccess  bool   `yaml:"guestAccess"`
	TwoFactor    bool   `yaml:"twoFactor"`
	SignRequests bool   `yaml:"signRequests"`
	StrictTypes  bool   `yaml:"strictAccountTypes"`
}

// SeedAccountType is a custom account type: the permissions of Like, plus With, less Without (labels or words).
type SeedAccountType struct {
	Name        string   `yaml:"name"`
	Description string   `yaml:"description"`
	Like        string   `yaml:"like"`
	With        []string `yaml:"with"`
	Without     []string `yaml:"without"`
}

// SeedMember is a person.
type SeedMember struct {
	FirstName   string `yaml:"firstName"`
	LastName    string `yaml:"lastName"`
	Email       string `yaml:"email"`
	Password    string `yaml:"password"`
	AccountType string `yaml:"accountType"` // name; Viewer unless told
	Status      string `yaml:"status"`      // active unless told
}

// SeedTeam is a team; members by e-mail.
type SeedTeam struct {
	Name        string   `yaml:"name"`
	Description string   `yaml:"description"`
	Visibility  string   `yaml:"visibility"` // public unless told
	Members     []string `yaml:"members"`
	Admins      []string `yaml:"admins"`
	Workspace   bool     `yaml:"workspace"`
}

// SeedGrant grants a right: to a member by e-mail, a team by name, or "everyone".
type SeedGrant struct {
	To     string `yaml:"to"`
	Access string `yaml:"access"` // view, explore, edit (contribute), manage
}

// SeedWorkspace is a workspace with folders in it.
type SeedWorkspace struct {
	Name        string      `yaml:"name"`
	Description string      `yaml:"description"`
	Owner       string      `yaml:"owner"` // e-mail; the first Admin unless told
	Folders     []string    `yaml:"folders"`
	Grants      []SeedGrant `yaml:"grants"`
}

// SeedDocument is a workbook. In is where it lies: "My Documents" (of its owner), a workspace, or "Workspace/Folder".
type SeedDocument struct {
	Name        string         `yaml:"name"`
	Description string         `yaml:"description"`
	Owner       string         `yaml:"owner"` // e-mail
	In          string         `yaml:"in"`
	Text        string         `yaml:"text"`
	Pages       []WorkbookPage `yaml:"pages"`
	Grants      []SeedGrant    `yaml:"grants"`
}
