package sp_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"strings"
	"sync"
	"testing"
	"time"

	"understudy/seed/base/address"
	"understudy/seed/base/certificate"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
	"understudy/sp"
)

var selfSigned = sync.OnceValues(func() (string, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return "", err
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "idp"},
		NotBefore: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), err
})

func testCertificate(t testing.TB) string {
	t.Helper()
	text, err := selfSigned()
	must(t, err)
	return text
}

func TestPastedCertificateIsNormalized(t *testing.T) {
	w := newWorld(t)
	pemText := testCertificate(t)
	bare := strings.ReplaceAll(strings.ReplaceAll(pemText, "-----BEGIN CERTIFICATE-----", ""), "-----END CERTIFICATE-----", "")
	for name, text := range map[string]string{
		"PEM": pemText, "PEM with CRLF": strings.ReplaceAll(pemText, "\n", "\r\n"), "PEM on one line": strings.ReplaceAll(pemText, "\n", ""),
		"PEM with blanks": strings.ReplaceAll(pemText, "\n",
			" "), "bare": bare, "bare on one line": strings.ReplaceAll(bare, "\n", ""), "spaces around": "  \n" + pemText + "\n ",
	} {
		t.Run(name, func(t *testing.T) {
			must(t, w.SetAuthentication(w.ctx, w.ann, sp.AuthenticationInput{Method: sp.MethodSAMLOrPassword,
				IdPLoginURL: "https://idp.test/sso", IdPCertificate: text, SessionHours: 8}))
			a, err := w.Authentication(w.ctx)
			must(t, err)
			if a.IdPCertificate != pemText || len(a.Certificates) != 1 || a.Certificates[0].Expired || a.SessionHours != 8 {
				t.Errorf("kept as %q (%+v)", a.IdPCertificate, a.Certificates)
			}
		})
	}
}

func TestLoginURLOfThisServerIsOneOfOkta(t *testing.T) {
	w := newWorld(t)
	here := address.With(w.ctx, address.Address{Origin: "http://127.0.0.1:8080", Prefix: "/sigma/demo", Lab: "demo"})
	for url, accepted := range map[string]bool{
		"http://127.0.0.1:8080/control/v1/labs": false, "http://127.0.0.1:8080/sigma/demo/login": false,
		"http://localhost:8080/labs/demo": false, "http://127.0.0.1:8080/okta/demo/app/x/sso/saml": true,
		"http://127.0.0.1:9090/sso": true,
	} {
		err := w.SetAuthentication(here, w.ann, sp.AuthenticationInput{Method: sp.MethodSAML, IdPLoginURL: url,
			IdPCertificate: testCertificate(t), SessionHours: 8})
		if accepted {
			must(t, err)
		} else if p := problem.As(err); p == nil || len(p.Fields) != 1 || !strings.Contains(p.Fields[0].Message, "does not belong to Okta") {
			t.Errorf("%s: %v", url, err)
		}
	}
}

