package console_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"understudy/idp"
	"understudy/idp/internal/orgtest"
	"understudy/seed/base/waittest"
)

// leila is the user about whom the expressions of these tests are evaluated.
const leila = "leila.haddad@brightwater.example"

// expressionForm is a form that takes an expression.
type expressionForm struct {
	name   string
	open   func() *orgtest.Page
	field  string         // label of the expression
	others orgtest.Values // what else the form needs
	save   string         // label of the button
	saved  string         // on the page after the form
	rule   bool           // the expression is a condition
}

// expressionForms lists every form that takes an expression. TestEvaluationsAreListed in package idp fails when the org
// evaluates an expression from elsewhere.
func expressionForms(s *provisioning) []expressionForm {
	mapping := func() *orgtest.Page { return s.page("provisioning").Row("Display name").Click("Edit") }
	signOn := func() *orgtest.Page { return s.page("sign-on").Click("Edit") }
	newRule := func() *orgtest.Page { return s.admin.Get("/admin/groups/rules/new") }
	condition := orgtest.Values{"Name": "By expression", "Use Okta Expression Language (advanced)": "on", "Marketing": "on"}
	return []expressionForm{
		{"mapping", mapping, "Attribute value", nil, "Save", "The mapping of Display name was saved.", false},
		{"preview of a mapping", mapping, "Attribute value",
			orgtest.Values{"Preview with a person": "Leila Haddad (" + leila + ")"}, "Preview", "Preview:", false},
		{"username format", signOn, "Custom username expression", orgtest.Values{"Application username format": "Custom"},
			"Save", "The sign-on settings were saved.", false},
		{"attribute statement", signOn, "Value", orgtest.Values{"Name": "statement"}, "Save", "The sign-on settings were saved.", false},
		{"attribute statement of a new app", func() *orgtest.Page {
			return s.admin.Get("/admin/apps/create/saml").Submit("Next", orgtest.Values{"App name": "Ticket desk"})
		}, "Value", orgtest.Values{"Name": "statement", "Single sign-on URL": "https://desk.example/saml",
			"Audience URI (SP Entity ID)": "desk"}, "Finish", "Ticket desk", false},
		{"group rule", newRule, "Expression", condition, "Save", "The rule By expression was saved.", true},
		{"preview of a group rule", newRule, "Expression", with(condition, "Preview with a person", leila), "Preview", "match", true},
		{"changed group rule", func() *orgtest.Page {
			return s.admin.Get("/admin/groups/rules").Row("Old rule").Click("Edit")
		}, "Expression", orgtest.Values{"Use Okta Expression Language (advanced)": "on"}, "Save", "The rule Old rule was saved.", true},
	}
}

// openExpressions opens an org with Leila, an app with provisioning, and an inactive group rule.
func openExpressions(t *testing.T) *provisioning {
	t.Helper()
	s := openProvisioning(t)
	s.enable()
	_, err := s.lab.Org.CreateUser(s.lab.Context(t), idp.System(idp.Client{}), idp.NewUser{Profile: idp.Profile{
		"login": leila, "email": leila, "firstName": "Leila", "lastName": "Haddad"}, Password: orgtest.Password, Activate: true})
	if err != nil {
		t.Fatal(err)
	}
	s.admin.Get("/admin/groups/rules/new").Submit("Save", orgtest.Values{"Name": "Old rule", "User attribute": "Last name",
		"Comparison": "equals", "Value": "Haddad", "Marketing": "on"}).Want(http.StatusOK, "The rule Old rule was saved.")
	return s
}

// submit enters an expression and presses the button.
func (f expressionForm) submit(text string) *orgtest.Page {
	return f.open().Submit(f.save, with(f.others, f.field, text))
}

