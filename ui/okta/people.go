package okta

func (v AddPersonForm) activation() string {
	if v.ActivateLater {
		return "later"
	}
	return "now"
}

func (v AddPersonForm) groupHint() string {
	if v.GroupsTruncated {
		return "Optional. Only the first 500 groups are listed; add the person to others on the group's page."
	}
	return "Optional. Everybody is in the group Everyone."
}
