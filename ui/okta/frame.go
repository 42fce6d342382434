package okta

// withErrors gives the frame the errors of its form, for the summary and the title.
func (f SignInFrame) withErrors(errors FormErrors) SignInFrame {
	f.Page.Errors = errors
	return f
}

// withErrors is [SignInFrame.withErrors] for the pages of a signed-in person.
func (f EndUserFrame) withErrors(errors FormErrors) EndUserFrame {
	f.Page.Errors = errors
	return f
}
