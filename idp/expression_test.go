package idp_test

import (
	"slices"
	"strings"
	"testing"

	"understudy/idp"
)

func TestExpression(t *testing.T) {
	w := open(t)
	app, u := w.app("Sigma on AWS"), w.user(maya)
	for expression, want := range map[string]string{
		`user.firstName`:                           "Maya",
		` user.firstName `:                         "Maya",
		`user.firstName + " " + user.lastName`:     "Maya Rivers",
		`user.firstName+user.lastName`:             "MayaRivers",
		`"viewer"`:                                 "viewer",
		`'viewer'`:                                 "viewer",
		`"a + b, (c)"`:                             "a + b, (c)",
		`"it's"`:                                   "it's",
		`appuser.userName`:                         maya,
		`String.toLowerCase(user.firstName)`:       "maya",
		`String.toUpperCase(user.firstName + "é")`: "MAYAÉ",
		`String.substringBefore(user.email, "@")`:  "maya.rivers",
		`String.substringAfter(user.email, "@")`:   "lab.example",
		`String.substringAfter(user.email, "#")`:   "",
		`String.substringBefore(user.email, "#")`:  maya,
		`String.toUpperCase(String.substringBefore(user.email, ".")) + "-1"`:          "MAYA-1",
		`String.substringBefore(String.substringAfter(user.email, "@"), ".") + "(,)"`: "lab(,)",

		// What is not known is empty, and leaves the rest as it is.
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
		t.Run(expression, func(t *testing.T) {
			got, err := w.PreviewMapping(w.ctx(), app.ID, expression, u.ID)
			if err != nil || got != want {
				t.Errorf("%q, want %q; %v", got, want, err)
			}
		})
	}
}

// The format of the application username decides what the app is told, for those who have it already too.
func TestUserNameFormats(t *testing.T) {
	w := open(t)
	app, u := w.app("Sigma on AWS"), w.user(maya)
	_, err := w.UpdateProfile(w.ctx(), w.admin, u.ID, idp.Profile{"email": "m.rivers@post.example"})
	w.must(err)
	_, err = w.AssignUser(w.ctx(), w.admin, app.ID, u.ID, given())
	w.must(err)
	_, err = w.AssignUser(w.ctx(), w.admin, app.ID, w.user(noor).ID, idp.Assignment{UserName: "noor-typed"})
	w.must(err)
	for format, want := range map[string]string{
		"login": maya, "login_prefix": "maya.rivers", "email": "m.rivers@post.example", "email_prefix": "m.rivers", "custom": "MAYA", "none": "",
	} {
		_, err := w.UpdateAppSignOn(w.ctx(), w.admin, app.ID, idp.AppSignOn{UserNameFormat: format, UserNameTemplate: "String.toUpperCase(user.firstName)"})
		w.must(err)
		if au, err := w.AppUser(w.ctx(), app.ID, u.ID); err != nil || au.UserName != want {
			t.Errorf("%s: %q, want %q; %v", format, au.UserName, want, err)
		}
		if au, err := w.AppUser(w.ctx(), app.ID, w.user(noor).ID); err != nil || au.UserName != "noor-typed" {
			t.Errorf("%s: what was typed became %q; %v", format, au.UserName, err)
		}
	}
}

// Group statements send the names of those of the person's groups that the filter matches.
func TestGroupStatements(t *testing.T) {
	w := open(t)
	app, u := w.app("Sigma on AWS"), w.user(maya) // in Everyone, Authors and Viewers
	_, err := w.AssignUser(w.ctx(), w.admin, app.ID, u.ID, given("userType", "author"))
	w.must(err)
	in := w.signIn(maya, password)
	for _, c := range []struct {
		statement idp.AttributeStatement
		want      []string
	}{
		{idp.AttributeStatement{Filter: "STARTS_WITH", FilterValue: "View"}, []string{"Viewers"}},
		{idp.AttributeStatement{Filter: "EQUALS", FilterValue: "Viewers"}, []string{"Viewers"}},
		{idp.AttributeStatement{Filter: "EQUALS", FilterValue: "View"}, nil},
		{idp.AttributeStatement{Filter: "CONTAINS", FilterValue: "er"}, []string{"Everyone", "Viewers"}}, // Authors has no "er"
		{idp.AttributeStatement{Filter: "REGEX", FilterValue: "(View|Auth).*"}, []string{"Authors", "Viewers"}},
		{idp.AttributeStatement{Filter: "REGEX", FilterValue: "View"}, nil}, // of the whole name
		{idp.AttributeStatement{Filter: "REGEX", FilterValue: "("}, nil},
		{idp.AttributeStatement{Value: "appuser.userType"}, []string{"author"}},
		{idp.AttributeStatement{Value: "user.shoeSize"}, nil},
	} {
		c.statement.Name = "x"
		on, err := w.SignOn(w.ctx(), in.Session, client, idp.SignOnRequest{App: app, Settings: idp.SAMLSettings{Attributes: []idp.AttributeStatement{c.statement}}})
		w.must(err)
		var got []string
		for _, s := range on.Statements {
			got = append(got, s.Values...)
		}
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%+v sends %q, want %q", c.statement, got, c.want)
		}
	}
}

// Whatever is typed as an expression has a value; one quoted text is itself.
func FuzzExpression(f *testing.F) {
	for _, expression := range []string{
		`user.firstName + " " + user.lastName`, `String.substringBefore(user.email, "@")`, `String.toUpperCase(String.toLowerCase("É"))`,
		`'`, `"`, `)+(`, `String.toLowerCase(`, `String.substringAfter(,)`, "String.x(\n)", `appuser.userName+`, "\xff\"+\xfe",
	} {
		f.Add(expression)
	}
	w := open(f)
	app, u := w.app("Sigma on AWS"), w.user(maya)
	f.Fuzz(func(t *testing.T, expression string) {
		preview := func(expression string) string {
			got, err := w.PreviewMapping(t.Context(), app.ID, expression, u.ID)
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		value := preview(expression)
		if again := preview(expression); again != value {
			t.Errorf("%q and then %q", value, again)
		}
		if !strings.ContainsAny(expression, `"`) {
			if got := preview(`"` + expression + `"`); got != expression {
				t.Errorf("the text %q is %q", expression, got)
			}
		}
	})
}
