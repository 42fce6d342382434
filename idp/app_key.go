package idp

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"
	"time"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// assertionLife is the time between an assertion's issue and its NotOnOrAfter. Source: responses of Okta orgs; see
// idp/OKTA.md.
const assertionLife = 5 * time.Minute

var emailAddressOID = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 1}

// newCertificate makes a self-signed certificate with the subject of Okta's: no extensions, and the time in
// milliseconds as its serial number.
// The validity follows the lab's clock. SAML libraries such as goxmldsig also check it by the wall clock, so a
// certificate that is made while the lab's clock is years ahead is not yet valid for them.
func newCertificate(key *rsa.PrivateKey, subdomain string, now time.Time, years int) ([]byte, error) {
	name := pkix.Name{
		Country: []string{"US"}, Province: []string{"California"}, Locality: []string{"San Francisco"},
		Organization: []string{"Okta"}, OrganizationalUnit: []string{"SSOProvider"}, CommonName: subdomain,
		ExtraNames: []pkix.AttributeTypeAndValue{{Type: emailAddressOID,
			Value: asn1.RawValue{Tag: asn1.TagIA5String, Bytes: []byte("info@okta.com")}}},
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixMilli()), Subject: name,
		NotBefore: now.Add(-time.Minute), NotAfter: now.AddDate(years, 0, 0), SignatureAlgorithm: x509.SHA256WithRSA,
	}
	return x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
}

// saveKey stores a key with a new certificate that is valid for years. The key is not active.
func saveKey(tx *store.Tx, appID string, key *rsa.PrivateKey, years int) (AppKey, error) {
	s, err := settings(tx)
	if err != nil {
		return AppKey{}, err
	}
	now := tx.Now()
	certificate, err := newCertificate(key, s.Subdomain, now, years)
	if err != nil {
		return AppKey{}, fmt.Errorf("certificate: %w", err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return AppKey{}, err
	}
	k := AppKey{ID: tx.ShortID(32), Certificate: certificate, Created: now, Expires: now.AddDate(years, 0, 0)}
	return k, tx.Exec(`INSERT INTO okta_app_keys (kid, app_id, private_key, certificate, created_ms, expires_ms)
		VALUES ($1, $2, $3, $4, $5, $6)`,
		k.ID, appID, private, certificate, store.Millis(k.Created), store.Millis(k.Expires))
}

const keyQuery = `SELECT k.kid, k.certificate, k.created_ms, k.expires_ms, k.kid = a.key_id FROM okta_app_keys AS k
	JOIN okta_apps AS a ON a.id = k.app_id`

func scanKey(r store.Row) (k AppKey, err error) {
	var created, expires int64
	err = r.Scan(&k.ID, &k.Certificate, &created, &expires, &k.Active)
	k.Created, k.Expires = store.Time(created), store.Time(expires)
	return k, err
}

// AppKeys lists an app's signing keys, newest first.
func (o *Org) AppKeys(ctx context.Context, appID string) (list []AppKey, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		list, err = store.List(tx, scanKey, keyQuery+` WHERE k.app_id = $1 ORDER BY k.created_ms DESC, k.kid`, appID)
		return err
	})
	return list, err
}

// GenerateAppKey adds a key with a certificate that is valid for 2 to 10 years. The key signs nothing until
// [Org.ActivateAppKey]. Field of the problem: validityYears.
func (o *Org) GenerateAppKey(ctx context.Context, a Actor, appID string, years int) (k AppKey, err error) {
	if years < 2 || years > 10 {
		return k, problem.InvalidField("validityYears", "Validity years out of range. It should be 2 - 10 years.")
	}
	key, err := o.options.Keys(ctx) // outside the transaction, because making a key is slow
	if err != nil {
		return k, err
	}
	err = o.db.Write(ctx, func(tx *store.Tx) error {
		made, err := app(tx, appID)
		if err != nil {
			return err
		}
		if k, err = saveKey(tx, appID, key, years); err != nil {
			return err
		}
		return succeeded(tx, a, "app.keys.generate", made.Target())
	})
	return k, err
}

// ActivateAppKey makes a key the one that signs. From then on the service provider must trust the key's certificate.
func (o *Org) ActivateAppKey(ctx context.Context, a Actor, appID, kid string) error {
	_, err := o.changeApp(ctx, a, appID, "application.lifecycle.update", func(tx *store.Tx, before App) error {
		there, err := tx.Exists(`SELECT 1 FROM okta_app_keys WHERE app_id = $1 AND kid = $2`, appID, kid)
		if err != nil {
			return err
		}
		if !there {
			return problem.New(problem.NotFound, "There is no such signing certificate.")
		}
		return tx.Exec(`UPDATE okta_apps SET key_id = $2, updated_ms = $3 WHERE id = $1`, appID, kid,
			store.Millis(tx.Now()))
	})
	return err
}

// SigningKey returns the key that signs an app's responses, with its certificate.
func (o *Org) SigningKey(ctx context.Context, appID string) (key *rsa.PrivateKey, k AppKey, err error) {
	var private []byte
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		k, err = store.One(tx, "This application has no signing certificate.", scanKey,
			keyQuery+` WHERE k.app_id = $1 AND k.kid = a.key_id`, appID)
		if err != nil {
			return err
		}
		return tx.QueryRow(`SELECT private_key FROM okta_app_keys WHERE kid = $1`, k.ID).Scan(&private)
	})
	if err != nil {
		return nil, k, err
	}
	// Parsing a key validates it, which takes longer than a signature. Parsed keys are cached by their bytes, because
	// key IDs repeat after a reset of the lab.
	if kept, ok := o.keys.Load(string(private)); ok {
		if key, ok := kept.(*rsa.PrivateKey); ok {
			return key, k, nil
		}
	}
	parsed, err := x509.ParsePKCS8PrivateKey(private)
	if err != nil {
		return nil, k, fmt.Errorf("signing key: %w", err)
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return nil, k, fmt.Errorf("signing key: %T", parsed)
	}
	o.keys.Store(string(private), key)
	return key, k, nil
}

// PEM returns the certificate in PEM form, as the Sign On tab offers it for download.
func (k AppKey) PEM() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: k.Certificate}))
}

// Base64 returns the certificate in base64 with lines of 64 characters, as SAML metadata holds it.
func (k AppKey) Base64() string {
	text := base64.StdEncoding.EncodeToString(k.Certificate)
	var b strings.Builder
	for len(text) > 64 {
		b.WriteString(text[:64] + "\n")
		text = text[64:]
	}
	return b.String() + text
}

// Fingerprint returns the SHA-256 of the certificate as pairs of hexadecimal digits, separated by colons.
func (k AppKey) Fingerprint() string {
	sum := sha256.Sum256(k.Certificate)
	digits := strings.ToUpper(hex.EncodeToString(sum[:]))
	pairs := make([]string, 0, len(sum))
	for i := 0; i < len(digits); i += 2 {
		pairs = append(pairs, digits[i:i+2])
	}
	return strings.Join(pairs, ":")
}