func TestInvalidAuthenticationChangesNothing(t *testing.T) {
	w := newWorld(t)
	good := testCertificate(t)
	in := func(change func(*sp.AuthenticationInput)) sp.AuthenticationInput {
		a := sp.AuthenticationInput{Method: sp.MethodSAML, IdPLoginURL: "https://idp.test/sso", IdPCertificate: good, SessionHours: 8}
		change(&a)
		return a
	}
	for name, c := range map[string]struct {
		in    sp.AuthenticationInput
		field string
	}{
		"chain":   {in(func(a *sp.AuthenticationInput) { a.IdPCertificate = good + good }), "idpCertificate"},
		"cut":     {in(func(a *sp.AuthenticationInput) { a.IdPCertificate = good[:200] }), "idpCertificate"},
		"altered": {in(func(a *sp.AuthenticationInput) { a.IdPCertificate = strings.Replace(good, "MII", "AAA", 1) }), "idpCertificate"},
		"key": {in(func(a *sp.AuthenticationInput) {
			a.IdPCertificate = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"
		}), "idpCertificate"},
		"words":        {in(func(a *sp.AuthenticationInput) { a.IdPCertificate = "see attachment" }), "idpCertificate"},
		"none":         {in(func(a *sp.AuthenticationInput) { a.IdPCertificate = "" }), "idpCertificate"},
		"no URL":       {in(func(a *sp.AuthenticationInput) { a.IdPLoginURL = "" }), "idpLoginURL"},
		"relative":     {in(func(a *sp.AuthenticationInput) { a.IdPLoginURL = "/app/sso" }), "idpLoginURL"},
		"script":       {in(func(a *sp.AuthenticationInput) { a.IdPLoginURL = "javascript:alert(1)" }), "idpLoginURL"},
		"credentials":  {in(func(a *sp.AuthenticationInput) { a.IdPLoginURL = "https://me:pw@idp.test/" }), "idpLoginURL"},
		"no host":      {in(func(a *sp.AuthenticationInput) { a.IdPLoginURL = "https:///x" }), "idpLoginURL"},
		"blank":        {in(func(a *sp.AuthenticationInput) { a.IdPLoginURL = "https://idp.test/s so" }), "idpLoginURL"},
		"port":         {in(func(a *sp.AuthenticationInput) { a.IdPLoginURL = "https://idp.test:99999/" }), "idpLoginURL"},
		"foreign http": {in(func(a *sp.AuthenticationInput) { a.IdPLoginURL = "http://idp.test/sso" }), "idpLoginURL"},
		"like local":   {in(func(a *sp.AuthenticationInput) { a.IdPLoginURL = "http://localhost.idp.test/sso" }), "idpLoginURL"},
		"a message":    {in(func(a *sp.AuthenticationInput) { a.IdPLoginURL = "https://idp.test/sso?x=1&SAMLRequest=abc" }), "idpLoginURL"},
		"hours":        {in(func(a *sp.AuthenticationInput) { a.SessionHours = 0 }), "sessionHours"},
		"OAuth":        {in(func(a *sp.AuthenticationInput) { a.Method = sp.MethodOAuth }), "method"},
		"other method": {in(func(a *sp.AuthenticationInput) { a.Method = "Guess" }), "method"},
	} {
		t.Run(name, func(t *testing.T) {
			field(t, w.SetAuthentication(w.ctx, w.ann, c.in), c.field)
			a, err := w.Authentication(w.ctx)
			must(t, err)
			if a.Method != sp.MethodPassword || a.IdPLoginURL != "" || a.SessionHours != 720 {
				t.Errorf("settings changed: %+v", a)
			}
		})
	}
	refused(t, w.SetAuthentication(w.ctx, w.carl, in(func(*sp.AuthenticationInput) {})), problem.Forbidden, "ADMIN_ONLY")
	w.useSAML(t, sp.MethodSAML)
	must(t, w.SetAuthentication(w.ctx, w.ann, sp.AuthenticationInput{Method: sp.MethodPassword, SessionHours: 8}))
	if a, err := w.Authentication(w.ctx); err != nil || a.IdPLoginURL == "" {
		t.Errorf("changing the method back to Password lost the identity provider: %+v (%v)", a, err)
	}
}

func TestSigningKeyIsCreatedOnce(t *testing.T) {
	w := newWorld(t)
	key, certificate, err := w.SigningKey(w.ctx)
	must(t, err)
	again, _, err := w.SigningKey(w.ctx)
	must(t, err)
	if !key.Equal(again) || !key.PublicKey.Equal(certificate.PublicKey) {
		t.Error("another key, or a certificate of another key")
	}
}

