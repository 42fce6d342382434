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
	"understudy/seed/base/problem"
)

func (w *world) credentials() idp.Credentials {
	return idp.Credentials{Enabled: true, BaseURL: w.far.baseURL, Token: token, ImportGroups: true}
}

func TestTestingCredentials(t *testing.T) {
	w := newWorld(t)
	w.far.take()
	w.must(w.runner.TestCredentials(w.ctx(), w.credentials()))
	w.far.want("GET /Users?startIndex=1&count=2", "GET /Groups?startIndex=1&count=100")
	c := w.credentials()
	c.ImportGroups = false
	w.must(w.runner.TestCredentials(w.ctx(), c))
	w.far.want("GET /Users?startIndex=1&count=2")
}

// Okta-wire 1.3 and 1.10: what is wrong is said at the field where it can be put right.
func TestWrongCredentialsAreExplained(t *testing.T) {
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0) // it complains of those who do not trust it
	secure.StartTLS()
	t.Cleanup(secure.Close)
	closed := closedAddress(t)
	for _, c := range []struct {
		name   string
		change func(f *farSide, c *idp.Credentials)
		field  string
		says   []string
	}{
		{"token", func(f *farSide, c *idp.Credentials) { c.Token = "another" }, "token",
			[]string{"Error authenticating: Unauthorized. Errors reported by remote server: The token is not valid.", "Make a new token"}},
		{"rights", func(f *farSide, c *idp.Credentials) { f.misbehave("GET", -1, refuse(403)) }, "token",
			[]string{"Error authenticating: Forbidden. Errors reported by remote server: The far side says no. The token is not allowed"}},
		{"rights to groups", func(f *farSide, c *idp.Credentials) { f.misbehave("GET /Groups", -1, refuse(403)) }, "token", []string{"Forbidden"}},
		{"path", func(f *farSide, c *idp.Credentials) { c.BaseURL = strings.TrimSuffix(c.BaseURL, "/scim/v2") + "/scim" }, "baseUrl",
			[]string{"Error authenticating: Not Found.", "Check that the Base URL is the application's SCIM address."}},
		{"website", func(f *farSide, c *idp.Credentials) { f.misbehave("GET", -1, page(200)) }, "baseUrl",
			[]string{"Error authenticating: Bad Gateway. Errors reported by remote server: Invalid JSON", "Check that the Base URL is the application's SCIM address."}},
		{"other API", func(f *farSide, c *idp.Credentials) { f.misbehave("GET", -1, welcome) }, "baseUrl",
			[]string{"not with a SCIM list. Check that the Base URL is the application's SCIM address."}},
		{"no body", func(f *farSide, c *idp.Credentials) { f.misbehave("GET", -1, noBody) }, "baseUrl", []string{"not with a SCIM list"}},
		{"redirect", func(f *farSide, c *idp.Credentials) { f.misbehave("GET", -1, elsewhere) }, "baseUrl", []string{"a redirect to /login, which is not followed"}},
		{"https to an http server", func(f *farSide, c *idp.Credentials) { c.BaseURL = strings.Replace(c.BaseURL, "http:", "https:", 1) }, "baseUrl",
			[]string{"No secure connection could be made", "begins with the right scheme"}},
		{"unknown certificate", func(f *farSide, c *idp.Credentials) { c.BaseURL = secure.URL }, "baseUrl",
			[]string{"No secure connection could be made", "certificate is valid"}},
		{"silence", func(f *farSide, c *idp.Credentials) { f.misbehave("GET", -1, silence) }, "baseUrl",
			[]string{"Error authenticating: Read timed out. Check that the application's server is up and the Base URL is right."}},
		{"nobody there", func(f *farSide, c *idp.Credentials) { c.BaseURL = closed }, "baseUrl", []string{"Error authenticating: Connection refused. Check that"}},
		{"server error", func(f *farSide, c *idp.Credentials) { f.misbehave("GET", -1, refuse(500)) }, "baseUrl",
			[]string{"Error authenticating: Internal Server Error. Errors reported by remote server: The far side says no. The application's server has a fault."}},
		{"token said back", func(f *farSide, c *idp.Credentials) { f.misbehave("GET", -1, echo) }, "baseUrl", []string{"Bad Request", "Whose is Bearer •••"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := openWorld(t, freshFile(t), newFarSide(t), newClock(), provision.Config{Timeout: 500 * time.Millisecond})
			with := w.credentials()
			c.change(w.far, &with)
			err := w.runner.TestCredentials(w.ctx(), with)
			text := wantProblem(t, err, c.field, c.says...)
			if strings.Contains(text, "again by itself") || strings.Contains(text, "task") || strings.Contains(text, token) {
				t.Errorf("a test is no task, and a token stays secret: %s", text)
			}
		})
	}
}

// wantProblem checks that an error is a problem of one field, and gives what stands there.
func wantProblem(t *testing.T, err error, field string, says ...string) string {
	t.Helper()
	if !problem.Is(err, problem.Invalid) {
		t.Fatalf("the error is %v", err)
	}
	fields := problem.As(err).Fields
	if len(fields) != 1 || fields[0].Name != field {
		t.Fatalf("the fields are %+v, not %s", fields, field)
	}
	for _, part := range says {
		if !strings.Contains(fields[0].Message, part) {
			t.Errorf("at %s stands\n\t%s\nwithout\n\t%s", field, fields[0].Message, part)
		}
	}
	return fields[0].Message
}

func TestCredentialsThatCannotBeUsed(t *testing.T) {
	w := newWorld(t)
	for field, c := range map[string]idp.Credentials{
		"baseUrl": {Enabled: true, BaseURL: "sigma.example", Token: token},
		"token":   {Enabled: true, BaseURL: "https://sigma.example", Token: "two words"},
	} {
		_, err := w.CheckCredentials(w.ctx(), w.app.ID, c)
		wantProblem(t, err, field)
	}
	_, err := w.CheckCredentials(w.ctx(), w.app.ID, idp.Credentials{Enabled: true, BaseURL: "https://sigma.example", Token: "schlüssel"})
	wantProblem(t, err, "token", "a character in it that no token has")
	c, err := w.CheckCredentials(w.ctx(), w.app.ID, idp.Credentials{Enabled: true, BaseURL: " https://sigma.example/scim/ "})
	if err != nil || c.Token != token || c.BaseURL != "https://sigma.example/scim" {
		t.Errorf("%+v, %v", c, err)
	}
}

func welcome(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
	_, _ = w.Write([]byte(`{"service": "something else"}`))
}

func noBody(http.ResponseWriter, *http.Request, http.Handler) {}

// closedAddress is an address at which nobody listens.
func closedAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return "http://" + l.Addr().String()
}
