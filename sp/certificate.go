package sp

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"understudy/seed/base/certificate"
	"understudy/seed/base/store"
)

// minRSA is the smallest RSA key of an identity provider, in bits.
const minRSA = 2048

// normalizeCertificate converts a pasted certificate to PEM. During a rotation there may be two: the current one and the next.
// If the text is not accepted, the reason says why.
func normalizeCertificate(text string) (pemText, reason string) {
	if strings.TrimSpace(text) == "" {
		return "", "Paste the X.509 certificate of your identity provider."
	}
	list, reason := certificate.Read(text, minRSA)
	switch {
	case reason != "":
		return "", reason
	case len(list) > 2:
		return "", "This text has more than two certificates. Paste the signing certificate, or two during a rotation."
	case len(list) == 2 && list[0].Equal(list[1]):
		return "", "This text has the same certificate twice. Paste it once."
	case len(list) == 2 && (issued(list[0], list[1]) || issued(list[1], list[0])):
		return "", "This text has a certificate and its issuer. Paste only the identity provider's signing certificate."
	}
	return certificate.PEM(list...), ""
}

// issued reports whether the key of a certificate signed another one. Two certificates of one key are no chain.
func issued(issuer, c *x509.Certificate) bool {
	return c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) != nil &&
		issuer.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil
}

// parsedCertificates caches the pasted certificates, because parsing is slow.
type parsedCertificates struct {
	text    string // PEM
	trusted []*x509.Certificate
	infos   []CertificateInfo // without Expired and DaysLeft, which depend on the time
}

// emailAddress is the PKCS #9 attribute (RFC 2985 section 5.2.1) in the subject of Okta's certificates.
var emailAddress = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 1}

// distinguishedName writes a name in the form of RFC 2253. It writes emailAddress as text; crypto/x509 would write the
// attribute's number and hexadecimal bytes.
func distinguishedName(name pkix.Name) string {
	plain := name
	plain.Names = nil
	addresses := ""
	for _, attribute := range name.Names {
		if address, ok := attribute.Value.(string); ok && attribute.Type.Equal(emailAddress) {
			addresses += ",emailAddress=" + address
		} else {
			plain.Names = append(plain.Names, attribute)
		}
	}
	return strings.TrimPrefix(plain.String()+addresses, ",")
}

// describe sets Certificates and Trusted from the pasted certificates. A key that this stand-in would not accept now is not
// trusted; an imported lab may have one.
func (o *Organization) describe(a *Authentication, now time.Time) {
	if a.IdPCertificate == "" {
		return
	}
	read := o.certificates.Load()
	if read == nil || read.text != a.IdPCertificate {
		list, err := certificate.Parse(a.IdPCertificate)
		if err != nil {
			return
		}
		read = &parsedCertificates{text: a.IdPCertificate}
		for _, c := range list {
			if certificate.Usable(c) {
				read.trusted, read.infos = append(read.trusted, c), append(read.infos, certificateInfo(c))
			}
		}
		o.certificates.Store(read)
	}
	a.Trusted, a.Certificates = read.trusted, slices.Clone(read.infos)
	for i := range a.Certificates {
		c := &a.Certificates[i]
		c.Expired, c.DaysLeft = now.After(c.NotAfter), int(c.NotAfter.Sub(now).Hours()/24)
	}
}

func certificateInfo(c *x509.Certificate) CertificateInfo {
	sum := sha256.Sum256(c.Raw)
	return CertificateInfo{Subject: distinguishedName(c.Subject), Issuer: distinguishedName(c.Issuer),
		NotBefore: c.NotBefore, NotAfter: c.NotAfter, Fingerprint: strings.ReplaceAll(fmt.Sprintf("% X", sum[:]), " ", ":")}
}

// SigningKey returns the key and certificate that sign AuthnRequests. The first call creates both.
func (o *Organization) SigningKey(ctx context.Context) (*rsa.PrivateKey, *x509.Certificate, error) {
	keyText, certText, err := o.storedSigningKey(ctx)
	if err != nil {
		return nil, nil, err
	}
	if keyText == "" {
		if keyText, certText, err = o.createSigningKey(ctx); err != nil {
			return nil, nil, err
		}
	}
	block, _ := pem.Decode([]byte(keyText))
	if block == nil {
		return nil, nil, errors.New("stored signing key is not PEM")
	}
	key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	if err != nil {
		return nil, nil, fmt.Errorf("stored signing key: %w", err)
	}
	list, err := certificate.Parse(certText)
	if err != nil || len(list) != 1 {
		return nil, nil, errors.Join(errors.New("stored signing certificate is not PEM"), err)
	}
	return key, list[0], nil
}

func (o *Organization) storedSigningKey(ctx context.Context) (key, certificate string, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		return tx.QueryRow(`SELECT sp_key, sp_certificate FROM sigma_organization WHERE id = 1`).Scan(&key, &certificate)
	})
	return key, certificate, err
}

// createSigningKey takes a key from the pool before the transaction begins, because an empty pool needs about 80 ms for one.
func (o *Organization) createSigningKey(ctx context.Context) (keyText, certText string, err error) {
	if o.keys == nil {
		return "", "", errors.New("this organization has no key pool")
	}
	key, err := o.keys(ctx)
	if err != nil {
		return "", "", fmt.Errorf("take a signing key: %w", err)
	}
	err = o.db.Write(ctx, func(tx *store.Tx) error {
		err := tx.QueryRow(`SELECT sp_key, sp_certificate FROM sigma_organization WHERE id = 1`).Scan(&keyText, &certText)
		if err != nil || keyText != "" { // another request was faster
			return err
		}
		der, err := x509.CreateCertificate(rand.Reader, spTemplate(tx.Now()), spTemplate(tx.Now()), &key.PublicKey, key)
		if err != nil {
			return fmt.Errorf("create the signing certificate: %w", err)
		}
		keyText = string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
		certText = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
		return tx.Exec(`UPDATE sigma_organization SET sp_key = $1, sp_certificate = $2 WHERE id = 1`, keyText, certText)
	})
	return keyText, certText, err
}

// spTemplate describes the self-signed certificate of the service provider.
func spTemplate(now time.Time) *x509.Certificate {
	return &x509.Certificate{SerialNumber: big.NewInt(now.UnixMilli()), Subject: pkix.Name{CommonName: "Sigma stand-in (training)"},
		NotBefore: now.AddDate(-5, 0, 0), NotAfter: now.AddDate(20, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature}
}
