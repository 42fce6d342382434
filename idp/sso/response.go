package sso

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"

	"understudy/idp"
)

const (
	nsProtocol  = "urn:oasis:names:tc:SAML:2.0:protocol"
	nsAssertion = "urn:oasis:names:tc:SAML:2.0:assertion"
	nsXS        = "http://www.w3.org/2001/XMLSchema"
	nsXSI       = "http://www.w3.org/2001/XMLSchema-instance"
	nsDSig      = "http://www.w3.org/2000/09/xmldsig#"
	excC14N     = "http://www.w3.org/2001/10/xml-exc-c14n#"

	statusSuccess   = "urn:oasis:names:tc:SAML:2.0:status:Success"
	statusResponder = "urn:oasis:names:tc:SAML:2.0:status:Responder"
	statusNoPassive = "urn:oasis:names:tc:SAML:2.0:status:NoPassive"

	// earlier is how far before its making an assertion begins to hold, for clocks that are behind.
	earlier = 5 * time.Minute
)

// signer signs with an app's own key: RSA-SHA256, exclusive canonicalisation, the certificate enclosed.
type signer struct {
	key         *rsa.PrivateKey
	certificate string // DER in base64
}

func newSigner(key *rsa.PrivateKey, certificate []byte) signer {
	return signer{key: key, certificate: base64.StdEncoding.EncodeToString(certificate)}
}

// sign puts the signature of an element into it, behind its Issuer, where the schema wants it (XML Signature, sections
// 2 and 4; SAML core 5.4). id is the element's.
func (s signer) sign(w *writer, id string, behindIssuer mark) error {
	digest := sha256.Sum256(w.canonical)
	info := `><ds:CanonicalizationMethod Algorithm="` + excC14N + `"></ds:CanonicalizationMethod>` +
		`<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"></ds:SignatureMethod>` +
		`<ds:Reference URI="#` + id + `"><ds:Transforms>` +
		`<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform>` +
		`<ds:Transform Algorithm="` + excC14N + `"></ds:Transform></ds:Transforms>` +
		`<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod>` +
		`<ds:DigestValue>` + base64.StdEncoding.EncodeToString(digest[:]) + `</ds:DigestValue></ds:Reference></ds:SignedInfo>`
	// By itself, which is how it is signed, SignedInfo declares the prefix; within Signature that has done so.
	sum := sha256.Sum256([]byte(`<ds:SignedInfo xmlns:ds="` + nsDSig + `"` + info))
	signature, err := rsa.SignPKCS1v15(nil, s.key, crypto.SHA256, sum[:])
	if err != nil {
		return err
	}
	w.insert(behindIssuer, `<ds:Signature xmlns:ds="`+nsDSig+`"><ds:SignedInfo`+info+
		`<ds:SignatureValue>`+base64.StdEncoding.EncodeToString(signature)+`</ds:SignatureValue>`+
		`<ds:KeyInfo><ds:X509Data><ds:X509Certificate>`+s.certificate+`</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>`)
	return nil
}

func samlTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// response makes a signed Response with a signed Assertion, laid out as Okta's (okta-wire 2.5).
func response(on idp.SignOn, r idp.SignOnRequest, s signer) ([]byte, error) {
	assertion, err := newAssertion(on, r, s)
	if err != nil {
		return nil, err
	}
	return newResponse(on.ResponseID, on.At, r, s, assertion, statusSuccess)
}

// refusal makes a signed Response that carries a status and no Assertion.
func refusal(id string, at time.Time, r idp.SignOnRequest, s signer, codes ...string) ([]byte, error) {
	return newResponse(id, at, r, s, &writer{}, codes...)
}

func newResponse(id string, at time.Time, r idp.SignOnRequest, s signer, assertion *writer, codes ...string) ([]byte, error) {
	w := &writer{}
	attributes := []string{"xmlns:saml2p", nsProtocol, "Destination", r.Settings.Destination, "ID", id}
	if r.RequestID != "" {
		attributes = append(attributes, "InResponseTo", r.RequestID)
	}
	w.open("saml2p:Response", append(attributes, "IssueInstant", samlTime(at), "Version", "2.0")...)
	w.declare("xs", nsXS)
	w.element("saml2:Issuer", r.App.Issuer(), "xmlns:saml2", nsAssertion, "Format", entityFormat)
	behindIssuer := w.mark()
	w.open("saml2p:Status")
	for _, code := range codes { // each further one stands within the one before
		w.open("saml2p:StatusCode", "Value", code)
	}
	for range codes {
		w.close("saml2p:StatusCode")
	}
	w.close("saml2p:Status")
	w.wire, w.canonical = append(w.wire, assertion.wire...), append(w.canonical, assertion.canonical...)
	w.close("saml2p:Response")
	if err := s.sign(w, id, behindIssuer); err != nil {
		return nil, err
	}
	return append([]byte(`<?xml version="1.0" encoding="UTF-8"?>`), w.wire...), nil
}

const entityFormat = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity"

func newAssertion(on idp.SignOn, r idp.SignOnRequest, s signer) (*writer, error) {
	w := &writer{}
	starts, ends := samlTime(on.At.Add(-earlier)), samlTime(on.At.Add(r.Settings.Lifetime))
	w.open("saml2:Assertion", "xmlns:saml2", nsAssertion, "ID", on.AssertionID, "IssueInstant", samlTime(on.At), "Version", "2.0")
	w.declare("xs", nsXS)
	w.element("saml2:Issuer", r.App.Issuer(), "Format", entityFormat)
	behindIssuer := w.mark()

	w.open("saml2:Subject")
	w.element("saml2:NameID", on.AppUser.UserName, "Format", r.Settings.NameIDFormat)
	w.open("saml2:SubjectConfirmation", "Method", "urn:oasis:names:tc:SAML:2.0:cm:bearer")
	var data []string
	if r.RequestID != "" {
		data = append(data, "InResponseTo", r.RequestID)
	}
	w.element("saml2:SubjectConfirmationData", "", append(data, "NotOnOrAfter", ends, "Recipient", r.Settings.Recipient)...)
	w.close("saml2:SubjectConfirmation")
	w.close("saml2:Subject")

	w.open("saml2:Conditions", "NotBefore", starts, "NotOnOrAfter", ends)
	w.open("saml2:AudienceRestriction")
	w.element("saml2:Audience", r.Settings.Audience)
	w.close("saml2:AudienceRestriction")
	w.close("saml2:Conditions")

	w.open("saml2:AuthnStatement", "AuthnInstant", samlTime(on.At), "SessionIndex", on.SessionIndex)
	w.open("saml2:AuthnContext")
	w.element("saml2:AuthnContextClassRef", r.Settings.AuthnContext)
	w.close("saml2:AuthnContext")
	w.close("saml2:AuthnStatement")

	if len(on.Statements) > 0 {
		attributes(w, on.Statements)
	}
	w.close("saml2:Assertion")
	return w, s.sign(w, on.AssertionID, behindIssuer)
}

func attributes(w *writer, statements []idp.Statement) {
	w.open("saml2:AttributeStatement")
	for _, statement := range statements {
		w.open("saml2:Attribute", "Name", statement.Name, "NameFormat", "urn:oasis:names:tc:SAML:2.0:attrname-format:"+nameFormat(statement.Format))
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

func nameFormat(format string) string {
	switch strings.ToLower(format) {
	case "uri":
		return "uri"
	case "basic":
		return "basic"
	}
	return "unspecified"
}
