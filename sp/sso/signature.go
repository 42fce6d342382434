package sso

import (
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
	"github.com/russellhaering/goxmldsig/etreeutils"
)

const (
	excC14N   = "http://www.w3.org/2001/10/xml-exc-c14n#"
	enveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
)

var (
	signatureMethods = []string{
		"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
		"http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
		"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384", "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512",
	}
	digestMethods = []string{"http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2001/04/xmldsig-more#sha384", "http://www.w3.org/2001/04/xmlenc#sha512"}
)

// verify checks every signature of the response and gives the assertion as the signature covers it, read anew from the
// canonical bytes, and the Response's own attributes if these are signed as well.
func verify(root, assertion *etree.Element, trusted *x509.Certificate) (signed *etree.Element, responseSigned bool, err error) {
	if len(children(root, dsigNS, "Signature")) == 0 && len(children(assertion, dsigNS, "Signature")) == 0 {
		return nil, false, errors.New("neither Response nor Assertion is signed")
	}
	if len(children(root, dsigNS, "Signature")) > 0 {
		whole, err := verifyElement(root, trusted)
		if err != nil {
			return nil, false, fmt.Errorf("in the Response: %w", err)
		}
		if signed = only(whole, samlNS, "Assertion"); signed == nil {
			return nil, false, errors.New("the signed Response holds no assertion")
		}
		responseSigned = true
	}
	if len(children(assertion, dsigNS, "Signature")) > 0 {
		part, err := verifyElement(assertion, trusted)
		if err != nil {
			return nil, false, fmt.Errorf("in the Assertion: %w", err)
		}
		if !is(part, samlNS, "Assertion") {
			return nil, false, errors.New("what is signed is no assertion")
		}
		if signed == nil {
			signed = part
		}
	}
	return signed, responseSigned, nil
}

func verifyElement(e *etree.Element, trusted *x509.Certificate) (*etree.Element, error) {
	if err := checkSignatureShape(e, trusted); err != nil {
		return nil, err
	}
	namespaces, err := etreeutils.NSBuildParentContext(e)
	if err != nil {
		return nil, err
	}
	detached, err := etreeutils.NSDetatch(namespaces, e)
	if err != nil {
		return nil, err
	}
	v := dsig.NewDefaultValidationContext(&dsig.MemoryX509CertificateStore{Roots: []*x509.Certificate{trusted}})
	// The certificate's own validity is a check of its own, by the lab's clock; here it must not hide a bad signature.
	v.Clock = dsig.NewFakeClockAt(trusted.NotBefore.Add(time.Second))
	signed, err := v.Validate(detached)
	if err != nil {
		return nil, errors.New("the signature does not fit the content and the certificate that Sigma knows")
	}
	return signed, nil
}

// checkSignatureShape holds a signature to the profile of SAML core 5.4: one reference to the element that it stands in,
// no transforms but the usual two, and no algorithm that is broken. SHA-1 is.
func checkSignatureShape(e *etree.Element, trusted *x509.Certificate) error {
	signature := only(e, dsigNS, "Signature")
	info := only(signature, dsigNS, "SignedInfo")
	if info == nil {
		return errors.New("a signature without SignedInfo")
	}
	for _, c := range signature.ChildElements() {
		if c.NamespaceURI() != dsigNS || !slices.Contains([]string{"SignedInfo", "SignatureValue", "KeyInfo"}, c.Tag) {
			return fmt.Errorf("a signature with %s in it", c.Tag)
		}
	}
	if a := algorithm(info, "SignatureMethod"); !slices.Contains(signatureMethods, a) {
		return fmt.Errorf("the signature algorithm %s is not accepted; RSA-SHA256 or better is", lastPart(a))
	}
	if a := algorithm(info, "CanonicalizationMethod"); a != excC14N {
		return fmt.Errorf("the canonicalization %s is not accepted", lastPart(a))
	}
	reference := only(info, dsigNS, "Reference")
	id := e.SelectAttrValue("ID", "")
	if reference == nil || id == "" || reference.SelectAttrValue("URI", "") != "#"+id {
		return errors.New("the signature does not refer to the element that it stands in")
	}
	if a := algorithm(reference, "DigestMethod"); !slices.Contains(digestMethods, a) {
		return fmt.Errorf("the digest algorithm %s is not accepted; SHA-256 or better is", lastPart(a))
	}
	var transforms []string
	if list := only(reference, dsigNS, "Transforms"); list != nil {
		for _, t := range list.ChildElements() {
			transforms = append(transforms, t.SelectAttrValue("Algorithm", ""))
		}
	}
	if !slices.Equal(transforms, []string{enveloped, excC14N}) {
		return errors.New("the signature uses other transforms than SAML allows")
	}
	return checkKeyInfo(signature, trusted)
}

// checkKeyInfo compares a certificate that came along with the one that was pasted: only the pasted one is trusted.
func checkKeyInfo(signature *etree.Element, trusted *x509.Certificate) error {
	info := only(signature, dsigNS, "KeyInfo")
	if info == nil {
		return nil
	}
	for _, data := range children(info, dsigNS, "X509Data") {
		for _, c := range children(data, dsigNS, "X509Certificate") {
			der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text(c)), ""))
			if err != nil || !bytes.Equal(der, trusted.Raw) {
				return errors.New("it was made with another certificate than the one that Sigma knows")
			}
		}
	}
	return nil
}

func algorithm(e *etree.Element, tag string) string {
	if c := only(e, dsigNS, tag); c != nil {
		return c.SelectAttrValue("Algorithm", "")
	}
	return ""
}

func lastPart(algorithm string) string {
	if algorithm == "" {
		return "(none)"
	}
	return shortened(algorithm[strings.LastIndexAny(algorithm, "#/")+1:])
}
