package idp

// Seed is what a fresh org contains; the scenario's key okta.
type Seed struct {
	Name      string      `yaml:"name"`
	Subdomain string      `yaml:"subdomain"`
	Users     []SeedUser  `yaml:"users"`
	Groups    []SeedGroup `yaml:"groups"`
	Apps      []SeedApp   `yaml:"apps"`
}

// SeedUser is a person of the scenario; active unless Status says otherwise.
type SeedUser struct {
	FirstName string            `yaml:"firstName"`
	LastName  string            `yaml:"lastName"`
	Login     string            `yaml:"login"` // empty: the e-mail address
	Email     string            `yaml:"email"`
	Password  string            `yaml:"password"`
	Admin     bool              `yaml:"admin"` // Super Administrator
	Status    UserStatus        `yaml:"status"`
	Profile   map[string]string `yaml:"profile"` // further attributes
	// ChangePassword makes the first sign-in ask for a new password.
	ChangePassword bool `yaml:"changePassword"`
}

// SeedGroup is a group of the scenario.
type SeedGroup struct {
	Name        string   `yaml:"name"`
	Description string   `yaml:"description"`
	Members     []string `yaml:"members"` // logins
}

// SeedApp is an app of the scenario.
type SeedApp struct {
	CatalogKey string            `yaml:"catalogKey"`
	Label      string            `yaml:"label"`
	Fields     map[string]string `yaml:"fields"`
	Users      []string          `yaml:"users"` // logins of users to whom the app is assigned
}
