package sso_test

import (
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/beevik/etree"
	"github.com/crewjam/saml"
	saml2 "github.com/russellhaering/gosaml2"
	dsig "github.com/russellhaering/goxmldsig"

	"understudy/idp"
	"understudy/idp/internal/orgtest"
)

// acceptedByCrewjam reports why crewjam/saml refuses a response; nil if it accepts the response.
func acceptedByCrewjam(t *testing.T, lab *orgtest.Lab, app idp.App, message []byte) error {
	t.Helper()
	sp := provider(t, lab, app)
	sp.Key, sp.Certificate = ownKey().key, ownKey().certificate
	assertion, err := sp.ParseXMLResponse(message, nil, sp.AcsURL)
	if refused, ok := err.(*saml.InvalidResponseError); ok {
		return refused.PrivateErr
	}
	if err == nil && assertion.Subject.NameID.Value != ada {
		return fmt.Errorf("it reads the name %q", assertion.Subject.NameID.Value)
	}
	return err
}

// acceptedByGosaml2 does the same for russellhaering/gosaml2.
func acceptedByGosaml2(t *testing.T, lab *orgtest.Lab, app idp.App, message []byte) error {
	t.Helper()
	_, key, err := lab.Org.SigningKey(t.Context(), app.ID)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(key.Certificate)
	if err != nil {
		t.Fatal(err)
	}
	sp := saml2.SAMLServiceProvider{
		IdentityProviderIssuer: app.Issuer(), AssertionConsumerServiceURL: lab.URL + "/sigma/demo/api/v2/saml2/assert",
		AudienceURI:         lab.URL + "/sigma/demo/api/v2/saml2/2/metadata.xml",
		IDPCertificateStore: &dsig.MemoryX509CertificateStore{Roots: []*x509.Certificate{certificate}},
		SPKeyStore:          ownKey(),
	}
	info, err := sp.RetrieveAssertionInfo(base64.StdEncoding.EncodeToString(message))
	switch {
	case err != nil:
		return err
	case info.WarningInfo.InvalidTime || info.WarningInfo.NotInAudience:
		return fmt.Errorf("it warns of %+v", info.WarningInfo)
	case info.NameID != ada || info.Values.Get("firstName") != "Ada":
		return fmt.Errorf("it reads %q, %q", info.NameID, info.Values.Get("firstName"))
	}
	return nil
}

func TestIndependentServiceProvidersAcceptEachSignatureOption(t *testing.T) {
	lab, app := open(t)
	b := lab.SignedIn(t, ada)
	const sha1Method, sha1Digest = "http://www.w3.org/2000/09/xmldsig#rsa-sha1", "http://www.w3.org/2000/09/xmldsig#sha1"
	for _, tt := range []struct {
		name    string
		options idp.SAMLOptions
		signed  []string // elements with a signature
		method  string   // of the signatures
		digest  string
	}{
		{"default", idp.SAMLOptions{}, []string{"Response", "Assertion"}, "", ""},
		{"only the response", idp.SAMLOptions{AssertionUnsigned: true}, []string{"Response"}, "", ""},
		{"only the assertion", idp.SAMLOptions{ResponseUnsigned: true}, []string{"Assertion"}, "", ""},
		{"RSA-SHA1", idp.SAMLOptions{SignatureAlgorithm: "RSA_SHA1"}, []string{"Response", "Assertion"}, sha1Method, ""},
		{"SHA1", idp.SAMLOptions{SignatureAlgorithm: "RSA_SHA1", DigestAlgorithm: "SHA1"}, []string{"Response", "Assertion"}, sha1Method, sha1Digest},
	} {
		app = configure(t, lab, app, tt.options)
		message := delivered(t, b.Get(app.SSOPath()))
		for library, accept := range map[string]func(*testing.T, *orgtest.Lab, idp.App, []byte) error{
			"crewjam": acceptedByCrewjam, "gosaml2": acceptedByGosaml2,
		} {
			if err := accept(t, lab, app, message); err != nil {
				t.Errorf("%s: %s refuses the response: %v", tt.name, library, err)
			}
		}
		doc := etree.NewDocument()
		if err := doc.ReadFromBytes(message); err != nil {
			t.Fatal(err)
		}
		var signed []string
		for _, signature := range doc.FindElements("//Signature") {
			signed = append(signed, signature.Parent().Tag)
			method := signature.FindElement("./SignedInfo/SignatureMethod").SelectAttrValue("Algorithm", "")
			digest := signature.FindElement("./SignedInfo/Reference/DigestMethod").SelectAttrValue("Algorithm", "")
			if tt.method != "" && method != tt.method || tt.digest != "" && digest != tt.digest {
				t.Errorf("%s: %s is signed by %s over %s", tt.name, signature.Parent().Tag, method, digest)
			}
		}
		slices.Sort(signed)
		slices.Sort(tt.signed)
		if !slices.Equal(signed, tt.signed) {
			t.Errorf("%s: signed are %q, want %q", tt.name, signed, tt.signed)
		}
	}
}

