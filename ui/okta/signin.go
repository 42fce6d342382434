package okta

import "understudy/ui/kit"

// errors are the form's errors; refused credentials are an error of the form as a whole, whatever was wrong with them.
func (v SignInForm) errors() FormErrors {
	if v.BadCredentials {
		return FormErrors{kit.FieldError{Message: "Unable to sign in"}}
	}
	return v.Errors
}
