package idp

import (
	"regexp"
	"strings"
)

// values gives what an attribute statement says of a person: the value of its expression, or the names of the groups that
// its filter matches.
func (s AttributeStatement) values(u AppUser, groups []string) []string {
	if s.Filter == "" {
		if text := evaluate(s.Value, u.User, u.Profile, u.UserName); text != "" {
			return []string{text}
		}
		return nil
	}
	var matched []string
	for _, name := range groups {
		if groupMatches(s.Filter, s.FilterValue, name) {
			matched = append(matched, name)
		}
	}
	return matched
}

func groupMatches(filter, wanted, name string) bool {
	switch filter {
	case "STARTS_WITH":
		return strings.HasPrefix(name, wanted)
	case "EQUALS":
		return name == wanted
	case "CONTAINS":
		return strings.Contains(name, wanted)
	case "REGEX":
		expression, err := regexp.Compile("^(?:" + wanted + ")$")
		return err == nil && expression.MatchString(name)
	}
	return false
}

// evaluate works out Okta's simple expressions: user.firstName, appuser.userType, "text", joined by +, and
// String.toLowerCase, toUpperCase, substringBefore and substringAfter around them. What it does not know is empty.
func evaluate(expression string, u User, app map[string]string, userName string) string {
	var b strings.Builder
	for _, part := range splitOutside(expression, '+') {
		b.WriteString(term(strings.TrimSpace(part), u, app, userName))
	}
	return b.String()
}

var call = regexp.MustCompile(`^String\.(\w+)\((.*)\)$`)

func term(text string, u User, app map[string]string, userName string) string {
	if len(text) >= 2 && (text[0] == '"' || text[0] == '\'') && text[len(text)-1] == text[0] {
		return text[1 : len(text)-1]
	}
	if m := call.FindStringSubmatch(text); m != nil {
		args := splitOutside(m[2], ',')
		for i, arg := range args {
			args[i] = evaluate(arg, u, app, userName)
		}
		return function(m[1], args)
	}
	if name, ok := strings.CutPrefix(text, "user."); ok {
		return u.Profile[name]
	}
	if name, ok := strings.CutPrefix(text, "appuser."); ok {
		if name == "userName" {
			return userName
		}
		return app[name]
	}
	return ""
}

func function(name string, args []string) string {
	switch {
	case name == "toLowerCase" && len(args) == 1:
		return strings.ToLower(args[0])
	case name == "toUpperCase" && len(args) == 1:
		return strings.ToUpper(args[0])
	case name == "substringBefore" && len(args) == 2:
		before, _, _ := strings.Cut(args[0], args[1])
		return before
	case name == "substringAfter" && len(args) == 2:
		_, after, _ := strings.Cut(args[0], args[1])
		return after
	}
	return ""
}

// splitOutside splits at a separator that stands in no quotes and no parentheses.
func splitOutside(text string, separator rune) (parts []string) {
	depth, start := 0, 0
	var quote rune
	for i, r := range text {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '"' || r == '\'':
			quote = r
		case r == '(':
			depth++
		case r == ')':
			depth--
		case r == separator && depth == 0:
			parts, start = append(parts, text[start:i]), i+1
		}
	}
	return append(parts, text[start:])
}

// userNameOf works out the application username of a person by the app's format.
func userNameOf(a App, u User) string {
	before := func(text string) string { name, _, _ := strings.Cut(text, "@"); return name }
	switch a.SignOn.UserNameFormat {
	case "email":
		return u.Email()
	case "email_prefix":
		return before(u.Email())
	case "login_prefix":
		return before(u.Login())
	case "custom":
		return evaluate(a.SignOn.UserNameTemplate, u, nil, "")
	case "none":
		return ""
	}
	return u.Login()
}
