package door

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A base URL that an attendee types must lead nowhere but to this server, under whatever name it is reached.
func TestEgressReachesOnlyThisServerAndWhatIsAllowed(t *testing.T) {
	own := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "own at "+r.Host+r.URL.Path)
	}))
	defer own.Close()
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "other") }))
	defer other.Close()
	host := strings.TrimPrefix(own.URL, "http://")
	_, port, err := net.SplitHostPort(own.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	e := Egress{Hosts: Hosts{Own: own.Listener.Addr(), Advertise: []string{"https://labs.example"}, Allow: []string{"alias.example"}}}
	tests := []struct {
		name, url string
		allow     []string
		want      string // "" = refused
	}{
		{"itself", own.URL + "/okta/demo/x", nil, "own at " + host + "/okta/demo/x"},
		{"itself by name", "http://localhost:" + port + "/sigma/demo/scim/v2", nil, "own at localhost:" + port + "/sigma/demo/scim/v2"},
		{"itself by its public address", "https://labs.example/sigma/demo/x", nil, "own at labs.example/sigma/demo/x"},
		{"itself by a further name", "http://alias.example:5/sigma/demo/x", nil, "own at alias.example:5/sigma/demo/x"},
		{"a lab's host", "http://demo.sigma.test/scim/v2", nil, "own at demo.sigma.test/scim/v2"},
		{"its start page", own.URL, nil, ""},
		{"its start page with a slash", own.URL + "/", nil, ""},
		{"its lab pages", own.URL + "/labs/demo/reset", nil, ""},
		{"its list of labs", own.URL + "/labs", nil, ""},
		{"its figures", "http://localhost:" + port + "/metrics", nil, ""},
		{"its figures, allowed as another server", "http://localhost:" + port + "/metrics", []string{"localhost"}, ""},
		{"its instructor console", "https://labs.example/instructor", nil, ""},
		{"its lab pages through dots", own.URL + "/okta/demo/../../labs/demo/reset", nil, ""},
		{"its lab pages through encoded dots", own.URL + "/okta/demo/%2e%2e/%2e%2e/labs/demo/reset", nil, ""},
		{"its lab pages through slashes", own.URL + "//labs/demo/reset", nil, ""},
		{"another spelling of okta", own.URL + "/%6fkta/demo/x", nil, ""},
		{"another port of this machine", other.URL, nil, ""},
		{"another port, allowed", other.URL + "/any/path", []string{strings.TrimPrefix(other.URL, "http://")}, "other"},
		{"a lab's host that is allowed as another server", "http://demo.sigma.test:9/x", []string{"demo.sigma.test"}, "dial"},
		{"the link-local metadata address", "http://169.254.169.254/", nil, ""},
		{"our port on another machine", "http://192.0.2.7:" + port + "/okta/demo/", nil, ""},
		{"this machine in another spelling", "http://127.1:" + port + "/okta/demo/", nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e.Allow = tt.allow
			client := http.Client{Transport: e.Transport()}
			resp, err := client.Get(tt.url)
			if tt.want == "dial" { // no such host exists here; it was looked up
				if err == nil || errors.Is(err, ErrEgress) {
					t.Errorf("got %v, %v", resp, err)
				}
				return
			}
			if tt.want == "" {
				if !errors.Is(err, ErrEgress) {
					t.Fatalf("got %v, %v; want ErrEgress", resp, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = resp.Body.Close() }()
			if body, _ := io.ReadAll(resp.Body); string(body) != tt.want {
				t.Errorf("reached %q", body)
			}
		})
	}
}
