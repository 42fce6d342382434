package xmlsignature_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"math/big"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"

	"understudy/seed/base/xmlsignature"
	"understudy/seed/base/xmltree"
)

// certified is a key with a certificate.
type certified struct {
	key         crypto.Signer
	certificate *x509.Certificate
}

func newCertified(key crypto.Signer) certified {
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now(), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		panic(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return certified{key, certificate}
}

var (
	rsaKey = sync.OnceValue(func() certified {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		return newCertified(key)
	})
	ecKey = sync.OnceValue(func() certified {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			panic(err)
		}
		return newCertified(key)
	})
)

const message = `<m:Message xmlns:m="urn:m" ID="one" kind="a"><m:Body>text &amp; more</m:Body></m:Message>`

// signed signs the message with goxmldsig, which computes the canonical form independently of xmltree.
func signed(t testing.TB, with certified, method string) string {
	t.Helper()
	doc := etree.NewDocument()
	if err := doc.ReadFromString(message); err != nil {
		t.Fatal(err)
	}
	context, err := dsig.NewSigningContext(with.key, [][]byte{with.certificate.Raw})
	if err != nil {
		t.Fatal(err)
	}
	context.Canonicalizer = dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("")
	if err := context.SetSignatureMethod(method); err != nil {
		t.Fatal(err)
	}
	root, err := context.SignEnveloped(doc.Root())
	if err != nil {
		t.Fatal(err)
	}
	doc.SetRoot(root)
	text, err := doc.WriteToString()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func verify(text string, trusted *x509.Certificate) error {
	root, err := xmltree.Parse([]byte(text), xmltree.Limits{Depth: 20, Elements: 100})
	if err != nil {
		return err
	}
	return xmlsignature.Verify(root, trusted)
}

func TestVerifyAcceptsIndependentSignatures(t *testing.T) {
	for method, with := range map[string]certified{
		dsig.RSASHA256SignatureMethod: rsaKey(), dsig.RSASHA384SignatureMethod: rsaKey(), dsig.RSASHA512SignatureMethod: rsaKey(),
		dsig.ECDSASHA256SignatureMethod: ecKey(),
	} {
		if err := verify(signed(t, with, method), with.certificate); err != nil {
			t.Errorf("%s: %v", method, err)
		}
	}
}

func TestVerifyRefuses(t *testing.T) {
	good := signed(t, rsaKey(), dsig.RSASHA256SignatureMethod)
	for name, tt := range map[string]struct {
		text    string
		trusted *x509.Certificate
		want    string
	}{
		"no signature":               {message, rsaKey().certificate, xmlsignature.ErrUnsigned.Error()},
		"another certificate":        {good, ecKey().certificate, xmlsignature.ErrCertificate.Error()},
		"changed text":               {strings.Replace(good, "more", "less", 1), rsaKey().certificate, xmlsignature.ErrMismatch.Error()},
		"an attribute more":          {strings.Replace(good, `kind="a"`, `kind="a" x="y"`, 1), rsaKey().certificate, xmlsignature.ErrMismatch.Error()},
		"an element more":            {strings.Replace(good, "<m:Body>", "<m:Body/><m:Body>", 1), rsaKey().certificate, xmlsignature.ErrMismatch.Error()},
		"another ID":                 {strings.Replace(good, `ID="one"`, `ID="two"`, 1), rsaKey().certificate, "does not refer"},
		"SHA-1":                      {signed(t, rsaKey(), dsig.RSASHA1SignatureMethod), rsaKey().certificate, "rsa-sha1 is not accepted"},
		"another digest":             {strings.Replace(good, "xmlenc#sha256", "xmldsig#sha1", 1), rsaKey().certificate, "not accepted"},
		"two signatures":             {strings.Replace(good, "</m:Message>", good[strings.Index(good, "<ds:Signature"):], 1), rsaKey().certificate, "no SignedInfo"},
		"an Object in the signature": {strings.Replace(good, "<ds:SignatureValue>", "<ds:Object/><ds:SignatureValue>", 1), rsaKey().certificate, "contains Object"},
		"another transform": {strings.Replace(good, "xmldsig#enveloped-signature", "xmldsig#base64", 1), rsaKey().certificate,
			"uses transforms that SAML does not allow"},
	} {
		if err := verify(tt.text, tt.trusted); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", name, err, tt.want)
		}
	}
}

// No change of the query, and no query that somebody makes up, passes with a certificate that signed nothing.
func FuzzVerifyQuery(f *testing.F) {
	f.Add("SAMLRequest=a&SigAlg=http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23rsa-sha256&Signature=AAAA")
	f.Add("SAMLRequest=a&RelayState=b&SigAlg=http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23ecdsa-sha256&Signature=AAAA")
	f.Add("SAMLRequest=a&SAMLRequest=b&Signature=")
	f.Add("%53AMLRequest=a&Signature=%")
	f.Fuzz(func(t *testing.T, query string) {
		for _, with := range []certified{rsaKey(), ecKey()} {
			if err := xmlsignature.VerifyQuery(query, "SAMLRequest", with.certificate); err == nil {
				t.Errorf("%q passes", query)
			}
		}
		if err := xmlsignature.VerifyQuery(query, "SAMLRequest", rsaKey().certificate); errors.Is(err, xmlsignature.ErrCertificate) {
			t.Errorf("%q: a query has no certificate", query)
		}
	})
}
