package traffic

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"understudy/idp"
	"understudy/scim"
	"understudy/seed/base/problem"
	"understudy/seed/lab"
	page "understudy/ui/lab"
)

// scimCard returns the view of a SCIM call. The call can be sent again, and its attributes can be compared with the
// mapping, only if an Okta app has provisioning enabled.
func (t *Traffic) scimCard(v visit, x lab.Exchange, head page.MessageHead) (page.SCIMCard, error) {
	call := readCall(x)
	card := page.SCIMCard{MessageHead: head, Facts: call.facts(), Request: pretty(x.Request), Response: pretty(x.Response),
		Curl: call.curl(v, x)}
	if len(call.Changes) > 0 {
		c := call.Changes[0]
		card.Record, card.Created, card.Deleted = c.Kind+" "+c.Name, c.Before == "", c.After == ""
		for _, d := range differences(c) {
			card.Differences = append(card.Differences, page.Difference(d))
		}
	}
	app, found, err := v.Lab.ProvisionedApp(v.Ctx())
	if err != nil {
		return card, err
	}
	if !found {
		card.ResendHint = "This call cannot be sent again, because no Okta app has provisioning enabled."
		return card, nil
	}
	card.Resend = fmt.Sprintf("%s/%d/again", v.base(), x.ID)
	card.ResendHint = "Send again uses the base URL and token that Okta has now. Okta ignores the response."
	if call.resource == "Users" && (call.Method == http.MethodPost || call.Method == http.MethodPut) {
		card.Mapped, err = v.mappedAttributes(app, call)
	}
	return card, err
}

// facts lists the parts of a call: sender, method, resource, parameters and PATCH operations.
func (c scimCall) facts() []page.Fact {
	facts := []page.Fact{{Name: "Sent by", Value: c.Client}, {Name: "Method", Value: c.Method}, {Name: "Resource", Value: c.Path}}
	for _, name := range []string{"filter", "startIndex", "count"} {
		if value := c.Query.Get(name); value != "" {
			facts = append(facts, page.Fact{Name: name, Value: value})
		}
	}
	for _, op := range objects(c.body["Operations"]) {
		text, _ := json.Marshal(op["value"]) // cannot fail: the value was parsed from JSON
		name := strings.TrimSpace("Operation " + member(op, "op") + " " + member(op, "path"))
		facts = append(facts, page.Fact{Name: name, Value: shorten(string(text))})
	}
	return facts
}

// shorten cuts a text to 400 characters.
func shorten(text string) string {
	if r := []rune(text); len(r) > 400 {
		return string(r[:400]) + " …"
	}
	return text
}

// sentAttributes are the attributes of a user that Okta sends, in the order in which the page lists them.
var sentAttributes = []string{"userName", "externalId", "name.givenName", "name.familyName", "name.formatted", "displayName",
	"userType", "emails", "active", "groups", "password"}

// sigmaFields names the field in which Sigma shows an attribute, or says why Sigma does not use the attribute.
var sigmaFields = map[string]string{
	"userName": "Email", "name.givenName": "First Name", "name.familyName": "Last Name", "name.formatted": "Name",
	"displayName": "Name", "userType": "Account Type", "active": "Active or Deactivated",
	"externalId": "stored to recognize the user", "groups": "ignored: teams come from Push Groups",
	"password": "ignored: users sign in through Okta", "schemas": "",
}

// mappedAttributes follows each value of a user from its Okta attribute, through SCIM, to the field in Sigma.
func (v visit) mappedAttributes(app idp.App, c scimCall) ([]page.MappedAttribute, error) {
	schema, err := v.Lab.Org.AppSchema(v.Ctx(), app.ID)
	if err != nil {
		return nil, err
	}
	byExternal := map[string]idp.Attribute{}
	for _, a := range schema {
		name, _, _ := strings.Cut(a.ExternalName, "[")
		byExternal[name] = a
	}
	leaves := flat(c.Body)
	var list []page.MappedAttribute
	for _, name := range sentAttributes {
		value, sent := leaves[name]
		if !sent {
			continue
		}
		row := page.MappedAttribute{SCIM: name, Value: value, Sigma: sigmaFields[name]}
		if a, known := byExternal[name]; known {
			row.Okta, row.Mapping = a.Title, a.Mapping
		}
		switch name {
		case "externalId":
			row.Okta = "the user's ID in Okta"
		case "userName":
			row.Okta = "Application username"
		case "emails":
			row.Sigma = "ignored: Sigma uses userName as the email address"
		case "active":
			row.Okta = "whether the user is assigned"
		}
		list = append(list, row)
	}
	return list, nil
}

