package sso

import (
	"bytes"
	"crypto"
	_ "crypto/sha512" // SHA-384 and SHA-512 are accepted
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"understudy/seed/base/xmltree"
)

const (
	excC14N   = "http://www.w3.org/2001/10/xml-exc-c14n#"
	enveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"

	// maxPrefixes bounds an InclusiveNamespaces list. Identity providers name one or two prefixes.
	maxPrefixes = 16
)

var (
	signatureMethods = map[string]x509.SignatureAlgorithm{
		"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256":   x509.SHA256WithRSA,
		"http://www.w3.org/2001/04/xmldsig-more#rsa-sha384":   x509.SHA384WithRSA,
		"http://www.w3.org/2001/04/xmldsig-more#rsa-sha512":   x509.SHA512WithRSA,
		"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256": x509.ECDSAWithSHA256,
		"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384": x509.ECDSAWithSHA384,
		"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512": x509.ECDSAWithSHA512,
	}
	digestMethods = map[string]crypto.Hash{
		"http://www.w3.org/2001/04/xmlenc#sha256":       crypto.SHA256,
		"http://www.w3.org/2001/04/xmldsig-more#sha384": crypto.SHA384,
		"http://www.w3.org/2001/04/xmlenc#sha512":       crypto.SHA512,
	}
	signatureParts = []string{"SignedInfo", "SignatureValue", "KeyInfo"}

	errMismatch = errors.New("the signature does not match the content and the certificate that Sigma stores")
)

// verify checks every signature of the response. If it returns no error, the assertion is signed, and the hashed nodes are
// the nodes that are read afterwards (see [xmltree]). responseSigned reports whether the Response itself is signed, too.
func verify(root, assertion *xmltree.Element, trusted *x509.Certificate) (responseSigned bool, err error) {
	responseSigned = len(root.All(dsigNS, "Signature")) > 0
	assertionSigned := len(assertion.All(dsigNS, "Signature")) > 0
	if !responseSigned && !assertionSigned {
		return false, errors.New("neither Response nor Assertion is signed")
	}
	if responseSigned {
		if err := verifyElement(root, trusted); err != nil {
			return false, fmt.Errorf("in the Response: %w", err)
		}
	}
	if assertionSigned {
		if err := verifyElement(assertion, trusted); err != nil {
			return false, fmt.Errorf("in the Assertion: %w", err)
		}
	}
	return responseSigned, nil
}

// verifyElement checks the signature inside an element (XML Signature section 3.2). SignedInfo must be signed with the
// trusted key, and the element without its signature must have the digest that SignedInfo states.
//
// The validity period of the certificate is not checked here: [CheckCertificate] does that by the lab's clock.
func verifyElement(e *xmltree.Element, trusted *x509.Certificate) error {
	s, err := readSignature(e, trusted)
	if err != nil {
		return err
	}
	if trusted.CheckSignature(s.method, s.info, s.value) != nil {
		return errMismatch
	}
	hash := s.hash.New()
	hash.Write(e.Canonical(s.element, s.inclusive...))
	if !bytes.Equal(hash.Sum(nil), s.digest) {
		return errMismatch
	}
	return nil
}

// signature holds the facts of a Signature element.
type signature struct {
	element   *xmltree.Element
	info      []byte // SignedInfo in canonical form
	method    x509.SignatureAlgorithm
	value     []byte // in the form of [x509.Certificate.CheckSignature]
	hash      crypto.Hash
	digest    []byte
	inclusive []string // namespace prefixes of the element's canonical form
}

