package sso

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"math/big"
	"testing"
	"time"
)

// FuzzResponse runs the checks of the message on unsigned texts. The checks must neither panic nor pass.
func FuzzResponse(f *testing.F) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		f.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter: time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		f.Fatal(err)
	}
	trusted, err := x509.ParseCertificate(der)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(`<p:Response xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion"` +
		` xmlns:s="http://www.w3.org/2000/09/xmldsig#"` +
		` ID="r"><p:Status>` +
		`<p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></p:Status>` +
		`<a:Assertion ID="a" Version="2.0" IssueInstant="2026-11-02T09:00:00Z"><a:Issuer>i</a:Issuer>` +
		`<s:Signature><s:SignedInfo><s:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>` +
		`<s:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>` +
		`<s:Reference URI="#a"><s:Transforms><s:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>` +
		`<s:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></s:Transforms>` +
		`<s:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><s:DigestValue>AA==</s:DigestValue>` +
		`</s:Reference></s:SignedInfo><s:SignatureValue>AA==</s:SignatureValue><s:KeyInfo/></s:Signature>` +
		`<a:Subject><a:NameID>x@example.com</a:NameID></a:Subject></a:Assertion></p:Response>`)
	f.Add(`<Response xmlns="urn:oasis:names:tc:SAML:2.0:protocol"/>`)
	f.Add(`<?xml version="1.0"?><!DOCTYPE x><x/>`)
	f.Fuzz(func(t *testing.T, text string) {
		v := validation{report: newReport(), want: expected{EntityID: "e", ACS: "a", Trusted: []*x509.Certificate{trusted}}}
		v.checkMessage(base64.StdEncoding.EncodeToString([]byte(text)))
		if v.assertion.ID != "" || v.report.failed() == "" {
			t.Errorf("an unsigned text passed: %q", text)
		}
		// Reading an assertion must not panic either, whatever it contains.
		if root, err := parse(base64.StdEncoding.EncodeToString([]byte(text))); err == nil {
			readAssertion(root)
		}
	})
}
