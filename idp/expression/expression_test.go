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
	Groups:   []string{"Everyone", "Viewers"},
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
			if got := expression.Evaluate(text, subject); got != want {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
}

func TestParseCondition(t *testing.T) {
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
		meets, err := expression.ParseCondition(text)
		if err != nil || meets(subject) != want {
			t.Errorf("%s: want %t; %v", text, want, err)
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
		if _, err := expression.ParseCondition(text); err == nil || !strings.Contains(err.Error(), want) {
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
		{expression.AttributeStatement{Filter: "EQUALS", FilterValue: "Viewers"}, "Viewers"},
		{expression.AttributeStatement{Filter: "REGEX", FilterValue: ".*e.*"}, "Everyone Viewers"},
		{expression.AttributeStatement{Filter: "REGEX", FilterValue: "("}, ""},
	} {
		if got := strings.Join(c.statement.Values(subject), " "); got != c.want {
			t.Errorf("%+v: %q, want %q", c.statement, got, c.want)
		}
	}
}

// Any typed text has a value, and a quoted text has itself as its value.
func FuzzEvaluate(f *testing.F) {
	for _, text := range []string{
		`user.firstName + " " + user.lastName`, `String.substringBefore(user.email,
			"@")`, `String.toUpperCase(String.toLowerCase("É"))`,
		`'`, `"`, `)+(`, `String.toLowerCase(`, `String.substringAfter(,)`, "String.x(\n)", `appuser.userName+`, "\xff\"+\xfe",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		value := expression.Evaluate(text, subject)
		if again := expression.Evaluate(text, subject); again != value {
			t.Errorf("%q and then %q", value, again)
		}
		if !strings.Contains(text, `"`) {
			if got := expression.Evaluate(`"`+text+`"`, subject); got != text {
				t.Errorf("the text %q has the value %q", text, got)
			}
		}
	})
}

// Any typed condition either has an answer for a user or is refused.
func FuzzParseCondition(f *testing.F) {
	for _, text := range []string{
		`user.department == "Sales" AND NOT isMemberOfGroupName("x")`, `((`, `"a"=="a"`, `String.startsWith(`, `!!!user.city==null`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if meets, err := expression.ParseCondition(text); err == nil {
			meets(subject)
		}
	})
}
