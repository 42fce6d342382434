package console

import (
	"strings"

	"understudy/idp"
	"understudy/ui/okta"
)

// assignmentForm is the attribute form with which app is assigned, wherever that is done from: to user, or to a group
// when user is nil. The caller adds where the form goes (Action, Cancel, Button) and, for a rejected form, Errors.
func (r *request) assignmentForm(app idp.App, user *idp.User, subject string, values idp.Assignment) (okta.AssignmentForm, error) {
	schema, err := r.org.AppSchema(r.ctx(), app.ID)
	if err != nil {
		return okta.AssignmentForm{}, err
	}
	view := okta.AssignmentForm{App: app.Label, Subject: subject, Group: user == nil, Username: values.UserName, Button: "Save and Go Back"}
	for _, attribute := range schema {
		if attribute.Name == "userName" || user == nil && attribute.Personal {
			continue
		}
		view.Fields = append(view.Fields, attributeField(attribute, values.Profile[attribute.Name]))
	}
	return view, nil
}

// newAssignment is what the form holds to begin with: what the app's mappings give for the person.
func (r *request) newAssignment(app idp.App, user *idp.User) (idp.Assignment, error) {
	if user == nil {
		return idp.Assignment{}, nil
	}
	return r.org.DefaultAssignment(r.ctx(), app.ID, user.ID)
}

// typedAssignment reads the attribute form of app.
func (r *request) typedAssignment(app idp.App) (idp.Assignment, error) {
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
