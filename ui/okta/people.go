package okta

func (v AddPersonForm) activation() string {
	if v.ActivateLater {
		return "later"
	}
	return "now"
}

func (v AddPersonForm) groupHint() string {
	if v.GroupsTruncated {
		return "Optional. Only the first 500 groups are listed. To add the person to another group, open the page of the group."
	}
	return "Optional. All people are in the group Everyone."
}
