package door

import (
	"crypto/tls"
	"net/http/httptest"
	"net/url"
	"testing"

	"understudy/seed/lab"
)

func TestRouteByPath(t *testing.T) {
	tests := []struct {
		path string
		want route
		ok   bool
	}{
		{"/okta/demo/admin/users", route{lab.Okta, "demo", 0, "/okta/demo", "/admin/users", false}, true},
		{"/sigma/demo", route{lab.Sigma, "demo", 0, "/sigma/demo", "", false}, true},
		{"/sigma/demo/", route{lab.Sigma, "demo", 0, "/sigma/demo", "/", false}, true},
		{"/okta/demo~2/login/login.htm", route{lab.Okta, "demo", 2, "/okta/demo", "/login/login.htm", false}, true},
		{"/okta/demo/okta/demo/api/v1/users", route{lab.Okta, "demo", 0, "/okta/demo", "/api/v1/users", false}, true},
		{"/okta/demo~2/okta/demo~2/x", route{lab.Okta, "demo", 2, "/okta/demo", "/x", false}, true},
		{"/okta/a%2Fb/x", route{lab.Okta, "a%2Fb", 0, "/okta/a%2Fb", "/x", false}, true}, // no lab has such a name
		{"/okta/demo~0/", route{}, false},
		{"/okta/demo~02/", route{}, false},
		{"/okta/demo~100/", route{}, false},
		{"/okta/demo~x/", route{}, false},
		{"/okta/", route{}, false},
		{"/oktaa/demo/", route{}, false},
		{"/labs/demo", route{}, false},
	}
	for _, tt := range tests {
		got, ok := routeByPath(tt.path)
		if ok != tt.ok || (ok && got != tt.want) {
			t.Errorf("%s: %+v, %v; want %+v, %v", tt.path, got, ok, tt.want, tt.ok)
		}
	}
}

func TestRouteByHost(t *testing.T) {
	tests := []struct {
		host string
		want route
		ok   bool
	}{
		{"demo.okta.test", route{half: lab.Okta, lab: "demo", rest: "/x"}, true},
		{"Demo.Sigma.example.org", route{half: lab.Sigma, lab: "demo", rest: "/x"}, true},
		{"demo.okta", route{}, false},
		{"localhost", route{}, false},
		{"127.0.0.1", route{}, false},
		{"-a.okta.test", route{}, false},
	}
	for _, tt := range tests {
		got, ok := routeByHost(tt.host, "/x")
		if ok != tt.ok || (ok && got != tt.want) {
			t.Errorf("%s: %+v, %v; want %+v, %v", tt.host, got, ok, tt.want, tt.ok)
		}
	}
}

func TestOriginBelievesForwardedHeadersOnlyOfATrustedProxy(t *testing.T) {
	r := httptest.NewRequest("GET", "/okta/demo/", nil)
	r.Host = "10.0.0.5:8080"
	r.Header.Set("X-Forwarded-Proto", "https")
	r.Header.Set("X-Forwarded-Host", "labs.example.org, inner")
	r.Header.Set("X-Forwarded-For", "192.0.2.9, 10.0.0.1")
	r.RemoteAddr = "10.0.0.1:4711"
	for _, tt := range []struct {
		trust                bool
		scheme, host, client string
	}{
		{false, "http", "10.0.0.5:8080", "10.0.0.1"},
		{true, "https", "labs.example.org", "192.0.2.9"},
	} {
		scheme, host := origin(r, tt.trust)
		if client := clientIP(r, tt.trust); scheme != tt.scheme || host != tt.host || client != tt.client {
			t.Errorf("trust %v: %s %s %s", tt.trust, scheme, host, client)
		}
	}
	for _, proto := range []string{"HTTPS", "https, http", "https,http", " Https , http"} {
		r.Header.Set("X-Forwarded-Proto", proto)
		if scheme, _ := origin(r, true); scheme != "https" {
			t.Errorf("X-Forwarded-Proto: %s is %s", proto, scheme)
		}
	}
	r.Header.Set("X-Forwarded-Host", "evil.example/path")
	if _, host := origin(r, true); host != "10.0.0.5:8080" {
		t.Errorf("a forwarded host with a path was taken: %s", host)
	}
	r.TLS = &tls.ConnectionState{}
	if scheme, _ := origin(r, false); scheme != "https" {
		t.Errorf("scheme %s over TLS", scheme)
	}
	// As sent to an HTTP proxy: the request line holds the whole URL.
	r.URL, _ = url.Parse("http://demo.okta.test/api/v1/users")
	if scheme, host := origin(r, false); scheme != "http" || host != "demo.okta.test" {
		t.Errorf("absolute form: %s %s", scheme, host)
	}
}

func FuzzRouteByPath(f *testing.F) {
	for _, path := range []string{"/okta/demo~2/x", "/sigma/demo", "/okta/demo/okta/demo/", "//", "/okta/~1/"} {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, path string) {
		r, ok := routeByPath(collapseSlashes(path))
		if !ok {
			return
		}
		if r.lab == "" || (r.rest != "" && r.rest[0] != '/') || r.window < 0 || r.window > 99 {
			t.Errorf("%q gives %+v", path, r)
		}
	})
}
