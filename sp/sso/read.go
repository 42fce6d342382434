package sso

import (
	"strconv"
	"strings"
	"time"

	"understudy/seed/base/xmltree"
)

// envelope is what the Response says of itself. Unless the Response is signed it can only make a sign-on fail.
type envelope struct {
	Issuer       string
	Destination  string
	InResponseTo string
	Status       string // top status code and message
	Success      bool
}

// assertion is what the signed element says.
type assertion struct {
	ID           string
	Issuer       string
	NameID       string
	NameIDFormat string
	Missing      string // a part that sign-on needs and that is not there
	IssueInstant time.Time
	NotBefore    time.Time
	NotOnOrAfter time.Time
	Audiences    [][]string // every restriction must name us
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

func readEnvelope(root *xmltree.Element) envelope {
	v := envelope{Issuer: text(root.Only(samlNS, "Issuer")), Destination: root.Attr("Destination"),
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

// readAssertion reads a signed assertion. It never fails: what is missing is said in Missing, or fails its own check.
func readAssertion(e *xmltree.Element) assertion {
	a := assertion{ID: e.Attr("ID"), Issuer: text(e.Only(samlNS, "Issuer")), Attributes: map[string][]string{}}
	a.IssueInstant = instant(e, "IssueInstant")
	subject, conditions := e.Only(samlNS, "Subject"), e.Only(samlNS, "Conditions")
	for _, part := range []struct {
		missing bool
		name    string
	}{
		{a.ID == "", "ID"}, {e.Attr("Version") != "2.0", "Version 2.0"}, {a.IssueInstant.IsZero(), "IssueInstant"}, {a.Issuer == "", "Issuer"},
		{subject == nil, "Subject"}, {conditions == nil, "Conditions"}, {len(e.All(samlNS, "AuthnStatement")) == 0, "AuthnStatement"},
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
	a.Missing = "SubjectConfirmation of the method bearer"
}

// claims is the optional namespace of Sigma's attributes.
const claims = "https://schema.sigmacomputing.com/2025/01/claims/"

func (a *assertion) readAttributes(e *xmltree.Element) {
	for _, statement := range e.All(samlNS, "AttributeStatement") {
		for _, attribute := range statement.All(samlNS, "Attribute") {
			name := strings.TrimPrefix(attribute.Attr("Name"), claims)
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

// first gives an attribute's first value.
func (a assertion) first(name string) string {
	if v := a.Attributes[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// sessionLimit is refreshTokenTimeoutSecs, which Okta apps may send to shorten sessions.
func (a assertion) sessionLimit() time.Duration {
	seconds, err := strconv.Atoi(a.first("refreshTokenTimeoutSecs"))
	if err != nil || seconds < 60 || seconds > 366*24*3600 {
		return 0
	}
	return time.Duration(seconds) * time.Second
}

// instant reads an xs:dateTime in UTC; the zero time when it is missing or none.
func instant(e *xmltree.Element, attribute string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, e.Attr(attribute))
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
