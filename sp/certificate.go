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

const chainSentence = "This is a chain of certificates. Paste only the identity provider's signing certificate."

// normalizeCertificate takes a pasted certificate with or without PEM lines and line breaks and gives clean PEM, or a
// sentence for the person who pasted.
func normalizeCertificate(text string) (pemText, sentence string) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return "", "Paste the X.509 certificate of your identity provider."
	case len(text) > 64<<10:
		return "", "This is too long for one certificate."
	}
	der, sentence := pastedDER(text)
	if sentence != "" {
		return "", sentence
	}
	certificates, err := x509.ParseCertificates(der)
	switch {
	case err != nil || len(certificates) == 0:
		return "", "This does not read as an X.509 certificate; it may have been cut or altered when it was copied."
	case len(certificates) > 1:
		return "", chainSentence
	}
	if key, ok := certificates[0].PublicKey.(*rsa.PublicKey); ok && key.N.BitLen() < 2048 {
		return "", "The certificate's RSA key is shorter than 2048 bits."
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), ""
}

// pastedDER takes PEM lines or bare base64 off.
func pastedDER(text string) (der []byte, sentence string) {
	if !strings.Contains(text, "-----BEGIN") {
		der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
		if err != nil {
			return nil, "This is not a certificate: it is neither PEM text nor base64."
		}
		return der, ""
	}
	block, rest := pem.Decode(relaidPEM(text))
	switch {
	case block == nil:
		return nil, "The certificate is incomplete: copy it from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----."
	case strings.Contains(block.Type, "PRIVATE KEY"):
		return nil, "This is a private key. Paste the certificate, and treat the key as known to others from now on."
	case block.Type != "CERTIFICATE":
		return nil, fmt.Sprintf("This is a %s, not a certificate.", strings.ToLower(block.Type))
	case strings.Contains(string(rest), "-----BEGIN"):
		return nil, chainSentence
	}
	return block.Bytes, ""
}

// relaidPEM gives PEM text its line breaks back where copying took them away.
func relaidPEM(text string) []byte {
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

// ParseCertificate reads a stored certificate.
func ParseCertificate(pemText string) (*x509.Certificate, error) {
	block, _ := pem.Decode([]byte(pemText))
	if block == nil {
		return nil, errors.New("no certificate")
	}
	return x509.ParseCertificate(block.Bytes)
}

// readCertificate is a certificate that was pasted, as it was read; reading it takes longer than all else about it.
type readCertificate struct {
	text        string
	certificate *x509.Certificate
	info        CertificateInfo // less what time makes of it
}

// emailAddress is PKCS #9's attribute (RFC 2985 section 5.2.1), which Okta's certificates carry.
var emailAddress = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 1}

// distinguishedName writes a name as RFC 2253 does, with an e-mail address in plain letters: crypto/x509 would write its
// number and its bytes in hexadecimal.
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

// describe fills in what the pasted certificate says.
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
		read = &readCertificate{text: a.IdPCertificate, certificate: c, info: CertificateInfo{
			Subject: distinguishedName(c.Subject), Issuer: distinguishedName(c.Issuer), NotBefore: c.NotBefore, NotAfter: c.NotAfter,
			Fingerprint: strings.ReplaceAll(fmt.Sprintf("% X", sum[:]), " ", ":")}}
		o.certificate.Store(read)
	}
	info := read.info
	info.Expired, info.DaysLeft = now.After(info.NotAfter), int(info.NotAfter.Sub(now).Hours()/24)
	a.Trusted, a.Certificate = read.certificate, &info
}

// SigningKey gives the key and certificate with which AuthnRequests are signed; made on first use.
func (o *Organization) SigningKey(ctx context.Context) (*rsa.PrivateKey, *x509.Certificate, error) {
	keyText, certText, err := o.storedSigningKey(ctx)
	if err != nil {
		return nil, nil, err
	}
	if keyText == "" {
		if keyText, certText, err = o.makeSigningKey(ctx); err != nil {
			return nil, nil, err
		}
	}
	block, _ := pem.Decode([]byte(keyText))
	if block == nil {
		return nil, nil, errors.New("stored signing key is no PEM")
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

// makeSigningKey takes a key from the pool before the transaction begins: a pool that is empty has to work for 80 ms.
func (o *Organization) makeSigningKey(ctx context.Context) (keyText, certText string, err error) {
	if o.keys == nil {
		return "", "", errors.New("this organization has no source of keys")
	}
	key, err := o.keys(ctx)
	if err != nil {
		return "", "", fmt.Errorf("take a signing key: %w", err)
	}
	err = o.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.QueryRow(`SELECT sp_key, sp_certificate FROM sigma_organization WHERE id = 1`).Scan(&keyText, &certText); err != nil || keyText != "" {
			return err
		}
		der, err := x509.CreateCertificate(rand.Reader, spTemplate(tx.Now()), spTemplate(tx.Now()), &key.PublicKey, key)
		if err != nil {
			return fmt.Errorf("make the signing certificate: %w", err)
		}
		keyText = string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
		certText = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
		return tx.Exec(`UPDATE sigma_organization SET sp_key = $1, sp_certificate = $2 WHERE id = 1`, keyText, certText)
	})
	return keyText, certText, err
}

func spTemplate(now time.Time) *x509.Certificate {
	return &x509.Certificate{SerialNumber: big.NewInt(now.UnixMilli()), Subject: pkix.Name{CommonName: "Sigma stand-in (training)"},
		NotBefore: now.AddDate(-5, 0, 0), NotAfter: now.AddDate(20, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature}
}
