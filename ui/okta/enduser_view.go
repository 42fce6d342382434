package okta

import "time"

// MyAppsPage is the End-User Dashboard, which shows a person's apps.
type MyAppsPage struct {
	Frame      EndUserFrame
	SearchPath string
	Query      string
	Tiles      []Tile
	NoApps     bool // the person has no apps; otherwise empty Tiles means that no app matches Query
}

// Tile is one app on the dashboard.
type Tile struct {
	Label, Path, Note string
}

// SettingsPage is the person's own page Settings.
type SettingsPage struct {
	Frame        EndUserFrame
	Personal     []ProfileFact
	EditPath     string
	PasswordPath string
	EndSessions  string
	Requirements []string
	ChangedAt    time.Time
}

// PersonalForm is Personal Information in edit mode.
type PersonalForm struct {
	Frame          EndUserFrame
	Action, Cancel string
	Fields         []AttributeField
	Errors         FormErrors
}

// OwnPasswordForm is Change password, which asks for the current and a new password.
type OwnPasswordForm struct {
	Frame          EndUserFrame
	Action, Cancel string
	Requirements   []string
	Errors         FormErrors
}
