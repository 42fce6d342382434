package okta

import "understudy/ui/kit"

// SignInForm is the sign-in page.
type SignInForm struct {
	Frame           SignInFrame
	App             string // label of the app that the person opens after sign-in; empty if none
	Action          string
	Username        string
	Remember        bool
	FromURI, Prompt string
	BadCredentials  bool // "Unable to sign in"
	ForgotPath      string
	UnlockPath      string
	HelpPath        string
	Errors          FormErrors
}

// SignInHelpPage is the page Need help signing in?, or Unlock account
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

// NewPasswordForm asks for a new password: at activation, after a reset, or because the old one has expired.
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

// ForgotPasswordForm asks for the username of the account whose password is reset.
type ForgotPasswordForm struct {
	Frame            SignInFrame
	Action, BackPath string
	Username         string
	Sent             bool
	Errors           FormErrors
}

// ErrorPage shows an error of the request.
type ErrorPage struct {
	Frame     SignInFrame
	Status    int
	Text      string
	Reference string // id of the error, also in the server log
	HomePath  string
	BackPath  string // of the Admin Console
	ShowBack  bool   // show the link to BackPath
}

// errors are the errors of the form. Wrong credentials are one error of the whole form, so that the page does not reveal
// whether the username exists.
func (v SignInForm) errors() FormErrors {
	if v.BadCredentials {
		return FormErrors{kit.FieldError{Message: "Unable to sign in"}}
	}
	return v.Errors
}
