package saml

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"math/big"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
	"github.com/russellhaering/goxmldsig/etreeutils"

	"understudy/idp"
)

var signingPair = sync.OnceValues(func() (*rsa.PrivateKey, *x509.Certificate) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		panic(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return key, certificate
})

// verified returns the element as the signature covers it. It verifies the signature with goxmldsig, which computes the
// canonical form independently of our writer.
func verified(t *testing.T, e *etree.Element) *etree.Element {
	t.Helper()
	_, certificate := signingPair()
	namespaces, err := etreeutils.NSBuildParentContext(e)
	if err != nil {
		t.Fatal(err)
	}
	detached, err := etreeutils.NSDetatch(namespaces, e)
	if err != nil {
		t.Fatal(err)
	}
	roots := &dsig.MemoryX509CertificateStore{Roots: []*x509.Certificate{certificate}}
	signed, err := dsig.NewDefaultValidationContext(roots).Validate(detached)
	if err != nil {
		t.Fatalf("%s: %v", e.Tag, err)
	}
	return signed
}

// checkResponse builds a response from arbitrary texts, verifies both signatures and compares what they cover.
func checkResponse(t *testing.T, user, value, relay string, answered bool) {
	t.Helper()
	key, certificate := signingPair()
	on := idp.SignOn{AppUser: idp.AppUser{UserName: user}, ResponseID: "id1", AssertionID: "id2", SessionIndex: value,
		At:         time.Now(),
		Statements: []idp.Statement{{Name: relay, Values: []string{value, user}}, {Name: "b", Format: "uri"}}}
	r := idp.SignOnRequest{App: idp.App{ExternalKey: relay}, Settings: idp.SAMLSettings{
		ACS: relay, Recipient: relay, Destination: value, Audience: value,
		NameIDFormat: "f", AuthnContext: value, Lifetime: time.Minute,
	}}
	if answered {
		r.RequestID = user
	}
	message, err := Response(on, r, NewSigner(key, certificate.Raw))
	if err != nil {
		t.Fatal(err)
	}
	doc := etree.NewDocument()
	if err := doc.ReadFromBytes(message); err != nil {
		t.Fatalf("%v: %s", err, message)
	}
	whole := verified(t, doc.Root())
	assertion := verified(t, doc.Root().FindElement("./Assertion"))
	for _, e := range []*etree.Element{whole.FindElement("./Assertion"), assertion} {
		if got := e.FindElement("./Subject/NameID").Text(); got != validXML(user) {
			t.Errorf("NameID %q, want %q", got, user)
		}
		if got := e.FindElement("./AttributeStatement/Attribute").SelectAttrValue("Name", ""); got != validXML(relay) {
			t.Errorf("attribute %q, want %q", got, relay)
		}
	}
	refused, err := ErrorResponse("id3", time.Now(), r, NewSigner(key, certificate.Raw), StatusResponder, StatusNoPassive)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.ReadFromBytes(refused); err != nil {
		t.Fatal(err)
	}
	verified(t, doc.Root())
}

func TestResponsesAreSignedOverTheirCanonicalForm(t *testing.T) {
	for _, text := range []string{
		"maya@x.example", "", " ", "a & b < c > d \" ' é 漢 𝄞", "tab\there\nand\rthere\r\n", "]]>", "<!-- x -->",
		"nul\x00bell\x07", "bad\xff\xfeutf", "\ufffe\uffff", strings.Repeat("long ", 500),
	} {
		for _, answered := range []bool{true, false} {
			checkResponse(t, text, text, text, answered)
			checkResponse(t, "user", text, "https://x.example/?a=1&b=2", answered)
		}
	}
}

func FuzzResponse(f *testing.F) {
	f.Add("maya@x.example", "a & b", "https://x.example/", true)
	f.Add("\r\n\t", "\x00", "\"'<>", false)
	f.Fuzz(checkResponse)
}
