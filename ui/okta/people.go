package okta

func (v AddPersonForm) activation() string {
	if v.ActivateLater {
		return "later"
	}
	return "now"
}
