package sso

import (
	"strconv"
	"strings"
	"time"

	"understudy/seed/base/xmltree"
)

// response holds the facts of the Response element. They may be unsigned, so they can only make a sign-on fail.
type response struct {
	Issuer       string
	Destination  string
	InResponseTo string
	Status       string // top-level and second-level status code, and message
	Success      bool
}

// assertion holds the facts of the signed Assertion element.
type assertion struct {
	ID           string
	Issuer       string
	NameID       string
	NameIDFormat string
	Missing      string // the first required part that is missing; empty if complete
	IssueInstant time.Time
	NotBefore    time.Time
	NotOnOrAfter time.Time
	Audiences    [][]string // one list per AudienceRestriction
	Confirmation confirmation
	Attributes   map[string][]string
}

// confirmation is the bearer's SubjectConfirmationData (SAML profiles 4.1.4.2).
type confirmation struct {
	Recipient    string
	InResponseTo string
	NotBefore    time.Time
	NotOnOrAfter time.Time
}

func readResponse(root *xmltree.Element) response {
	v := response{Issuer: text(root.Only(samlNS, "Issuer")), Destination: root.Attr("Destination"),
		InResponseTo: root.Attr("InResponseTo")}
	status := root.Only(samlpNS, "Status")
	code := status.Only(samlpNS, "StatusCode")
	if code == nil {
		v.Status = "(none)"
		return v
	}
	v.Status = code.Attr("Value")
	v.Success = v.Status == "urn:oasis:names:tc:SAML:2.0:status:Success"
	if second := code.Only(samlpNS, "StatusCode"); second != nil {
		v.Status += " / " + second.Attr("Value")
	}
	if message := text(status.Only(samlpNS, "StatusMessage")); message != "" {
		v.Status += ": " + message
	}
	return v
}

// readAssertion reads a signed assertion. It does not return an error: Missing names a missing part, and every other
// defect fails its own check.
func readAssertion(e *xmltree.Element) assertion {
	a := assertion{ID: e.Attr("ID"), Issuer: text(e.Only(samlNS, "Issuer")), Attributes: map[string][]string{}}
	a.IssueInstant = instant(e, "IssueInstant")
	subject, conditions := e.Only(samlNS, "Subject"), e.Only(samlNS, "Conditions")
	for _, part := range []struct {
		missing bool
		name    string
	}{
		{a.ID == "", "ID"}, {e.Attr("Version") != "2.0", "Version 2.0"}, {a.IssueInstant.IsZero(), "IssueInstant"},
		{a.Issuer == "", "Issuer"}, {subject == nil, "Subject"}, {conditions == nil, "Conditions"},
		{len(e.All(samlNS, "AuthnStatement")) == 0, "AuthnStatement"},
	} {
		if part.missing && a.Missing == "" {
			a.Missing = part.name
		}
	}
	if a.Missing != "" {
		return a
	}
	nameID := subject.Only(samlNS, "NameID")
	a.NameID = text(nameID)
	if nameID != nil {
		a.NameIDFormat = nameID.Attr("Format")
	}
	a.NotBefore, a.NotOnOrAfter = instant(conditions, "NotBefore"), instant(conditions, "NotOnOrAfter")
	for _, r := range conditions.All(samlNS, "AudienceRestriction") {
		var names []string
		for _, n := range r.All(samlNS, "Audience") {
			names = append(names, text(n))
		}
		a.Audiences = append(a.Audiences, names)
	}
	a.readConfirmation(subject)
	a.readAttributes(e)
	return a
}

func (a *assertion) readConfirmation(subject *xmltree.Element) {
	for _, c := range subject.All(samlNS, "SubjectConfirmation") {
		data := c.Only(samlNS, "SubjectConfirmationData")
		if c.Attr("Method") != "urn:oasis:names:tc:SAML:2.0:cm:bearer" || data == nil {
			continue
		}
		a.Confirmation = confirmation{Recipient: data.Attr("Recipient"), InResponseTo: data.Attr("InResponseTo"),
			NotBefore: instant(data, "NotBefore"), NotOnOrAfter: instant(data, "NotOnOrAfter")}
		return
	}
	a.Missing = "SubjectConfirmation with the method bearer"
}

// claimsPrefix may precede the names of Sigma's attributes (sp/SIGMA.md).
const claimsPrefix = "https://schema.sigmacomputing.com/2025/01/claims/"

func (a *assertion) readAttributes(e *xmltree.Element) {
	for _, statement := range e.All(samlNS, "AttributeStatement") {
		for _, attribute := range statement.All(samlNS, "Attribute") {
			name := strings.TrimPrefix(attribute.Attr("Name"), claimsPrefix)
			values := a.Attributes[name]
			for _, v := range attribute.All(samlNS, "AttributeValue") {
				if t := text(v); t != "" {
					values = append(values, t)
				}
			}
			a.Attributes[name] = values
		}
	}
}

// first returns an attribute's first value; empty if there is none.
func (a assertion) first(name string) string {
	if v := a.Attributes[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// expires is the later of the assertion's two expiry times. The assertion's ID is remembered until then.
func (a assertion) expires() time.Time {
	if a.Confirmation.NotOnOrAfter.After(a.NotOnOrAfter) {
		return a.Confirmation.NotOnOrAfter
	}
	return a.NotOnOrAfter
}

// sessionLimit is the attribute refreshTokenTimeoutSecs, with which an identity provider shortens a session. It is 0 if
// the attribute is missing or not between a minute and a year.
func (a assertion) sessionLimit() time.Duration {
	seconds, err := strconv.Atoi(a.first("refreshTokenTimeoutSecs"))
	if err != nil || seconds < 60 || seconds > 366*24*3600 {
		return 0
	}
	return time.Duration(seconds) * time.Second
}

// instant reads an xs:dateTime attribute, in UTC. It returns the zero time if the attribute is missing or invalid.
func instant(e *xmltree.Element, attribute string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, e.Attr(attribute))
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
