// Package xmlsignature verifies the enveloped XML signature of an element, with the profile of SAML core 5.4: one reference,
// to the element around the signature, exclusive canonicalization, and no other transforms.
//
//	*xmltree.Element ─▶ Verify ─▶ nil: exactly the nodes of the tree are signed by the certificate
//
// Verify hashes the tree that the application reads afterwards, so the signed content and the processed content cannot differ
// (signature wrapping). It trusts only the certificates of its caller, never those inside the message. SHA-1 is refused, because it is broken. The
// validity period of a certificate is not checked here, because it depends on the lab's clock.
//
// Files: xmlsignature.go holds Verify; algorithm.go the accepted algorithms, and signatures of the HTTP-Redirect binding.
package xmlsignature

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"understudy/seed/base/xmltree"
)

// The namespace of XML Signature, and the URI of exclusive canonicalization.
const (
	Namespace = "http://www.w3.org/2000/09/xmldsig#"

	excC14N   = "http://www.w3.org/2001/10/xml-exc-c14n#"
	enveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"

	// maxPrefixes bounds an InclusiveNamespaces list. Senders name one or two prefixes.
	maxPrefixes = 16
)

// The errors of [Verify] that a caller may want to tell apart. Other errors are about the form of the signature.
var (
	ErrUnsigned    = errors.New("the message is not signed")
	ErrMismatch    = errors.New("the signature does not match the content and the stored certificate")
	ErrCertificate = errors.New("the signature was made with a certificate other than the stored one")
)

var signatureParts = []string{"SignedInfo", "SignatureValue", "KeyInfo"}

// Signed reports whether an element contains a signature.
func Signed(e *xmltree.Element) bool { return len(e.All(Namespace, "Signature")) > 0 }

// Verify checks the signature inside an element (XML Signature section 3.2). SignedInfo must be signed with the key of the
// trusted certificate, and the element without its signature must have the digest that SignedInfo states.
func Verify(e *xmltree.Element, trusted *x509.Certificate) error {
	if !Signed(e) {
		return ErrUnsigned
	}
	s, err := read(e, trusted)
	if err != nil {
		return err
	}
	if trusted.CheckSignature(s.method, s.info, s.value) != nil {
		return ErrMismatch
	}
	hash := s.hash.New()
	hash.Write(e.Canonical(s.element, s.inclusive...))
	if !bytes.Equal(hash.Sum(nil), s.digest) {
		return ErrMismatch
	}
	return nil
}

// signature is a parsed Signature element.
type signature struct {
	element   *xmltree.Element
	info      []byte // SignedInfo in canonical form
	method    x509.SignatureAlgorithm
	value     []byte // in the form of [x509.Certificate.CheckSignature]
	hash      crypto.Hash
	digest    []byte
	inclusive []string // namespace prefixes of the element's canonical form
}

// read reads the signature of element e and enforces the profile.
func read(e *xmltree.Element, trusted *x509.Certificate) (s signature, err error) {
	s.element = e.Only(Namespace, "Signature")
	info := s.element.Only(Namespace, "SignedInfo")
	if info == nil {
		return s, errors.New("the signature has no SignedInfo")
	}
	for _, c := range s.element.Children {
		if c := c.Element; c != nil && (c.Space != Namespace || !slices.Contains(signatureParts, c.Local)) {
			return s, fmt.Errorf("the signature contains %.40s", c.Local)
		}
	}
	if s.method, err = methodOf(info.Only(Namespace, "SignatureMethod").Attr("Algorithm")); err != nil {
		return s, err
	}
	canonicalization := info.Only(Namespace, "CanonicalizationMethod")
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
	value, err := decode(s.element.Only(Namespace, "SignatureValue").Text())
	if err != nil {
		return s, ErrMismatch
	}
	s.value = forCheckSignature(value, trusted)
	return s, nil
}

// readReference reads the Reference of SignedInfo, which must refer to the element with the given ID.
func (s *signature) readReference(info *xmltree.Element, id string) (err error) {
	reference := info.Only(Namespace, "Reference")
	if reference == nil || id == "" || reference.Attr("URI") != "#"+id {
		return errors.New("the signature does not refer to the element around it")
	}
	var known bool
	method := reference.Only(Namespace, "DigestMethod").Attr("Algorithm")
	if s.hash, known = digestMethods[method]; !known {
		return fmt.Errorf("the digest algorithm %s is not accepted; use SHA-256 or better", lastPart(method))
	}
	if s.digest, err = decode(reference.Only(Namespace, "DigestValue").Text()); err != nil {
		return ErrMismatch
	}
	transforms := reference.Only(Namespace, "Transforms").All(Namespace, "Transform")
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

// checkKeyInfo compares the certificate inside the signature with the trusted one.
func checkKeyInfo(signature *xmltree.Element, trusted *x509.Certificate) error {
	for _, data := range signature.Only(Namespace, "KeyInfo").All(Namespace, "X509Data") {
		for _, c := range data.All(Namespace, "X509Certificate") {
			der, err := decode(c.Text())
			if err != nil || !bytes.Equal(der, trusted.Raw) {
				return ErrCertificate
			}
		}
	}
	return nil
}

// decode decodes base64 with white space.
func decode(text string) ([]byte, error) {
	return base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
}
