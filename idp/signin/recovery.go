package signin

import (
	"net/http"
	"net/url"
	"strings"

	"understudy/idp"
	"understudy/idp/web"
	"understudy/seed/base/problem"
	"understudy/ui/okta"
)

// forgotPasswordPage asks for the username of the account whose password was forgotten.
func (r *request) forgotPasswordPage() error {
	if name := r.QueryParam("sent"); name != "" {
		view := r.forgotPasswordForm(name)
		view.Sent, view.Frame = true, r.frame("Email sent")
		return web.Render(r.Context, http.StatusOK, okta.ForgotPassword(view))
	}
	return web.Render(r.Context, http.StatusOK, okta.ForgotPassword(r.forgotPasswordForm("")))
}

// forgotPassword sends the reset link by email, and leads to the page that says so. The response is the same for an unknown username.
func (r *request) forgotPassword() error {
	name := strings.TrimSpace(r.FormValue("username"))
	view := r.forgotPasswordForm(name)
	if err := (credentials{Username: name, Password: "not checked here"}).check(r.options.AllowName); err != nil {
		view.Errors = okta.ErrorsOf(err)
		return web.Render(r.Context, http.StatusUnprocessableEntity, okta.ForgotPassword(view))
	}
	err := r.org.ForgotPassword(r.ctx(), web.Client(r.Context), r.address.MailBase(), name)
	if err != nil && problem.KindOf(err) == problem.Internal {
		return err
	}
	return r.Redirect(http.StatusSeeOther, r.address.Path("/signin/forgot-password")+"?"+url.Values{"sent": {name}}.Encode())
}

func (r *request) forgotPasswordForm(name string) okta.ForgotPasswordForm {
	return okta.ForgotPasswordForm{
		Frame:    r.frame("Reset your password"),
		Action:   r.address.Path("/signin/forgot-password"),
		BackPath: r.address.Path("/login/login.htm"),
		Username: name,
	}
}

// linkPage opens a link from an email: activation (/welcome) or password reset. Both ask for a new password.
func (r *request) linkPage() error {
	view, err := r.linkForm()
	if err != nil {
		return err
	}
	return web.Render(r.Context, http.StatusOK, okta.NewPassword(view))
}

// passwordByLink saves the password that was chosen after opening a link.
func (r *request) passwordByLink() error {
	var form newPassword
	if err := web.BindForm(r.Context, &form); err != nil {
		return err
	}
	result, err := r.org.PasswordByLink(r.ctx(), web.Client(r.Context), r.Param("token"), form.Password, form.Repeat)
	if err == nil {
		return r.afterPassword(result, "")
	}
	if !problem.Is(err, problem.Invalid) {
		return errLink(err)
	}
	view, viewErr := r.linkForm()
	if viewErr != nil {
		return viewErr
	}
	view.Errors = okta.ErrorsOf(err)
	return web.Render(r.Context, http.StatusUnprocessableEntity, okta.NewPassword(view))
}

// linkForm returns the view of the page that an email's link opens.
func (r *request) linkForm() (okta.NewPasswordForm, error) {
	user, err := r.org.LinkUser(r.ctx(), r.Param("token"))
	if err != nil {
		return okta.NewPasswordForm{}, errLink(err)
	}
	view, err := r.newPasswordForm(r.Request().URL.Path, "")
	if err != nil {
		return view, err
	}
	view.Username = user.Login()
	if strings.HasPrefix(r.Request().URL.Path, "/welcome/") {
		view.Frame.Page.Title = "Welcome, " + welcomeName(user)
		view.Intro = "Choose a password to activate your account."
		view.Button = "Create my account"
		return view, nil
	}
	view.Frame.Page.Title = "Reset your password"
	view.Button = "Reset password"
	return view, nil
}

// welcomeName returns the first name, or the full name without one.
func welcomeName(user idp.User) string {
	if user.FirstName() != "" {
		return user.FirstName()
	}
	return user.Name()
}

// errLink returns the error page for an unknown, used or expired link. It returns other errors unchanged.
func errLink(err error) error {
	switch problem.KindOf(err) {
	case problem.NotFound, problem.Unauthenticated, problem.Forbidden, problem.Conflict:
		return &web.PageError{Status: http.StatusForbidden, Title: "This link is no longer valid",
			Text: "The link was used already or has expired. Ask your administrator for a new link, " +
				"or use Forgot password on the sign-in page.", Err: err}
	}
	return err
}
