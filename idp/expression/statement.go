package expression

import (
	"regexp"
	"strings"
)

// AttributeStatement is an attribute of a SAML assertion. With a Filter it is a group attribute statement: its values are
// the names of the user's groups that match. Otherwise its value is that of an expression.
type AttributeStatement struct {
	Name        string `json:"name" yaml:"name"`
	NameFormat  string `json:"nameFormat" yaml:"nameFormat"`             // "unspecified" (default), "uri" or "basic"
	Value       string `json:"value" yaml:"value"`                       // expression: user.firstName, appuser.userType, "text"
	Filter      string `json:"filter,omitempty" yaml:"filter"`           // STARTS_WITH, EQUALS, CONTAINS or REGEX
	FilterValue string `json:"filterValue,omitempty" yaml:"filterValue"` // compared with each group name
}

// Values returns the values of the statement for a user; none when the expression is empty or no group matches.
func (a AttributeStatement) Values(s Subject) (values []string) {
	if a.Filter == "" {
		if text := Evaluate(a.Value, s); text != "" {
			values = []string{text}
		}
		return values
	}
	for _, name := range s.Groups {
		if a.matches(name) {
			values = append(values, name)
		}
	}
	return values
}

func (a AttributeStatement) matches(group string) bool {
	switch a.Filter {
	case "STARTS_WITH":
		return strings.HasPrefix(group, a.FilterValue)
	case "EQUALS":
		return group == a.FilterValue
	case "CONTAINS":
		return strings.Contains(group, a.FilterValue)
	case "REGEX": // Okta matches the whole name
		pattern, err := regexp.Compile("^(?:" + a.FilterValue + ")$")
		return err == nil && pattern.MatchString(group)
	}
	return false
}
