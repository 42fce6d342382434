package sso

import (
	"crypto/rsa"
	"crypto/tls"
	"strings"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"

	"understudy/idp"
)

const (
	nsProtocol  = "urn:oasis:names:tc:SAML:2.0:protocol"
	nsAssertion = "urn:oasis:names:tc:SAML:2.0:assertion"
	nsXS        = "http://www.w3.org/2001/XMLSchema"
	nsXSI       = "http://www.w3.org/2001/XMLSchema-instance"

	statusSuccess   = "urn:oasis:names:tc:SAML:2.0:status:Success"
	statusResponder = "urn:oasis:names:tc:SAML:2.0:status:Responder"
	statusNoPassive = "urn:oasis:names:tc:SAML:2.0:status:NoPassive"

	// earlier is how far before its making an assertion begins to hold, for clocks that are behind.
	earlier = 5 * time.Minute
)

// signer signs with an app's own key: RSA-SHA256, exclusive canonicalisation, the certificate enclosed.
type signer struct{ context *dsig.SigningContext }

func newSigner(key *rsa.PrivateKey, certificate []byte) (signer, error) {
	context := dsig.NewDefaultSigningContext(dsig.TLSCertKeyStore(tls.Certificate{Certificate: [][]byte{certificate}, PrivateKey: key}))
	context.Canonicalizer = dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("")
	return signer{context: context}, context.SetSignatureMethod(dsig.RSASHA256SignatureMethod)
}

// sign signs an element and puts the signature behind its Issuer, where the schema wants it.
func (s signer) sign(e *etree.Element) error {
	signature, err := s.context.ConstructSignature(e, true)
	if err != nil {
		return err
	}
	e.InsertChildAt(e.ChildElements()[0].Index()+1, signature)
	return nil
}

func samlTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// response makes a signed Response with a signed Assertion, laid out as Okta's (okta-wire 2.5).
func response(on idp.SignOn, r idp.SignOnRequest, s signer) ([]byte, error) {
	assertion := newAssertion(on, r)
	if err := s.sign(assertion); err != nil {
		return nil, err
	}
	e := newResponse(on.ResponseID, on.At, r)
	status(e, statusSuccess)
	e.AddChild(assertion)
	return finish(e, s)
}

// refusal makes a signed Response that carries a status and no Assertion.
func refusal(id string, at time.Time, r idp.SignOnRequest, s signer, codes ...string) ([]byte, error) {
	e := newResponse(id, at, r)
	status(e, codes...)
	return finish(e, s)
}

func finish(e *etree.Element, s signer) ([]byte, error) {
	if err := s.sign(e); err != nil {
		return nil, err
	}
	doc := etree.NewDocument()
	doc.CreateProcInst("xml", `version="1.0" encoding="UTF-8"`)
	doc.SetRoot(e)
	return doc.WriteToBytes()
}

func newResponse(id string, at time.Time, r idp.SignOnRequest) *etree.Element {
	e := etree.NewElement("saml2p:Response")
	e.CreateAttr("xmlns:saml2p", nsProtocol)
	e.CreateAttr("xmlns:xs", nsXS)
	e.CreateAttr("Destination", r.Settings.Destination)
	e.CreateAttr("ID", id)
	if r.RequestID != "" {
		e.CreateAttr("InResponseTo", r.RequestID)
	}
	e.CreateAttr("IssueInstant", samlTime(at))
	e.CreateAttr("Version", "2.0")
	issuer(e, r.App)
	return e
}

func issuer(parent *etree.Element, app idp.App) {
	e := parent.CreateElement("saml2:Issuer")
	if parent.Space != "saml2" {
		e.CreateAttr("xmlns:saml2", nsAssertion)
	}
	e.CreateAttr("Format", "urn:oasis:names:tc:SAML:2.0:nameid-format:entity")
	e.SetText(app.Issuer())
}

// status adds a status code; each further one stands within the one before.
func status(parent *etree.Element, codes ...string) {
	e := parent.CreateElement("saml2p:Status")
	for _, code := range codes {
		e = e.CreateElement("saml2p:StatusCode")
		e.CreateAttr("Value", code)
	}
}

func newAssertion(on idp.SignOn, r idp.SignOnRequest) *etree.Element {
	ends := samlTime(on.At.Add(r.Settings.Lifetime))
	e := etree.NewElement("saml2:Assertion")
	e.CreateAttr("xmlns:saml2", nsAssertion)
	e.CreateAttr("xmlns:xs", nsXS)
	e.CreateAttr("ID", on.AssertionID)
	e.CreateAttr("IssueInstant", samlTime(on.At))
	e.CreateAttr("Version", "2.0")
	issuer(e, r.App)

	subject := e.CreateElement("saml2:Subject")
	name := subject.CreateElement("saml2:NameID")
	name.CreateAttr("Format", r.Settings.NameIDFormat)
	name.SetText(on.AppUser.UserName)
	confirmation := subject.CreateElement("saml2:SubjectConfirmation")
	confirmation.CreateAttr("Method", "urn:oasis:names:tc:SAML:2.0:cm:bearer")
	data := confirmation.CreateElement("saml2:SubjectConfirmationData")
	if r.RequestID != "" {
		data.CreateAttr("InResponseTo", r.RequestID)
	}
	data.CreateAttr("NotOnOrAfter", ends)
	data.CreateAttr("Recipient", r.Settings.Recipient)

	conditions := e.CreateElement("saml2:Conditions")
	conditions.CreateAttr("NotBefore", samlTime(on.At.Add(-earlier)))
	conditions.CreateAttr("NotOnOrAfter", ends)
	conditions.CreateElement("saml2:AudienceRestriction").CreateElement("saml2:Audience").SetText(r.Settings.Audience)

	authn := e.CreateElement("saml2:AuthnStatement")
	authn.CreateAttr("AuthnInstant", samlTime(on.At))
	authn.CreateAttr("SessionIndex", on.SessionIndex)
	authn.CreateElement("saml2:AuthnContext").CreateElement("saml2:AuthnContextClassRef").SetText(r.Settings.AuthnContext)

	if len(on.Statements) > 0 {
		attributes(e.CreateElement("saml2:AttributeStatement"), on.Statements)
	}
	return e
}

func attributes(parent *etree.Element, statements []idp.Statement) {
	for _, statement := range statements {
		e := parent.CreateElement("saml2:Attribute")
		e.CreateAttr("Name", statement.Name)
		e.CreateAttr("NameFormat", "urn:oasis:names:tc:SAML:2.0:attrname-format:"+nameFormat(statement.Format))
		for _, text := range statement.Values {
			v := e.CreateElement("saml2:AttributeValue")
			v.CreateAttr("xmlns:xs", nsXS)
			v.CreateAttr("xmlns:xsi", nsXSI)
			v.CreateAttr("xsi:type", "xs:string")
			v.SetText(text)
		}
	}
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
