package console

import (
	"strconv"
	"strings"

	"understudy/idp/password"
	"understudy/idp/web"
	"understudy/ui/okta"
)

const (
	authenticatorsPath = "/admin/security/authenticators"
	passwordPath       = authenticatorsPath + "/password"
)

// authenticators is Security > Authenticators.
func (r *request) authenticators() error {
	return r.render("Authenticators", okta.Authenticators(okta.AuthenticatorsPage{PasswordPath: r.path(passwordPath)}))
}

// password is the authenticator Password, which shows the password policy.
func (r *request) password() error {
	policy, err := r.org.PasswordPolicy(r.ctx())
	if err != nil {
		return err
	}
	return r.render("Password", okta.PasswordPolicy(okta.PasswordPolicyPage{
		BackPath: r.path(authenticatorsPath), EditPath: r.path(passwordPath + "/edit"),
		Requirements: policy.Requirements(), MaxAgeDays: policy.MaxAgeDays, LockoutAfter: policy.LockoutAfter,
	}))
}

// editPassword is the form of the password policy.
func (r *request) editPassword() error {
	policy, err := r.org.PasswordPolicy(r.ctx())
	if err != nil {
		return err
	}
	return r.render("Edit password policy", okta.PasswordPolicyEdit(r.passwordForm(passwordForm{
		MinLength: strconv.Itoa(policy.MinLength),
		Lower:     policy.Lower, Upper: policy.Upper, Number: policy.Number, Symbol: policy.Symbol,
		NoUsername: policy.NoUsername, History: strconv.Itoa(policy.History),
		MaxAgeDays: strconv.Itoa(policy.MaxAgeDays), LockoutAfter: strconv.Itoa(policy.LockoutAfter),
	})))
}

// passwordForm holds the fields of the form. Numbers are texts, so that the page can show a wrong one again.
type passwordForm struct {
	MinLength    string `form:"minLength"`
	Lower        bool   `form:"lower"`
	Upper        bool   `form:"upper"`
	Number       bool   `form:"number"`
	Symbol       bool   `form:"symbol"`
	NoUsername   bool   `form:"noUsername"`
	History      string `form:"history"`
	MaxAgeDays   string `form:"maxAgeDays"`
	LockoutAfter string `form:"lockoutAfter"`
}

// parseNumber returns the typed number. For a text that is not a number it returns -1, which every policy refuses.
func parseNumber(typed string) int {
	n, err := strconv.Atoi(strings.TrimSpace(typed))
	if err != nil {
		return -1
	}
	return n
}

// savePassword saves the password policy.
func (r *request) savePassword() error {
	var form passwordForm
	if err := web.BindForm(r.Context, &form); err != nil {
		return err
	}
	err := r.org.UpdatePasswordPolicy(r.ctx(), r.actor(), password.Policy{
		MinLength: parseNumber(form.MinLength), Lower: form.Lower, Upper: form.Upper, Number: form.Number,
		Symbol: form.Symbol, NoUsername: form.NoUsername, History: parseNumber(form.History),
		MaxAgeDays: parseNumber(form.MaxAgeDays), LockoutAfter: parseNumber(form.LockoutAfter),
	})
	if isFormError(err) {
		view := r.passwordForm(form)
		view.Errors = okta.ErrorsOf(err)
		return r.invalid("Edit password policy", view.Errors, okta.PasswordPolicyEdit(view))
	}
	if err != nil {
		return err
	}
	return r.done(passwordPath, "The password policy was saved.")
}

func (r *request) passwordForm(form passwordForm) okta.PasswordPolicyForm {
	return okta.PasswordPolicyForm{
		BackPath: r.path(passwordPath), Action: r.path(passwordPath + "/edit"),
		MinLength: form.MinLength, Lower: form.Lower, Upper: form.Upper, Number: form.Number,
		Symbol: form.Symbol, NoUsername: form.NoUsername, History: form.History,
		MaxAgeDays: form.MaxAgeDays, LockoutAfter: form.LockoutAfter,
	}
}
