package console

import (
	"understudy/idp"
	"understudy/idp/schema"
	"understudy/idp/web"
	"understudy/ui/okta"
)

// profilesPath is Directory > Profile Editor.
const profilesPath = "/admin/universaldirectory"

// oktaProfile is the URL element of the Okta user profile, which belongs to no app.
const oktaProfile = "user"

// profiles lists the profiles: the Okta user profile, and one for each app.
func (r *request) profiles() error {
	types, err := r.org.ProfileTypes(r.ctx())
	if err != nil {
		return err
	}
	view := okta.ProfilesPage{}
	kind := r.QueryParam("type")
	for _, f := range []struct{ name, key string }{{"All", ""}, {"Okta", "Okta"}, {"Apps", "Application"}} {
		view.Filters = append(view.Filters, okta.StatusFilter{Name: f.name, Current: kind == f.key,
			Path: r.path(profilesPath, "type", f.key), Count: countProfiles(types, f.key)})
	}
	for _, t := range types {
		if kind == "" || t.Type == kind {
			view.Rows = append(view.Rows, okta.ProfileRow{Title: t.Title, Type: t.Type, Path: r.path(profilePath(t.AppID))})
		}
	}
	return r.render("Profile Editor", okta.Profiles(view))
}

func countProfiles(types []idp.ProfileType, kind string) (n int) {
	for _, t := range types {
		if kind == "" || t.Type == kind {
			n++
		}
	}
	return n
}

// profilePath returns the path of an app's profile; with an empty ID, of the Okta user profile.
func profilePath(appID string) string {
	if appID == "" {
		return profilesPath + "/" + oktaProfile
	}
	return profilesPath + "/" + appID
}

// profile is the profile that the URL names.
type profile struct {
	appID    string // empty for the Okta user profile
	title    string
	schema   []idp.Attribute
	mappings string // path of the page that edits the mappings; empty for an app without provisioning
}

// pathProfile returns the profile that the URL names.
func (r *request) pathProfile() (profile, error) {
	if r.Param("profile") == oktaProfile {
		return profile{title: "User (default)", schema: schema.User()}, nil
	}
	app, err := r.org.App(r.ctx(), r.Param("profile"))
	if err != nil {
		return profile{}, err
	}
	schema, err := r.org.AppSchema(r.ctx(), app.ID)
	p := profile{appID: app.ID, title: app.Label + " User", schema: schema}
	if r.org.Entry(app).SCIM != nil {
		p.mappings = r.path(appInstancePath(app.Name, app.ID) + "provisioning")
	}
	return p, err
}

// attribute returns the attribute with the given name, or [web.ErrPageNotFound].
func (p profile) attribute(name string) (idp.Attribute, error) {
	for _, a := range p.schema {
		if a.Name == name {
			return a, nil
		}
	}
	return idp.Attribute{}, web.ErrPageNotFound
}

// profileAttributes is the page of one profile with its attributes.
func (r *request) profileAttributes() error {
	p, err := r.pathProfile()
	if err != nil {
		return err
	}
	path := profilePath(p.appID)
	view := okta.ProfilePage{Title: p.title, ListPath: r.path(profilesPath), MappingsPath: p.mappings, ReadOnly: p.appID == ""}
	if p.appID != "" {
		view.AddPath = r.path(path + "/attributes/new")
	}
	for _, a := range p.schema {
		row := okta.AttributeRow{Title: a.Title, Name: a.Name, Type: a.Type, Base: a.Base, Required: a.Required, Mapping: a.Mapping}
		for _, choice := range a.Enum {
			row.Values = append(row.Values, choice.Title)
		}
		if p.appID != "" {
			row.EditPath = r.path(path + "/attributes/" + a.Name)
			if !a.Base {
				row.RemovePath = r.path(path + "/attributes/" + a.Name + "/remove")
			}
		}
		view.Rows = append(view.Rows, row)
	}
	return r.render(p.title, okta.ProfileAttributes(view))
}

// newAttribute is Add Attribute.
func (r *request) newAttribute() error {
	p, err := r.pathProfile()
	if err != nil {
		return err
	}
	view := r.attributeView(p, idp.Attribute{Type: "string"}, true)
	return r.render(view.Title, okta.AttributeEdit(view))
}

// editAttribute is the form of one attribute.
func (r *request) editAttribute() error {
	p, err := r.pathProfile()
	if err != nil {
		return err
	}
	a, err := p.attribute(r.Param("attribute"))
	if err != nil {
		return err
	}
	view := r.attributeView(p, a, false)
	return r.render(view.Title, okta.AttributeEdit(view))
}

// confirmRemoveAttribute asks for confirmation and lists the effects.
func (r *request) confirmRemoveAttribute() error {
	p, err := r.pathProfile()
	if err != nil {
		return err
	}
	a, err := p.attribute(r.Param("attribute"))
	if err != nil {
		return err
	}
	return r.render("Delete "+a.Title, okta.Confirm(okta.ConfirmPage{
		Title: "Delete " + a.Title, Question: "Delete this attribute from " + p.title + "?",
		Button: "Delete Attribute", Danger: true,
		Effects: []string{"The values of the attribute are removed from every assignment.",
			"Assignment forms no longer contain the attribute, and Okta no longer sends it to the application."},
		Action: r.path(profilePath(p.appID) + "/attributes/" + a.Name + "/remove"), Cancel: r.path(profilePath(p.appID)),
	}))
}

// removeAttribute deletes a custom attribute.
func (r *request) removeAttribute() error {
	p, err := r.pathProfile()
	if err != nil {
		return err
	}
	a, err := p.attribute(r.Param("attribute"))
	if err != nil {
		return err
	}
	if err := r.org.RemoveAttribute(r.ctx(), r.actor(), p.appID, a.Name); err != nil {
		return err
	}
	return r.done(profilePath(p.appID), "The attribute "+a.Title+" was deleted.")
}
