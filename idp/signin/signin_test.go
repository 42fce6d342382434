package signin_test

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"understudy/idp"
	"understudy/idp/internal/orgtest"
	"understudy/idp/signin"
)

// open serves the starter org with the sign-in pages.
func open(t *testing.T, o signin.Options) *orgtest.Lab {
	t.Helper()
	return orgtest.Open(t, orgtest.Starter(), idp.Options{}, func(e *echo.Echo) { signin.Register(e, o) })
}

// newPassword fills the forms that ask for a new password.
var newPassword = orgtest.Values{"New password": "Fresh-Start-1", "Repeat password": "Fresh-Start-1"}

// signInWith submits the sign-in form of page.
func signInWith(page *orgtest.Page, login, password string) *orgtest.Page {
	return page.Submit("Sign in", orgtest.Values{"Username": login, "Password": password})
}

func TestUnknownUsernameAndWrongPasswordGetTheSameResponse(t *testing.T) {
	lab := open(t, signin.Options{})
	unknown := signInWith(lab.Browser(t).Get("/"), "nobody@example.com", orgtest.Password)
	wrong := signInWith(lab.Browser(t).Get("/"), orgtest.EvaLogin, "Wrong-2026")
	for _, page := range []*orgtest.Page{unknown, wrong} {
		page.Want(http.StatusUnauthorized, "Sign In", "Unable to sign in")
		if !strings.HasPrefix(page.Doc.Find("title").Text(), "[Training] Error: Sign In") {
			t.Errorf("title %q", page.Doc.Find("title").Text())
		}
		if strings.Contains(page.Body, "2026\"") {
			t.Error("the page holds a password")
		}
	}
	if got := wrong.Field("Username"); got != orgtest.EvaLogin {
		t.Errorf("the Username field holds %q after the error", got)
	}
	withoutName := func(p *orgtest.Page, name string) string { return strings.ReplaceAll(p.Body, name, "") }
	if withoutName(unknown, "nobody@example.com") != withoutName(wrong, orgtest.EvaLogin) {
		t.Error("the responses to an unknown username and a wrong password differ")
	}
	log, err := lab.Org.Log(t.Context(), idp.LogQuery{Text: `eventType eq "user.session.start"`})
	if err != nil || len(log.Events) != 2 {
		t.Fatalf("%d events, %v", len(log.Events), err)
	}
	for i, want := range []string{"INVALID_CREDENTIALS", "VERIFICATION_ERROR"} {
		if o := log.Events[i].Outcome; o.Result != "FAILURE" || o.Reason == nil || *o.Reason != want {
			t.Errorf("event %d: %+v, want %s", i, o, want)
		}
	}
}

func TestEmptyFieldsAreMarked(t *testing.T) {
	lab := open(t, signin.Options{})
	signInWith(lab.Browser(t).Get("/"), "", "").
		Want(http.StatusUnprocessableEntity, "Please enter a username", "Please enter a password")
}

func TestAllowNameRefusesUsernames(t *testing.T) {
	lab := open(t, signin.Options{AllowName: func(name string) error {
		if strings.HasSuffix(name, "@example.com") {
			return nil
		}
		return errors.New("not an example name")
	}})
	signInWith(lab.Browser(t).Get("/"), "somebody@company.com", "secret").
		Want(http.StatusUnprocessableEntity, "This value is not accepted.")
	signInWith(lab.Browser(t).Get("/"), orgtest.EvaLogin, orgtest.Password).Want(http.StatusOK, "My Apps")
	lab.Browser(t).Get("/signin/forgot-password").Submit("Reset via Email", orgtest.Values{"Email or Username": "a@company.com"}).
		Want(http.StatusUnprocessableEntity, "This value is not accepted.")
}

