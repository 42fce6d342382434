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
	maxMessage = 256 << 10      // bytes of a SAML message that is read
	maxPretty  = 4 * maxMessage // of the same with its lines indented
)

// samlMessage is what a SAML message says, as far as it can be read. It is for people: nothing is verified here, and
// nothing that is missing is an error.
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
	ACS        string
	ForceAuthn bool
	IsPassive  bool
	NameIDWish string

	// Response
	Status    []string // codes from the outermost inwards, without their common beginning
	Encrypted bool
	Assertion *samlAssertion
}

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

type samlAttribute struct {
	Name   string
	Values []string
}

type samlSignature struct {
	Algorithm   string
	Certificate *x509.Certificate // enclosed; nil when there is none
}

// readSAML reads the XML of a message.
func readSAML(text string) (samlMessage, error) {
	var m samlMessage
	if len(text) > maxMessage {
		return m, fmt.Errorf("the message is longer than %d kB", maxMessage>>10)
	}
	if err := harmless(text); err != nil {
		return m, err
	}
	doc := etree.NewDocument()
	if err := doc.ReadFromString(text); err != nil || doc.Root() == nil {
		return m, errors.New("the message is not XML")
	}
	root := doc.Root()
	m = samlMessage{Kind: root.Tag, ID: attribute(root, "ID"), Destination: attribute(root, "Destination"), InResponseTo: attribute(root, "InResponseTo"),
		IssueInstant: attribute(root, "IssueInstant"), Issuer: childText(root, "Issuer"), ACS: attribute(root, "AssertionConsumerServiceURL"),
		ForceAuthn: isTrue(attribute(root, "ForceAuthn")), IsPassive: isTrue(attribute(root, "IsPassive")), Signature: readSignature(root),
		Encrypted: child(root, "EncryptedAssertion") != nil}
	m.NameIDWish = shortName(attribute(child(root, "NameIDPolicy"), "Format"))
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
		pretty = text // nesting that makes indentation the most of it is not read by anybody
	}
	m.Pretty = strings.TrimSpace(pretty)
	return m, err
}

// harmless refuses what no SAML message needs and readers have been hurt by: document types, and nesting without end.
func harmless(text string) error {
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
				return errors.New("the message nests too deep")
			}
		case xml.EndElement:
			depth--
		}
	}
}

func readAssertion(e *etree.Element) *samlAssertion {
	subject, conditions, authn := child(e, "Subject"), child(e, "Conditions"), child(e, "AuthnStatement")
	confirmation := child(child(subject, "SubjectConfirmation"), "SubjectConfirmationData")
	a := &samlAssertion{
		ID: attribute(e, "ID"), Issuer: childText(e, "Issuer"), NameID: childText(subject, "NameID"), Format: shortName(attribute(child(subject, "NameID"), "Format")),
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
		s.Certificate, _ = x509.ParseCertificate(der) // one that cannot be read is not shown
	}
	return s
}

// fingerprint is how administrators compare certificates.
func fingerprint(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	var parts []string
	for _, b := range sum[:8] {
		parts = append(parts, strings.ToUpper(hex.EncodeToString([]byte{b})))
	}
	return strings.Join(parts, ":") + ":…"
}

func child(e *etree.Element, tag string) *etree.Element {
	if list := children(e, tag); len(list) > 0 {
		return list[0]
	}
	return nil
}

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

// shortName is the last part of a URN, such as "emailAddress".
func shortName(urn string) string { return urn[strings.LastIndex(urn, ":")+1:] }

func isTrue(text string) bool { return text == "true" || text == "1" }

// moment makes an xs:dateTime readable; what is none stays as it is.
func moment(text string) string {
	if text == "" {
		return "(no time)"
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return text
	}
	return t.UTC().Format("2006-01-02 15:04:05 UTC")
}

