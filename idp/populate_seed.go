package idp

// Seed is what a new org contains: the key "okta" of a scenario file.
type Seed struct {
	Name      string      `yaml:"name"`
	Subdomain string      `yaml:"subdomain"`
	Users     []SeedUser  `yaml:"users"`
	Groups    []SeedGroup `yaml:"groups"`
	Apps      []SeedApp   `yaml:"apps"`
}

// SeedUser is a user of a scenario. The status is ACTIVE unless Status or ChangePassword is set.
type SeedUser struct {
	FirstName string            `yaml:"firstName"`
	LastName  string            `yaml:"lastName"`
	Login     string            `yaml:"login"` // empty: the email address
	Email     string            `yaml:"email"`
	Password  string            `yaml:"password"`
	Admin     bool              `yaml:"admin"` // Super Administrator
	Status    UserStatus        `yaml:"status"`
	Profile   map[string]string `yaml:"profile"` // other attributes, by variable name
	// ChangePassword makes the first sign-in require a new password.
	ChangePassword bool `yaml:"changePassword"`
}

// SeedGroup is a group of a scenario.
type SeedGroup struct {
	Name        string   `yaml:"name"`
	Description string   `yaml:"description"`
	Members     []string `yaml:"members"` // logins
}

// SeedApp is an app of a scenario.
type SeedApp struct {
	CatalogKey string            `yaml:"catalogKey"`
	Label      string            `yaml:"label"`
	Fields     map[string]string `yaml:"fields"`
	Users      []string          `yaml:"users"` // logins of users to whom the app is assigned
}