// readSignature reads the signature of element e and enforces the profile of SAML core 5.4: one reference, to e itself, and
// only the two transforms that SAML allows. SHA-1 is refused because it is broken.
func readSignature(e *xmltree.Element, trusted *x509.Certificate) (s signature, err error) {
	s.element = e.Only(dsigNS, "Signature")
	info := s.element.Only(dsigNS, "SignedInfo")
	if info == nil {
		return s, errors.New("the signature has no SignedInfo")
	}
	for _, c := range s.element.Children {
		if c := c.Element; c != nil && (c.Space != dsigNS || !slices.Contains(signatureParts, c.Local)) {
			return s, fmt.Errorf("the signature contains %s", shortened(c.Local))
		}
	}
	var known bool
	method := info.Only(dsigNS, "SignatureMethod").Attr("Algorithm")
	if s.method, known = signatureMethods[method]; !known {
		return s, fmt.Errorf("the signature algorithm %s is not accepted; use RSA-SHA256 or better", lastPart(method))
	}
	canonicalization := info.Only(dsigNS, "CanonicalizationMethod")
	if a := canonicalization.Attr("Algorithm"); a != excC14N {
		return s, fmt.Errorf("the canonicalization %s is not accepted", lastPart(a))
	}
	if err := s.readReference(info, e.Attr("ID")); err != nil {
		return s, err
	}
	if err := checkKeyInfo(s.element, trusted); err != nil {
		return s, err
	}
	prefixes, err := inclusivePrefixes(canonicalization)
	if err != nil {
		return s, err
	}
	s.info = info.Canonical(nil, prefixes...)
	value, err := base64.StdEncoding.DecodeString(withoutSpace(s.element.Only(dsigNS, "SignatureValue").Text()))
	if err != nil {
		return s, errMismatch
	}
	s.value = forCheckSignature(value, trusted)
	return s, nil
}

// readReference reads the Reference of SignedInfo, which must refer to the element with the given ID.
func (s *signature) readReference(info *xmltree.Element, id string) (err error) {
	reference := info.Only(dsigNS, "Reference")
	if reference == nil || id == "" || reference.Attr("URI") != "#"+id {
		return errors.New("the signature does not refer to the element around it")
	}
	var known bool
	method := reference.Only(dsigNS, "DigestMethod").Attr("Algorithm")
	if s.hash, known = digestMethods[method]; !known {
		return fmt.Errorf("the digest algorithm %s is not accepted; use SHA-256 or better", lastPart(method))
	}
	if s.digest, err = base64.StdEncoding.DecodeString(withoutSpace(reference.Only(dsigNS, "DigestValue").Text())); err != nil {
		return errMismatch
	}
	transforms := reference.Only(dsigNS, "Transforms").All(dsigNS, "Transform")
	if len(transforms) != 2 || transforms[0].Attr("Algorithm") != enveloped || transforms[1].Attr("Algorithm") != excC14N {
		return errors.New("the signature uses transforms that SAML does not allow")
	}
	s.inclusive, err = inclusivePrefixes(transforms[1])
	return err
}

// inclusivePrefixes reads the InclusiveNamespaces PrefixList (Exclusive XML Canonicalization 1.0, section 4).
func inclusivePrefixes(method *xmltree.Element) ([]string, error) {
	list := strings.Fields(method.Only(excC14N, "InclusiveNamespaces").Attr("PrefixList"))
	if len(list) > maxPrefixes {
		return nil, errors.New("the signature has too many inclusive namespaces")
	}
	return list, nil
}

// checkKeyInfo compares the certificate inside the signature with the pasted one. Only the pasted one is trusted.
func checkKeyInfo(signature *xmltree.Element, trusted *x509.Certificate) error {
	for _, data := range signature.Only(dsigNS, "KeyInfo").All(dsigNS, "X509Data") {
		for _, c := range data.All(dsigNS, "X509Certificate") {
			der, err := base64.StdEncoding.DecodeString(withoutSpace(c.Text()))
			if err != nil || !bytes.Equal(der, trusted.Raw) {
				return errors.New("the signature was made with a certificate other than the one that Sigma stores")
			}
		}
	}
	return nil
}

// lastPart returns the end of an algorithm's URI, which names the algorithm.
func lastPart(algorithm string) string {
	if algorithm == "" {
		return "(none)"
	}
	return shortened(algorithm[strings.LastIndexAny(algorithm, "#/")+1:])
}
