package site_test

import (
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"testing"
	"time"

	"understudy/sp"
)

// testCertificate is an identity provider's signing certificate in PEM form.
func testCertificate(t testing.TB) string {
	t.Helper()
	key, err := keys(t.Context())
	must(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "dev-1",
		ExtraNames: []pkix.AttributeTypeAndValue{{Type: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 1}, Value: "info@idp.test"}}},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(10, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	must(t, err)
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

var clientOfTest = sp.Client{IP: "127.0.0.1", UserAgent: "test"}

// push provisions Bob from the directory.
func push(t testing.TB, l *lab, by sp.Actor, userType string) {
	t.Helper()
	_, err := l.org.ProvisionMember(l.ctx, by, sp.ProvisionedMember{UserName: "bob@example.com", ExternalID: "00u1",
		FirstName: "Bob", LastName: "Builder", UserType: userType, Active: true})
	must(t, err)
}
