package sso

import (
	"crypto/x509"
	"errors"
	"fmt"
	"slices"

	"understudy/seed/base/xmlsignature"
	"understudy/seed/base/xmltree"
)

var (
	errMismatch    = errors.New("the signature does not match the content and the certificate that Sigma stores")
	errCertificate = errors.New("the signature was made with a certificate other than the one that Sigma stores")
)

// signers says who signed a response.
type signers struct {
	certificates []*x509.Certificate // each trusted certificate that a signature was verified with, once
	response     bool                // the Response itself is signed
}

// verify checks every signature of the response. If it returns no error, the assertion is signed, and the hashed nodes are
// the nodes that are read afterwards (see [xmltree]). Each signature needs one of the trusted certificates; during a rotation
// there are two.
//
// The validity period of a certificate is not checked here: [CheckCertificate] does that by the lab's clock.
func verify(root, assertion *xmltree.Element, trusted []*x509.Certificate) (by signers, err error) {
	by.response = xmlsignature.Signed(root)
	if !by.response && !xmlsignature.Signed(assertion) {
		return by, errors.New("neither Response nor Assertion is signed")
	}
	for _, part := range []*xmltree.Element{root, assertion} {
		if !xmlsignature.Signed(part) {
			continue
		}
		c, err := signerOf(part, trusted)
		if err != nil {
			return by, fmt.Errorf("in the %s: %w", part.Local, err)
		}
		if !slices.Contains(by.certificates, c) {
			by.certificates = append(by.certificates, c)
		}
	}
	return by, nil
}

// signerOf returns the trusted certificate that an element was signed with.
func signerOf(e *xmltree.Element, trusted []*x509.Certificate) (*x509.Certificate, error) {
	reason := errCertificate
	for _, c := range trusted {
		switch err := xmlsignature.Verify(e, c); {
		case err == nil:
			return c, nil
		case errors.Is(err, xmlsignature.ErrMismatch):
			reason = errMismatch
		case !errors.Is(err, xmlsignature.ErrCertificate):
			reason = err
		}
	}
	return nil, reason
}
