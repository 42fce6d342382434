package door

import (
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestServerAnswersOnlyForItsOwnNames(t *testing.T) {
	own := &net.TCPAddr{IP: net.IPv4(192, 168, 7, 4), Port: 8080}
	h := Hosts{Own: own, Advertise: []string{"https://labs.example.org", "http://other.example.org:81"}, Allow: []string{"alias", "*.wild.example"}}
	for host, want := range map[string]bool{
		"127.0.0.1:8080": true, "localhost:8080": true, "LOCALHOST:8080": true, "localhost.:8080": true, "[::1]:8080": true,
		"app.localhost:8080": true, "127.9.9.9:8080": true, "192.168.7.4:8080": true, "demo.okta.test": true, "Demo.Sigma.Test": true,
		"demo.okta.test:8080": true, "demo.okta.localhost:1": true, "demo.sigma.localhost": true, "labs.example.org": true,
		"labs.example.org:443": true, "LABS.example.org.": true, "other.example.org:81": true, "alias:9": true, "alias": true,
		"a.wild.example": true, "a.b.wild.example:8080": true,
		"evil.example": false, "evil.example:8080": false, "": false, "127.0.0.1": false, "127.0.0.1:8081": false, "localhost": false,
		"192.168.7.5:8080": false, "[fe80::1]:8080": false, "0.0.0.0:8080": false, "evil.okta.test.example": false, "okta.test": false,
		"demo.okta.testing": false, "notokta.test": false, "labs.example.org:80": false, "labs.example.org.evil.example": false,
		"other.example.org": false, "wild.example": false, "xwild.example": false, "127.0.0.1.evil.example:8080": false,
		"localhost.evil.example:8080": false, "evil@localhost:8080": false, "localhost:8080/evil": false, "127.1:8080": false,
		"2130706433:8080": false, "localhost:8080, evil.example": false,
		".okta.test": false, ".sigma.test:8080": false, "demo..okta.test": false, "demo.okta.test..": false, ".localhost:8080": false,
		"a..wild.example": false, ".wild.example": false, "..labs.example.org": false, ".": false, "demo.okta..test": false,
	} {
		if got := h.Allows(host); got != want {
			t.Errorf("%q: %v", host, got)
		}
	}
	if anywhere := (Hosts{}); !anywhere.Allows("127.0.0.1:1") || anywhere.Allows("evil.example") {
		t.Error("without a listener, this machine's names have any port, and other names are refused")
	}
	every := Hosts{Own: &net.TCPAddr{IP: net.IPv4zero, Port: 8080}}
	for _, ip := range machine.addresses() {
		if host := net.JoinHostPort(ip.String(), "8080"); ip.To4() != nil && !every.Allows(host) {
			t.Errorf("an address of this machine: %s is refused", host)
		}
	}
}

func TestCanonicalOrigin(t *testing.T) {
	h := Hosts{Advertise: []string{"https://labs.example.org", "http://second.example.org"}}
	for origin, want := range map[string]string{
		"http://127.0.0.1:8080":     "https://labs.example.org",
		"http://labs.example.org":   "https://labs.example.org", // behind a proxy that does not say https
		"https://labs.example.org":  "https://labs.example.org",
		"http://second.example.org": "http://second.example.org",
		"http://demo.okta.test":     "http://demo.okta.test",
	} {
		if got := h.canonical(origin, true); got != want {
			t.Errorf("%s: %s", origin, got)
		}
	}
	if got := h.canonical("http://demo.okta.test", false); got != "https://labs.example.org" {
		t.Errorf("a path below another name of the server: %s", got)
	}
	if got := (Hosts{}).canonical("http://127.0.0.1:1", false); got != "http://127.0.0.1:1" {
		t.Errorf("without a public address: %s", got)
	}
}

func TestClientAddressIsTheRightmostThatIsNoProxy(t *testing.T) {
	for _, tt := range []struct {
		trust   bool
		peer    string
		headers []string
		want    string
	}{
		{false, "10.0.0.1:4711", []string{"192.0.2.9"}, "10.0.0.1"},
		{false, "[2001:db8::1]:4711", nil, "2001:db8::1"},
		{true, "10.0.0.1:4711", nil, "10.0.0.1"},
		{true, "10.0.0.1:4711", []string{"192.0.2.9"}, "192.0.2.9"},
		{true, "10.0.0.1:4711", []string{"1.1.1.1, 192.0.2.9"}, "192.0.2.9"},             // the first is the client's invention
		{true, "10.0.0.1:4711", []string{"1.1.1.1", "192.0.2.9"}, "192.0.2.9"},           // in a separate header line
		{true, "10.0.0.1:4711", []string{"1.1.1.1, 192.0.2.9, 10.0.0.1"}, "192.0.2.9"},   // the proxy names itself
		{true, "127.0.0.1:4711", []string{"1.1.1.1, 192.0.2.9, 127.0.0.1"}, "192.0.2.9"}, // a second proxy on this machine
		{true, "10.0.0.1:4711", []string{"192.0.2.9:5000"}, "192.0.2.9"},
		{true, "10.0.0.1:4711", []string{"[2001:db8::9]:5000"}, "2001:db8::9"},
		{true, "10.0.0.1:4711", []string{"1.1.1.1, rubbish"}, "10.0.0.1"}, // nothing left of it can be believed
		{true, "10.0.0.1:4711", []string{"1.1.1.1,"}, "10.0.0.1"},
		{true, "10.0.0.1:4711", []string{"127.0.0.1"}, "10.0.0.1"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = tt.peer
		for _, v := range tt.headers {
			r.Header.Add("X-Forwarded-For", v)
		}
		if got := clientIP(r, tt.trust); got != tt.want {
			t.Errorf("trust %v, %s, %q: %s, want %s", tt.trust, tt.peer, tt.headers, got, tt.want)
		}
	}
}

// Links in emails follow --advertise, and never a port that somebody else has put into the Host header.
func TestBaseURLOfLinksInEmails(t *testing.T) {
	own := Hosts{Own: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080}}
	public := Hosts{Own: own.Own, Advertise: []string{"https://labs.example.org"}}
	byPath, byHost := route{half: "okta", lab: "demo", prefix: "/okta/demo"}, route{half: "sigma", lab: "demo"}
	for _, tt := range []struct {
		hosts   Hosts
		reached string
		rt      route
		want    string
	}{
		{own, "http://127.0.0.1:8080", byPath, "http://127.0.0.1:8080/okta/demo"},
		{own, "http://demo.sigma.test:8080", byHost, "http://demo.sigma.test:8080"},
		{own, "http://demo.sigma.test", byHost, "http://demo.sigma.test"},
		{own, "http://demo.sigma.test:9999", byHost, "http://demo.sigma.test:8080"},
		{own, "http://demo.sigma.localhost:1", byHost, "http://demo.sigma.localhost:8080"},
		{own, "http://other.okta.test:9999", byPath, "http://other.okta.test:8080/okta/demo"},
		{Hosts{Own: own.Own, Allow: []string{"demo.sigma.test:9999"}}, "http://demo.sigma.test:9999", byHost, "http://demo.sigma.test:9999"},
		{public, "http://127.0.0.1:8080", byPath, "https://labs.example.org/okta/demo"},
		{public, "http://demo.sigma.test:9999", byHost, "https://labs.example.org/sigma/demo"},
	} {
		if got := tt.hosts.mailBase(tt.reached, tt.rt); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.reached, got, tt.want)
		}
	}
}
