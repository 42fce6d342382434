package provision_test

import (
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"understudy/idp"
	"understudy/idp/provision"
	"understudy/seed/base/address"
	"understudy/seed/base/problem"
)

// credentials returns valid credentials, with the import of groups.
func (w *world) credentials() idp.Credentials {
	return idp.Credentials{Enabled: true, BaseURL: w.service.baseURL, Token: token, ImportGroups: true}
}

func TestCredentialsRequests(t *testing.T) {
	w := newWorld(t)
	w.service.takeRequests()
	w.must(w.runner.TestCredentials(w.ctx(), w.credentials()))
	w.service.wantRequests("GET /Users?startIndex=1&count=2", "GET /Groups?startIndex=1&count=100")
	c := w.credentials()
	c.ImportGroups = false
	w.must(w.runner.TestCredentials(w.ctx(), c))
	w.service.wantRequests("GET /Users?startIndex=1&count=2")
}

// The error is shown at the field that can fix it.
func TestWrongCredentialsNameTheField(t *testing.T) {
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0) // the server logs each client that does not trust its certificate
	secure.StartTLS()
	t.Cleanup(secure.Close)
	closed := closedAddress(t)
	for _, c := range []struct {
		name   string
		change func(s *scimService, c *idp.Credentials)
		field  string
		parts  []string
	}{
		{"token", func(s *scimService, c *idp.Credentials) { c.Token = "another" }, "token",
			[]string{"Error authenticating: Unauthorized. Errors reported by remote server: The token is not valid.",
				"Create a new token"}},
		{"permissions", func(s *scimService, c *idp.Credentials) { s.injectFault("GET", -1, scimError(403)) }, "token",
			[]string{"Error authenticating: Forbidden. Errors reported by remote server: The app says no. The token is not allowed"}},
		{"permissions for groups", func(s *scimService, c *idp.Credentials) {
			s.injectFault("GET /Groups", -1,
				scimError(403))
		}, "token", []string{"Forbidden"}},
		{"path", func(s *scimService, c *idp.Credentials) {
			c.BaseURL = strings.TrimSuffix(c.BaseURL, "/scim/v2") + "/scim"
		}, "baseUrl",
			[]string{"Error authenticating: Not Found.", "Check that the Base URL is the application's SCIM address."}},
		{"website", func(s *scimService, c *idp.Credentials) { s.injectFault("GET", -1, htmlPage(200)) }, "baseUrl",
			[]string{"Error authenticating: Bad Gateway. Errors reported by remote server: Invalid JSON",
				"Check that the Base URL is the application's SCIM address."}},
		{"other API", func(s *scimService, c *idp.Credentials) { s.injectFault("GET", -1, otherJSON) }, "baseUrl",
			[]string{"did not answer with a SCIM list. Check that the Base URL is the application's SCIM address."}},
		{"no body", func(s *scimService, c *idp.Credentials) { s.injectFault("GET", -1, noBody) }, "baseUrl",
			[]string{"did not answer with a SCIM list"}},
		{"redirect", func(s *scimService, c *idp.Credentials) { s.injectFault("GET", -1, redirect) }, "baseUrl",
			[]string{"a redirect to /login. Okta does not follow redirects."}},
		{"https to an http server", func(s *scimService, c *idp.Credentials) {
			c.BaseURL = strings.Replace(c.BaseURL, "http:",
				"https:", 1)
		}, "baseUrl",
			[]string{"The TLS connection failed", "begins with the right scheme"}},
		{"unknown certificate", func(s *scimService, c *idp.Credentials) { c.BaseURL = secure.URL }, "baseUrl",
			[]string{"The TLS connection failed", "certificate is valid"}},
		{"no response", func(s *scimService, c *idp.Credentials) { s.injectFault("GET", -1, noResponse) }, "baseUrl",
			[]string{"Error authenticating: Read timed out. Check that the application's server is up and the Base URL is right."}},
		{"no server", func(s *scimService, c *idp.Credentials) { c.BaseURL = closed }, "baseUrl",
			[]string{"Error authenticating: Connection refused. Check that"}},
		{"server error", func(s *scimService, c *idp.Credentials) { s.injectFault("GET", -1, scimError(500)) }, "baseUrl",
			[]string{"Error authenticating: Internal Server Error. Errors reported by remote server: The app says no. The " +
				"application's server has an error."}},
		{"token in the response", func(s *scimService, c *idp.Credentials) { s.injectFault("GET", -1, repeatToken) },
			"baseUrl", []string{"Bad Request", "Whose is Bearer •••"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			config := provision.Config{}
			if c.name == "no response" {
				config.Timeout = 50 * time.Millisecond
			}
			w := openWorld(t, freshFile(t), newSCIMService(t), newClock(), config)
			with := w.credentials()
			c.change(w.service, &with)
			err := w.runner.TestCredentials(w.ctx(), with)
			text := wantProblem(t, err, c.field, c.parts...)
			if strings.Contains(text, "retries") || strings.Contains(text, "task") || strings.Contains(text, token) {
				t.Errorf("the text of a test must not mention tasks, or show the token: %s", text)
			}
		})
	}
}

