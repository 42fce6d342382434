package site

import (
	"github.com/a-h/templ"

	"understudy/sp"
	"understudy/sp/web"
	"understudy/ui/sigma"
)

// resetPassword mails a member a link to choose a new password.
func (r *request) resetPassword() error {
	if err := r.org.ResetPassword(r.ctx(), r.by(), r.Param("id")); err != nil {
		return err
	}
	return r.done("/admin/people/"+r.Param("id"), "A link to choose a new password was mailed.")
}

// forgotPassword asks who has forgotten their password.
func (r *request) forgotPassword() error {
	authentication, err := r.org.Authentication(r.ctx())
	if err != nil {
		return err
	}
	if !authentication.Method.Password() {
		return r.seeOther(sp.LoginPath) // there is none to forget
	}
	return r.render("Reset your password", sigma.ForgotPassword(sigma.ForgotPasswordView{At: r.at()}))
}

// askForReset mails the link. Its answer is the same whether there is such a member or not.
func (r *request) askForReset() error {
	v := sigma.ForgotPasswordView{At: r.at(), Email: r.text("email")}
	if err := r.org.ForgotPassword(r.ctx(), web.Client(r.Context), v.Email); err != nil {
		return err
	}
	return r.done(sp.LoginPath, "If there is a member with this e-mail address, a link was mailed.")
}

// choosePassword is where the link leads.
func (r *request) choosePassword() error {
	m, err := r.org.PasswordReset(r.ctx(), r.Param("token"))
	if err != nil {
		return err
	}
	return r.render("Choose a new password", sigma.ChoosePassword(sigma.ChoosePasswordView{At: r.at(), Token: r.Param("token"), Email: m.Email}))
}

// savePassword sets the new password.
func (r *request) savePassword() error {
	v := sigma.ChoosePasswordView{At: r.at(), Token: r.Param("token")}
	if err := r.org.ChoosePassword(r.ctx(), web.Client(r.Context), v.Token, r.FormValue("password")); err != nil {
		return r.again("Choose a new password", err, func(e sigma.Errors) templ.Component { v.Errors = e; return sigma.ChoosePassword(v) })
	}
	return r.done(sp.LoginPath, "Your password was changed. Sign in with the new one.")
}
