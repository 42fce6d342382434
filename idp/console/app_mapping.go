package console

import (
	"slices"
	"strings"

	"understudy/idp"
	"understudy/idp/web"
	"understudy/ui/okta"
)

// previewPeople limits the people whom the preview of a mapping or of a SAML response offers.
const previewPeople = 100

// pathMapping returns the app and the attribute that the URL names.
func (r *request) pathMapping() (idp.App, idp.Attribute, error) {
	app, _, err := r.pathProvisionedApp()
	if err != nil {
		return app, idp.Attribute{}, err
	}
	schema, err := r.org.AppSchema(r.ctx(), app.ID)
	if err != nil {
		return app, idp.Attribute{}, err
	}
	i := slices.IndexFunc(schema, func(a idp.Attribute) bool { return a.Name == r.Param("attribute") })
	if i < 0 {
		return app, idp.Attribute{}, web.ErrPageNotFound
	}
	return app, schema[i], nil
}

// editMapping is the form of one attribute's mapping.
func (r *request) editMapping() error {
	app, attribute, err := r.pathMapping()
	if err != nil {
		return err
	}
	view, err := r.mappingView(app, attribute)
	if err != nil {
		return err
	}
	return r.render(attribute.Title, okta.MappingEdit(view))
}

func (r *request) mappingView(app idp.App, attribute idp.Attribute) (okta.MappingForm, error) {
	path := provisioningPath(app)
	view := okta.MappingForm{
		Head: r.appHead(app, "provisioning"), Title: attribute.Title, Name: attribute.Name,
		Expression: attribute.Mapping, ApplyOn: "both", PreviewLogin: r.FormValue("person"),
		Action: r.path(path + "/mappings/" + attribute.Name), Cancel: r.path(path + "/to-app"),
	}
	if attribute.CreateOnly {
		view.ApplyOn = "create"
	}
	people, err := r.org.Users(r.ctx(), idp.UserQuery{Size: previewPeople})
	if err != nil {
		return view, err
	}
	view.People = []okta.Option{{Label: "Choose a person"}}
	for _, person := range people.Items {
		view.People = append(view.People, personOption(person))
	}
	return view, nil
}

// personOption returns a person as an option of a select list.
func personOption(u idp.User) okta.Option {
	return okta.Option{Value: u.ID, Label: u.Name() + " (" + u.Login() + ")"}
}

// saveMapping saves a mapping, or shows its value for one person.
func (r *request) saveMapping() error {
	app, attribute, err := r.pathMapping()
	if err != nil {
		return err
	}
	attribute.Mapping, attribute.CreateOnly = strings.TrimSpace(r.FormValue("mapping")), r.FormValue("applyOn") == "create"
	view, err := r.mappingView(app, attribute)
	if err != nil {
		return err
	}
	preview := r.FormValue("move") == "preview"
	switch {
	case !preview:
		err = r.org.SaveAttribute(r.ctx(), r.actor(), app.ID, attribute)
	case view.PreviewLogin != "":
		view.Result, err = r.org.PreviewMapping(r.ctx(), app.ID, attribute.Mapping, view.PreviewLogin)
		view.Previewed = err == nil
	}
	if isFormError(err) {
		view.Errors = okta.ErrorsOf(err)
		return r.invalid(attribute.Title, view.Errors, okta.MappingEdit(view))
	}
	if err != nil {
		return err
	}
	if preview {
		return r.render(attribute.Title, okta.MappingEdit(view))
	}
	return r.done(provisioningPath(app)+"/to-app", "The mapping of "+attribute.Title+" was saved.")
}
