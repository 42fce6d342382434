package idp_test

import (
	"slices"
	"testing"

	"understudy/idp"
)

// The username format also applies to users who already have the app.
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
		_, err := w.UpdateAppSignOn(w.ctx(), w.admin, app.ID,
			idp.AppSignOn{UserNameFormat: format, UserNameTemplate: "String.toUpperCase(user.firstName)"})
		w.must(err)
		if au, err := w.AppUser(w.ctx(), app.ID, u.ID); err != nil || au.UserName != want {
			t.Errorf("%s: %q, want %q; %v", format, au.UserName, want, err)
		}
		if au, err := w.AppUser(w.ctx(), app.ID, w.user(noor).ID); err != nil || au.UserName != "noor-typed" {
			t.Errorf("%s: what was typed became %q; %v", format, au.UserName, err)
		}
	}
}

// A group attribute statement sends the names of the user's groups that its filter matches.
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
		on, err := w.SignOn(w.ctx(), in.Session, client,
			idp.SignOnRequest{App: app, Settings: idp.SAMLSettings{Attributes: []idp.AttributeStatement{c.statement}}})
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
