package console

import (
	"encoding/base64"
	"strings"

	"github.com/beevik/etree"

	"understudy/idp"
	"understudy/idp/saml"
	"understudy/idp/web"
	"understudy/seed/base/problem"
	"understudy/ui/okta"
)

// previewSAML is Preview SAML: the response that a sign-on of the selected person would carry now. Nobody is signed on.
func (r *request) previewSAML() error {
	app, err := r.pathApp()
	if err != nil {
		return err
	}
	if app.SignOnMode != idp.SAML2 {
		return web.ErrPageNotFound
	}
	path := appInstancePath(app.Name, app.ID) + "sign-on"
	view := okta.PreviewSAMLPage{Label: app.Label, BackPath: r.path(path), Action: r.path(path + "/preview"),
		Person: r.FormValue("person")}
	people, err := r.org.AppUsers(r.ctx(), app.ID, idp.AppUserQuery{Size: previewPeople})
	if err != nil {
		return err
	}
	for _, person := range people.Items {
		view.People = append(view.People, personOption(person.User))
	}
	if view.Person == "" && len(view.People) > 0 {
		view.Person = view.People[0].Value
	}
	if view.Person == "" {
		return r.render("Preview SAML", okta.PreviewSAML(view))
	}
	message, _, err := saml.Preview(r.ctx(), app, view.Person, r.address.Peer)
	if p := problem.As(err); p != nil {
		view.NoResponse = p.Message
		return r.render("Preview SAML", okta.PreviewSAML(view))
	}
	if err == nil {
		view.Response, err = indented(message)
	}
	if err != nil {
		return err
	}
	return r.render("Preview SAML", okta.PreviewSAML(view))
}

// indented decodes a base64 message and indents its XML for reading. Indentation invalidates the signatures.
func indented(message string) (string, error) {
	text, err := base64.StdEncoding.DecodeString(message)
	if err != nil {
		return "", err
	}
	doc := etree.NewDocument()
	if err := doc.ReadFromBytes(text); err != nil {
		return "", err
	}
	doc.Indent(2)
	pretty, err := doc.WriteToString()
	return strings.TrimSpace(pretty), err
}
