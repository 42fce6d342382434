package idp_test

import (
	"crypto/x509"
	"strings"
	"testing"
	"time"

	"understudy/idp"
	"understudy/seed/base/problem"
)

// signing returns the ID of the key that signs. It must be the only active one.
func (w *world) signing(app idp.App) string {
	w.t.Helper()
	private, k, err := w.SigningKey(w.ctx(), app.ID)
	w.must(err)
	certificate, err := x509.ParseCertificate(k.Certificate)
	w.must(err)
	if !private.PublicKey.Equal(certificate.PublicKey) {
		w.t.Error("the certificate is of another key")
	}
	keys, err := w.AppKeys(w.ctx(), app.ID)
	w.must(err)
	for _, listed := range keys {
		if listed.Active != (listed.ID == k.ID) {
			w.t.Errorf("key %s: active %t while %s signs", listed.ID, listed.Active, k.ID)
		}
	}
	return k.ID
}

// A new key signs nothing until it is activated. The old key stays and can be activated again.
func TestRotateKey(t *testing.T) {
	w := open(t)
	app := w.app("Sigma on AWS")
	first := w.signing(app)
	w.later(time.Hour)
	mark := w.mark()
	k, err := w.GenerateAppKey(w.ctx(), w.admin, app.ID, 3)
	w.must(err)
	w.wantTypes(mark, "app.keys.generate")
	if k.ID == first || w.signing(app) != first {
		t.Error("a new key signs at once")
	}
	if !k.Created.Equal(w.now) || !k.Expires.Equal(w.now.AddDate(3, 0, 0)) {
		t.Errorf("holds from %v to %v", k.Created, k.Expires)
	}
	mark = w.mark()
	w.must(w.ActivateAppKey(w.ctx(), w.admin, app.ID, k.ID))
	w.wantTypes(mark, "application.lifecycle.update")
	if got := w.signing(app); got != k.ID {
		t.Errorf("%s signs", got)
	}
	keys, err := w.AppKeys(w.ctx(), app.ID)
	if err != nil || len(keys) != 2 || keys[0].ID != k.ID || keys[1].ID != first {
		t.Errorf("newest first: %+v, %v", keys, err)
	}
	w.must(w.ActivateAppKey(w.ctx(), w.admin, app.ID, first))
	if got := w.signing(app); got != first {
		t.Errorf("%s signs", got)
	}
}

func TestKeysRefused(t *testing.T) {
	w := open(t)
	app := w.app("Sigma on AWS")
	other, err := w.AddApp(w.ctx(), w.admin, idp.NewApp{CatalogKey: "contosolearning"})
	w.must(err)
	first, mark := w.signing(app), w.mark()
	for _, years := range []int{-1, 0, 1, 11} {
		_, err := w.GenerateAppKey(w.ctx(), w.admin, app.ID, years)
		wantProblem(t, err, problem.Invalid, "validityYears")
	}
	_, err = w.GenerateAppKey(w.ctx(), w.admin, "0oanothing", 2)
	wantProblem(t, err, problem.NotFound)
	wantProblem(t, w.ActivateAppKey(w.ctx(), w.admin, app.ID, other.KeyID), problem.NotFound) // another app's
	wantProblem(t, w.ActivateAppKey(w.ctx(), w.admin, app.ID, ""), problem.NotFound)
	if got := w.signing(app); got != first {
		t.Errorf("%s signs", got)
	}
	w.wantTypes(mark)
}

// The certificate has the form of Okta's: the subject of the org, no extensions, as PEM and as base64 in lines.
func TestCertificate(t *testing.T) {
	w := open(t)
	keys, err := w.AppKeys(w.ctx(), w.app("Sigma on AWS").ID)
	w.must(err)
	k := keys[0]
	c, err := x509.ParseCertificate(k.Certificate)
	w.must(err)
	if c.Subject.CommonName != "acme" || c.Subject.Organization[0] != "Okta" || len(c.Extensions) != 0 ||
		!c.NotAfter.Equal(k.Expires) || c.NotBefore.After(w.now) {
		t.Errorf("%s, %d extensions, %v to %v", c.Subject, len(c.Extensions), c.NotBefore, c.NotAfter)
	}
	if !strings.HasPrefix(k.PEM(), "-----BEGIN CERTIFICATE-----\n"+k.Base64()[:64]) {
		t.Errorf("%s", k.PEM())
	}
	for line := range strings.SplitSeq(k.Base64(), "\n") {
		if len(line) == 0 || len(line) > 64 {
			t.Errorf("a line of %d letters", len(line))
		}
	}
	if pairs := strings.Split(k.Fingerprint(), ":"); len(pairs) != 32 || len(pairs[0]) != 2 {
		t.Errorf("%s", k.Fingerprint())
	}
}
