package expression

import "strings"

// AttributeStatement is an attribute of a SAML assertion. With a Filter it is a group attribute statement: its values are
// the names of the user's groups that match. Otherwise its value is the result of the expression Value.
type AttributeStatement struct {
	Name        string `json:"name" yaml:"name"`
	NameFormat  string `json:"nameFormat" yaml:"nameFormat"`             // "unspecified" (default), "uri" or "basic"
	Value       string `json:"value" yaml:"value"`                       // expression: user.firstName, appuser.userType, "text"
	Filter      string `json:"filter,omitempty" yaml:"filter"`           // STARTS_WITH, EQUALS, CONTAINS or REGEX
	FilterValue string `json:"filterValue,omitempty" yaml:"filterValue"` // compared with each group name
}

// Values returns the values of the statement for a user. There are none when the result of the expression is empty or no group
// matches. A list has several values. The error is that of s.Org or s.Groups.
func (a AttributeStatement) Values(s Subject) (values []string, err error) {
	if a.Filter == "" {
		v, err := Evaluate(a.Value, s)
		return v.Texts(), err
	}
	test := a.test()
	if s.Groups == nil || test == nil {
		return nil, nil
	}
	groups, err := s.Groups()
	for _, group := range groups {
		if test(group.Name) {
			values = append(values, group.Name)
		}
	}
	return values, err
}

// test returns the test of a group's name; nil if the filter is not valid.
func (a AttributeStatement) test() func(name string) bool {
	switch a.Filter {
	case "STARTS_WITH":
		return func(name string) bool { return strings.HasPrefix(name, a.FilterValue) }
	case "EQUALS":
		return func(name string) bool { return name == a.FilterValue }
	case "CONTAINS":
		return func(name string) bool { return strings.Contains(name, a.FilterValue) }
	case "REGEX": // Okta matches the whole name
		r, err := compileRegex(a.FilterValue)
		if err != nil {
			return nil
		}
		e := &evaluation{steps: -9 * maxSteps} // there are more groups than an expression has parts
		return func(name string) bool {
			matches, err := r.matches(e, name)
			return matches && err == nil
		}
	}
	return nil
}
