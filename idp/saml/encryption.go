package saml

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // RSA-OAEP of XML Encryption 1.0 uses SHA-1, as every service provider expects
	"encoding/base64"
	"errors"

	"understudy/idp"
)

const nsXEnc = "http://www.w3.org/2001/04/xmlenc#"

// cipherOf returns the URI and the key size in bytes of each value of [idp.EncryptionAlgorithms] (XML Encryption 1.1, 5.2).
var cipherOf = map[string]struct {
	uri  string
	size int
	gcm  bool
}{
	"AES256_GCM": {"http://www.w3.org/2009/xmlenc11#aes256-gcm", 32, true},
	"AES128_GCM": {"http://www.w3.org/2009/xmlenc11#aes128-gcm", 16, true},
	"AES256_CBC": {nsXEnc + "aes256-cbc", 32, false},
	"AES128_CBC": {nsXEnc + "aes128-cbc", 16, false},
}

// encrypted replaces an Assertion by an EncryptedAssertion (SAML core 2.3.4): the assertion is encrypted with a new key, and
// the key with that of the service provider.
func encrypted(assertion *writer, e idp.AssertionEncryption) (*writer, error) {
	public, certificate := e.PublicKey()
	if public == nil {
		return nil, errors.New("assertion encryption: the application has no certificate")
	}
	algorithm, known := cipherOf[e.Algorithm]
	if !known {
		algorithm = cipherOf[idp.EncryptionAlgorithms[0].Value]
	}
	key := make([]byte, algorithm.size)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	data, err := encryptData(assertion.sent, key, algorithm.gcm)
	if err != nil {
		return nil, err
	}
	w := &writer{}
	w.open("saml2:EncryptedAssertion", "xmlns:saml2", nsAssertion)
	w.open("xenc:EncryptedData", "xmlns:xenc", nsXEnc, "Type", nsXEnc+"Element")
	w.element("xenc:EncryptionMethod", "", "Algorithm", algorithm.uri)
	w.open("ds:KeyInfo", "xmlns:ds", nsDSig)
	if err := encryptedKey(w, key, public, certificate.Raw, e.KeyTransport); err != nil {
		return nil, err
	}
	w.close("ds:KeyInfo")
	cipherValue(w, data)
	w.close("xenc:EncryptedData")
	w.close("saml2:EncryptedAssertion")
	return w, nil
}

// encryptedKey writes the EncryptedKey, inside the KeyInfo of the data, where every service provider finds it.
func encryptedKey(w *writer, key []byte, public *rsa.PublicKey, certificate []byte, transport string) (err error) {
	method, data := nsXEnc+"rsa-oaep-mgf1p", []byte(nil)
	if transport == "RSA_15" {
		method = nsXEnc + "rsa-1_5"
		//lint:ignore SA1019 Okta offers RSA-1.5 for service providers that know nothing else
		data, err = rsa.EncryptPKCS1v15(rand.Reader, public, key)
	} else {
		data, err = rsa.EncryptOAEP(sha1.New(), rand.Reader, public, key, nil)
	}
	if err != nil {
		return err
	}
	w.open("xenc:EncryptedKey")
	w.open("xenc:EncryptionMethod", "Algorithm", method)
	if transport != "RSA_15" {
		w.element("ds:DigestMethod", "", "Algorithm", nsDSig+"sha1")
	}
	w.close("xenc:EncryptionMethod")
	w.open("ds:KeyInfo")
	w.open("ds:X509Data")
	w.element("ds:X509Certificate", base64.StdEncoding.EncodeToString(certificate))
	w.close("ds:X509Data")
	w.close("ds:KeyInfo")
	cipherValue(w, data)
	w.close("xenc:EncryptedKey")
	return nil
}

func cipherValue(w *writer, data []byte) {
	w.open("xenc:CipherData")
	w.element("xenc:CipherValue", base64.StdEncoding.EncodeToString(data))
	w.close("xenc:CipherData")
}

// encryptData encrypts with AES in GCM or CBC mode. The initialization vector stands before the data.
func encryptData(plain, key []byte, gcm bool) ([]byte, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	if gcm {
		aead, err := cipher.NewGCM(block)
		if err != nil {
			return nil, err
		}
		vector := make([]byte, aead.NonceSize())
		if _, err := rand.Read(vector); err != nil {
			return nil, err
		}
		return aead.Seal(vector, vector, plain, nil), nil
	}
	padding := aes.BlockSize - len(plain)%aes.BlockSize
	padded := append(bytes.Clone(plain), bytes.Repeat([]byte{byte(padding)}, padding)...) // only the last byte counts
	data := make([]byte, aes.BlockSize+len(padded))
	if _, err := rand.Read(data[:aes.BlockSize]); err != nil {
		return nil, err
	}
	cipher.NewCBCEncrypter(block, data[:aes.BlockSize]).CryptBlocks(data[aes.BlockSize:], padded)
	return data, nil
}
