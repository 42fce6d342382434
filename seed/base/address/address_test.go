package address_test

import (
	"context"
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
