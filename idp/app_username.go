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

// userNameOf returns the application username of a user by the app's format. s is about the user.
func userNameOf(a App, s expression.Subject, u User) (string, error) {
	if a.SignOn.UserNameFormat == "custom" {
		return evaluateText(a.SignOn.UserNameTemplate, s)
	}
	return plainUserName(a.SignOn.UserNameFormat, u), nil
}

// plainUserName returns the application username by a format other than "custom".
func plainUserName(format string, u User) string {
	beforeAt := func(text string) string { name, _, _ := strings.Cut(text, "@"); return name }
	switch format {
	case "email":
		return u.Email()
	case "email_prefix":
		return beforeAt(u.Email())
	case "login_prefix":
		return beforeAt(u.Login())
	case "none":
		return ""
	}
	return u.Login()
}
