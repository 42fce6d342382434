package certificate_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"strings"
	"sync"
	"testing"
	"time"

	"understudy/seed/base/certificate"
)

// signKey signs all test certificates: what counts is the key inside.
var signKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func der(t testing.TB, public crypto.PublicKey) []byte {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "idp"},
		NotBefore: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, signKey())
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func pemOf(label string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der}))
}

// What people paste, from public reports: the text of a file, of a metadata document, of JSON and of environment files.
func TestPastedFormsAreRead(t *testing.T) {
	raw := der(t, &signKey().PublicKey)
	text := pemOf("CERTIFICATE", raw)
	bare := base64.StdEncoding.EncodeToString(raw)
	for name, pasted := range map[string]string{
		"PEM":                     text,
		"CRLF":                    strings.ReplaceAll(text, "\n", "\r\n"),
		"one line":                strings.ReplaceAll(text, "\n", ""),
		"blanks for line breaks":  strings.ReplaceAll(text, "\n", " "),
		`literal \n`:              strings.ReplaceAll(text, "\n", `\n`),
		`literal \r\n`:            strings.ReplaceAll(text, "\n", `\r\n`),
		"a JSON string":           `"` + strings.ReplaceAll(text, "\n", `\n`) + `",`,
		"indented":                strings.ReplaceAll(text, "\n", "\n\t    "),
		"byte order mark":         "\ufeff" + text,
		"text before and after":   "subject=CN = idp\nissuer=CN = idp\n" + text + "\nVerify return code: 0\n",
		"X509 CERTIFICATE":        pemOf("X509 CERTIFICATE", raw),
		"X.509 CERTIFICATE":       pemOf("X.509 CERTIFICATE", raw),
		"base64":                  bare,
		"base64 in lines":         bare[:64] + "\r\n" + bare[64:],
		"base64 without padding":  strings.TrimRight(bare, "="),
		`base64 with literal \n`:  bare[:64] + `\n` + bare[64:],
		"a chain of two in lines": text + "\n\n" + text,
	} {
		list, reason := certificate.Read(pasted, 2048)
		if reason != "" || len(list) == 0 || string(list[0].Raw) != string(raw) {
			t.Errorf("%s: %d certificates, %q", name, len(list), reason)
			continue
		}
		again, err := certificate.Parse(certificate.PEM(list...))
		if err != nil || len(again) != len(list) {
			t.Errorf("%s: stored as %q, %v", name, certificate.PEM(list...), err)
		}
	}
}

// A refusal names what the text is.
func TestRefusalNamesWhatIsWrong(t *testing.T) {
	raw := der(t, &signKey().PublicKey)
	text := pemOf("CERTIFICATE", raw)
	for name, c := range map[string]struct{ pasted, want string }{
		"private key":       {pemOf("RSA PRIVATE KEY", []byte{1}), "private key"},
		"key and cert":      {pemOf("PRIVATE KEY", []byte{1}) + text, "private key"},
		"public key":        {pemOf("PUBLIC KEY", []byte{1}), "public key"},
		"request":           {pemOf("CERTIFICATE REQUEST", []byte{1}), "signing request"},
		"PKCS #7":           {pemOf("PKCS7", []byte{1}), "PKCS #7"},
		"OpenSSL's own":     {pemOf("TRUSTED CERTIFICATE", raw), "OpenSSL"},
		"another block":     {pemOf("X509 CRL", []byte{1}), `"X509 CRL"`},
		"metadata":          {"<md:EntityDescriptor><X509Certificate>MII", "XML"},
		"no end":            {text[:400], "incomplete"},
		"no begin":          {text[40:], "incomplete"},
		"second has no end": {text + text[:400], "incomplete"},
		"other end":         {strings.Replace(text, "END CERTIFICATE", "END X509 CERTIFICATE", 1), "ends with END X509 CERTIFICATE"},
		"words":             {"see attachment", "not a certificate in PEM format or base64"},
		"cut base64":        {base64.StdEncoding.EncodeToString(raw)[:400], "a part may be missing"},
		"cut PEM":           {strings.Replace(text, text[100:200], "", 1), "a part may be missing"},
		"two in one block":  {pemOf("CERTIFICATE", append(append([]byte{}, raw...), raw...)), "several certificates in one block"},
		"empty block":       {"-----BEGIN CERTIFICATE----------END CERTIFICATE-----", "not a certificate"},
		"long":              {strings.Repeat("A", 70_000), "too long"},
	} {
		if list, reason := certificate.Read(c.pasted, 2048); !strings.Contains(reason, c.want) || list != nil {
			t.Errorf("%s: %q does not say %q", name, reason, c.want)
		}
	}
}

// A signature check with a key of 360,000 bits takes seconds.
func TestKeysOutsideTheLimitsAreRefused(t *testing.T) {
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	edwards, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	bits := func(n uint) *rsa.PublicKey {
		return &rsa.PublicKey{N: new(big.Int).Add(new(big.Int).Lsh(big.NewInt(1), n-1), big.NewInt(1)), E: 65537}
	}
	for name, c := range map[string]struct {
		key    crypto.PublicKey
		minRSA int
		want   string
	}{
		"RSA 2048":          {bits(2048), 2048, ""},
		"RSA 8192":          {bits(8192), 2048, ""},
		"RSA 1024, allowed": {bits(1024), 1024, ""},
		"P-256":             {&curve.PublicKey, 2048, ""},
		"RSA 1024":          {bits(1024), 2048, "has 1024 bits. Use a key of 2048 to 8192 bits"},
		"RSA 512":           {bits(512), 1024, "has 512 bits. Use a key of 1024 to 8192 bits"},
		"RSA 8193":          {bits(8193), 2048, "has 8193 bits"},
		"RSA 16384":         {bits(16384), 2048, "has 16384 bits"},
		"RSA 360000":        {bits(360_000), 2048, "has 360000 bits"},
		"Ed25519":           {edwards, 2048, "neither RSA nor elliptic curve"},
	} {
		_, reason := certificate.Read(base64.StdEncoding.EncodeToString(der(t, c.key)), c.minRSA)
		if c.want == "" && reason != "" || !strings.Contains(reason, c.want) {
			t.Errorf("%s: %q, want %q", name, reason, c.want)
		}
	}
}

func FuzzRead(f *testing.F) {
	text := pemOf("CERTIFICATE", der(f, &signKey().PublicKey))
	for _, seed := range []string{text, strings.ReplaceAll(text, "\n", `\n`), text + text, "-----BEGIN-----END-----", "<a/>", "MII="} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		list, reason := certificate.Read(text, 2048)
		if (len(list) == 0) == (reason == "") {
			t.Fatalf("%d certificates and the reason %q", len(list), reason)
		}
		if again, err := certificate.Parse(certificate.PEM(list...)); err != nil || len(again) != len(list) {
			t.Errorf("%d certificates become %d: %v", len(list), len(again), err)
		}
	})
}
