// Package certificate reads X.509 certificates as people paste them, for both halves. It has two files:
//
//   - certificate.go: from pasted text to certificates; start reading in Read
//   - key.go: which keys are accepted
//
// A text that is not accepted yields a reason that says what the text is and what to paste instead.
package certificate

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"regexp"
	"strings"
)

// maxText limits the pasted text, in bytes. A certificate has about two thousand.
const maxText = 64 << 10

// block is a PEM block: its label, its body, and the label at its end (RFC 7468 section 3). Line breaks do not matter.
var block = regexp.MustCompile(`(?s)-----BEGIN ([^-]*)-----(.*?)-----END ([^-]*)-----`)

// Read returns the certificates in a pasted text: PEM blocks, or the base64 of one certificate without BEGIN and END lines. Line
// breaks may be missing, or written as \n as in JSON and environment files. minRSA is the smallest accepted RSA key, in bits. If
// the text is not accepted, the reason says why.
func Read(text string, minRSA int) (list []*x509.Certificate, reason string) {
	if len(text) > maxText {
		return nil, "This text is too long for a certificate."
	}
	text = plain(text)
	bodies, reason := bodies(text)
	if reason != "" {
		return nil, reason
	}
	for _, body := range bodies {
		c, reason := parse(body)
		if reason == "" {
			reason = keyProblem(c, minRSA)
		}
		if reason != "" {
			return nil, reason
		}
		list = append(list, c)
	}
	return list, ""
}

// PEM returns certificates as PEM blocks.
func PEM(list ...*x509.Certificate) string {
	var b strings.Builder
	for _, c := range list {
		b.Write(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}))
	}
	return b.String()
}

// Parse reads what PEM has written, without checking the keys.
func Parse(pemText string) (list []*x509.Certificate, err error) {
	for rest := []byte(pemText); ; {
		var b *pem.Block
		if b, rest = pem.Decode(rest); b == nil {
			return list, nil
		}
		c, err := x509.ParseCertificate(b.Bytes)
		if err != nil {
			return nil, fmt.Errorf("stored certificate: %w", err)
		}
		list = append(list, c)
	}
}

// plain removes what programs put around a certificate: a byte order mark, quotes, and escaped line breaks.
func plain(text string) string {
	text = strings.NewReplacer(`\r`, "\n", `\n`, "\n", `\t`, " ").Replace(strings.TrimPrefix(text, "\ufeff"))
	return strings.Trim(text, " \t\r\n\"'`,")
}

// bodies returns the base64 of each certificate.
func bodies(text string) (list []string, reason string) {
	switch {
	case strings.Contains(text, "PRIVATE KEY-----"):
		return nil, "This is a private key. Paste the certificate instead, and replace the key: it is no longer secret."
	case strings.HasPrefix(text, "<"):
		return nil, "This is XML, for example metadata. Paste only the text between <X509Certificate> and </X509Certificate>."
	case !strings.Contains(text, "-----BEGIN") && !strings.Contains(text, "-----END"):
		return []string{text}, ""
	}
	found := block.FindAllStringSubmatch(text, -1)
	if len(found) == 0 || len(found) != strings.Count(text, "-----BEGIN") || len(found) != strings.Count(text, "-----END") {
		return nil, "The certificate is incomplete. Copy everything from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----."
	}
	for _, b := range found {
		label, body, end := b[1], b[2], b[3]
		if reason := labelProblem(label); reason != "" {
			return nil, reason
		}
		if label != end {
			return nil, fmt.Sprintf("The text begins with BEGIN %s and ends with END %s. Copy the certificate again.", label, end)
		}
		list = append(list, body)
	}
	return list, ""
}

// labelProblem says what a PEM block is if it is not a certificate. The labels with X509 and X.509 mean the same as
// CERTIFICATE (RFC 7468 section 5.1).
func labelProblem(label string) string {
	switch label {
	case "CERTIFICATE", "X509 CERTIFICATE", "X.509 CERTIFICATE":
		return ""
	case "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST":
		return "This is a certificate signing request. Paste the certificate that was issued for it."
	case "PUBLIC KEY", "RSA PUBLIC KEY":
		return "This is a public key without a certificate. Paste the certificate that contains it."
	case "PKCS7", "CMS":
		return "This is a PKCS #7 bundle. Export the certificate alone, in PEM format."
	case "TRUSTED CERTIFICATE":
		return "This is a certificate in a format of OpenSSL only. Convert it with: openssl x509 -in FILE -out certificate.pem"
	}
	return fmt.Sprintf("This text has a block %q. Paste a block that begins with -----BEGIN CERTIFICATE-----.", label)
}

// parse decodes one certificate. Padding may be missing.
func parse(body string) (*x509.Certificate, string) {
	compact := strings.TrimRight(strings.Join(strings.Fields(body), ""), "=")
	der, err := base64.RawStdEncoding.DecodeString(compact)
	if err != nil || compact == "" {
		return nil, "This is not a certificate in PEM format or base64. " +
			"Copy everything from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----."
	}
	list, err := x509.ParseCertificates(der)
	switch {
	case err != nil || len(list) == 0:
		return nil, "This is not a valid X.509 certificate. Copy the certificate again: a part may be missing."
	case len(list) > 1:
		return nil, "This text has several certificates in one block. Paste only the signing certificate."
	}
	return list[0], ""
}
