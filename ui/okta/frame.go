package okta

// withErrors returns the frame with the errors of its form, which the frame shows in the summary and in the page title.
func (f SignInFrame) withErrors(errors FormErrors) SignInFrame {
	f.Page.Errors = errors
	return f
}

// withErrors is the same as [SignInFrame.withErrors] for pages of the End-User Dashboard.
func (f EndUserFrame) withErrors(errors FormErrors) EndUserFrame {
	f.Page.Errors = errors
	return f
}
