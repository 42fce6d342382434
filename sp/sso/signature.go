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
	errUnfit = errors.New("the signature does not fit the content and the certificate that Sigma knows")
)

// verify checks every signature of the response. Without an error the assertion is signed: the very nodes that were
// hashed are those that are read afterwards, see [xmltree]. responseSigned tells whether the Response's own attributes
// are signed as well.
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

// verifyElement checks the signature that stands in an element (XML Signature, section 3.2): that SignedInfo is signed
// with the trusted key, and that the element without its signature has the digest that SignedInfo says.
//
// The certificate's own validity is a check of its own, by the lab's clock; it must not hide a bad signature here.
func verifyElement(e *xmltree.Element, trusted *x509.Certificate) error {
	s, err := readSignature(e, trusted)
	if err != nil {
		return err
	}
	if trusted.CheckSignature(s.method, s.info, s.value) != nil {
		return errUnfit
	}
	hash := s.hash.New()
	hash.Write(e.Canonical(s.element, s.inclusive...))
	if !bytes.Equal(hash.Sum(nil), s.digest) {
		return errUnfit
	}
	return nil
}

// signature is what a Signature element says of the element that it stands in.
type signature struct {
	element   *xmltree.Element
	info      []byte // SignedInfo in canonical form
	method    x509.SignatureAlgorithm
	value     []byte // as [x509.Certificate.CheckSignature] wants it
	hash      crypto.Hash
	digest    []byte
	inclusive []string // prefixes of the element's canonical form
}

// readSignature holds a signature to the profile of SAML core 5.4: one reference to the element that it stands in, no
// transforms but the usual two, and no algorithm that is broken. SHA-1 is.
func readSignature(e *xmltree.Element, trusted *x509.Certificate) (s signature, err error) {
	s.element = e.Only(dsigNS, "Signature")
	info := s.element.Only(dsigNS, "SignedInfo")
	if info == nil {
		return s, errors.New("a signature without SignedInfo")
	}
	for _, c := range s.element.Children {
		if c := c.Element; c != nil && (c.Space != dsigNS || !slices.Contains([]string{"SignedInfo", "SignatureValue", "KeyInfo"}, c.Local)) {
			return s, fmt.Errorf("a signature with %s in it", shortened(c.Local))
		}
	}
	var known bool
	method := info.Only(dsigNS, "SignatureMethod").Attr("Algorithm")
	if s.method, known = signatureMethods[method]; !known {
		return s, fmt.Errorf("the signature algorithm %s is not accepted; RSA-SHA256 or better is", lastPart(method))
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
	if s.value, err = base64.StdEncoding.DecodeString(withoutSpace(s.element.Only(dsigNS, "SignatureValue").Text())); err != nil {
		return s, errUnfit
	}
	s.value = asCheckSignatureWants(s.value, trusted)
	return s, nil
}

// readReference reads what SignedInfo says of the element whose ID is given.
func (s *signature) readReference(info *xmltree.Element, id string) (err error) {
	reference := info.Only(dsigNS, "Reference")
	if reference == nil || id == "" || reference.Attr("URI") != "#"+id {
		return errors.New("the signature does not refer to the element that it stands in")
	}
	var known bool
	method := reference.Only(dsigNS, "DigestMethod").Attr("Algorithm")
	if s.hash, known = digestMethods[method]; !known {
		return fmt.Errorf("the digest algorithm %s is not accepted; SHA-256 or better is", lastPart(method))
	}
	if s.digest, err = base64.StdEncoding.DecodeString(withoutSpace(reference.Only(dsigNS, "DigestValue").Text())); err != nil {
		return errUnfit
	}
	transforms := reference.Only(dsigNS, "Transforms").All(dsigNS, "Transform")
	if len(transforms) != 2 || transforms[0].Attr("Algorithm") != enveloped || transforms[1].Attr("Algorithm") != excC14N {
		return errors.New("the signature uses other transforms than SAML allows")
	}
	s.inclusive, err = inclusivePrefixes(transforms[1])
	return err
}

// inclusivePrefixes reads the parameter of an exclusive canonicalization (Exclusive XML Canonicalization 1.0, section 4).
func inclusivePrefixes(method *xmltree.Element) ([]string, error) {
	list := strings.Fields(method.Only(excC14N, "InclusiveNamespaces").Attr("PrefixList"))
	if len(list) > maxPrefixes {
		return nil, errors.New("a signature with too many inclusive namespaces")
	}
	return list, nil
}

// checkKeyInfo compares a certificate that came along with the one that was pasted: only the pasted one is trusted.
func checkKeyInfo(signature *xmltree.Element, trusted *x509.Certificate) error {
	for _, data := range signature.Only(dsigNS, "KeyInfo").All(dsigNS, "X509Data") {
		for _, c := range data.All(dsigNS, "X509Certificate") {
			der, err := base64.StdEncoding.DecodeString(withoutSpace(c.Text()))
			if err != nil || !bytes.Equal(der, trusted.Raw) {
				return errors.New("it was made with another certificate than the one that Sigma knows")
			}
		}
	}
	return nil
}

func lastPart(algorithm string) string {
	if algorithm == "" {
		return "(none)"
	}
	return shortened(algorithm[strings.LastIndexAny(algorithm, "#/")+1:])
}
