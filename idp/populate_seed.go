package idp

import "cmp"

// Seed is what a new org contains: the key "okta" of a scenario file.
type Seed struct {
	Name      string      `yaml:"name"`
	Subdomain string      `yaml:"subdomain"`
	Users     []SeedUser  `yaml:"users"`
	Groups    []SeedGroup `yaml:"groups"`
	Apps      []SeedApp   `yaml:"apps"`
	// HistoryDays is how far the System Log reaches back at the start: it has the sign-ins and new users of these days.
	HistoryDays int `yaml:"historyDays"`
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
	// CreatedDaysAgo dates the user on a weekday before the lab. 0 means the start of the lab.
	CreatedDaysAgo int `yaml:"createdDaysAgo"`
	// ChangePassword makes the first sign-in require a new password.
	ChangePassword bool `yaml:"changePassword"`
}

// Username is the login of the user.
func (s SeedUser) Username() string { return cmp.Or(s.Login, s.Email) }

// SeedGroup is a group of a scenario.
type SeedGroup struct {
	Name        string   `yaml:"name"`
	Description string   `yaml:"description"`
	Members     []string `yaml:"members"` // logins

	CreatedDaysAgo int `yaml:"createdDaysAgo"` // see SeedUser
}

// SeedApp is an app of a scenario.
type SeedApp struct {
	CatalogKey string            `yaml:"catalogKey"`
	Label      string            `yaml:"label"`
	Fields     map[string]string `yaml:"fields"`
	Users      []string          `yaml:"users"` // logins of users to whom the app is assigned
}