func TestFromURILeadsOnlyToPagesOfTheHalf(t *testing.T) {
	lab := open(t, signin.Options{})
	for from, want := range map[string]string{
		"/enduser/settings":                       "/okta/demo/enduser/settings",
		"http://evil.test/":                       "/okta/demo/app/UserHome",
		"//evil.test":                             "/okta/demo/app/UserHome",
		"/login/login.htm":                        "/okta/demo/app/UserHome",
		lab.URL + "/okta/demo~2/app/UserHome?q=x": "/okta/demo/app/UserHome",
	} {
		page := signInWith(lab.Browser(t).Get("/login/login.htm?"+url.Values{"fromURI": {from}}.Encode()), orgtest.EvaLogin,
			orgtest.Password)
		if page.Status != http.StatusOK || page.URL.Path != want {
			t.Errorf("fromURI %q led to %s (%d)", from, page.URL, page.Status)
		}
	}
}

func TestSignInNamesTheAppAndReturnsToTheApp(t *testing.T) {
	lab := open(t, signin.Options{AppOf: func(_ context.Context, from string) (idp.App, bool) {
		return idp.App{ID: "0oa1", Label: "Sigma on AWS"}, strings.HasPrefix(from, "/app/sigma")
	}})
	page := lab.Browser(t).Get("/login/login.htm?fromURI=%2Fapp%2Fsigma%2Fexk1%2Fsso%2Fsaml%3FSAMLRequest%3Da%252Bb")
	page.Want(http.StatusOK, "to access Sigma on AWS")
	after := signInWith(page, orgtest.EvaLogin, orgtest.Password)
	if after.URL.Path != "/okta/demo/app/sigma/exk1/sso/saml" || after.URL.RawQuery != "SAMLRequest=a%2Bb" {
		t.Errorf("led to %s", after.URL)
	}
}

func TestSessionsEndAtSignOutAndAreSeparateByWindow(t *testing.T) {
	lab := open(t, signin.Options{})
	eva := lab.SignedIn(t, orgtest.EvaLogin)
	if page := eva.Get("/login/login.htm"); page.URL.Path != "/okta/demo/app/UserHome" {
		t.Errorf("a signed-in person is asked for credentials at %s", page.URL)
	}
	eva.Get("/login/login.htm?prompt=login").Want(http.StatusOK, "Sign In")
	eva.Base = "/okta/demo~2"
	eva.Get("/app/UserHome").Want(http.StatusOK, "Sign In")
	eva.Base = "/okta/demo"
	eva.Get("/app/UserHome").Click("Sign out").Want(http.StatusOK, "Sign In")
	eva.Get("/app/UserHome").Want(http.StatusOK, "Sign In")
}

func TestExpiredPasswordMustBeChanged(t *testing.T) {
	seed := orgtest.Starter()
	seed.Users = append(seed.Users, idp.SeedUser{FirstName: "Bob", LastName: "Birch", Login: "bob@example.com",
		Email:    "bob@example.com",
		Password: orgtest.Password, ChangePassword: true})
	lab := orgtest.Open(t, seed, idp.Options{}, func(e *echo.Echo) { signin.Register(e, signin.Options{}) })
	page := signInWith(lab.Browser(t).Get("/login/login.htm?fromURI=%2Fenduser%2Fsettings"), "bob@example.com", orgtest.Password)
	page.Want(http.StatusOK, "Your password has expired", "At least 8 characters")
	again := page.Submit("Change password", orgtest.Values{"New password": "Fresh-Start-1", "Repeat password": "Fresh-Start-2"})
	again.Want(http.StatusUnprocessableEntity, "New passwords must match")
	weak := again.Submit("Change password", orgtest.Values{"New password": "abc", "Repeat password": "abc"})
	weak.Want(http.StatusUnprocessableEntity, "Password requirements were not met")
	if strings.Contains(weak.Body, "Fresh-Start") {
		t.Error("the page holds a typed password")
	}
	done := weak.Submit("Change password", newPassword)
	done.Want(http.StatusOK, "Settings")
	signInWith(lab.Browser(t).Get("/"), "bob@example.com", orgtest.Password).Want(http.StatusUnauthorized, "Unable to sign in")
	signInWith(lab.Browser(t).Get("/"), "bob@example.com", "Fresh-Start-1").Want(http.StatusOK, "My Apps")
	lab.Browser(t).Get("/login/change-password").Want(http.StatusOK, "Sign In")
}

