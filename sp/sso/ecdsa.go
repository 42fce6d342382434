package sso

import (
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/asn1"
	"math/big"
)

// asCheckSignatureWants gives a signature in the form of [x509.Certificate.CheckSignature]. Those of elliptic curves are
// two numbers, written one behind the other in XML Signature (RFC 4050, section 3.3) and in ASN.1 elsewhere.
func asCheckSignatureWants(value []byte, by *x509.Certificate) []byte {
	key, is := by.PublicKey.(*ecdsa.PublicKey)
	if !is {
		return value
	}
	size := (key.Curve.Params().BitSize + 7) / 8
	if len(value) != 2*size {
		return value // which does not fit, and is refused
	}
	der, err := asn1.Marshal([]*big.Int{new(big.Int).SetBytes(value[:size]), new(big.Int).SetBytes(value[size:])})
	if err != nil {
		return value
	}
	return der
}
