package signin

import (
	"maps"
	"net/http"

	"understudy/idp"
	"understudy/idp/web"
	"understudy/seed/base/problem"
	"understudy/ui/okta"
)

// settings shows the person their own account.
func (r *request) settings() error {
	policy, err := r.org.PasswordPolicy(r.ctx())
	if err != nil {
		return err
	}
	view := okta.SettingsPage{
		Frame:        r.endUserFrame("Settings"),
		EditPath:     r.address.Path("/enduser/settings/personal"),
		PasswordPath: r.address.Path("/enduser/settings/password"),
		EndSessions:  r.address.Path("/enduser/settings/end-sessions"),
		Requirements: policy.Requirements(),
		ChangedAt:    r.session.User.PasswordChanged,
	}
	for _, f := range personalFields(r.session.User.Profile) {
		view.Personal = append(view.Personal, okta.ProfileFact{Label: f.Label, Variable: f.Name, Value: f.Value})
	}
	return web.Render(r.Context, http.StatusOK, okta.Settings(view))
}

// editable lists the profile attributes that people may change themselves. Only administrators change the others.
var editable = map[string]bool{"firstName": true, "lastName": true, "secondEmail": true, "mobilePhone": true}

// personalFields returns the profile attributes that Settings shows.
func personalFields(p idp.Profile) []okta.AttributeField {
	return []okta.AttributeField{
		{Name: "firstName", Label: "First name", Value: p["firstName"], Required: true},
		{Name: "lastName", Label: "Last name", Value: p["lastName"], Required: true},
		{Name: "login", Label: "Okta username", Value: p["login"], ReadOnly: true},
		{Name: "email", Label: "Primary email", Value: p["email"], Type: "email", ReadOnly: true},
		{Name: "secondEmail", Label: "Secondary email", Value: p["secondEmail"], Type: "email"},
		{Name: "mobilePhone", Label: "Mobile phone", Value: p["mobilePhone"]},
	}
}

// personalPage is the form of Personal Information.
func (r *request) personalPage() error {
	return web.Render(r.Context, http.StatusOK, okta.Personal(r.personalForm(r.session.User.Profile)))
}

// savePersonal saves the editable attributes and ignores other form fields.
func (r *request) savePersonal() error {
	changed := idp.Profile{}
	typed := idp.Profile{}
	maps.Copy(typed, r.session.User.Profile)
	for name := range editable {
		changed[name] = r.FormValue(name)
		typed[name] = changed[name]
	}
	_, err := r.org.UpdateProfile(r.ctx(), r.actor(), r.session.UserID, changed)
	if problem.Is(err, problem.Invalid) {
		view := r.personalForm(typed)
		view.Errors = okta.ErrorsOf(err)
		return web.Render(r.Context, http.StatusUnprocessableEntity, okta.Personal(view))
	}
	if err != nil {
		return err
	}
	web.SetNotice(r.Context, "Your personal information was updated.")
	return r.seeOther("/enduser/settings")
}

func (r *request) personalForm(p idp.Profile) okta.PersonalForm {
	return okta.PersonalForm{
		Frame:  r.endUserFrame("Personal Information"),
		Action: r.address.Path("/enduser/settings/personal"),
		Cancel: r.address.Path("/enduser/settings"),
		Fields: personalFields(p),
	}
}

// passwordPage asks for the current password and a new one.
func (r *request) passwordPage() error {
	view, err := r.ownPasswordForm()
	if err != nil {
		return err
	}
	return web.Render(r.Context, http.StatusOK, okta.OwnPassword(view))
}

// changePassword saves the person's new password.
func (r *request) changePassword() error {
	var form newPassword
	if err := web.BindForm(r.Context, &form); err != nil {
		return err
	}
	err := r.org.ChangePassword(r.ctx(), r.actor(), r.session.UserID, form.Old, form.Password, form.Repeat)
	if problem.Is(err, problem.Invalid) {
		view, viewErr := r.ownPasswordForm()
		if viewErr != nil {
			return viewErr
		}
		view.Errors = okta.ErrorsOf(err)
		return web.Render(r.Context, http.StatusUnprocessableEntity, okta.OwnPassword(view))
	}
	if err != nil {
		return err
	}
	web.SetNotice(r.Context, "Your password was changed.")
	return r.seeOther("/enduser/settings")
}

func (r *request) ownPasswordForm() (okta.OwnPasswordForm, error) {
	policy, err := r.org.PasswordPolicy(r.ctx())
	return okta.OwnPasswordForm{
		Frame:        r.endUserFrame("Change password"),
		Action:       r.address.Path("/enduser/settings/password"),
		Cancel:       r.address.Path("/enduser/settings"),
		Requirements: policy.Requirements(),
	}, err
}

// endSessions signs the person out of every browser, including this one.
func (r *request) endSessions() error {
	if err := r.org.ClearSessions(r.ctx(), r.actor(), r.session.UserID); err != nil {
		return err
	}
	web.ClearSession(r.Context)
	return r.seeOther("/login/login.htm")
}
