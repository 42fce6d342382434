package traffic

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/beevik/etree"
)

const (
	maxMessage = 256 << 10      // bytes of a SAML message
	maxPretty  = 4 * maxMessage // bytes of a SAML message after indentation
)

// samlMessage is what a SAML message contains (SAML Core 2.0, sections 2 and 3). It serves to explain a message, so
// nothing is verified and missing parts are no error. Times are kept as they were written.
type samlMessage struct {
	Kind         string // "AuthnRequest", "Response", or another top element
	Pretty       string // the XML, indented
	ID           string
	Issuer       string
	Destination  string
	InResponseTo string
	IssueInstant string
	Signature    *samlSignature // of the message itself

	// AuthnRequest
	ACS          string
	ForceAuthn   bool
	IsPassive    bool
	NameIDFormat string // requested by NameIDPolicy

	// LogoutRequest
	NameID string

	// Response
	Status    []string // status codes, top level first, without the URN prefix
	Encrypted bool
	Assertion *samlAssertion
}

// samlAssertion is an assertion (SAML Core 2.0, section 2.3.3) with its subject, conditions and authentication statement.
type samlAssertion struct {
	ID           string
	Issuer       string
	NameID       string
	Format       string
	Recipient    string
	ConfirmUntil string
	NotBefore    string
	NotOnOrAfter string
	Audiences    []string
	AuthnInstant string
	AuthnContext string
	SessionIndex string
	Attributes   []samlAttribute
	Signature    *samlSignature
}

// samlAttribute is an attribute of an attribute statement (SAML Core 2.0, section 2.7.3).
type samlAttribute struct {
	Name   string
	Values []string
}

// samlSignature is the enveloped XML signature of a message or an assertion (SAML Core 2.0, section 5.4).
type samlSignature struct {
	Algorithm   string
	Certificate *x509.Certificate // from KeyInfo; nil if there is none or it cannot be parsed
}

// readSAML reads the XML of a message. It fails for text that is too long, is not XML, or could exhaust memory.
func readSAML(text string) (samlMessage, error) {
	var m samlMessage
	if len(text) > maxMessage {
		return m, fmt.Errorf("the message is longer than %d kB", maxMessage>>10)
	}
	if err := checkXML(text); err != nil {
		return m, err
	}
	doc := etree.NewDocument()
	if err := doc.ReadFromString(text); err != nil || doc.Root() == nil {
		return m, errors.New("the message is not XML")
	}
	root := doc.Root()
	m = samlMessage{Kind: root.Tag, ID: attribute(root, "ID"), Destination: attribute(root, "Destination"),
		InResponseTo: attribute(root, "InResponseTo"), IssueInstant: attribute(root, "IssueInstant"),
		Issuer: childText(root, "Issuer"), ACS: attribute(root, "AssertionConsumerServiceURL"),
		ForceAuthn: isTrue(attribute(root, "ForceAuthn")), IsPassive: isTrue(attribute(root, "IsPassive")), Signature: readSignature(root),
		Encrypted: child(root, "EncryptedAssertion") != nil}
	m.NameID = childText(root, "NameID")
	m.NameIDFormat = shortName(attribute(child(root, "NameIDPolicy"), "Format"))
	for code := child(child(root, "Status"), "StatusCode"); code != nil; code = child(code, "StatusCode") {
		m.Status = append(m.Status, shortName(attribute(code, "Value")))
	}
	if a := child(root, "Assertion"); a != nil {
		m.Assertion = readAssertion(a)
	} else if root.Tag == "Assertion" {
		m.Assertion = readAssertion(root)
	}
	doc.Indent(2)
	pretty, err := doc.WriteToString()
	if len(pretty) > maxPretty {
		pretty = text // with many nested elements the indentation can be longer than the message
	}
	m.Pretty = strings.TrimSpace(pretty)
	return m, err
}

// checkXML rejects XML that can attack a parser: document type declarations, which define entities, and deep nesting.
func checkXML(text string) error {
	d := xml.NewDecoder(strings.NewReader(text))
	depth := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errors.New("the message is not XML")
		}
		switch token.(type) {
		case xml.Directive:
			return errors.New("the message has a document type declaration, which no SAML message may have")
		case xml.StartElement:
			if depth++; depth > 60 {
				return errors.New("the elements of the message are nested too deeply")
			}
		case xml.EndElement:
			depth--
		}
	}
}