// said tells in plain sentences what a message says.
func (m samlMessage) said() []string {
	switch {
	case m.Kind == "AuthnRequest":
		return m.saidRequest()
	case m.Assertion != nil:
		return append(m.saidEnvelope(), m.Assertion.said(m.Signature)...)
	}
	return m.saidEnvelope()
}

func (m samlMessage) saidRequest() []string {
	list := []string{sentence("The service provider", quoted(m.Issuer), "asks: who is this person?")}
	if m.ACS != "" {
		list = append(list, sentence("The answer is to be sent to", m.ACS))
	}
	list = append(list, sentence("The request was made at", moment(m.IssueInstant), "and has the ID", m.ID+"; the answer must name it in InResponseTo"))
	if m.ForceAuthn {
		list = append(list, "ForceAuthn: the person must sign in again, even with a session at the identity provider.")
	}
	if m.IsPassive {
		list = append(list, "IsPassive: nobody may be asked anything; without a session the answer is a refusal.")
	}
	if m.NameIDWish != "" {
		list = append(list, sentence("The person should be named in the format", m.NameIDWish))
	}
	if m.Signature == nil {
		list = append(list, "The XML is not signed. That is usual: a request only asks.")
	}
	return list
}

func (m samlMessage) saidEnvelope() []string {
	var list []string
	if m.Issuer != "" {
		list = append(list, sentence("The identity provider", quoted(m.Issuer), "answers, at", moment(m.IssueInstant)))
	}
	switch {
	case m.Kind != "Response":
	case m.InResponseTo != "":
		list = append(list, sentence("It answers the request", m.InResponseTo))
	default:
		list = append(list, "It answers no request: the sign-on began at the identity provider.")
	}
	if len(m.Status) > 0 && m.Status[0] != "Success" {
		list = append(list, sentence("Nobody was signed on. The status is", strings.Join(m.Status, ", then ")))
	}
	if m.Encrypted {
		list = append(list, "The assertion is encrypted and cannot be read here.")
	}
	return list
}

func (a samlAssertion) said(envelope *samlSignature) []string {
	list := []string{sentence("The person is", quoted(a.NameID), "(format "+cmp.Or(a.Format, "not named")+")")}
	if a.AuthnInstant != "" {
		list = append(list, sentence("They signed in there at", moment(a.AuthnInstant)+", by", a.AuthnContext))
	}
	if len(a.Audiences) > 0 {
		list = append(list, sentence("The statement is meant for", strings.Join(a.Audiences, ", ")))
	}
	if a.Recipient != "" {
		list = append(list, sentence("It may only be delivered to", a.Recipient+", until", moment(a.ConfirmUntil)))
	}
	list = append(list, sentence("It holds from", moment(a.NotBefore), "until", moment(a.NotOnOrAfter)))
	switch s := signatureOf(a.Signature, envelope); {
	case s == nil:
		list = append(list, "Nothing is signed: anybody could have written this.")
	case s.Certificate == nil:
		list = append(list, sentence("Signed:", signedParts(envelope, a.Signature), "with", s.Algorithm))
	default:
		list = append(list, sentence("Signed:", signedParts(envelope, a.Signature), "with", s.Algorithm+", certificate", fingerprint(s.Certificate)+", valid until",
			s.Certificate.NotAfter.UTC().Format("2006-01-02")))
	}
	return list
}

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
		return "(not named)"
	}
	return "“" + text + "”"
}

// summary is the message in one line, for the timeline.
func (m samlMessage) summary() string {
	switch {
	case m.Kind == "AuthnRequest":
		return "Sigma asks Okta to sign somebody on"
	case m.Assertion != nil:
		return "Okta signs " + m.Assertion.NameID + " on to Sigma"
	case len(m.Status) > 0:
		return "Okta signs nobody on: " + strings.Join(m.Status, ", ")
	}
	return m.Kind
}

// encoded is a message as the form field SAMLResponse carries it.
func encoded(text string) string {
	return base64.StdEncoding.EncodeToString(bytes.TrimSpace([]byte(text)))
}
