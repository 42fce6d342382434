package xmlsignature

import (
	"crypto"
	"crypto/ecdsa"
	_ "crypto/sha512" // SHA-384 and SHA-512 are accepted
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"math/big"
	"net/url"
	"strings"
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
)

func methodOf(algorithm string) (x509.SignatureAlgorithm, error) {
	method, known := signatureMethods[algorithm]
	if !known {
		return 0, fmt.Errorf("the signature algorithm %s is not accepted; use RSA-SHA256 or better", lastPart(algorithm))
	}
	return method, nil
}

// VerifyQuery checks the signature of a message of the HTTP-Redirect binding (SAML bindings 3.4.4.1). The signature covers the
// parameters message ("SAMLRequest" or "SAMLResponse"), RelayState and SigAlg exactly as the query writes them, in this
// order. A query that contains one of them twice is refused, because two readers might use different ones.
func VerifyQuery(rawQuery, message string, trusted *x509.Certificate) error {
	written := map[string]string{}
	for part := range strings.SplitSeq(rawQuery, "&") {
		name, value, _ := strings.Cut(part, "=")
		if plain, err := url.QueryUnescape(name); err == nil {
			name = plain
		}
		if name != message && name != "RelayState" && name != "SigAlg" && name != "Signature" {
			continue
		}
		if _, twice := written[name]; twice {
			return fmt.Errorf("the query has the parameter %s twice", name)
		}
		written[name] = value
	}
	if written["Signature"] == "" {
		return ErrUnsigned
	}
	algorithm, err := url.QueryUnescape(written["SigAlg"])
	if err != nil {
		return ErrMismatch
	}
	method, err := methodOf(algorithm)
	if err != nil {
		return err
	}
	text, err := url.QueryUnescape(written["Signature"])
	if err != nil {
		return ErrMismatch
	}
	value, err := decode(text)
	if err != nil {
		return ErrMismatch
	}
	covered := message + "=" + written[message]
	if relay, there := written["RelayState"]; there {
		covered += "&RelayState=" + relay
	}
	covered += "&SigAlg=" + written["SigAlg"]
	if trusted.CheckSignature(method, []byte(covered), forCheckSignature(value, trusted)) != nil {
		return ErrMismatch
	}
	return nil
}

// forCheckSignature converts a signature value to the form of [x509.Certificate.CheckSignature]. An ECDSA signature is a
// pair of numbers. XML Signature concatenates the two (RFC 4050 section 3.3); crypto/x509 expects an ASN.1 sequence.
func forCheckSignature(value []byte, by *x509.Certificate) []byte {
	key, is := by.PublicKey.(*ecdsa.PublicKey)
	if !is {
		return value
	}
	size := (key.Curve.Params().BitSize + 7) / 8
	if len(value) != 2*size {
		return value // of the wrong length; CheckSignature will refuse it
	}
	der, err := asn1.Marshal([]*big.Int{new(big.Int).SetBytes(value[:size]), new(big.Int).SetBytes(value[size:])})
	if err != nil {
		return value
	}
	return der
}

// lastPart returns the end of an algorithm's URI, which names the algorithm.
func lastPart(algorithm string) string {
	if algorithm == "" {
		return "(none)"
	}
	return fmt.Sprintf("%.40s", algorithm[strings.LastIndexAny(algorithm, "#/")+1:])
}
