package certificate

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
)

// MaxRSA is the largest RSA key, in bits. The time of one signature check grows with the cube of the length: 5 seconds for
// 360,000 bits.
const MaxRSA = 8192

// Usable reports whether the key of a certificate can verify signatures within a reasonable time.
func Usable(c *x509.Certificate) bool { return keyProblem(c, 1) == "" }

// keyProblem says why the key of a certificate is not accepted; empty if it is.
func keyProblem(c *x509.Certificate, minRSA int) string {
	switch key := c.PublicKey.(type) {
	case *rsa.PublicKey:
		if bits := key.N.BitLen(); bits < minRSA || bits > MaxRSA {
			return fmt.Sprintf("The RSA key of this certificate has %d bits. Use a key of %d to %d bits.", bits, minRSA, MaxRSA)
		}
	case *ecdsa.PublicKey:
	default:
		return "The key of this certificate is neither RSA nor elliptic curve (ECDSA). Use a certificate with such a key."
	}
	return ""
}
