package web_test

import (
	"strings"
	"testing"

	"understudy/idp/web"
	"understudy/seed/base/address"
)

var here = address.Address{Origin: "http://127.0.0.1:8080", Prefix: "/okta/demo", Window: 2}

func TestLocalPathRefusesAddressesOutsideTheHalf(t *testing.T) {
	for uri, want := range map[string]string{
		"/admin/users": "/admin/users",
		"/app/x/exk1/sso/saml?SAMLRequest=a%2Bb&x=y":  "/app/x/exk1/sso/saml?SAMLRequest=a%2Bb&x=y",
		"/okta/demo/admin/users?q=a":                  "/admin/users?q=a",
		"/okta/demo~2/admin/users":                    "/admin/users",
		"/okta/demo~31":                               "/",
		"http://127.0.0.1:8080/okta/demo/admin":       "/admin",
		"http://127.0.0.1:8080/okta/demo~7/admin":     "/admin",
		"http://127.0.0.1:8080/sigma/demo/login":      "",
		"http://127.0.0.1:8080/okta/demolition/admin": "",
		"http://evil.test/okta/demo/admin":            "",
		"https://127.0.0.1:8080/okta/demo/admin":      "",
		"//evil.test/admin":                           "",
		"/\\evil.test":                                "",
		"\\\\evil.test":                               "",
		"///evil.test":                                "",
		"/okta/demo//evil.test":                       "",
		"javascript:alert(1)":                         "",
		"http://127.0.0.1:8080@evil.test/okta/demo/":  "",
		"/admin\r\nSet-Cookie: a=b":                   "",
		"admin":                                       "",
		"":                                            "",
		"%2f%2fevil.test":                             "",
		"http:evil.test":                              "",
		"http://127.0.0.1:8080/okta/demo~2x/admin":    "",
	} {
		got, ok := web.LocalPath(here, uri)
		if got != want || ok != (want != "") {
			t.Errorf("LocalPath(%q) = %q, %v; want %q", uri, got, ok, want)
		}
	}
}

func FuzzLocalPath(f *testing.F) {
	f.Add("/admin/users")
	f.Add("http://127.0.0.1:8080/okta/demo~2/admin")
	f.Add("//evil.test")
	f.Fuzz(func(t *testing.T, uri string) {
		for _, a := range []address.Address{here, {Origin: "http://demo.okta.example"}} {
			path, ok := web.LocalPath(a, uri)
			if !ok {
				continue
			}
			if to := a.Path(path); !strings.HasPrefix(to, a.WindowPrefix()+"/") || strings.HasPrefix(to,
				"//") || strings.ContainsAny(to, "\\\r\n") {
				t.Errorf("LocalPath(%q) leads to %q", uri, to)
			}
		}
	})
}
