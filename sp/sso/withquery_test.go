package sso

import "testing"

// A browser does not send what follows "#", so the request must come before it.
func TestRequestComesBeforeTheFragmentOfALoginURL(t *testing.T) {
	for target, want := range map[string]string{
		"https://idp.example/sso":         "https://idp.example/sso?SAMLRequest=x",
		"https://idp.example/sso?a=b":     "https://idp.example/sso?a=b&SAMLRequest=x",
		"https://idp.example/sso?":        "https://idp.example/sso?SAMLRequest=x",
		"https://idp.example/sso?a=b&":    "https://idp.example/sso?a=b&SAMLRequest=x",
		"https://idp.example/sso#/login":  "https://idp.example/sso?SAMLRequest=x#/login",
		"https://idp.example/sso?a=b#c?d": "https://idp.example/sso?a=b&SAMLRequest=x#c?d",
		"https://idp.example/#":           "https://idp.example/?SAMLRequest=x#",
	} {
		if got := withQuery(target, "SAMLRequest=x"); got != want {
			t.Errorf("%s: %s", target, got)
		}
	}
}
