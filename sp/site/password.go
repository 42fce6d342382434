package site

import (
	"github.com/a-h/templ"

	"understudy/sp"
	"understudy/sp/web"
	"understudy/ui/sigma"
)

// resetPassword sends a member an email with a link to set a new password.
func (r *request) resetPassword() error {
	if err := r.org.ResetPassword(r.ctx(), r.by(), r.base(), r.Param("id")); err != nil {
		return err
	}
	return r.done("/admin/people/"+r.Param("id"), "An email with a link to choose a new password was sent.")
}

// forgotPassword asks for the email address of somebody who forgot their password.
func (r *request) forgotPassword() error {
	authentication, err := r.org.Authentication(r.ctx())
	if err != nil {
		return err
	}
	if !authentication.Method.Password() {
		return r.seeOther(sp.LoginPath) // members have no passwords
	}
	return r.render("Reset your password", sigma.ForgotPassword(sigma.ForgotPasswordView{At: r.at()}))
}

// requestReset sends the link. The response does not reveal whether there is a member with this email address.
func (r *request) requestReset() error {
	v := sigma.ForgotPasswordView{At: r.at(), Email: r.text("email")}
	if err := r.org.ForgotPassword(r.ctx(), web.Client(r.Context), r.base(), v.Email); err != nil {
		return err
	}
	return r.done(sp.LoginPath, "If there is a member with this email address, an email with a link was sent.")
}

// choosePassword is the page behind the link.
func (r *request) choosePassword() error {
	m, err := r.org.PasswordReset(r.ctx(), r.Param("token"))
	if err != nil {
		return err
	}
	v := sigma.ChoosePasswordView{At: r.at(), Token: r.Param("token"), Email: m.Email}
	return r.render("Choose a new password", sigma.ChoosePassword(v))
}

// savePassword sets the new password.
func (r *request) savePassword() error {
	v := sigma.ChoosePasswordView{At: r.at(), Token: r.Param("token")}
	if err := r.org.ChoosePassword(r.ctx(), web.Client(r.Context), v.Token, r.FormValue("password")); err != nil {
		return r.formErrors("Choose a new password", err, func(e sigma.Errors) templ.Component {
			v.Errors = e
			return sigma.ChoosePassword(v)
		})
	}
	return r.done(sp.LoginPath, "Your password was changed. Sign in with the new one.")
}