func TestIndependentServiceProvidersDecryptTheAssertion(t *testing.T) {
	lab, app := open(t)
	b := lab.SignedIn(t, ada)
	for _, algorithm := range idp.EncryptionAlgorithms {
		for _, transport := range idp.KeyTransports {
			for _, unsigned := range []bool{false, true} {
				name := fmt.Sprint(algorithm.Title, " ", transport.Title, " response unsigned ", unsigned)
				app = configure(t, lab, app, idp.SAMLOptions{ResponseUnsigned: unsigned, Encryption: idp.AssertionEncryption{On: true,
					Algorithm: algorithm.Value, KeyTransport: transport.Value, Certificate: ownKey().PEM()}})
				message := delivered(t, b.Get(app.SSOPath()))
				if strings.Contains(string(message), ada) || strings.Contains(string(message), "<saml2:Assertion") {
					t.Errorf("%s: the response shows the assertion: %s", name, message)
				}
				if algorithm.Value != "AES256_GCM" { // crewjam/saml has no AES-256 in GCM mode
					if err := acceptedByCrewjam(t, lab, app, message); err != nil {
						t.Errorf("%s: crewjam refuses the response: %v", name, err)
					}
				}
				if err := acceptedByGosaml2(t, lab, app, message); err != nil {
					t.Errorf("%s: gosaml2 refuses the response: %v", name, err)
				}
			}
		}
	}
}

func TestIssuerOfAnAppMayBeItsOwn(t *testing.T) {
	lab, app := open(t)
	app = configure(t, lab, app, idp.SAMLOptions{Issuer: "urn:acme:idp/${org.externalKey}/"})
	if want := "urn:acme:idp/" + app.ExternalKey + "/"; app.Issuer() != want {
		t.Errorf("issuer %q, want %q", app.Issuer(), want)
	}
	message := delivered(t, lab.SignedIn(t, ada).Get(app.SSOPath()))
	if err := acceptedByCrewjam(t, lab, app, message); err != nil { // it compares with the entity ID of the metadata
		t.Error(err)
	}
	if n := strings.Count(string(message), ">"+app.Issuer()+"<"); n != 2 {
		t.Errorf("the issuer stands %d times in the response, want 2", n)
	}
}

// Metadata says what the app does: its name ID format, whether requests must be signed, and where it signs people out.
func TestMetadataListsWhatTheAppDoes(t *testing.T) {
	lab, app := open(t)
	get := func() string { return lab.Browser(t).Get(app.MetadataPath()).Want(http.StatusOK).Body }
	plain := get()
	if !strings.Contains(plain, `WantAuthnRequestsSigned="false"`) || strings.Contains(plain, "SingleLogoutService") {
		t.Errorf("metadata %s", plain)
	}
	app = configure(t, lab, app, idp.SAMLOptions{SignatureCertificate: ownKey().PEM(), SignedRequests: true,
		NameIDFormat: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
		Logout:       idp.SingleLogout{FromApp: true, ResponseURL: "https://sp.example/slo", Issuer: "https://sp.example"}})
	full := get()
	logout := lab.URL + "/okta/demo" + app.SLOPath()
	for _, want := range []string{`WantAuthnRequestsSigned="true"`,
		"<md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>",
		`<md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="` + logout + `"/>`,
		`<md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="` + logout + `"/>`} {
		if !strings.Contains(full, want) {
			t.Errorf("the metadata has no %s:\n%s", want, full)
		}
	}
	if strings.Index(full, "SingleLogoutService") > strings.Index(full, "<md:NameIDFormat>") {
		t.Error("SingleLogoutService stands behind NameIDFormat, against the schema")
	}
}
