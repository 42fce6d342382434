package console

import (
	"strings"

	"understudy/idp"
	"understudy/ui/okta"
)

// assignmentForm returns the form of attributes with which app is assigned to user, or to a group when user is nil. It is
// the same on the pages of apps, people and groups. The caller sets Action and Cancel, and Errors after a form error.
func (r *request) assignmentForm(
	app idp.App, user *idp.User, subject string, values idp.Assignment,
) (okta.AssignmentForm, error) {
	schema, err := r.org.AppSchema(r.ctx(), app.ID)
	if err != nil {
		return okta.AssignmentForm{}, err
	}
	view := okta.AssignmentForm{App: app.Label, Subject: subject, Group: user == nil, Username: values.UserName,
		Button: "Save and Go Back"}
	for _, attribute := range schema {
		if attribute.Name == "userName" || user == nil && attribute.Personal {
			continue
		}
		view.Fields = append(view.Fields, attributeField(attribute, values.Profile[attribute.Name]))
	}
	return view, nil
}

// defaultAssignment returns the initial values of the form: for a person, the values of the app's mappings.
func (r *request) defaultAssignment(app idp.App, user *idp.User) (idp.Assignment, error) {
	if user == nil {
		return idp.Assignment{}, nil
	}
	return r.org.DefaultAssignment(r.ctx(), app.ID, user.ID)
}

// assignmentFromForm reads the form of attributes.
func (r *request) assignmentFromForm(app idp.App) (idp.Assignment, error) {
	schema, err := r.org.AppSchema(r.ctx(), app.ID)
	if err != nil {
		return idp.Assignment{}, err
	}
	form, err := r.FormParams()
	if err != nil {
		return idp.Assignment{}, err
	}
	typed := idp.Assignment{UserName: strings.TrimSpace(form.Get("userName")), Profile: map[string]string{}}
	for _, attribute := range schema {
		if attribute.Name != "userName" && form.Has(attribute.Name) {
			typed.Profile[attribute.Name] = strings.TrimSpace(form.Get(attribute.Name))
		}
	}
	return typed, nil
}
