package expression_test

import (
	"strings"
	"testing"

	"understudy/idp/expression"
)

// A mistake is reported at the character where it is, with the name and with what to do.
func TestMistakesAreReportedAtTheirPosition(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`nonsense((`, "at character 11: the expression ends too early."},
		{`user.nope`, "at character 6: the user profile has no attribute nope."},
		{`user.firstname`, "at character 6: the user profile has no attribute firstname. Did you mean firstName?"},
		{`"ä" + user.emial`, "at character 12: the user profile has no attribute emial. Did you mean email?"},
		{`firstName`, "at character 1: “firstName” is not supported here. Did you mean user.firstName?"},
		{`usr.firstName`, "at character 1: “usr” is not supported here. Did you mean user?"},
		{`viewer`, "at character 1: “viewer” is not supported here. " +
			"Put texts in quotation marks. Names begin with user, appuser, app, org, session."},
		{`user`, "at character 1: “user” is not supported here. Write user. and the name of an attribute."},
		{`appuser.usertype`, "at character 9: the app user profile has no attribute usertype. Did you mean userType?"},
		{`app.labe`, "at character 5: the app has no attribute labe. Did you mean label?"},
		{`org.nme`, "at character 5: the org has no attribute nme. Did you mean name?"},
		{`session.id`, "at character 9: the session has no attribute id."},
		{`String.toLowercas(user.email)`, "at character 1: the function String.toLowercas is not supported. Did you mean String.toLowerCase?"},
		{`startsWith(user.email, "m")`, "at character 1: the function startsWith is not supported. Did you mean String.startsWith?"},
		{`user.email.lowercase()`, "at character 12: the method lowercase is not supported. Did you mean toLowerCase?"},
		{`user.email.length`, "at character 12: “length” is not supported: the value before it has no attributes. Write length()."},
		{`user.getLinkedObjects("manager")`, "at character 6: user has no method getLinkedObjects. Did you mean getLinkedObject?"},
		{`appuser.getInternalProperty("id")`, "at character 9: getInternalProperty is a method of user. Write user.getInternalProperty(…)."},
		{`user.getInternalProperty("idd")`, "at character 6: there is no internal property “idd”. " +
			"Use id, status, created, lastUpdated, lastLogin, statusChanged, passwordChanged."},
		{`String.len(user.email, 1)`, "at character 1: String.len takes 1 value, not 2."},
		{`user.email.replace("a")`, "at character 12: replace takes 2 values, not 1."},
		{`String.stringSwitch(user.city, "a", "b")`, "at character 1: String.stringSwitch takes 4 values or more, not 3."},
		{`String.stringSwitch(user.city, "a", "b", "c", "d")`, "at character 1: " +
			"String.stringSwitch takes a text, a default, and pairs of key and value."},
		{`user.city = "Oslo"`, "at character 11: “=” is not expected here. Compare with ==."},
		{`“text”`, "at character 1: ““” is not expected here. Use straight quotation marks: \" or '."},
		{`user.city ? "a" : "b"`, "at character 6: “user.city” is not a condition. Compare it with == or !=."},
		{`user.city == "a" AND user.city`, "at character 27: “user.city” is not a condition. Compare it with == or !=."},
		{`user.city == "a" ? "b"`, "at character 23: a “:” with the other value is missing. Write condition ? value : other value."},
		{`String.toUpperCase`, "at character 19: the parentheses of String.toUpperCase are missing. Write String.toUpperCase(…)."},
		{`user.`, "at character 6: the expression ends too early."},
		{`{1, 2`, "at character 6: a closing curly bracket is missing."},
		{`{1}[0`, "at character 6: a closing square bracket is missing."},
		{`Time.now("Mars/North")`, "at character 1: there is no time zone “Mars/North”."},
		{`Time.now("UTC", "yyyy 'x")`, "at character 1: the time format is not supported. Use a format such as yyyy-MM-dd HH:mm:ss."},
		{`isMemberOfGroupNameRegex("(")`, "at character 1: “(” is not a regular expression."},
		{`getFilteredGroups({"a"}, "user.login", 1)`, "at character 1: the expression for groups is not valid " +
			"at character 1: “user” is not supported here. Put texts in quotation marks. Names begin with group."},
		{`getFilteredGroups({"a"}, "` + strings.Repeat("(", 101) + `", 1)`, "at character 1: the expression for groups is not valid " +
			"at character 101: the expression is nested too deeply. Split it, or use fewer parentheses."},
	} {
		if err := expression.Validate(c.text, everything); err == nil || err.Error() != c.want {
			t.Errorf("%s\n got %v\nwant %s", c.text, err, c.want)
		}
	}
}

// A place has only some of the names and functions.
func TestPlacesDiffer(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`appuser.userName == "a"`, "at character 1: “appuser” is not supported here. Put texts in quotation marks. Names begin with user."},
		{`org.name == "a"`, "at character 1: “org” is not supported here. Put texts in quotation marks. Names begin with user."},
		{`Time.now() == "a"`, "at character 1: the function Time.now is not supported in a group rule."},
		{`Convert.toInt(user.zipCode) > 9`, "at character 1: the function Convert.toInt is not supported in a group rule."},
		{`user.city`, "at character 6: “user.city” is not a condition. Compare it with == or !=."},
		{`"yes"`, "at character 1: “\"yes\"” is not a condition. Compare it with == or !=."},
		{`user.city == "a" ? "b" : "c"`, "at character 18: “user.city == \"a\" ? \"b\" : \"c\"” is not a condition. Compare it with == or !=."},
	} {
		if err := expression.Validate(c.text, rule); err == nil || err.Error() != c.want {
			t.Errorf("%s\n got %v\nwant %s", c.text, err, c.want)
		}
	}
	if err := expression.Validate(`appuser.userName`, expression.Place{}); err == nil {
		t.Error("a username format can name the app user")
	}
}