// Every form refuses an expression that it does not understand: at the field, with the position, and with the typed text
// still there.
func TestEveryFormRefusesWrongExpressions(t *testing.T) {
	s := openExpressions(t)
	for _, form := range expressionForms(s) {
		for text, want := range map[string]string{
			`nonsense((`:                       "not valid at character 11: the expression ends too early.",
			`user.nope`:                        "not valid at character 6: the user profile has no attribute nope.",
			`user.login + String.reverse("a")`: "not valid at character 14: the function String.reverse is not supported.",
			`String.toUpper(user.login)`:       "Did you mean String.toUpperCase?",
			`user.firstname`:                   "Did you mean firstName?",
			`user.login = "x"`:                 "not valid at character 12: “=” is not expected here. Compare with ==.",
			`"open`:                            "not valid at character 1: a closing quotation mark is missing.",
			`String.len()`:                     "String.len takes 1 value, not 0.",
			strings.Repeat("a", 4001):          "The expression is not valid: the expression is too long. Use at most 4000 characters.",
			strings.Repeat("(", 101) + "1":     "not valid at character 101: the expression is nested too deeply.",
			strings.Repeat("String.toLowerCase(", 20_000): "the expression is too long",
		} {
			var page *orgtest.Page
			used := waittest.CPU(t, func() {
				page = form.submit(text).Want(http.StatusUnprocessableEntity, "The expression is not valid", want)
			})
			if got := page.Field(form.field); got != text {
				t.Errorf("%s lost the expression %.40s; its field holds %.40q", form.name, text, got)
			}
			// Without limits, the longest uses minutes.
			if used > 10*time.Second {
				t.Errorf("%s used %s of processor time for %.40s", form.name, used, text)
			}
		}
		if form.rule {
			form.submit("user.login").Want(http.StatusUnprocessableEntity, "“user.login” is not a condition")
		}
	}
}

// Every form accepts what people use with real orgs, and gives it the value that it has there.
func TestEveryFormAcceptsKnownExpressions(t *testing.T) {
	for text, value := range map[string]string{
		`substring(user.firstName, 0, 1) + user.lastName`:                                               "LHaddad",
		`"XDOMAIN" + toLowerCase(substring( user.firstName, 0, 1)) + toLowerCase(user.lastName)`:        "XDOMAINlhaddad",
		`String.substring(user.firstName, 0, 1) + user.lastName`:                                        "LHaddad",
		`String.replace(user.email, "brightwater", "x")`:                                                "leila.haddad@x.example",
		`String.stringContains(user.email, "@") ? String.substringBefore(user.email, "@") : user.email`: "leila.haddad",
		`user.nickName ?: user.firstName`:                                                               "Leila",
		`"CORP\" + user.login.substringBefore("@").toUpperCase()`:                                       `CORP\LEILA.HADDAD`,
		`isMemberOfGroupName("Everyone") AND user.department == null ? "everyone" : "nobody"`:           "everyone",
	} {
		t.Run(value, func(t *testing.T) {
			s := openExpressions(t)
			for _, form := range expressionForms(s) {
				typed := text
				if form.rule {
					typed = "(" + text + `) == "` + value + `"`
				}
				form.submit(typed).Want(http.StatusOK, form.saved)
			}
			s.admin.Get("/admin/groups/rules").Click("By expression").
				Submit("Preview", orgtest.Values{"Preview with a person": leila}).Want(http.StatusOK, "Leila Haddad matches this rule.")
			s.page("provisioning").Row("Display name").Click("Edit").
				Submit("Preview", orgtest.Values{"Preview with a person": "Leila Haddad (" + leila + ")"}).Want(http.StatusOK, "Preview: "+value)
			s.page("assignments/people").Row("Leila Haddad").Click("Assign").Submit("Save and Go Back", nil)
			s.page("assignments").Row("Leila Haddad").Want(http.StatusOK, value)
			xml := s.page("sign-on").Click("Preview SAML").Field("SAML response")
			if !strings.Contains(xml, ">"+value+"</saml2:AttributeValue>") || !strings.Contains(xml, ">"+value+"</saml2:NameID>") {
				t.Errorf("the statement or the username is not %s:\n%s", value, xml)
			}
		})
	}
}

// The preview says why an expression has no value for a person.
func TestPreviewExplainsMissingValues(t *testing.T) {
	s := openExpressions(t)
	person := orgtest.Values{"Preview with a person": "Leila Haddad (" + leila + ")"}
	form := s.page("provisioning").Row("Display name").Click("Edit")
	form.Submit("Preview", with(person, "Attribute value", `Convert.toInt(user.lastName)`)).Want(http.StatusUnprocessableEntity,
		"The expression has no value for Leila Haddad at character 1: “Haddad” is not a number.")
	form.Submit("Preview", with(person, "Attribute value", "")).Want(http.StatusOK)
	rule := orgtest.Values{"Name": "By expression", "Use Okta Expression Language (advanced)": "on", "Marketing": "on",
		"Preview with a person": leila, "Expression": `user.lastName > 5`}
	s.admin.Get("/admin/groups/rules/new").Submit("Preview", rule).Want(http.StatusUnprocessableEntity,
		"The expression has no value for Leila Haddad at character 15: “Haddad” is not a number.")
}