// curl writes the call as a shell command. The token is read from the shell variable TOKEN.
func (c scimCall) curl(v visit, x lab.Exchange) string {
	address := v.sigmaURL() + "/scim/v2" + c.Path
	if x.ReceiverOrigin != "" {
		address = x.ReceiverOrigin + x.Path
	}
	if len(c.Query) > 0 {
		address += "?" + c.Query.Encode()
	}
	var b strings.Builder
	fmt.Fprintf(&b, "curl -X %s %s", c.Method, shellQuoted(address))
	b.WriteString(" \\\n  -H \"Authorization: Bearer $TOKEN\" \\\n  -H 'Accept: application/scim+json'")
	if c.Body != "" {
		fmt.Fprintf(&b, " \\\n  -H 'Content-Type: application/scim+json' \\\n  --data-raw %s", shellQuoted(c.Body))
	}
	return b.String()
}

func shellQuoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// pretty indents the JSON body of a recorded message. The lines of the header are returned unchanged.
func pretty(text string) string {
	head, body, found := strings.Cut(text, "\n\n")
	if !found {
		head, body = "", text
	}
	var b bytes.Buffer
	if json.Indent(&b, []byte(body), "", "  ") != nil {
		return text
	}
	if !found {
		return b.String()
	}
	return head + "\n\n" + b.String()
}

// repeat sends a SCIM call once more and returns the id of the new message.
func (t *Traffic) repeat(v visit, x lab.Exchange) (int64, error) {
	if x.Kind != lab.SCIM {
		return 0, problem.New(problem.Conflict, "A SAML message can be used only once. Sign in again to create a new message.")
	}
	app, found, err := v.Lab.ProvisionedApp(v.Ctx())
	if err != nil {
		return 0, err
	}
	if !found {
		return 0, problem.New(problem.Conflict,
			"No Okta app has provisioning enabled, so there is no token for this call. Enable API integration in Okta first.")
	}
	call := readCall(x)
	var body *scim.Object
	if call.Body != "" {
		body = &scim.Object{}
		if err := json.Unmarshal([]byte(call.Body), body); err != nil {
			return 0, problem.New(problem.Conflict, "This call was too long to be stored completely, so it cannot be sent again.")
		}
	}
	before, err := v.latest()
	if err != nil {
		return 0, err
	}
	err = v.Lab.Runner.SendAgain(v.Ctx(), app.ID, call.Method, call.Path, call.Query.Encode(), body)
	if problem.As(err) != nil { // an error response of the service is not a problem here: it is recorded and shown
		return 0, err
	}
	return v.after(before, x.ID)
}

// latest returns the id of the newest message, or 0 if there is none.
func (v visit) latest() (int64, error) {
	list, err := v.Lab.Exchanges(v.Ctx(), 1)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	return list[0].ID, nil
}

// after returns the id of a message newer than id. It waits up to a second, because a response can arrive before it is
// recorded. Without a newer message it returns fallback.
func (v visit) after(id, fallback int64) (int64, error) {
	ctx, cancel := context.WithTimeout(v.Ctx(), time.Second)
	defer cancel()
	for {
		activity := v.Lab.DB.Activity()
		newest, err := v.latest()
		if err != nil || newest > id {
			return newest, err
		}
		if _, err := v.Lab.DB.WaitActivity(ctx, activity); err != nil {
			return fallback, nil //nolint:nilerr // nothing was recorded: show the old message
		}
	}
}

// oktaApp returns the URL path of a tab of an app in the Admin Console.
func (v visit) oktaApp(a idp.App, tab string) string {
	return v.pathIn("okta", "/admin/app/"+url.PathEscape(a.Name)+"/instance/"+url.PathEscape(a.ID)+"/"+tab)
}
