package saml

import (
	"encoding/base64"
	"time"

	"understudy/idp"
)

const (
	nsProtocol  = "urn:oasis:names:tc:SAML:2.0:protocol"
	nsAssertion = "urn:oasis:names:tc:SAML:2.0:assertion"
	nsXS        = "http://www.w3.org/2001/XMLSchema"
	nsXSI       = "http://www.w3.org/2001/XMLSchema-instance"

	entityFormat = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity"
)

// Status codes of a Response (SAML core 3.2.2.2).
const (
	StatusSuccess   = "urn:oasis:names:tc:SAML:2.0:status:Success"
	StatusRequester = "urn:oasis:names:tc:SAML:2.0:status:Requester"
	StatusResponder = "urn:oasis:names:tc:SAML:2.0:status:Responder"

	StatusInvalidNameIDPolicy = "urn:oasis:names:tc:SAML:2.0:status:InvalidNameIDPolicy"
	StatusNoAuthnContext      = "urn:oasis:names:tc:SAML:2.0:status:NoAuthnContext"
	StatusNoPassive           = "urn:oasis:names:tc:SAML:2.0:status:NoPassive"
	StatusPartialLogout       = "urn:oasis:names:tc:SAML:2.0:status:PartialLogout"
	StatusRequestDenied       = "urn:oasis:names:tc:SAML:2.0:status:RequestDenied"
	StatusUnknownPrincipal    = "urn:oasis:names:tc:SAML:2.0:status:UnknownPrincipal"
)

// Response returns a Response with an Assertion, laid out as Okta's. The app's settings say what is signed and encrypted.
func Response(on idp.SignOn, r idp.SignOnRequest, s Signer) ([]byte, error) {
	assertion, err := newAssertion(on, r, s)
	if err == nil && r.Settings.Options.Encryption.On {
		assertion, err = encrypted(assertion, r.Settings.Options.Encryption)
	}
	if err != nil {
		return nil, err
	}
	return newResponse(on.ResponseID, on.At, r, s, assertion, StatusSuccess)
}

// ErrorResponse returns a signed Response that has a status and no Assertion. codes holds the top-level status code, then
// the codes nested in it.
func ErrorResponse(id string, at time.Time, r idp.SignOnRequest, s Signer, codes ...string) ([]byte, error) {
	return newResponse(id, at, r, s, &writer{}, codes...)
}

// Encode returns a message as the form field SAMLResponse carries it (SAML bindings 3.5.4).
func Encode(message []byte) string { return base64.StdEncoding.EncodeToString(message) }

// newResponse writes and signs the Response. assertion is empty for an error response.
func newResponse(id string, at time.Time, r idp.SignOnRequest, s Signer, assertion *writer, codes ...string) ([]byte, error) {
	w := &writer{}
	attributes := []string{"xmlns:saml2p", nsProtocol, "Destination", r.Settings.Destination, "ID", id}
	if r.RequestID != "" {
		attributes = append(attributes, "InResponseTo", r.RequestID)
	}
	w.open("saml2p:Response", append(attributes, "IssueInstant", samlTime(at), "Version", "2.0")...)
	w.declare("xs", nsXS)
	w.element("saml2:Issuer", r.App.Issuer(), "xmlns:saml2", nsAssertion, "Format", entityFormat)
	afterIssuer := w.position()
	writeStatus(w, codes)
	w.append(assertion)
	w.close("saml2p:Response")
	if !r.Settings.Options.ResponseUnsigned {
		if err := s.sign(w, id, afterIssuer, r.Settings.Options); err != nil {
			return nil, err
		}
	}
	return append([]byte(`<?xml version="1.0" encoding="UTF-8"?>`), w.sent...), nil
}

// writeStatus writes a Status (SAML core 3.2.2.1). Each code is nested in the one before.
func writeStatus(w *writer, codes []string) {
	w.open("saml2p:Status")
	for _, code := range codes {
		w.open("saml2p:StatusCode", "Value", code)
	}
	for range codes {
		w.close("saml2p:StatusCode")
	}
	w.close("saml2p:Status")
}

// samlTime formats a time in UTC with milliseconds, as Okta does (SAML core 1.3.3).
func samlTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