// wantProblem checks that err is an error at one field, with a message that contains the parts. It returns the message.
func wantProblem(t *testing.T, err error, field string, parts ...string) string {
	t.Helper()
	if !problem.Is(err, problem.Invalid) {
		t.Fatalf("the error is %v", err)
	}
	fields := problem.As(err).Fields
	if len(fields) != 1 || fields[0].Name != field {
		t.Fatalf("the fields are %+v, want %s", fields, field)
	}
	for _, part := range parts {
		if !strings.Contains(fields[0].Message, part) {
			t.Errorf("the message at %s is\n\t%s\nwithout\n\t%s", field, fields[0].Message, part)
		}
	}
	return fields[0].Message
}

func TestInvalidCredentials(t *testing.T) {
	w := newWorld(t)
	for field, c := range map[string]idp.Credentials{
		"baseUrl": {Enabled: true, BaseURL: "sigma.example", Token: token},
		"token":   {Enabled: true, BaseURL: "https://sigma.example", Token: "two words"},
	} {
		_, err := w.CheckCredentials(w.ctx(), w.app.ID, c)
		wantProblem(t, err, field)
	}
	here := address.With(w.ctx(), address.Address{Origin: "http://127.0.0.1:8080", Prefix: "/okta/demo", Lab: "demo"})
	for _, base := range []string{"http://127.0.0.1:8080/control/v1/labs", "http://localhost:8080/okta/demo/scim"} {
		typed := idp.Credentials{Enabled: true, BaseURL: base, Token: token}
		_, err := w.CheckCredentials(here, w.app.ID, typed)
		wantProblem(t, err, "baseUrl", "does not belong to Sigma")
		_, err = w.SaveCredentials(here, idp.System(idp.Client{}), w.app.ID, typed)
		wantProblem(t, err, "baseUrl", "does not belong to Sigma")
	}
	_, err := w.CheckCredentials(w.ctx(), w.app.ID, idp.Credentials{Enabled: true, BaseURL: "https://sigma.example",
		Token: "schlüssel"})
	wantProblem(t, err, "token", "contains a character that is not allowed")
	c, err := w.CheckCredentials(w.ctx(), w.app.ID, idp.Credentials{Enabled: true, BaseURL: " https://sigma.example/scim/ "})
	if err != nil || c.Token != token || c.BaseURL != "https://sigma.example/scim" {
		t.Errorf("%+v, %v", c, err)
	}
}

// otherJSON is the response of an API that is not SCIM.
func otherJSON(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
	_, _ = w.Write([]byte(`{"service": "something else"}`))
}

func noBody(http.ResponseWriter, *http.Request, http.Handler) {}

// closedAddress returns a URL at which no server listens.
func closedAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return "http://" + l.Addr().String()
}
