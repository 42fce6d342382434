package sp

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"understudy/seed/base/store"
)

const chainSentence = "This text has several certificates. Paste only the identity provider's signing certificate."

// normalizeCertificate converts a pasted certificate, with or without PEM lines and line breaks, to clean PEM. If that is not
// possible, it returns a sentence that says why.
func normalizeCertificate(text string) (pemText, sentence string) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return "", "Paste the X.509 certificate of your identity provider."
	case len(text) > 64<<10:
		return "", "This text is too long for a certificate."
	}
	der, sentence := pastedDER(text)
	if sentence != "" {
		return "", sentence
	}
	certificates, err := x509.ParseCertificates(der)
	switch {
	case err != nil || len(certificates) == 0:
		return "", "This is not a valid X.509 certificate. Copy the certificate again: a part may be missing."
	case len(certificates) > 1:
		return "", chainSentence
	}
	if key, ok := certificates[0].PublicKey.(*rsa.PublicKey); ok && key.N.BitLen() < 2048 {
		return "", "The certificate's RSA key is shorter than 2048 bits."
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), ""
}

// pastedDER decodes PEM or bare base64.
func pastedDER(text string) (der []byte, sentence string) {
	if !strings.Contains(text, "-----BEGIN") {
		der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
		if err != nil {
			return nil, "This is not a certificate. Paste text in PEM format or base64."
		}
		return der, ""
	}
	block, rest := pem.Decode(withPEMLines(text))
	switch {
	case block == nil:
		return nil, "The certificate is incomplete. Copy everything from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----."
	case strings.Contains(block.Type, "PRIVATE KEY"):
		return nil, "This is a private key. Paste the certificate instead, and replace the key: it is no longer secret."
	case block.Type != "CERTIFICATE":
		return nil, fmt.Sprintf("This is a %s, not a certificate.", strings.ToLower(block.Type))
	case strings.Contains(string(rest), "-----BEGIN"):
		return nil, chainSentence
	}
	return block.Bytes, ""
}

// withPEMLines restores the line breaks of PEM text that were lost when it was copied.
func withPEMLines(text string) []byte {
	var b strings.Builder
	for i, part := range strings.Split(text, "-----") {
		part = strings.TrimSpace(part)
		switch {
		case i%2 == 1:
			b.WriteString("\n-----" + part + "-----\n")
		default:
			body := strings.Join(strings.Fields(part), "")
			for len(body) > 64 {
				b.WriteString(body[:64] + "\n")
				body = body[64:]
			}
			b.WriteString(body)
		}
	}
	return []byte(strings.TrimSpace(b.String()) + "\n")
}

// ParseCertificate parses a stored certificate (PEM).
func ParseCertificate(pemText string) (*x509.Certificate, error) {
	block, _ := pem.Decode([]byte(pemText))
	if block == nil {
		return nil, errors.New("no PEM block")
	}
	return x509.ParseCertificate(block.Bytes)
}

// parsedCertificate caches the pasted certificate, because parsing is slow.
type parsedCertificate struct {
	text        string // PEM
	certificate *x509.Certificate
	info        CertificateInfo // without Expired and DaysLeft, which depend on the time
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

// describe sets Certificate and Trusted from the pasted certificate.
func (o *Organization) describe(a *Authentication, now time.Time) {
	if a.IdPCertificate == "" {
		return
	}
	read := o.certificate.Load()
	if read == nil || read.text != a.IdPCertificate {
		c, err := ParseCertificate(a.IdPCertificate)
		if err != nil {
			return
		}
		sum := sha256.Sum256(c.Raw)
		read = &parsedCertificate{text: a.IdPCertificate, certificate: c, info: CertificateInfo{
			Subject: distinguishedName(c.Subject), Issuer: distinguishedName(c.Issuer),
			NotBefore: c.NotBefore, NotAfter: c.NotAfter,
			Fingerprint: strings.ReplaceAll(fmt.Sprintf("% X", sum[:]), " ", ":")}}
		o.certificate.Store(read)
	}
	info := read.info
	info.Expired, info.DaysLeft = now.After(info.NotAfter), int(info.NotAfter.Sub(now).Hours()/24)
	a.Trusted, a.Certificate = read.certificate, &info
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
	certificate, err := ParseCertificate(certText)
	return key, certificate, err
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
