// Package doortest runs a server with labs for tests of the packages that are mounted at the front door.
package doortest

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"understudy/seed/base/keytest"
	"understudy/seed/door"
	"understudy/seed/lab"
	"understudy/seed/labpages"
	"understudy/seed/scenario"
)

// Server is a server with labs, as the serve command starts one, without guide and traffic pages.
type Server struct {
	T        testing.TB
	Registry *lab.Registry
	HTTP     *httptest.Server
}

// New starts a server on a data directory. The server stops when the test ends.
func New(t testing.TB, dir string) *Server {
	t.Helper()
	return NewWith(t, dir, func(transport http.RoundTripper) http.RoundTripper { return transport })
}

// NewWith is like [New]. wrap wraps the HTTP transport of provisioning, and each change function edits the options of the front
// door.
func NewWith(t testing.TB, dir string, wrap func(http.RoundTripper) http.RoundTripper, change ...func(*door.Options)) *Server {
	t.Helper()
	s := &Server{T: t, HTTP: httptest.NewUnstartedServer(nil)}
	egress := door.Egress{Hosts: door.Hosts{Own: s.HTTP.Listener.Addr()}}.Transport()
	var err error
	s.Registry, err = lab.OpenRegistry(dir, lab.Config{Keys: lab.KeysFrom(keytest.Source()), Transport: door.Outgoing(wrap(egress), nil)})
	if err != nil {
		t.Fatal(err)
	}
	pages := labpages.New(s.Registry)
	options := door.Options{Mount: []func(*echo.Echo){pages.MountLanding, pages.Mount}}
	for _, f := range change {
		f(&options)
	}
	front, err := door.New(s.Registry, options)
	if err != nil {
		t.Fatal(err)
	}
	s.HTTP.Config.Handler = front
	s.HTTP.Start()
	t.Cleanup(func() {
		s.HTTP.Close()
		if err := s.Registry.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// Starter returns the scenario named starter.
func Starter(t testing.TB) scenario.Scenario {
	t.Helper()
	s, err := scenario.Load(scenario.Starter)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Create creates labs from the scenario named starter.
func (s *Server) Create(names ...string) {
	s.T.Helper()
	for _, name := range names {
		if err := s.Registry.Create(s.T.Context(), name, Starter(s.T)); err != nil {
			s.T.Fatal(err)
		}
	}
}

// Acquire opens a lab and releases it when the test ends.
func (s *Server) Acquire(name string) *lab.Lab {
	s.T.Helper()
	l, release, err := s.Registry.Acquire(s.T.Context(), name)
	if err != nil {
		s.T.Fatal(err)
	}
	s.T.Cleanup(release)
	return l
}

// Browser is one browser with its own cookie jar.
type Browser struct {
	T      testing.TB
	Client *http.Client
	Base   string // scheme and host of the server
}

// Browser returns a new browser.
func (s *Server) Browser() *Browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.T.Fatal(err)
	}
	return &Browser{T: s.T, Client: &http.Client{Jar: jar}, Base: s.HTTP.URL}
}

// Get returns the status, the body and the path at the end of all redirects.
func (b *Browser) Get(path string) (int, string, string) {
	b.T.Helper()
	resp, err := b.Client.Get(b.Base + path)
	return b.Read(resp, err)
}

// Post sends a form and returns what [Browser.Get] returns.
func (b *Browser) Post(path string, form url.Values) (int, string, string) {
	b.T.Helper()
	resp, err := b.Client.PostForm(b.Base+path, form)
	return b.Read(resp, err)
}

// Read returns the status, the body and the path of a response.
func (b *Browser) Read(resp *http.Response, err error) (int, string, string) {
	b.T.Helper()
	if err != nil {
		b.T.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		b.T.Fatal(err)
	}
	return resp.StatusCode, string(body), resp.Request.URL.Path
}

// SignIn signs the Okta administrator in, at a path of the half such as /okta/demo.
func (b *Browser) SignIn(prefix string) {
	b.T.Helper()
	status, body, path := b.Post(prefix+"/login/login.htm", url.Values{
		"username": {"ada.okafor@brightwater.example"}, "password": {"Prompt-Corner-24"}, "fromURI": {"/admin/dashboard"},
	})
	if status != http.StatusOK || !strings.HasSuffix(path, "/admin/dashboard") {
		b.T.Fatalf("sign-in ends at %s with %d: %.300s", path, status, body)
	}
}
