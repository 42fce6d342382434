package traffic

import (
	"encoding/base64"
	"encoding/json"
	"fmt"

	"understudy/idp"
	idpsaml "understudy/idp/saml"
	"understudy/seed/base/address"
	"understudy/seed/base/problem"
	spsso "understudy/sp/sso"
	"understudy/ui/kit"
	page "understudy/ui/lab"
)

// previewPeople is the number of users in the list to choose from.
const previewPeople = 500

// preview shows what would happen if a user signed in, or was provisioned, now.
func (t *Traffic) preview(v visit) error {
	view := page.Preview{Page: v.Page(), List: v.base(), Action: v.base() + "/preview",
		Person: v.QueryParam("person"), App: v.QueryParam("app")}
	users, err := v.Lab.Org.Users(v.Ctx(), idp.UserQuery{Size: previewPeople})
	if err != nil {
		return err
	}
	for _, u := range users.Items {
		view.People = append(view.People, kit.Option{Value: u.ID, Label: u.Name() + " (" + u.Login() + ")"})
	}
	apps, err := v.Lab.Org.Apps(v.Ctx(), idp.AppQuery{})
	if err != nil {
		return err
	}
	for _, a := range apps {
		if a.SignOnMode == idp.SAML2 {
			view.Apps = append(view.Apps, kit.Option{Value: a.ID, Label: a.Label})
		}
	}
	if view.Person == "" || view.App == "" {
		return v.render(view)
	}
	if view.Outcome, err = t.outcome(v, view.App, view.Person); err != nil {
		return err
	}
	return v.render(view)
}

// outcome previews the sign-in and the provisioning of one user for one app.
func (t *Traffic) outcome(v visit, appID, userID string) (*page.PreviewOutcome, error) {
	app, err := v.Lab.Org.App(v.Ctx(), appID)
	if err != nil {
		return nil, err
	}
	person, err := v.Lab.Org.User(v.Ctx(), userID)
	if err != nil {
		return nil, err
	}
	o := &page.PreviewOutcome{Name: person.Name()}
	if err := t.previewSignOn(v, o, app, person); err != nil {
		return nil, err
	}
	return o, v.previewPush(o, app, person)
}

// previewSignOn lets Okta make a response and Sigma check it, as in a sign-in. Neither system stores anything.
func (t *Traffic) previewSignOn(v visit, o *page.PreviewOutcome, app idp.App, person idp.User) error {
	message, relayState, err := idpsaml.Preview(v.okta(), app, person.ID, address.From(v.okta()).Peer)
	if p := problem.As(err); p != nil {
		o.SignOn, o.SignOnText = kit.Note{Tone: kit.Bad, Title: "Okta would not sign this person in"}, sentence(p.Message)
		return nil
	}
	if err != nil {
		return err
	}
	text, err := base64.StdEncoding.DecodeString(message)
	if err != nil {
		return err
	}
	m, err := readSAML(string(text))
	if err != nil {
		return err
	}
	o.Attributes = attributesOf(m)
	checks, err := spsso.Validate(v.sigma(), message, relayState)
	if err != nil {
		return err
	}
	o.Checks = t.checks(v, checks)
	for _, c := range checks {
		if c.Verdict == "failed" {
			o.SignOn, o.SignOnText = kit.Note{Tone: kit.Bad, Title: "Sigma would reject the sign-in"}, checksLead(checks)
			return nil
		}
	}
	o.SignOn = kit.Note{Tone: kit.Good, Title: "The sign-in would succeed"}
	o.SignOnText, err = v.sigmaAccount(app, m.Assertion.NameID)
	return err
}

// sigmaAccount says which Sigma member would be signed in, and whether Sigma's own sign-in page uses this app.
func (v visit) sigmaAccount(app idp.App, email string) (string, error) {
	state, err := v.Lab.Organization.SAMLState(v.Ctx(), "", "", email)
	if err != nil {
		return "", err
	}
	text := "Sigma has no member " + email + " yet and would create one with the account type Viewer."
	if m := state.Member; m != nil {
		text = fmt.Sprintf("In Sigma, %s is the member %s with the account type %s.", email, m.Name(), m.AccountType)
	}
	here := address.From(v.okta()).URL(app.SSOPath())
	switch login := state.Authentication.IdPLoginURL; login {
	case here:
	case "":
		text += " Signing in from Sigma's sign-in page would not work: Sigma has no login URL."
	default:
		text += " Signing in from Sigma's sign-in page would not reach this app: Sigma's login URL is " + login +
			", but this app's Sign on URL is " + here + "."
	}
	return text, nil
}

// previewPush sets the SCIM request that Okta would send for the user, or the reason why it would send none.
func (v visit) previewPush(o *page.PreviewOutcome, app idp.App, person idp.User) error {
	p, err := v.Lab.Runner.PreviewUser(v.Ctx(), app.ID, person.ID)
	if refused := problem.As(err); refused != nil {
		o.Push, o.PushText = kit.Note{Tone: kit.Warning, Title: "Okta would send nothing"}, sentence(refused.Message)
		return nil
	}
	if err != nil {
		return err
	}
	in, err := v.Lab.Org.Integration(v.Ctx(), app.ID)
	if err != nil {
		return err
	}
	body, err := json.MarshalIndent(p.Body, "", "  ")
	if err != nil {
		return err
	}
	o.Push, o.PushText = kit.Note{Tone: kit.Info, Title: "Okta would send this request"}, p.Note
	o.Request = fmt.Sprintf("%s %s%s\nAuthorization: Bearer ••••\nContent-Type: application/scim+json\n\n%s",
		p.Method, in.BaseURL, p.Path, body)
	return nil
}