func FuzzPastedCertificate(f *testing.F) {
	good := testCertificate(f)
	f.Add(good)
	f.Add(strings.ReplaceAll(good, "\n", ""))
	f.Add("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")
	f.Add("-----BEGIN-----END-----")
	w := newWorld(f)
	f.Fuzz(func(t *testing.T, text string) {
		err := w.SetAuthentication(w.ctx, w.ann, sp.AuthenticationInput{Method: sp.MethodSAML,
			IdPLoginURL: "https://idp.test/sso", IdPCertificate: text, SessionHours: 8})
		if err != nil {
			field(t, err, "idpCertificate")
			return
		}
		a, err := w.Authentication(w.ctx)
		must(t, err)
		if list, err := certificate.Parse(a.IdPCertificate); err != nil || len(list) == 0 || len(list) != len(a.Certificates) {
			t.Errorf("kept what is no certificate: %q", a.IdPCertificate)
		}
	})
}

// certified returns a certificate in PEM. Without an issuer it is self-signed.
func certified(t *testing.T, name string, issuer *x509.Certificate, issuerKey *rsa.PrivateKey) (string, *x509.Certificate, *rsa.PrivateKey) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	must(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC)}
	if issuer == nil {
		issuer, issuerKey = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, issuer, &key.PublicKey, issuerKey)
	must(t, err)
	c, err := x509.ParseCertificate(der)
	must(t, err)
	return certificate.PEM(c), c, key
}

// During a rotation Sigma trusts the current and the next certificate. A certificate with its issuer is no rotation.
func TestTwoCertificatesDuringRotation(t *testing.T) {
	w := newWorld(t)
	first := testCertificate(t)
	second, _, _ := certified(t, "idp", nil, nil)
	root, issuer, issuerKey := certified(t, "root", nil, nil)
	leaf, _, _ := certified(t, "leaf", issuer, issuerKey)
	set := func(text string) error {
		return w.SetAuthentication(w.ctx, w.ann, sp.AuthenticationInput{Method: sp.MethodSAMLOrPassword,
			IdPLoginURL: "https://idp.test/sso", IdPCertificate: text, SessionHours: 8})
	}
	must(t, set(first+second))
	a, err := w.Authentication(w.ctx)
	must(t, err)
	if len(a.Trusted) != 2 || len(a.Certificates) != 2 || a.Certificates[0].Fingerprint == a.Certificates[1].Fingerprint {
		t.Errorf("trusts %+v", a.Certificates)
	}
	for name, text := range map[string]string{"three": first + second + root, "twice": first + first, "chain": leaf + root, "chain, root first": root + leaf} {
		t.Run(name, func(t *testing.T) { field(t, set(text), "idpCertificate") })
	}
	must(t, set(second))
	if a, err = w.Authentication(w.ctx); err != nil || len(a.Trusted) != 1 {
		t.Errorf("after the rotation %d certificates are trusted, %v", len(a.Trusted), err)
	}
}

func TestHugeKeyIsRefused(t *testing.T) {
	w := newWorld(t)
	signer, err := rsa.GenerateKey(rand.Reader, 2048)
	must(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(3), NotBefore: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter: time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC)}
	huge := &rsa.PublicKey{N: new(big.Int).Add(new(big.Int).Lsh(big.NewInt(1), 359_999), big.NewInt(1)), E: 65537}
	der, err := x509.CreateCertificate(rand.Reader, template, template, huge, signer)
	must(t, err)
	text := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	field(t, w.SetAuthentication(w.ctx, w.ann, sp.AuthenticationInput{Method: sp.MethodSAML, IdPLoginURL: "https://idp.test/sso",
		IdPCertificate: text, SessionHours: 8}), "idpCertificate")
	// A lab that was imported may hold such a certificate. Sigma does not use it.
	must(t, w.db.Write(w.ctx, func(tx *store.Tx) error {
		return tx.Exec(`UPDATE sigma_organization SET idp_certificate = $1`, text)
	}))
	if a, err := w.Authentication(w.ctx); err != nil || len(a.Trusted) != 0 {
		t.Errorf("the stored certificate is trusted: %+v, %v", a.Certificates, err)
	}
}
