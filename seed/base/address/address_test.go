package address_test

import (
	"context"
	"strings"
	"testing"

	"understudy/seed/base/address"
)

// Canonical URLs never have a window; paths have the window of the request.
func TestURLHasNoWindowAndPathHasIt(t *testing.T) {
	peers := map[string]string{"sigma": "http://localhost:8080/sigma/demo"}
	okta := address.Address{Origin: "http://localhost:8080", Prefix: "/okta/demo", Lab: "demo", Peers: peers}
	for _, c := range []struct {
		window                         int
		url, path, cookie, peer, other string
	}{
		{0, "http://localhost:8080/okta/demo/login", "/okta/demo/login", "/okta/demo/",
			"http://localhost:8080/sigma/demo", "http://localhost:8080/sigma/demo"},
		{2, "http://localhost:8080/okta/demo/login", "/okta/demo~2/login", "/okta/demo~2/",
			"http://localhost:8080/sigma/demo", "http://localhost:8080/sigma/demo~2"},
	} {
		a := okta.InWindow(c.window)
		if a.URL("/login") != c.url || a.Path("/login") != c.path || a.CookiePath() != c.cookie {
			t.Errorf("window %d: URL %s, path %s, cookie path %s", c.window, a.URL("/login"), a.Path("/login"), a.CookiePath())
		}
		if a.Peer("sigma") != c.peer || a.PeerInWindow("sigma") != c.other || a.PeerInWindow("other") != "" {
			t.Errorf("window %d: peer %s, in the window %s", c.window, a.Peer("sigma"), a.PeerInWindow("sigma"))
		}
	}
}

// A product with its own host has no prefix, so its paths cannot have a window.
func TestProductWithItsOwnHost(t *testing.T) {
	a := address.Address{Origin: "https://sigma.example", Window: 2}
	if a.Path("/login") != "/login" || a.CookiePath() != "/" || a.URL("/login") != "https://sigma.example/login" || !a.Secure() {
		t.Errorf("path %s, cookie path %s, URL %s", a.Path("/login"), a.CookiePath(), a.URL("/login"))
	}
}

func TestContext(t *testing.T) {
	ctx := address.With(context.Background(), address.Address{Origin: "http://lab.example", Lab: "demo"})
	if got := address.From(ctx); got.Lab != "demo" || got.Secure() {
		t.Errorf("%+v", got)
	}
	if got := address.From(context.Background()); got.Origin != "" || got.Lab != "" {
		t.Errorf("without an address: %+v", got)
	}
}

// A link below a public address leads to this server; a link that only looks similar does not.
func TestReachLeadsFromPublicAddressesToThisServer(t *testing.T) {
	a := address.Address{Origin: "http://127.0.0.1:8080", Prefix: "/okta/demo", Window: 2, Public: "https://brightwater.okta.example",
		Peers: map[string]string{"sigma": "https://app.sigma.example/brightwater"},
		Aliases: []address.Alias{{Public: "https://brightwater.okta.example", Real: "http://127.0.0.1:8080/okta/demo"},
			{Public: "https://app.sigma.example/brightwater", Real: "http://127.0.0.1:8080/sigma/demo"}}}
	for link, want := range map[string]string{
		"https://brightwater.okta.example":                              "http://127.0.0.1:8080/okta/demo",
		"https://BRIGHTWATER.okta.example:443/app/x?a=b%2Fc#d":          "http://127.0.0.1:8080/okta/demo/app/x?a=b%2Fc#d",
		"https://app.sigma.example/brightwater/api/v2":                  "http://127.0.0.1:8080/sigma/demo/api/v2",
		"https://app.sigma.example/brightwater2":                        "https://app.sigma.example/brightwater2",
		"https://app.sigma.example/":                                    "https://app.sigma.example/",
		"https://app.sigma.example:8443/brightwater":                    "https://app.sigma.example:8443/brightwater",
		"https://user@app.sigma.example/brightwater":                    "https://user@app.sigma.example/brightwater",
		"http://brightwater.okta.example/":                              "http://brightwater.okta.example/",
		"https://brightwater.okta.example.evil.example/":                "https://brightwater.okta.example.evil.example/",
		"https://evil.example/?next=https://brightwater.okta.example/x": "https://evil.example/?next=https://brightwater.okta.example/x",
		"/local": "/local", "": "",
	} {
		if got := a.Reach(link); got != want {
			t.Errorf("%s: %s; want %s", link, got, want)
		}
	}
	if a.URL("/login") != "https://brightwater.okta.example/login" || a.Path("/login") != "/okta/demo~2/login" ||
		a.PeerInWindow("sigma") != "http://127.0.0.1:8080/sigma/demo~2" {
		t.Errorf("URL %s, path %s, peer %s", a.URL("/login"), a.Path("/login"), a.PeerInWindow("sigma"))
	}
}

// A public address that is accepted can stand in a page, and leads back to itself only.
func FuzzPublicAddress(f *testing.F) {
	for _, text := range []string{"https://brightwater.okta.example", "https://{lab}.okta.example", "http://a.example:8080/b", "https://a.example/../okta", "https://a\"b"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if address.CheckPublic(text) != nil {
			return
		}
		base := strings.ReplaceAll(text, address.LabVariable, "demo")
		if strings.ContainsAny(base, "\"'<>&\\ \t\n@?#%{}") {
			t.Errorf("%q was accepted", text)
		}
		if rest, below := address.Below(base, base+"/x?y"); !below || rest != "/x?y" {
			t.Errorf("%q: %q, %v", base, rest, below)
		}
	})
}
