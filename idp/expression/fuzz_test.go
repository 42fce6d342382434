package expression_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"understudy/idp/expression"
	"understudy/idp/schema"
)

// everything is a place that has all that an expression can name.
var everything = expression.Place{AppUser: []schema.Attribute{{Name: "userType", Type: "string"}, {Name: "admin", Type: "boolean"}},
	App: []string{"label"}, Org: []string{"name", "subDomain", "domain"}, Session: true}

// Any typed text is refused with a position within it, or has a value that does not depend on what was evaluated before. A
// quoted text has itself as its value. The corpus also has the examples of the reference.
func FuzzExpression(f *testing.F) {
	for _, text := range []string{
		`user.firstName + " " + user.lastName`, `String.substringBefore(user.email, "@")`, `'`, `"`, `)+(`, `String.toLowerCase(`,
		"String.x(\n)", `appuser.userName+`, "\xff\"+\xfe", `user.a == "Sales" AND NOT isMemberOfGroupName("x")`, `((`, `"a"=="a"`,
		`!!!user.city==null`, `a ? b : c ? d : e`, `a ?: b ?? c`, `{1, 2.5, {true}}[0][1]`, `-1 * 2 / 0 % -3`, `user?.login.trim()`,
		`getFilteredGroups({"00gViewers"}, "group.profile.name", 10)`, `Time.now("EST", "yyyy-MM-dd'T'HH:mm")`,
		`Iso3166Convert.toName("IN")`, `isMemberOfGroupNameRegex("(a+)+$")`, `Convert.toInt("9223372036854775807") + 1`,
		`String.replace(String.replace("aaaaaaaa", "a", "aaaaaaaa"), "a", "aaaaaaaa")`, `user.getInternalProperty("id")`,
		`“user.login”`, `user.login = "x"`, `99999999999999999999`, `Time.fromStringToIso8601("", "SSS")`,
	} {
		f.Add(text)
	}
	for _, row := range append(examples(f, "Value"), examples(f, "Error")...) {
		f.Add(row[0])
	}
	f.Fuzz(func(t *testing.T, text string) {
		err := expression.Validate(text, everything)
		if problem, ok := err.(*expression.Error); err != nil && (!ok || problem.Reason == "" ||
			problem.Character < 0 || problem.Character > utf8.RuneCountInString(text)+1) {
			t.Errorf("the error has no reason, or a position outside the text: %+v", err)
		}
		value := valueOf(t, text)
		if again := valueOf(t, text); again != value {
			t.Errorf("%q and then %q", value, again)
		}
		if len(text) < expression.MaxLength-2 && !strings.Contains(text, `"`) {
			if got := valueOf(t, `"`+text+`"`); got != text {
				t.Errorf("the text %q has the value %q", text, got)
			}
		}
		if x, err := expression.Parse(text); err == nil {
			if _, err := x.Matches(subject); err != nil && !expression.IsError(err) {
				t.Error(err)
			}
		}
	})
}
