package xmlsignature

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"understudy/seed/base/xmltree"
)

// byHand signs the element `<r xmlns:xs="urn:xs" ID="x">text</r>` like identity providers in other languages: with
// a list of inclusive prefixes, base64 in lines, and ECDSA signatures in the form of XML Signature.
func byHand(t *testing.T, method, text string, sign func(sum []byte) []byte) string {
	t.Helper()
	sum := func(text string) []byte { s := sha256.Sum256([]byte(text)); return s[:] }
	lines := func(b []byte) string {
		text := base64.StdEncoding.EncodeToString(b)
		return "\n" + text[:20] + "\n" + text[20:] + "\n"
	}
	const inclusive = `<ec:InclusiveNamespaces xmlns:ec="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="xs"></ec:InclusiveNamespaces>`
	info := `<ds:CanonicalizationMethod Algorithm="` + excC14N + `">` + inclusive + `</ds:CanonicalizationMethod>` +
		`<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#` + method + `"></ds:SignatureMethod>` +
		`<ds:Reference URI="#x"><ds:Transforms><ds:Transform Algorithm="` + enveloped + `"></ds:Transform>` +
		`<ds:Transform Algorithm="` + excC14N + `">` + inclusive + `</ds:Transform></ds:Transforms>` +
		`<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod>` +
		`<ds:DigestValue>` + lines(sum(`<r xmlns:xs="urn:xs" ID="x">`+text+`</r>`)) + `</ds:DigestValue></ds:Reference></ds:SignedInfo>`
	value := sign(sum(`<ds:SignedInfo xmlns:ds="` + Namespace + `" xmlns:xs="urn:xs">` + info))
	return `<r xmlns:xs="urn:xs" xmlns:unused="urn:unused" ID="x">` + text + `<ds:Signature xmlns:ds="` + Namespace + `"><ds:SignedInfo>` + info +
		`<ds:SignatureValue>` + lines(value) + `</ds:SignatureValue></ds:Signature></r>`
}

func certified(t *testing.T, key crypto.Signer) *x509.Certificate {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter: time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return certificate
}

func TestSignaturesOfOtherImplementations(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	curveKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for method, c := range map[string]struct {
		key  crypto.Signer
		sign func([]byte) []byte
	}{
		"rsa-sha256": {rsaKey, func(sum []byte) []byte {
			value, err := rsa.SignPKCS1v15(rand.Reader, rsaKey, crypto.SHA256, sum)
			if err != nil {
				t.Fatal(err)
			}
			return value
		}},
		"ecdsa-sha256": {curveKey, func(sum []byte) []byte {
			r, s, err := ecdsa.Sign(rand.Reader, curveKey, sum)
			if err != nil {
				t.Fatal(err)
			}
			return append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
		}},
	} {
		t.Run(method, func(t *testing.T) {
			signed, trusted := byHand(t, method, "some &amp; text", c.sign), certified(t, c.key)
			verified := func(text string, by *x509.Certificate) error {
				root, err := xmltree.Parse([]byte(text), xmltree.Limits{Depth: 40, Elements: 1000})
				if err != nil {
					t.Fatal(err)
				}
				return Verify(root, by)
			}
			if err := verified(signed, trusted); err != nil {
				t.Errorf("refused: %v", err)
			}
			for what, text := range map[string]string{
				"another text":   strings.Replace(signed, "some", "same", 1),
				"another digest": strings.Replace(signed, "<ds:DigestValue>\n", "<ds:DigestValue>\nAAAA", 1),
				"no digest":      strings.Replace(signed, "<ds:DigestValue>", "<ds:DigestValue><ds:x/>", 1),
				"no value":       signed[:strings.Index(signed, "<ds:SignatureValue>")] + "</ds:Signature></r>",
				"another prefix": strings.ReplaceAll(signed, `PrefixList="xs"`, `PrefixList="unused"`),
			} {
				if err := verified(text, trusted); !errors.Is(err, ErrMismatch) {
					t.Errorf("%s: %v", what, err)
				}
			}
			if err := verified(strings.ReplaceAll(signed, `PrefixList="xs"`, `PrefixList="`+strings.Repeat("xs ", maxPrefixes+1)+`"`), trusted); err == nil {
				t.Error("any number of prefixes is taken")
			}
			for other, by := range map[string]crypto.Signer{"rsa": rsaKey, "ecdsa": curveKey} {
				if !strings.HasPrefix(method, other) {
					if err := verified(signed, certified(t, by)); !errors.Is(err, ErrMismatch) {
						t.Errorf("with a key of another kind: %v", err)
					}
				}
			}
		})
	}
}
