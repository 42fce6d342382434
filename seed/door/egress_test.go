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
	own := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "own") }))
	defer own.Close()
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "other") }))
	defer other.Close()
	_, port, err := net.SplitHostPort(own.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	e := Egress{Own: own.Listener.Addr()}
	tests := []struct {
		name, url string
		allow     []string
		want      string // "" = refused
	}{
		{"itself", own.URL, nil, "own"},
		{"itself by name", "http://localhost:" + port, nil, "own"},
		{"another port of this machine", other.URL, nil, ""},
		{"another port, allowed", other.URL, []string{strings.TrimPrefix(other.URL, "http://")}, "other"},
		{"the link-local metadata address", "http://169.254.169.254/", nil, ""},
		{"our port on another machine", "http://192.0.2.7:" + port, nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e.Allow = tt.allow
			client := http.Client{Transport: e.Transport()}
			resp, err := client.Get(tt.url)
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