// readAssertion reads an assertion. Elements are found by their local names, without regard to the namespace.
func readAssertion(e *etree.Element) *samlAssertion {
	subject, conditions, authn := child(e, "Subject"), child(e, "Conditions"), child(e, "AuthnStatement")
	confirmation := child(child(subject, "SubjectConfirmation"), "SubjectConfirmationData")
	a := &samlAssertion{
		ID: attribute(e, "ID"), Issuer: childText(e, "Issuer"),
		NameID: childText(subject, "NameID"), Format: shortName(attribute(child(subject, "NameID"), "Format")),
		Recipient: attribute(confirmation, "Recipient"), ConfirmUntil: attribute(confirmation, "NotOnOrAfter"),
		NotBefore: attribute(conditions, "NotBefore"), NotOnOrAfter: attribute(conditions, "NotOnOrAfter"),
		AuthnInstant: attribute(authn, "AuthnInstant"), SessionIndex: attribute(authn, "SessionIndex"),
		AuthnContext: shortName(childText(child(authn, "AuthnContext"), "AuthnContextClassRef")), Signature: readSignature(e),
	}
	for _, restriction := range children(conditions, "AudienceRestriction") {
		for _, audience := range children(restriction, "Audience") {
			a.Audiences = append(a.Audiences, strings.TrimSpace(audience.Text()))
		}
	}
	for _, statement := range children(e, "AttributeStatement") {
		for _, x := range children(statement, "Attribute") {
			one := samlAttribute{Name: attribute(x, "Name")}
			for _, v := range children(x, "AttributeValue") {
				one.Values = append(one.Values, strings.TrimSpace(v.Text()))
			}
			a.Attributes = append(a.Attributes, one)
		}
	}
	return a
}

func readSignature(e *etree.Element) *samlSignature {
	signature := child(e, "Signature")
	if signature == nil {
		return nil
	}
	_, algorithm, _ := strings.Cut(attribute(child(child(signature, "SignedInfo"), "SignatureMethod"), "Algorithm"), "#")
	s := &samlSignature{Algorithm: algorithm}
	text := childText(child(child(signature, "KeyInfo"), "X509Data"), "X509Certificate")
	if der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), "")); err == nil {
		s.Certificate, _ = x509.ParseCertificate(der) // on an error it is nil
	}
	return s
}

// fingerprint returns the first 8 bytes of the SHA-256 fingerprint, as in "AB:CD:…".
func fingerprint(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	var parts []string
	for _, b := range sum[:8] {
		parts = append(parts, strings.ToUpper(hex.EncodeToString([]byte{b})))
	}
	return strings.Join(parts, ":") + ":…"
}

// child returns the first child element with a local name, or nil. It is nil for nil, so that calls can be nested.
func child(e *etree.Element, tag string) *etree.Element {
	if list := children(e, tag); len(list) > 0 {
		return list[0]
	}
	return nil
}

// children returns the child elements with a local name. There are none for nil.
func children(e *etree.Element, tag string) (list []*etree.Element) {
	if e == nil {
		return nil
	}
	for _, c := range e.ChildElements() {
		if c.Tag == tag {
			list = append(list, c)
		}
	}
	return list
}

func childText(e *etree.Element, tag string) string {
	if c := child(e, tag); c != nil {
		return strings.TrimSpace(c.Text())
	}
	return ""
}

func attribute(e *etree.Element, name string) string {
	if e == nil {
		return ""
	}
	return e.SelectAttrValue(name, "")
}

// shortName returns the last part of a URN, such as "emailAddress".
func shortName(urn string) string { return urn[strings.LastIndex(urn, ":")+1:] }

// isTrue reads an xs:boolean, which may be written "true" or "1".
func isTrue(text string) bool { return text == "true" || text == "1" }

// moment formats an xs:dateTime. Text that is not an xs:dateTime is returned unchanged.
func moment(text string) string {
	if text == "" {
		return "(no time given)"
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return text
	}
	return t.UTC().Format("2006-01-02 15:04:05 UTC")
}

// sentences says in plain sentences what a message contains.
func (m samlMessage) sentences() []string {
	switch {
	case m.Kind == "AuthnRequest":
		return m.requestSentences()
	case m.isLogout():
		return m.logoutSentences()
	case m.Assertion != nil:
		return append(m.responseSentences(), m.Assertion.sentences(m.Signature)...)
	}
	return m.responseSentences()
}

// isLogout reports whether the message belongs to single logout (SAML Core 2.0, section 3.7).
func (m samlMessage) isLogout() bool { return m.Kind == "LogoutRequest" || m.Kind == "LogoutResponse" }

// logoutSentences explains a message of single logout. Either side can send either message.
func (m samlMessage) logoutSentences() []string {
	list := []string{sentence("Issued by", quoted(m.Issuer), "at", moment(m.IssueInstant))}
	if m.Kind == "LogoutResponse" {
		list = append(list, sentence("It is the response to the request", m.InResponseTo),
			sentence("The status is", strings.Join(m.Status, ", ")))
	} else {
		list = append(list, sentence("The sender asks the receiver to end the session of", quoted(m.NameID)))
	}
	if m.Signature == nil {
		list = append(list, "The XML is not signed. With the HTTP-Redirect binding the signature is in the address instead.")
	}
	return list
}

