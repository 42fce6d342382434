package okta

import "understudy/ui/kit"

func (v ConfirmPage) heading() string {
	if v.Title != "" {
		return v.Title
	}
	return v.Question
}

func (v ConfirmPage) kind() kit.Kind {
	if v.Danger {
		return kit.Danger
	}
	return kit.Primary
}
