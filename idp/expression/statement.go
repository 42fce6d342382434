package expression

import (
	"regexp"
	"strings"
)

// AttributeStatement is an attribute of a SAML assertion. With a Filter it is a group attribute statement: its values are
// the names of the user's groups that match. Otherwise its value is the result of the expression Value.
type AttributeStatement struct {
	Name        string `json:"name" yaml:"name"`
	NameFormat  string `json:"nameFormat" yaml:"nameFormat"`             // "unspecified" (default), "uri" or "basic"
	Value       string `json:"value" yaml:"value"`                       // expression: user.firstName, appuser.userType, "text"
	Filter      string `json:"filter,omitempty" yaml:"filter"`           // STARTS_WITH, EQUALS, CONTAINS or REGEX
	FilterValue string `json:"filterValue,omitempty" yaml:"filterValue"` // compared with each group name
}

// Values returns the values of the statement for a user. There are none when the result of the expression is empty or no group matches. A list has
// several values. The error is that of s.Groups.
func (a AttributeStatement) Values(s Subject) (values []string, err error) {
	if a.Filter == "" {
		v, err := Evaluate(a.Value, s)
		return v.Texts(), err
	}
	if s.Groups == nil {
		return nil, nil
	}
	groups, err := s.Groups()
	for _, group := range groups {
		if a.matches(group.Name) {
			values = append(values, group.Name)
		}
	}
	return values, err
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