// requestSentences explains an AuthnRequest (SAML Core 2.0, section 3.4.1).
func (m samlMessage) requestSentences() []string {
	list := []string{sentence("The service provider", quoted(m.Issuer), "asks the identity provider to authenticate the user")}
	if m.ACS != "" {
		list = append(list, sentence("The response must be sent to", m.ACS))
	}
	list = append(list, sentence("The request was issued at", moment(m.IssueInstant)),
		sentence("The ID of the request is", m.ID+"; the response must repeat it in InResponseTo"))
	if m.ForceAuthn {
		list = append(list, "ForceAuthn: the user must sign in again, even if they have a session at the identity provider.")
	}
	if m.IsPassive {
		list = append(list,
			"IsPassive: the identity provider must not show a page to the user. Without a session it must respond with an error.")
	}
	if m.NameIDFormat != "" {
		list = append(list, sentence("The requested NameID format is", m.NameIDFormat))
	}
	if m.Signature == nil {
		list = append(list, "The XML is not signed. SAML does not require a signature on an AuthnRequest.")
	}
	return list
}

// responseSentences explains a Response without its assertion (SAML Core 2.0, section 3.3.3). Of other messages it
// names the issuer.
func (m samlMessage) responseSentences() []string {
	var list []string
	if m.Issuer != "" {
		list = append(list, sentence("The identity provider", quoted(m.Issuer), "issued this message at", moment(m.IssueInstant)))
	}
	switch {
	case m.Kind != "Response":
	case m.InResponseTo != "":
		list = append(list, sentence("It is the response to the request", m.InResponseTo))
	default:
		list = append(list, "It is not the response to a request: the sign-in started at the identity provider (IdP-initiated).")
	}
	if len(m.Status) > 0 && m.Status[0] != "Success" {
		list = append(list, sentence("The sign-in failed. The status is", strings.Join(m.Status, ", ")))
	}
	if m.Encrypted {
		list = append(list, "The assertion is encrypted and cannot be read here.")
	}
	return list
}

// sentences explains an assertion. envelope is the signature of the message that contains the assertion, or nil.
func (a samlAssertion) sentences(envelope *samlSignature) []string {
	list := []string{sentence("The user is", quoted(a.NameID), "(NameID format "+cmp.Or(a.Format, "not given")+")")}
	if a.AuthnInstant != "" {
		list = append(list, sentence("The user authenticated at", moment(a.AuthnInstant)+", by",
			cmp.Or(a.AuthnContext, "a method that is not given")))
	}
	if len(a.Audiences) > 0 {
		list = append(list, sentence("The audience of the assertion is", strings.Join(a.Audiences, ", ")))
	}
	if a.Recipient != "" {
		list = append(list, sentence("The assertion may only be delivered to", a.Recipient+", until", moment(a.ConfirmUntil)))
	}
	list = append(list, sentence("The assertion is valid from", moment(a.NotBefore), "until", moment(a.NotOnOrAfter)))
	switch s := signatureOf(a.Signature, envelope); {
	case s == nil:
		list = append(list, "Neither the response nor the assertion is signed, so nothing proves who wrote them.")
	case s.Certificate == nil:
		list = append(list, sentence("Signed:", signedParts(envelope, a.Signature), "with", s.Algorithm))
	default:
		list = append(list, sentence("Signed:", signedParts(envelope, a.Signature), "with", s.Algorithm+", certificate",
			fingerprint(s.Certificate)+", valid until", s.Certificate.NotAfter.UTC().Format(time.DateOnly)))
	}
	return list
}

// signatureOf returns the first signature that is not nil, or nil.
func signatureOf(list ...*samlSignature) *samlSignature {
	for _, s := range list {
		if s != nil {
			return s
		}
	}
	return nil
}

func signedParts(response, assertion *samlSignature) string {
	switch {
	case response != nil && assertion != nil:
		return "response and assertion"
	case response != nil:
		return "response"
	}
	return "assertion"
}

func quoted(text string) string {
	if text == "" {
		return "(not given)"
	}
	return "“" + text + "”"
}

// summary says in one line what the message is for. It is the title of the message and its line in the timeline. provider and okta
// are the names of the service provider and of the identity provider; for a message of single logout, of its sender and its receiver.
func (m samlMessage) summary(provider, okta string) string {
	switch {
	case m.Kind == "AuthnRequest":
		return provider + " asks " + okta + " to sign a user in"
	case m.Kind == "LogoutRequest":
		return provider + " asks " + okta + " to sign " + m.NameID + " out"
	case m.Kind == "LogoutResponse":
		return provider + " responds to a logout request: " + strings.Join(m.Status, ", ")
	case m.Assertion != nil:
		return okta + " signs " + m.Assertion.NameID + " in to " + provider
	case m.Encrypted:
		return okta + " sends " + provider + " an encrypted assertion"
	case len(m.Status) > 0:
		return okta + " did not sign the user in: " + strings.Join(m.Status, ", ")
	}
	return m.Kind
}

// encoded returns a message as the form field SAMLResponse of the HTTP-POST binding contains it.
func encoded(text string) string {
	return base64.StdEncoding.EncodeToString(bytes.TrimSpace([]byte(text)))
}
