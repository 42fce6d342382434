package saml

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"time"

	"understudy/idp"
	"understudy/seed/base/address"
	"understudy/seed/base/xmltree"
)

// LogoutRequest holds the fields of a LogoutRequest that the IdP uses (SAML core 3.7.1).
type LogoutRequest struct {
	ID           string
	Issuer       string
	Destination  string
	NameID       string
	NotOnOrAfter time.Time // zero for none

	message *xmltree.Element
}

// DecodeLogoutRequest reads a SAMLRequest parameter that holds a LogoutRequest. Errors are those of [Decode].
func DecodeLogoutRequest(message string) (*LogoutRequest, error) {
	_, root, err := Decode(message)
	if err != nil {
		return nil, err
	}
	if err := checkMessage(root, "LogoutRequest"); err != nil {
		return nil, err
	}
	r := &LogoutRequest{ID: root.Attr("ID"), Issuer: text(root.Only(nsAssertion, "Issuer")), Destination: root.Attr("Destination"),
		NameID: text(root.Only(nsAssertion, "NameID")), message: root}
	if until := strings.TrimSpace(root.Attr("NotOnOrAfter")); until != "" {
		if r.NotOnOrAfter, err = time.Parse(time.RFC3339, until); err != nil {
			return nil, fmt.Errorf("%w: NotOnOrAfter is no time", ErrMalformed)
		}
	}
	return r, nil
}

// CheckSignature checks the signature, which must be there. See [AuthnRequest.CheckSignature].
func (r *LogoutRequest) CheckSignature(rawQuery string, certificate *x509.Certificate) error {
	return checkSignature(r.message, rawQuery, "SAMLRequest", certificate, true)
}

// LogoutResponse holds the fields of a LogoutResponse that the IdP uses (SAML core 3.7.2).
type LogoutResponse struct {
	InResponseTo string
	Success      bool

	message *xmltree.Element
}

// DecodeLogoutResponse reads a SAMLResponse parameter that holds a LogoutResponse. Errors are those of [Decode].
func DecodeLogoutResponse(message string) (*LogoutResponse, error) {
	_, root, err := Decode(message)
	if err != nil {
		return nil, err
	}
	if err := checkMessage(root, "LogoutResponse"); err != nil {
		return nil, err
	}
	code := root.Only(nsProtocol, "Status").Only(nsProtocol, "StatusCode")
	return &LogoutResponse{InResponseTo: root.Attr("InResponseTo"), Success: code.Attr("Value") == StatusSuccess, message: root}, nil
}

// CheckSignature checks a signature that is there. See [AuthnRequest.CheckSignature].
func (r *LogoutResponse) CheckSignature(rawQuery string, certificate *x509.Certificate) error {
	return checkSignature(r.message, rawQuery, "SAMLResponse", certificate, false)
}

// requestLife is how long a LogoutRequest is valid.
const requestLife = 5 * time.Minute

// NewLogoutRequest returns a LogoutRequest to an app. It is signed unless the HTTP-Redirect binding carries it, which has
// another signature: see [Signer.RedirectURL].
func NewLogoutRequest(q idp.LogoutRequest, s Signer) ([]byte, error) {
	options := q.App.SignOn.SAML
	w := &writer{}
	w.open("saml2p:LogoutRequest", "xmlns:saml2p", nsProtocol, "Destination", options.Logout.RequestURL, "ID", q.RequestID,
		"IssueInstant", samlTime(q.At), "NotOnOrAfter", samlTime(q.At.Add(requestLife)), "Version", "2.0")
	w.element("saml2:Issuer", q.App.Issuer(), "xmlns:saml2", nsAssertion, "Format", entityFormat)
	afterIssuer := w.position()
	w.element("saml2:NameID", q.NameID, "xmlns:saml2", nsAssertion, "Format", q.NameIDFormat)
	if options.Logout.SessionIndex {
		w.element("saml2p:SessionIndex", q.SessionIndex)
	}
	w.close("saml2p:LogoutRequest")
	if options.Logout.Binding == "REDIRECT" {
		return w.sent, nil
	}
	err := s.sign(w, q.RequestID, afterIssuer, options)
	return w.sent, err
}

// NewLogoutResponse returns a signed LogoutResponse to the app that began a single logout.
func NewLogoutResponse(l idp.Logout, app idp.App, s Signer, codes ...string) ([]byte, error) {
	options := app.SignOn.SAML
	w := &writer{}
	w.open("saml2p:LogoutResponse", "xmlns:saml2p", nsProtocol, "Destination", options.Logout.ResponseURL, "ID", l.ResponseID,
		"InResponseTo", l.RequestID, "IssueInstant", samlTime(l.At), "Version", "2.0")
	w.element("saml2:Issuer", app.Issuer(), "xmlns:saml2", nsAssertion, "Format", entityFormat)
	afterIssuer := w.position()
	writeStatus(w, codes)
	w.close("saml2p:LogoutResponse")
	err := s.sign(w, l.ResponseID, afterIssuer, options)
	return w.sent, err
}

// RedirectURL returns the address that carries a request to an app with the HTTP-Redirect binding, signed as SAML bindings
// 3.4.4.1 says.
func (s Signer) RedirectURL(to string, message []byte, o idp.SAMLOptions) (string, error) {
	encoded, err := deflated(message)
	if err != nil {
		return "", err
	}
	use := algorithmsOf(o)
	query := "SAMLRequest=" + url.QueryEscape(encoded) + "&SigAlg=" + url.QueryEscape(use.method)
	signature, err := rsa.SignPKCS1v15(rand.Reader, s.key, use.methodHash, hashed(use.methodHash, []byte(query)))
	if err != nil {
		return "", err
	}
	return address.WithMessage(to, query+"&Signature="+url.QueryEscape(base64.StdEncoding.EncodeToString(signature))), nil
}
