package saml

import (
	"strings"
	"time"

	"understudy/idp"
)

// clockSkew is how long before its IssueInstant an assertion is valid, for service providers whose clock is behind.
const clockSkew = 5 * time.Minute

// newAssertion writes an Assertion, signed unless the app says otherwise: Subject, Conditions, AuthnStatement, AttributeStatement, in the order of the
// schema (SAML core 2.3.3).
func newAssertion(on idp.SignOn, r idp.SignOnRequest, s Signer) (*writer, error) {
	w := &writer{}
	notBefore, notOnOrAfter := samlTime(on.At.Add(-clockSkew)), samlTime(on.At.Add(r.Settings.Lifetime))
	w.open("saml2:Assertion", "xmlns:saml2", nsAssertion, "ID", on.AssertionID, "IssueInstant", samlTime(on.At), "Version", "2.0")
	w.declare("xs", nsXS)
	w.element("saml2:Issuer", r.App.Issuer(), "Format", entityFormat)
	afterIssuer := w.position()

	w.open("saml2:Subject")
	w.element("saml2:NameID", on.AppUser.UserName, "Format", r.Settings.NameIDFormat)
	w.open("saml2:SubjectConfirmation", "Method", "urn:oasis:names:tc:SAML:2.0:cm:bearer")
	var data []string
	if r.RequestID != "" {
		data = append(data, "InResponseTo", r.RequestID)
	}
	w.element("saml2:SubjectConfirmationData", "",
		append(data, "NotOnOrAfter", notOnOrAfter, "Recipient", r.Settings.Recipient)...)
	w.close("saml2:SubjectConfirmation")
	w.close("saml2:Subject")

	w.open("saml2:Conditions", "NotBefore", notBefore, "NotOnOrAfter", notOnOrAfter)
	w.open("saml2:AudienceRestriction")
	w.element("saml2:Audience", r.Settings.Audience)
	w.close("saml2:AudienceRestriction")
	w.close("saml2:Conditions")

	w.open("saml2:AuthnStatement", "AuthnInstant", samlTime(on.AuthTime), "SessionIndex", on.SessionIndex)
	w.open("saml2:AuthnContext")
	w.element("saml2:AuthnContextClassRef", r.Settings.AuthnContext)
	w.close("saml2:AuthnContext")
	w.close("saml2:AuthnStatement")

	if len(on.Statements) > 0 {
		attributeStatement(w, on.Statements)
	}
	w.close("saml2:Assertion")
	if r.Settings.Options.AssertionUnsigned {
		return w, nil
	}
	return w, s.sign(w, on.AssertionID, afterIssuer, r.Settings.Options)
}

// attributeStatement writes the AttributeStatement (SAML core 2.7.3). Every value is an xs:string, as in Okta.
func attributeStatement(w *writer, statements []idp.Statement) {
	w.open("saml2:AttributeStatement")
	for _, statement := range statements {
		w.open("saml2:Attribute", "Name", statement.Name, "NameFormat", nameFormat(statement.Format))
		for _, text := range statement.Values {
			w.open("saml2:AttributeValue", "xmlns:xsi", nsXSI, "xsi:type", "xs:string")
			w.declare("xs", nsXS)
			w.both(escapedText(text))
			w.close("saml2:AttributeValue")
		}
		w.close("saml2:Attribute")
	}
	w.close("saml2:AttributeStatement")
}

// nameFormat returns the URI of an attribute name format (SAML core 8.2) for the word that the app's settings hold.
func nameFormat(word string) string {
	const prefix = "urn:oasis:names:tc:SAML:2.0:attrname-format:"
	switch strings.ToLower(word) {
	case "uri":
		return prefix + "uri"
	case "basic":
		return prefix + "basic"
	}
	return prefix + "unspecified"
}
