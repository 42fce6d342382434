// Package okta holds the pages of the Okta half as templ components. They take plain view data, with every address
// ready to be printed, and know neither storage nor requests.
package okta

import (
	"time"

	"understudy/ui/kit"
)

// FormErrors is what a form could not take: a sentence for each field, summed up above the form.
type FormErrors = kit.Errors

// ErrorsOf gives what a half's error means for a form.
func ErrorsOf(err error) FormErrors { return kit.ErrorsOf(err) }

// Paging says which part of a list a page shows.
type Paging struct {
	Number, Pages, Total int
	From, To             int
	Previous, Next       string // empty at the ends
	Noun                 string // what the list holds, in the plural
}

// of says what the list holds.
func (p Paging) of(noun string) Paging {
	p.Noun = noun
	return p
}

// SignInForm is the sign-in page.
type SignInForm struct {
	Frame           SignInFrame
	App             string // on the way to which app
	Action          string
	Username        string
	Remember        bool
	FromURI, Prompt string
	BadCredentials  bool // "Unable to sign in"
	ForgotPath      string
	HelpPath        string
	Errors          FormErrors
}

// SignInHelpPage is Need help signing in?
type SignInHelpPage struct {
	Frame                  SignInFrame
	SignInPath, ForgotPath string
}

// SignOutPage asks before signing out.
type SignOutPage struct {
	Frame          SignInFrame
	Name           string
	Action, Cancel string
}

// NewPasswordForm asks for a new password: an expired one, a reset one, or the first.
type NewPasswordForm struct {
	Frame        SignInFrame
	Intro        string
	Username     string
	Action       string
	FromURI      string
	Requirements []string
	Button       string
	BackPath     string
	Errors       FormErrors
}

// ForgotPasswordForm asks whose password is to be reset.
type ForgotPasswordForm struct {
	Frame            SignInFrame
	Action, BackPath string
	Username         string
	Sent             bool
	Errors           FormErrors
}

// ErrorPage says what went wrong.
type ErrorPage struct {
	Frame     SignInFrame
	Status    int
	Text      string
	Reference string // stands in the log too
	HomePath  string
	BackPath  string // of the Admin Console
	ShowBack  bool   // BackPath is worth offering
}

// MyAppsPage is the dashboard of a person.
type MyAppsPage struct {
	Frame      EndUserFrame
	SearchPath string
	Query      string
	Tiles      []Tile
	NoApps     bool // no app at all, rather than none that was found
}

// Tile is one app on the dashboard.
type Tile struct {
	Label, Path, Note string
}

// SettingsPage is Settings.
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

// OwnPasswordForm asks for the old password and a new one.
type OwnPasswordForm struct {
	Frame          EndUserFrame
	Action, Cancel string
	Requirements   []string
	Errors         FormErrors
}