func TestForgottenPasswordIsResetByEmailedLink(t *testing.T) {
	lab := open(t, signin.Options{})
	page := lab.Browser(t).Get("/").Click("Forgot password?")
	sent := page.Submit("Reset via Email", orgtest.Values{"Email or Username": orgtest.EvaLogin})
	sent.Want(http.StatusOK, "Okta sent a link to reset the password")
	nobody := page.Submit("Reset via Email", orgtest.Values{"Email or Username": "nobody@example.com"})
	if strings.ReplaceAll(nobody.Body, "nobody@example.com", "") != strings.ReplaceAll(sent.Body, orgtest.EvaLogin, "") {
		t.Error("the response reveals whether the username exists")
	}
	link := lab.MailedLink(t, "/signin/reset-password/")
	b := lab.Browser(t)
	b.Get(link).Want(http.StatusOK, "Reset your password").Submit("Reset password", newPassword).Want(http.StatusOK)
	b.Get(link).Want(http.StatusForbidden, "This link is no longer valid")
	signInWith(lab.Browser(t).Get("/"), orgtest.EvaLogin, "Fresh-Start-1").Want(http.StatusOK, "My Apps")
}

func TestUnlockAccountSaysWhoUnlocks(t *testing.T) {
	lab := open(t, signin.Options{})
	lab.Browser(t).Get("/").Click("Unlock account?").Want(http.StatusOK, "Unlock account", "Ask your Okta administrator")
}

func TestActivationLinkSetsTheFirstPassword(t *testing.T) {
	lab := open(t, signin.Options{})
	_, err := lab.Org.CreateUser(lab.Context(t), idp.System(idp.Client{}), idp.NewUser{Activate: true,
		EmailBase: lab.URL + "/okta/demo",
		Profile:   idp.Profile{"firstName": "Bo", "lastName": "Birch", "login": "bo@example.com", "email": "bo@example.com"}})
	if err != nil {
		t.Fatal(err)
	}
	link := lab.MailedLink(t, "/welcome/")
	lab.Browser(t).Get(link).Want(http.StatusOK, "Welcome, Bo").
		Submit("Create my account", newPassword).Want(http.StatusOK)
	signInWith(lab.Browser(t).Get("/"), "bo@example.com", "Fresh-Start-1").Want(http.StatusOK, "My Apps")
	lab.Browser(t).Get("/welcome/nonsense").Want(http.StatusForbidden, "This link is no longer valid")
}

func TestSettingsSaveOnlyEditableAttributes(t *testing.T) {
	lab := open(t, signin.Options{})
	eva := lab.SignedIn(t, orgtest.EvaLogin)
	form := eva.Get("/enduser/settings").Want(http.StatusOK, "Personal Information", "Eva").Click("Edit")
	form.Submit("Save", orgtest.Values{"First name": ""}).Want(http.StatusUnprocessableEntity)
	form.Submit("Save", orgtest.Values{"First name": "Evelyn", "Mobile phone": "555 0100"}).
		Want(http.StatusOK, "was updated", "Evelyn", "555 0100")
	user, err := lab.Org.User(t.Context(), orgtest.EvaLogin)
	if err != nil || user.FirstName() != "Evelyn" || user.Login() != orgtest.EvaLogin {
		t.Errorf("%+v, %v", user.Profile, err)
	}
	// Attributes that the page does not offer for editing are ignored in a form.
	eva.Post("/enduser/settings/personal", url.Values{"firstName": {"Evelyn"}, "lastName": {"Ember"},
		"login": {"root@example.com"}, "email": {"root@example.com"}})
	user, err = lab.Org.User(t.Context(), user.ID)
	if err != nil || user.Login() != orgtest.EvaLogin || user.Email() != orgtest.EvaLogin {
		t.Errorf("%+v, %v", user.Profile, err)
	}
	change := eva.Get("/enduser/settings").Click("Change password")
	submit := func(current string) *orgtest.Page {
		values := maps.Clone(newPassword)
		values["Current password"] = current
		return change.Submit("Change password", values)
	}
	submit("wrong").Want(http.StatusUnprocessableEntity)
	submit(orgtest.Password).Want(http.StatusOK, "Your password was changed")
}
