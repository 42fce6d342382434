package expression_test

import (
	"strings"
	"testing"

	"understudy/idp/expression"
)

var subject = expression.Subject{
	User: map[string]string{
		"firstName": "Maya", "lastName": "Rivers", "email": "maya.rivers@lab.example", "department": "Sales",
	},
	UserName: "maya.rivers@lab.example",
	Groups: func() ([]expression.Group, error) {
		return []expression.Group{{ID: "00gEveryone", Name: "Everyone"}, {ID: "00gViewers", Name: "Viewers"}}, nil
	},
}

// valueOf evaluates a stored expression for subject.
func valueOf(t *testing.T, text string) string {
	t.Helper()
	v, err := expression.Evaluate(text, subject)
	if err != nil {
		t.Errorf("%.60s: %v", text, err)
	}
	return v.Text()
}

func TestEvaluate(t *testing.T) {
	for text, want := range map[string]string{
		`user.firstName`:                           "Maya",
		` user.firstName `:                         "Maya",
		`user.firstName + " " + user.lastName`:     "Maya Rivers",
		`user.firstName+user.lastName`:             "MayaRivers",
		`"viewer"`:                                 "viewer",
		`'viewer'`:                                 "viewer",
		`"a + b, (c)"`:                             "a + b, (c)",
		`"it's"`:                                   "it's",
		`appuser.userName`:                         "maya.rivers@lab.example",
		`String.toLowerCase(user.firstName)`:       "maya",
		`String.toUpperCase(user.firstName + "é")`: "MAYAÉ",
		`String.substringBefore(user.email, "@")`:  "maya.rivers",
		`String.substringAfter(user.email, "@")`:   "lab.example",
		`String.substringAfter(user.email, "#")`:   "",
		`String.substringBefore(user.email, "#")`:  "maya.rivers@lab.example",
		`String.toUpperCase(String.substringBefore(user.email, ".")) + "-1"`:          "MAYA-1",
		`String.substringBefore(String.substringAfter(user.email, "@"), ".") + "(,)"`: "lab(,)",

		// An unknown part is empty and does not change the rest.
		``:                                  "",
		`user.shoeSize`:                     "",
		`user.shoeSize + "x"`:               "x",
		`maya`:                              "",
		`user`:                              "",
		`String.reverse(user.firstName)`:    "",
		`String.toUpperCase()`:              "",
		`String.substringBefore("one")`:     "",
		`String.toUpperCase(user.firstName`: "",
		`"open`:                             "",
		`)+(`:                               "",
		`+`:                                 "",
	} {
		t.Run(text, func(t *testing.T) {
			if got := valueOf(t, text); got != want {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
}

// rule is the place of a group rule.
var rule = expression.Place{Condition: true}

func TestConditionOfAGroupRule(t *testing.T) {
	for text, want := range map[string]bool{
		`user.department == "Sales"`:                                               true,
		`user.department != "Sales" OR user.firstName == 'Maya'`:                   true,
		`NOT user.department == "Sales"`:                                           false,
		`!(user.department == "Sales" && user.city == "Oslo")`:                     true,
		`user.city == null`:                                                        true,
		`String.startsWith(user.email, "maya") and isMemberOfGroupName("Viewers")`: true,
		`isMemberOfGroupNameStartsWith("View")`:                                    true,
		`isMemberOfGroupNameContains("admin")`:                                     false,
		`String.stringContains(String.toUpperCase(user.lastName), "RIV")`:          true,
	} {
		if err := expression.Validate(text, rule); err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		condition, err := expression.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if matches, err := condition.Matches(subject); err != nil || matches != want {
			t.Errorf("%s: %t, want %t; %v", text, matches, want, err)
		}
	}
	for text, want := range map[string]string{
		``:                                     "ends too early",
		`user.shoeSize == "7"`:                 "no attribute shoeSize",
		`user.department`:                      "is not a condition",
		`user.department == "Sales" extra`:     "“extra” is not expected here",
		`(user.department == "Sales"`:          "parenthesis is missing",
		`user.department == "Sales`:            "quotation mark is missing",
		`String.reverse(user.city) == "o"`:     "is not supported",
		`String.startsWith(user.city)`:         "takes 2 values",
		strings.Repeat("NOT ", 200) + `x == y`: "nested too deeply",
		strings.Repeat(" ", 4001):              "too long",
	} {
		if err := expression.Validate(text, rule); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: %v, want %q", text, err, want)
		}
	}
}

func TestAttributeStatementValues(t *testing.T) {
	for _, c := range []struct {
		statement expression.AttributeStatement
		want      string
	}{
		{expression.AttributeStatement{Value: "user.firstName"}, "Maya"},
		{expression.AttributeStatement{Value: "user.city"}, ""},
		{expression.AttributeStatement{Value: `{user.city, "a", user.lastName}`}, "a Rivers"}, // a list has several values
		{expression.AttributeStatement{Filter: "EQUALS", FilterValue: "Viewers"}, "Viewers"},
		{expression.AttributeStatement{Filter: "REGEX", FilterValue: ".*e.*"}, "Everyone Viewers"},
		{expression.AttributeStatement{Filter: "REGEX", FilterValue: "("}, ""},
	} {
		values, err := c.statement.Values(subject)
		if got := strings.Join(values, " "); got != c.want || err != nil {
			t.Errorf("%+v: %q, want %q; %v", c.statement, got, c.want, err)
		}
	}
}
