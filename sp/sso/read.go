package sso

import (
	"strconv"
	"strings"
	"time"

	"github.com/beevik/etree"
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

func readEnvelope(root *etree.Element) envelope {
	v := envelope{Issuer: text(only(root, samlNS, "Issuer")), Destination: root.SelectAttrValue("Destination", ""),
		InResponseTo: root.SelectAttrValue("InResponseTo", "")}
	status := only(root, samlpNS, "Status")
	code := only(status, samlpNS, "StatusCode")
	if code == nil {
		v.Status = "(none)"
		return v
	}
	v.Status = code.SelectAttrValue("Value", "")
	v.Success = v.Status == "urn:oasis:names:tc:SAML:2.0:status:Success"
	if second := only(code, samlpNS, "StatusCode"); second != nil {
		v.Status += " / " + second.SelectAttrValue("Value", "")
	}
	if message := text(only(status, samlpNS, "StatusMessage")); message != "" {
		v.Status += ": " + message
	}
	return v
}

// readAssertion reads a signed assertion. It never fails: what is missing is said in Missing, or fails its own check.
func readAssertion(e *etree.Element) assertion {
	a := assertion{ID: e.SelectAttrValue("ID", ""), Issuer: text(only(e, samlNS, "Issuer")), Attributes: map[string][]string{}}
	a.IssueInstant = instant(e, "IssueInstant")
	subject, conditions := only(e, samlNS, "Subject"), only(e, samlNS, "Conditions")
	for _, part := range []struct {
		missing bool
		name    string
	}{
		{a.ID == "", "ID"}, {e.SelectAttrValue("Version", "") != "2.0", "Version 2.0"}, {a.IssueInstant.IsZero(), "IssueInstant"}, {a.Issuer == "", "Issuer"},
		{subject == nil, "Subject"}, {conditions == nil, "Conditions"}, {len(children(e, samlNS, "AuthnStatement")) == 0, "AuthnStatement"},
	} {
		if part.missing && a.Missing == "" {
			a.Missing = part.name
		}
	}
	if a.Missing != "" {
		return a
	}
	nameID := only(subject, samlNS, "NameID")
	a.NameID = text(nameID)
	if nameID != nil {
		a.NameIDFormat = nameID.SelectAttrValue("Format", "")
	}
	a.NotBefore, a.NotOnOrAfter = instant(conditions, "NotBefore"), instant(conditions, "NotOnOrAfter")
	for _, r := range children(conditions, samlNS, "AudienceRestriction") {
		var names []string
		for _, n := range children(r, samlNS, "Audience") {
			names = append(names, text(n))
		}
		a.Audiences = append(a.Audiences, names)
	}
	a.readConfirmation(subject)
	a.readAttributes(e)
	return a
}

func (a *assertion) readConfirmation(subject *etree.Element) {
	for _, c := range children(subject, samlNS, "SubjectConfirmation") {
		data := only(c, samlNS, "SubjectConfirmationData")
		if c.SelectAttrValue("Method", "") != "urn:oasis:names:tc:SAML:2.0:cm:bearer" || data == nil {
			continue
		}
		a.Confirmation = confirmation{Recipient: data.SelectAttrValue("Recipient", ""), InResponseTo: data.SelectAttrValue("InResponseTo", ""),
			NotBefore: instant(data, "NotBefore"), NotOnOrAfter: instant(data, "NotOnOrAfter")}
		return
	}
	a.Missing = "SubjectConfirmation of the method bearer"
}

// claims is the optional namespace of Sigma's attributes.
const claims = "https://schema.sigmacomputing.com/2025/01/claims/"

func (a *assertion) readAttributes(e *etree.Element) {
	for _, statement := range children(e, samlNS, "AttributeStatement") {
		for _, attribute := range children(statement, samlNS, "Attribute") {
			name := strings.TrimPrefix(attribute.SelectAttrValue("Name", ""), claims)
			values := a.Attributes[name]
			for _, v := range children(attribute, samlNS, "AttributeValue") {
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
func instant(e *etree.Element, attribute string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, e.SelectAttrValue(attribute, ""))
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
