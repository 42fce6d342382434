package saml

import (
	"errors"
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
		`<a:Issuer> http://sp.example </a:Issuer><p:NameIDPolicy AllowCreate="true"/></p:AuthnRequest>`)
	want := AuthnRequest{ID: "x", AssertionConsumerServiceURL: "http://sp.example/acs?a=1&b=2", ForceAuthn: true,
		Issuer: "http://sp.example"}
	if err != nil || *r != want {
		t.Errorf("%+v, %v", r, err)
	}
	for what, text := range map[string]string{
		"another message":     strings.ReplaceAll(open, "AuthnRequest", "LogoutRequest") + `/>`,
		"another namespace":   strings.Replace(open, "2.0:protocol", "1.1:protocol", 1) + `/>`,
		"no ID":               strings.Replace(open, ` ID="x"`, "", 1) + `/>`,
		"a long ID":           strings.Replace(open, ` ID="x"`, ` ID="`+strings.Repeat("x", 257)+`"`, 1) + `/>`,
		"another version":     strings.Replace(open, `"2.0"`, `"1.1"`, 1) + `/>`,
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
