package sso

import (
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/asn1"
	"math/big"
)

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
