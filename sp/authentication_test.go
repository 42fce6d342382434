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

	"understudy/seed/base/problem"
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
			if a.IdPCertificate != pemText || a.Certificate == nil || a.Certificate.Expired || a.SessionHours != 8 {
				t.Errorf("kept as %q (%+v)", a.IdPCertificate, a.Certificate)
			}
		})
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
		if _, err := sp.ParseCertificate(a.IdPCertificate); err != nil || a.Certificate == nil {
			t.Errorf("kept what is no certificate: %q", a.IdPCertificate)
		}
	})
}
