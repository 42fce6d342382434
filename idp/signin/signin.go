package signin

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"understudy/idp"
	"understudy/idp/web"
	"understudy/seed/base/attempt"
	"understudy/seed/base/problem"
	"understudy/ui/okta"
)

// credentials holds the fields of the sign-in form.
type credentials struct {
	Username string `form:"username"`
	Password string `form:"password"`
	Remember bool   `form:"remember"`
	FromURI  string `form:"fromURI"`
	Prompt   string `form:"prompt"`
}

// signInPage shows the sign-in form. A signed-in person is redirected at once, unless prompt=login asks for credentials
// again.
func (r *request) signInPage() error {
	form := credentials{FromURI: r.QueryParam("fromURI"), Prompt: r.QueryParam("prompt")}
	if r.session != nil && form.Prompt != "login" {
		return r.Redirect(http.StatusFound, r.address.Path(r.destination(form.FromURI)))
	}
	if form.Username = r.QueryParam(web.LoginHint); form.Username == "" && r.session != nil {
		form.Username = r.session.User.Login()
	}
	return web.Render(r.Context, http.StatusOK, okta.SignIn(r.signInForm(form)))
}

// signIn checks the credentials. Every wrong username or password gets the same message, "Unable to sign in", so that the
// page does not reveal which usernames exist.
func (r *request) signIn() error {
	var form credentials
	if err := web.BindForm(r.Context, &form); err != nil {
		return err
	}
	form.Username = strings.TrimSpace(form.Username)
	view := r.signInForm(form)
	if err := form.check(r.options.AllowName); err != nil {
		view.Errors = okta.ErrorsOf(err)
		return web.Render(r.Context, http.StatusUnprocessableEntity, okta.SignIn(view))
	}
	result, err := r.org.Authenticate(r.ctx(), web.Client(r.Context), form.Username, form.Password, r.targetApp(form.FromURI))
	if errors.Is(err, attempt.ErrTooMany) {
		view.Errors = okta.ErrorsOf(err)
		return web.Render(r.Context, http.StatusTooManyRequests, okta.SignIn(view))
	}
	if err != nil {
		return err
	}
	switch result.Outcome {
	case idp.SignedIn:
		return r.signedIn(result.Session, form.Remember, form.FromURI)
	case idp.MustChangePassword:
		web.SetCookie(r.Context, stateCookie, result.StateToken, 0)
		return r.seeOther("/login/change-password" + fromQuery(form.FromURI))
	}
	view.BadCredentials = true
	return web.Render(r.Context, http.StatusUnauthorized, okta.SignIn(view))
}

// check validates the form before the credentials are checked. allow may be nil.
func (f credentials) check(allow func(string) error) error {
	var c problem.Check
	c.Require(f.Username != "", "username", "Please enter a username")
	c.Require(f.Password != "", "password", "Please enter a password")
	if f.Username != "" && allow != nil {
		if err := allow(f.Username); err != nil {
			c.Require(false, "username", web.ErrorText(err))
		}
	}
	return c.Err()
}

// signedIn gives the browser its session and redirects to the page that the person asked for.
func (r *request) signedIn(session idp.Session, remember bool, fromURI string) error {
	web.ClearCookie(r.Context, stateCookie)
	web.SetSession(r.Context, session, remember)
	to := r.destination(fromURI)
	if session.Admin && strings.HasPrefix(to, "/admin/") {
		if err := r.org.AccessAdminApp(r.ctx(), session.Actor(web.Client(r.Context))); err != nil {
			return err
		}
	}
	return r.seeOther(to)
}

// destination returns the path to open after sign-in: fromURI when it is a page of this half, else My Apps. It never
// returns the sign-in page, which would redirect in a loop.
func (r *request) destination(fromURI string) string {
	to, ok := web.LocalPath(r.address, fromURI)
	if !ok || to == "/" || strings.HasPrefix(to, "/login/") {
		return web.HomePath
	}
	return to
}

// targetApp returns the app that a fromURI leads to; nil for none.
func (r *request) targetApp(fromURI string) *idp.App {
	to, ok := web.LocalPath(r.address, fromURI)
	if !ok || r.options.AppOf == nil {
		return nil
	}
	app, ok := r.options.AppOf(r.ctx(), to)
	if !ok {
		return nil
	}
	return &app
}

// signInForm returns the view of the sign-in page with the typed values, but never the password.
func (r *request) signInForm(form credentials) okta.SignInForm {
	view := okta.SignInForm{
		Frame:      r.frame("Sign In"),
		Action:     r.address.Path("/login/login.htm"),
		Username:   form.Username,
		Remember:   form.Remember,
		FromURI:    form.FromURI,
		Prompt:     form.Prompt,
		ForgotPath: r.address.Path("/signin/forgot-password"),
		UnlockPath: r.address.Path("/signin/unlock"),
		HelpPath:   r.address.Path("/help/login"),
	}
	if app := r.targetApp(form.FromURI); app != nil {
		view.App = app.Label
	} else if to, ok := web.LocalPath(r.address, form.FromURI); ok && (to == "/admin" || strings.HasPrefix(to, "/admin/")) {
		view.App = "Okta Admin Console"
	}
	return view
}

// helpPage is "Need help signing in?".
func (r *request) helpPage() error {
	return web.Render(r.Context, http.StatusOK, okta.SignInHelp(r.helpView("Need help signing in?")))
}

// unlockPage is "Unlock account?".
func (r *request) unlockPage() error {
	return web.Render(r.Context, http.StatusOK, okta.UnlockAccount(r.helpView("Unlock account")))
}

func (r *request) helpView(title string) okta.SignInHelpPage {
	return okta.SignInHelpPage{
		Frame:      r.frame(title),
		SignInPath: r.address.Path("/login/login.htm"),
		ForgotPath: r.address.Path("/signin/forgot-password"),
	}
}

// signOutPage asks for confirmation, because a link must not end a session; only the form does.
func (r *request) signOutPage() error {
	if r.session == nil {
		return r.Redirect(http.StatusFound, r.address.Path("/login/login.htm"))
	}
	return web.Render(r.Context, http.StatusOK, okta.SignOut(okta.SignOutPage{
		Frame:  r.frame("Sign out"),
		Name:   r.session.User.Name(),
		Action: r.address.Path("/login/signout"),
		Cancel: r.address.Path(web.HomePath),
	}))
}

// signOut ends the session of this browser window. Then the browser visits the apps that take part in single logout.
func (r *request) signOut() error {
	if r.session == nil {
		web.ClearSession(r.Context)
		return r.seeOther("/login/login.htm")
	}
	begun, err := r.org.BeginLogout(r.ctx(), r.actor(), web.SessionToken(r.Context), idp.Logout{})
	if err != nil {
		return err
	}
	web.ClearSession(r.Context)
	if begun.ID == "" {
		return r.seeOther("/login/login.htm")
	}
	return r.seeOther(web.LogoutPath + begun.ID)
}

// fromQuery returns the query that passes a fromURI to the next page; "" when there is none.
func fromQuery(fromURI string) string {
	if fromURI == "" {
		return ""
	}
	return "?" + url.Values{"fromURI": {fromURI}}.Encode()
}
