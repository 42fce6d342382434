package signin

import (
	"net/http"

	"understudy/idp"
	"understudy/idp/web"
	"understudy/seed/base/problem"
	"understudy/ui/kit"
	"understudy/ui/okta"
)

// stateCookie holds the state token: the browser gave the expired password and may now choose a new one.
const stateCookie = "okta_state"

// newPassword holds the fields of the forms that ask for a new password. Only Settings asks for the old one.
type newPassword struct {
	Old      string `form:"oldPassword"`
	Password string `form:"newPassword"`
	Repeat   string `form:"repeatPassword"`
	FromURI  string `form:"fromURI"`
}

// changePasswordPage asks a person whose password has expired for a new one.
func (r *request) changePasswordPage() error {
	user, ok, err := r.stateUser()
	if err != nil || !ok {
		return err
	}
	view, err := r.newPasswordForm("/login/change-password", r.QueryParam("fromURI"))
	if err != nil {
		return err
	}
	view.Username = user.Login()
	kit.SetPageState(r.Response().Header(), user.Login())
	return web.Render(r.Context, http.StatusOK, okta.NewPassword(view))
}

// replacePassword saves the new password and completes the sign-in.
func (r *request) replacePassword() error {
	var form newPassword
	if err := web.BindForm(r.Context, &form); err != nil {
		return err
	}
	user, ok, err := r.stateUser()
	if err != nil || !ok {
		return err
	}
	result, err := r.org.ReplacePassword(r.ctx(), web.Client(r.Context), r.stateToken(), form.Password, form.Repeat)
	if err == nil {
		return r.afterPassword(result, form.FromURI)
	}
	if !problem.Is(err, problem.Invalid) {
		return err
	}
	view, viewErr := r.newPasswordForm("/login/change-password", form.FromURI)
	if viewErr != nil {
		return viewErr
	}
	view.Username = user.Login()
	view.Errors = okta.ErrorsOf(err)
	return web.Render(r.Context, http.StatusUnprocessableEntity, okta.NewPassword(view))
}

// afterPassword completes the sign-in after a password was chosen. When the person's status does not allow a sign-in, it
// redirects to the sign-in page.
func (r *request) afterPassword(result idp.SignIn, fromURI string) error {
	if result.Outcome == idp.SignedIn {
		return r.signedIn(result.Session, false, fromURI)
	}
	web.ClearCookie(r.Context, stateCookie)
	return r.seeOther("/login/login.htm" + fromQuery(fromURI))
}

// stateUser returns the person whose password is being replaced. When the state token is missing or has expired, ok is
// false and the redirect to the sign-in page is already written.
func (r *request) stateUser() (user idp.User, ok bool, err error) {
	token := r.stateToken()
	if token != "" {
		user, err = r.org.StateUser(r.ctx(), token)
	}
	switch {
	case token == "", problem.Is(err, problem.NotFound), problem.Is(err, problem.Unauthenticated):
		web.ClearCookie(r.Context, stateCookie)
		from := r.QueryParam("fromURI")
		if from == "" {
			from = r.FormValue("fromURI")
		}
		return user, false, r.seeOther("/login/login.htm" + fromQuery(from))
	case err != nil:
		return user, false, err
	}
	return user, true, nil
}

func (r *request) stateToken() string { return web.Cookie(r.Context, stateCookie) }

// newPasswordForm returns the view of the page "Your password has expired". Other pages change its texts.
func (r *request) newPasswordForm(action, fromURI string) (okta.NewPasswordForm, error) {
	policy, err := r.org.PasswordPolicy(r.ctx())
	if err != nil {
		return okta.NewPasswordForm{}, err
	}
	return okta.NewPasswordForm{
		Frame:        r.frame("Your password has expired"),
		Intro:        "Choose a new password to continue.",
		Action:       r.address.Path(action),
		FromURI:      fromURI,
		Requirements: policy.Requirements(),
		Button:       "Change password",
		BackPath:     r.address.Path("/login/login.htm"),
	}, nil
}
