package idp

import (
	"strings"

	"understudy/idp/expression"
)

// UserNameFormats are the choices of Application username format on the Sign On tab.
var UserNameFormats = []Choice{
	{Title: "Okta username", Value: "login"}, {Title: "Okta username prefix", Value: "login_prefix"},
	{Title: "Email", Value: "email"}, {Title: "Email prefix", Value: "email_prefix"},
	{Title: "Custom", Value: "custom"}, {Title: "(None)", Value: "none"},
}

// userNameOf returns the application username of a user by the app's format.
func userNameOf(a App, u User) string {
	beforeAt := func(text string) string { name, _, _ := strings.Cut(text, "@"); return name }
	switch a.SignOn.UserNameFormat {
	case "email":
		return u.Email()
	case "email_prefix":
		return beforeAt(u.Email())
	case "login_prefix":
		return beforeAt(u.Login())
	case "custom":
		return expression.Evaluate(a.SignOn.UserNameTemplate, expression.Subject{User: u.Profile})
	case "none":
		return ""
	}
	return u.Login()
}
