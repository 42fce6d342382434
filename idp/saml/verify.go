package saml

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"

	"understudy/seed/base/xmlsignature"
	"understudy/seed/base/xmltree"
)

// ErrSignature is the error for a message whose signature is missing or not valid.
var ErrSignature = errors.New("the signature of the SAML message is not valid")

// CheckSignature checks the signature of a request. rawQuery is the query with which it arrived, as the browser sent it.
// Without a certificate nothing can be checked; required then fails. Error: [ErrSignature].
func (r *AuthnRequest) CheckSignature(rawQuery string, certificate *x509.Certificate, required bool) error {
	return checkSignature(r.message, rawQuery, "SAMLRequest", certificate, required)
}

// checkSignature checks the signature in the query (HTTP-Redirect binding) and that in the message (HTTP-POST binding);
// every one that is there must be valid.
func checkSignature(message *xmltree.Element, rawQuery, parameter string, certificate *x509.Certificate, required bool) error {
	query, queryErr := url.ParseQuery(rawQuery)
	inQuery := query.Has("Signature")
	inMessage := xmlsignature.Signed(message)
	switch {
	case certificate == nil && required:
		return fmt.Errorf("%w: the application has no certificate", ErrSignature)
	case certificate == nil:
		return nil
	case queryErr != nil: // readers differ about what such a query contains
		return fmt.Errorf("%w: the query cannot be read", ErrSignature)
	case !inQuery && !inMessage && required:
		return fmt.Errorf("%w: %w", ErrSignature, xmlsignature.ErrUnsigned)
	}
	if inQuery {
		if err := xmlsignature.VerifyQuery(rawQuery, parameter, certificate); err != nil {
			return fmt.Errorf("%w: %w", ErrSignature, err)
		}
	}
	if inMessage {
		if err := xmlsignature.Verify(message, certificate); err != nil {
			return fmt.Errorf("%w: %w", ErrSignature, err)
		}
	}
	return nil
}
