package console

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"understudy/idp"
	"understudy/seed/base/problem"
	"understudy/ui/okta"
)

// saveAttribute handles the form of an attribute. The buttons Add Another, Remove and Move up only change the list of
// values in the form; Save Attribute saves the attribute.
func (r *request) saveAttribute() error {
	p, err := r.pathProfile()
	if err != nil {
		return err
	}
	a := idp.Attribute{}
	isNew := r.Param("attribute") == ""
	if !isNew {
		if a, err = p.attribute(r.Param("attribute")); err != nil {
			return err
		}
	}
	form, err := r.FormParams()
	if err != nil {
		return err
	}
	readAttribute(&a, form, isNew)
	if editValues(&a, form) {
		view := r.attributeView(p, a, isNew)
		return r.render(view.Title, okta.AttributeEdit(view))
	}
	if isNew {
		if err := unusedName(p, a); err != nil {
			return r.showAttribute(p, a, isNew, err)
		}
	}
	a.Enum = slices.DeleteFunc(a.Enum, func(c idp.Choice) bool { return c.Title == "" && c.Value == "" })
	if err := r.org.SaveAttribute(r.ctx(), r.actor(), p.appID, a); err != nil {
		return r.showAttribute(p, a, isNew, err)
	}
	return r.done(profilePath(p.appID), "The attribute "+a.Title+" was saved.")
}

// showAttribute shows the form again with a form error. It returns other errors unchanged.
func (r *request) showAttribute(p profile, a idp.Attribute, isNew bool, err error) error {
	if !isFormError(err) {
		return err
	}
	view := r.attributeView(p, a, isNew)
	view.Errors = okta.ErrorsOf(err)
	return r.invalid(view.Title, view.Errors, okta.AttributeEdit(view))
}

// readAttribute copies the values of the form to a. It keeps what the form does not contain: the mapping, the origin, and
// the name and type of an existing attribute.
func readAttribute(a *idp.Attribute, form url.Values, isNew bool) {
	if isNew {
		a.Name, a.Type = strings.TrimSpace(form.Get("name")), form.Get("type")
		a.ExternalName = strings.TrimSpace(form.Get("externalName"))
	}
	a.Title = strings.TrimSpace(form.Get("title"))
	a.Description = strings.TrimSpace(form.Get("description"))
	a.Required = form.Get("required") == "true"
	a.Personal = form.Get("attributeType") == "personal"
	a.Combine = form.Get("groupValues") == "combine"
	a.Enum = nil
	if form.Get("enum") != "true" {
		return
	}
	titles, values := form["enumTitle"], form["enumValue"]
	for i := range min(len(titles), len(values)) {
		choice := idp.Choice{Title: strings.TrimSpace(titles[i]), Value: strings.TrimSpace(values[i])}
		if choice.Value == "" {
			choice.Value = choice.Title
		}
		a.Enum = append(a.Enum, choice)
	}
}

// editValues handles the buttons that change only the list of values in the form. It reports whether one was used.
func editValues(a *idp.Attribute, form url.Values) bool {
	if form.Has("addValue") {
		a.Enum = append(a.Enum, idp.Choice{})
		return true
	}
	if i, err := strconv.Atoi(form.Get("removeValue")); err == nil && i >= 0 && i < len(a.Enum) {
		a.Enum = slices.Delete(a.Enum, i, i+1)
		return true
	}
	if i, err := strconv.Atoi(form.Get("raiseValue")); err == nil && i > 0 && i < len(a.Enum) {
		a.Enum[i-1], a.Enum[i] = a.Enum[i], a.Enum[i-1]
		return true
	}
	return false
}

// unusedName returns a form error if the profile has an attribute of this name.
func unusedName(p profile, a idp.Attribute) error {
	if _, err := p.attribute(a.Name); err == nil {
		return problem.InvalidField("name", "An attribute with this name already exists.")
	}
	return nil
}

func (r *request) attributeView(p profile, a idp.Attribute, isNew bool) okta.AttributeForm {
	path := profilePath(p.appID)
	view := okta.AttributeForm{
		Title: a.Title, New: isNew, Action: r.path(path + "/attributes/" + a.Name), Cancel: r.path(path),
		Name: a.Name, Type: a.Type, DisplayName: a.Title, ExternalName: a.ExternalName, Description: a.Description,
		Required: a.Required, Personal: a.Personal, Combine: a.Combine, Enumerated: len(a.Enum) > 0,
	}
	if isNew {
		view.Title, view.Action = "Add Attribute", r.path(path+"/attributes/new")
	}
	for _, choice := range a.Enum {
		view.Values = append(view.Values, okta.EnumValue{Title: choice.Title, Value: choice.Value})
	}
	return view
}
