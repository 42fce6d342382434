package saml

import (
	"crypto"
	"crypto/rsa"
	_ "crypto/sha1" // for apps with RSA-SHA1
	_ "crypto/sha256"
	"encoding/base64"

	"understudy/idp"
)

const (
	nsDSig  = "http://www.w3.org/2000/09/xmldsig#"
	excC14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
)

// Signer signs with the key of one app: RSA over exclusive canonical XML, with the certificate in the signature.
type Signer struct {
	key         *rsa.PrivateKey
	certificate string // DER in base64
}

// NewSigner returns a signer. certificate is the DER form of the certificate for key.
func NewSigner(key *rsa.PrivateKey, certificate []byte) Signer {
	return Signer{key: key, certificate: base64.StdEncoding.EncodeToString(certificate)}
}

// algorithms are the URIs and hashes of a signature. Signature and digest may use different hashes.
type algorithms struct {
	method, digest         string
	methodHash, digestHash crypto.Hash
}

// algorithmsOf returns the algorithms for the settings of an app. Okta offers SHA-1 because some
// service providers still need it.
func algorithmsOf(o idp.SAMLOptions) algorithms {
	a := algorithms{"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2001/04/xmlenc#sha256",
		crypto.SHA256, crypto.SHA256}
	if o.SignatureAlgorithm == "RSA_SHA1" {
		a.method, a.methodHash = nsDSig+"rsa-sha1", crypto.SHA1
	}
	if o.DigestAlgorithm == "SHA1" {
		a.digest, a.digestHash = nsDSig+"sha1", crypto.SHA1
	}
	return a
}

// hashed returns the hash sum of a text.
func hashed(h crypto.Hash, text []byte) []byte {
	sum := h.New()
	sum.Write(text)
	return sum.Sum(nil)
}

// sign signs the element that w holds, whose attribute ID is id, and inserts the ds:Signature after the element's Issuer,
// where the SAML schema puts the signature (XML Signature, sections 2 and 4; SAML core 5.4).
func (s Signer) sign(w *writer, id string, afterIssuer position, o idp.SAMLOptions) error {
	use := algorithmsOf(o)
	digest := hashed(use.digestHash, w.canonical)
	info := `><ds:CanonicalizationMethod Algorithm="` + excC14N + `"></ds:CanonicalizationMethod>` +
		`<ds:SignatureMethod Algorithm="` + use.method + `"></ds:SignatureMethod>` +
		`<ds:Reference URI="#` + id + `"><ds:Transforms>` +
		`<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform>` +
		`<ds:Transform Algorithm="` + excC14N + `"></ds:Transform></ds:Transforms>` +
		`<ds:DigestMethod Algorithm="` + use.digest + `"></ds:DigestMethod>` +
		`<ds:DigestValue>` + base64.StdEncoding.EncodeToString(digest) + `</ds:DigestValue></ds:Reference></ds:SignedInfo>`
	// The signature covers SignedInfo as a separate document, which declares the prefix ds. Inside ds:Signature the
	// parent declares it.
	sum := hashed(use.methodHash, []byte(`<ds:SignedInfo xmlns:ds="`+nsDSig+`"`+info))
	signature, err := rsa.SignPKCS1v15(nil, s.key, use.methodHash, sum)
	if err != nil {
		return err
	}
	w.insert(afterIssuer, `<ds:Signature xmlns:ds="`+nsDSig+`"><ds:SignedInfo`+info+
		`<ds:SignatureValue>`+base64.StdEncoding.EncodeToString(signature)+`</ds:SignatureValue>`+
		`<ds:KeyInfo><ds:X509Data><ds:X509Certificate>`+s.certificate+
		`</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>`)
	return nil
}
