package idp

import (
	"cmp"

	"understudy/idp/catalog"
	"understudy/seed/base/moment"
)

// Seed is what a new org contains: the key "okta" of a scenario file.
type Seed struct {
	Name      string      `yaml:"name"`
	Subdomain string      `yaml:"subdomain"`
	Users     []SeedUser  `yaml:"users"`
	Groups    []SeedGroup `yaml:"groups"`
	Apps      []SeedApp   `yaml:"apps"`
	// ImportedGroups are groups of an app's import that have the app assigned as soon as Okta imports them.
	ImportedGroups []SeedImportedGroup `yaml:"importedGroups"`
	// Labels chooses wordings of labels that releases of Okta word differently, such as {More details: Show details}.
	Labels map[string]string `yaml:"labels"`
	// HistoryDays is how far the System Log reaches back at the start: it has the sign-ins and new users of these days.
	HistoryDays int `yaml:"historyDays"`

	Rules []SeedGroupRule `yaml:"rules"` // group rules; an active rule adds its users to its groups
	Logs  []SeedLog       `yaml:"logs"`  // the System Log, oldest first

	Catalog []catalog.Entry `yaml:"catalog"` // entries of the app catalog that apps of the scenario use, besides the program's own
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

	PasswordHash string        `yaml:"passwordHash"` // bcrypt, in place of the password
	Created      moment.Moment `yaml:"created"`
	LastLogin    moment.Moment `yaml:"lastLogin"`
}

// Username is the login of the user.
func (s SeedUser) Username() string { return cmp.Or(s.Login, s.Email) }

// SeedGroup is a group of a scenario.
type SeedGroup struct {
	Name        string   `yaml:"name"`
	Description string   `yaml:"description"`
	Members     []string `yaml:"members"` // logins

	CreatedDaysAgo int    `yaml:"createdDaysAgo"` // see SeedUser
	App            string `yaml:"app"`            // label of the app that the group was imported from; empty for a group of Okta
}

// SeedGroupRule is a group rule. It has a basic condition (Attribute, Operator, Value) or an Expression.
type SeedGroupRule struct {
	Name       string   `yaml:"name"`
	Inactive   bool     `yaml:"inactive"`
	Attribute  string   `yaml:"attribute"`
	Operator   string   `yaml:"operator"` // EQUALS, STARTS_WITH, …; see [RuleOperators]
	Value      string   `yaml:"value"`
	Expression string   `yaml:"expression"`
	Groups     []string `yaml:"groups"` // names
	Except     []string `yaml:"except"` // logins
}

// SeedLog is an event of the System Log.
type SeedLog struct {
	At        moment.Moment     `yaml:"at"`
	Type      string            `yaml:"type"`   // event type: user.session.start
	By        string            `yaml:"by"`     // login of the user; empty: the system
	ByName    string            `yaml:"byName"` // name of the user at that time, if it was another one
	Job       bool              `yaml:"job"`    // a job of the system, such as provisioning, and not a request
	Targets   []SeedLogTarget   `yaml:"targets"`
	Result    string            `yaml:"result"` // default: SUCCESS
	Reason    string            `yaml:"reason"`
	Debug     map[string]string `yaml:"debug"`
	IP        string            `yaml:"ip"`
	UserAgent string            `yaml:"userAgent"`
}

// SeedLogTarget is what an event is about.
type SeedLogTarget struct {
	Type        string `yaml:"type"` // User, UserGroup, AppInstance, …
	Name        string `yaml:"name"`
	AlternateID string `yaml:"alternateId"`
	ID          string `yaml:"id"` // only of objects that no longer exist

	Detail  map[string]string `yaml:"detail"`
	Changed *LogChange        `yaml:"changed"`
}

// SeedImportedGroup is a group that Okta will import from an app, such as a team of Sigma. The app is assigned to the group with the
// values of Profile, by variable name.
type SeedImportedGroup struct {
	Name    string            `yaml:"name"`
	Profile map[string]string `yaml:"profile"`
}

// SeedApp is an app of a scenario.
type SeedApp struct {
	CatalogKey string            `yaml:"catalogKey"`
	Label      string            `yaml:"label"`
	Fields     map[string]string `yaml:"fields"`
	Users      []string          `yaml:"users"` // logins of users to whom the app is assigned

	Inactive     bool              `yaml:"inactive"`
	Hidden       bool              `yaml:"hidden"`
	AutoSubmit   bool              `yaml:"autoSubmit"`
	NotesAdmin   string            `yaml:"notesAdmin"`
	NotesEndUser string            `yaml:"notesEndUser"`
	SignOn       *AppSignOn        `yaml:"signOn"`     // default: that of the catalog entry
	Attributes   []Attribute       `yaml:"attributes"` // of the app user profile, besides those of the catalog entry
	Groups       []SeedAppGroup    `yaml:"groups"`     // in order of priority, the highest first
	People       []SeedAppUser     `yaml:"people"`     // as Users, with values of their own
	Provisioning *SeedProvisioning `yaml:"provisioning"`
}

// SeedAppGroup assigns an app to a group.
type SeedAppGroup struct {
	Group   string            `yaml:"group"`
	Profile map[string]string `yaml:"profile"`
}

// SeedAppUser assigns an app to a user.
type SeedAppUser struct {
	Login    string            `yaml:"login"`
	UserName string            `yaml:"userName"` // empty: by the app's username format
	Profile  map[string]string `yaml:"profile"`
}

// SeedProvisioning is the Provisioning tab and the Push Groups tab.
type SeedProvisioning struct {
	Enabled         bool            `yaml:"enabled"`
	BaseURL         string          `yaml:"baseURL"`
	Token           string          `yaml:"token"`
	ImportGroups    bool            `yaml:"importGroups"`
	CreateUsers     bool            `yaml:"createUsers"`
	UpdateUsers     bool            `yaml:"updateUsers"`
	DeactivateUsers bool            `yaml:"deactivateUsers"`
	PushGroups      []SeedPushGroup `yaml:"pushGroups"`
	PushRules       []SeedPushRule  `yaml:"pushRules"`
}

// SeedPushGroup is a group that is pushed to the app.
type SeedPushGroup struct {
	Group       string `yaml:"group"`
	Target      string `yaml:"target"` // name at the app; default: the name of the group
	Memberships bool   `yaml:"memberships"`
	Inactive    bool   `yaml:"inactive"`
	Rule        string `yaml:"rule"` // name of the push rule that found the group
}

// SeedPushRule pushes all groups whose name matches.
type SeedPushRule struct {
	Name        string `yaml:"name"`
	Match       string `yaml:"match"` // STARTS_WITH, ENDS_WITH or CONTAINS
	Value       string `yaml:"value"`
	Memberships bool   `yaml:"memberships"`
}
