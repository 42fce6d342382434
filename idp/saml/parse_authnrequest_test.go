package saml

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

func parseRequest(text string) (*AuthnRequest, error) {
	return DecodeRequest(Encode([]byte(text)))
}

func TestParseRequest(t *testing.T) {
	const open = `<p:AuthnRequest xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" ` +
		`xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion" ID="x" Version="2.0"`
	r, err := parseRequest("<?xml version='1.0'?><!-- from elsewhere -->" + open +
		` AssertionConsumerServiceURL="http://sp.example/acs?a=1&amp;b=2" ForceAuthn="1" IsPassive="false">` +
		`<a:Issuer> http://sp.example </a:Issuer><a:Subject><a:NameID> maya </a:NameID></a:Subject>` +
		`<p:NameIDPolicy AllowCreate="true" Format="urn:x"/><p:RequestedAuthnContext Comparison="minimum">` +
		`<a:AuthnContextClassRef>urn:a</a:AuthnContextClassRef><a:AuthnContextClassRef>urn:b</a:AuthnContextClassRef>` +
		`</p:RequestedAuthnContext></p:AuthnRequest>`)
	want := AuthnRequest{ID: "x", AssertionConsumerServiceURL: "http://sp.example/acs?a=1&b=2", ForceAuthn: true,
		Issuer: "http://sp.example", ACSIndex: -1, Subject: "maya", NameIDFormat: "urn:x", Contexts: []string{"urn:a", "urn:b"},
		Comparison: "minimum"}
	if err != nil {
		t.Fatal(err)
	}
	r.message = nil
	if !reflect.DeepEqual(*r, want) {
		t.Errorf("%+v", r)
	}
	for what, text := range map[string]string{
		"another message":     strings.ReplaceAll(open, "AuthnRequest", "LogoutRequest") + `/>`,
		"another namespace":   strings.Replace(open, "2.0:protocol", "1.1:protocol", 1) + `/>`,
		"no ID":               strings.Replace(open, ` ID="x"`, "", 1) + `/>`,
		"a long ID":           strings.Replace(open, ` ID="x"`, ` ID="`+strings.Repeat("x", 257)+`"`, 1) + `/>`,
		"another version":     strings.Replace(open, `"2.0"`, `"1.1"`, 1) + `/>`,
		"no index":            open + ` AssertionConsumerServiceIndex="-1"/>`,
		"a large index":       open + ` AssertionConsumerServiceIndex="65536"/>`,
		"no boolean":          open + ` ForceAuthn="yes"/>`,
		"a document type":     `<!DOCTYPE p:AuthnRequest>` + open + `/>`,
		"an unclosed element": open + `>`,
		"many elements":       open + `>` + strings.Repeat("<x/>", 500) + `</p:AuthnRequest>`,
		"deep elements":       open + `>` + strings.Repeat("<x>", 20) + strings.Repeat("</x>", 20) + `</p:AuthnRequest>`,
	} {
		if _, err := parseRequest(text); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// Every input gives either a request with an ID, or an error that has a page.
func FuzzDecodeRequest(f *testing.F) {
	f.Add("PHNhbWxwOkF1dGhuUmVxdWVzdC8+")
	f.Add("fZJBT8MwDIX/")
	f.Add("")
	f.Add(strings.Repeat("A", 100))
	f.Fuzz(func(t *testing.T, message string) {
		r, err := DecodeRequest(message)
		if err != nil && !errors.Is(err, ErrMalformed) && !errors.Is(err, ErrOversized) {
			t.Errorf("the error has no page: %v", err)
		}
		if err == nil && r.ID == "" {
			t.Errorf("accepted a request without an ID: %+v", r)
		}
	})
}
