// Package expression evaluates the part of Okta Expression Language that the org supports.
//
// Texts ([Evaluate]) appear in attribute mappings, attribute statements and custom username formats:
//
//	user.firstName + " " + user.lastName
//	String.toLowerCase(String.substringBefore(user.email, "@"))
//
// Conditions ([ParseCondition]) appear in group rules:
//
//	user.department == "Sales" AND NOT isMemberOfGroupName("Contractors")
//
// The package is pure: a [Subject] holds all that an expression can name. A text that cannot be evaluated is empty, as in
// Okta; a condition that cannot be evaluated is an error, because the rule form has to refuse it.
//
// Source: Okta's "Okta Expression Language overview" and "Expressions in group rules".
//
//	expression.go  Subject and Evaluate
//	condition.go   ParseCondition, a recursive descent parser
//	statement.go   AttributeStatement: an attribute of a SAML assertion
package expression

import (
	"regexp"
	"strings"
)

// Subject is the user about whom an expression is evaluated.
type Subject struct {
	User     map[string]string // user.*: the Okta user profile
	AppUser  map[string]string // appuser.*: the profile at an app; may be nil
	UserName string            // appuser.userName
	Groups   []string          // names of the groups that the user is a member of; only conditions use them
}

// Evaluate returns the text of an expression: user.firstName, appuser.userType and "text", joined by +, and the functions
// String.toLowerCase, toUpperCase, substringBefore and substringAfter. An unknown part is empty.
func Evaluate(text string, s Subject) string {
	var b strings.Builder
	for _, part := range split(text, '+') {
		b.WriteString(evaluateTerm(strings.TrimSpace(part), s))
	}
	return b.String()
}

var stringCall = regexp.MustCompile(`^String\.(\w+)\((.*)\)$`)

func evaluateTerm(text string, s Subject) string {
	if isQuoted(text) {
		return text[1 : len(text)-1]
	}
	if m := stringCall.FindStringSubmatch(text); m != nil {
		args := split(m[2], ',')
		for i, arg := range args {
			args[i] = Evaluate(arg, s)
		}
		return callString(m[1], args)
	}
	if name, ok := strings.CutPrefix(text, "user."); ok {
		return s.User[name]
	}
	if name, ok := strings.CutPrefix(text, "appuser."); ok {
		if name == "userName" {
			return s.UserName
		}
		return s.AppUser[name]
	}
	return ""
}

func callString(function string, args []string) string {
	switch {
	case function == "toLowerCase" && len(args) == 1:
		return strings.ToLower(args[0])
	case function == "toUpperCase" && len(args) == 1:
		return strings.ToUpper(args[0])
	case function == "substringBefore" && len(args) == 2:
		before, _, _ := strings.Cut(args[0], args[1])
		return before
	case function == "substringAfter" && len(args) == 2:
		_, after, _ := strings.Cut(args[0], args[1])
		return after
	}
	return ""
}

// isQuoted reports whether text begins and ends with the same quotation mark.
func isQuoted(text string) bool {
	return len(text) >= 2 && (text[0] == '"' || text[0] == '\'') && text[len(text)-1] == text[0]
}

// split splits text at each separator that is outside quotation marks and parentheses.
func split(text string, separator rune) (parts []string) {
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
