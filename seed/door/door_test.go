package door_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"understudy/seed/door/doortest"
)

func TestEachWindowHasItsOwnSession(t *testing.T) {
	r := doortest.New(t, t.TempDir())
	r.Create("demo")
	v := r.Browser()
	v.SignIn("/okta/demo~2")
	if _, _, path := v.Get("/okta/demo~2/admin/users"); path != "/okta/demo~2/admin/users" {
		t.Errorf("in the window of the sign-in the browser ends at %s", path)
	}
	for _, prefix := range []string{"/okta/demo", "/okta/demo~3", "/okta/demo~22"} {
		if _, _, path := v.Get(prefix + "/admin/users"); path != prefix+"/login/login.htm" {
			t.Errorf("the session of window 2 is valid at %s", path)
		}
	}
}

func TestUnimplementedPathsAnswerInTheStyleOfTheirHalf(t *testing.T) {
	r := doortest.New(t, t.TempDir())
	r.Create("demo")
	v := r.Browser()
	tests := []struct {
		path, contentType, want string
		status                  int
	}{
		{"/okta/demo/api/v1/users", "application/json", `"errorSummary":"/api/v1/users is not part of this stand-in yet."`, 501},
		{"/api/v1/users", "application/json", "UNDERSTUDY_NOT_BUILT", 501}, // the only lab
		{"/sigma/demo/v2/members", "application/json", `"message":"/v2/members is not part of this stand-in yet."`, 501},
		{"/sigma/demo/scim/v2/Users", "application/scim+json", `"status":"401"`, 401},
		{"/okta/demo/no/such/page", "text/html", "Not part of this stand-in yet", 404},
		{"/sigma/demo/no/such/page", "text/html", "not part of this stand-in", 404},
		{"/no/such/page", "text/html", "not part of this stand-in yet", 404},
		{"/okta/other/", "text/html", "There is no lab with that name.", 404},
	}
	for _, tt := range tests {
		resp, err := v.Client.Get(v.Base + tt.path)
		if err != nil {
			t.Fatal(err)
		}
		contentType := resp.Header.Get("Content-Type")
		status, body, _ := v.Read(resp, nil)
		if status != tt.status || !strings.HasPrefix(contentType, tt.contentType) || !strings.Contains(strings.ToLower(body), strings.ToLower(tt.want)) {
			t.Errorf("%s: %d %s %.300s", tt.path, status, contentType, body)
		}
	}
}

// Programs get JSON from every address of an API, with any method: a page would hide that the API is not built.
func TestEveryAPIAddressAnswersInJSON(t *testing.T) {
	r := doortest.New(t, t.TempDir())
	r.Create("demo")
	okta := []string{
		"/api/v1/users/me", "/api/v1/authn", "/api/v1/apps/x/users?limit=1", "/api/v2/x", "/api", "/oauth2/v1/authorize", "/oauth2/v1/token",
		"/oauth2/default/.well-known/openid-configuration", "/oauth2/default/v1/keys", "/.well-known/openid-configuration",
		"/.well-known/oauth-authorization-server", "/.well-known/okta-organization", "/.well-known/webfinger", "/idp/idx/introspect",
		"/idp/idx/identify", "/idp/idx/challenge/answer", "/idp/myaccount/profile", "/governance/api/v1/campaigns",
		"/attack-protection/api/v1/user-lockout-settings", "/privileged-access/api/v1/x", "/integrations/api/v1/x",
		"/webauthn-registration/api/v1/activate", "/device-access/api/v1/x",
	}
	sigma := []string{"/v2/members", "/v2.1/members", "/v3alpha/connections", "/api/v2/whoami", "/.well-known/openid-configuration"}
	paths := map[string]string{} // path to a member that the body must have
	for _, path := range okta {
		paths["/okta/demo"+path], paths["/okta/demo~2"+path] = "errorSummary", "errorSummary"
		paths[path] = "errorSummary" // the only lab
		paths["/okta/nobody"+path] = "errorSummary"
	}
	for _, path := range sigma {
		paths["/sigma/demo"+path], paths["/sigma/nobody"+path] = "message", "message"
	}
	paths["/sigma/nobody/scim/v2/Users"] = "detail"
	check := func(what string) {
		t.Helper()
		for path, member := range paths {
			for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
				status, contentType, body := send(t, method, r.HTTP.URL+path)
				want := http.StatusNotImplemented
				if strings.Contains(path, "/nobody/") {
					want = http.StatusNotFound
				}
				var answer map[string]any
				err := json.Unmarshal([]byte(body), &answer)
				if status != want || err != nil || answer[member] == nil || !strings.Contains(contentType, "json") {
					t.Errorf("%s: %s %s: %d %s %.200s", what, method, path, status, contentType, body)
				}
			}
		}
	}
	check("one lab")
	r.Create("other")
	check("two labs")
	for _, path := range []string{"/okta/demo/login/login.htm", "/.well-known/training-stand-in", "/labs/demo", "/sigma/demo/login"} {
		if status, contentType, _ := send(t, http.MethodGet, r.HTTP.URL+path); status != http.StatusOK {
			t.Errorf("%s: %d %s", path, status, contentType)
		}
	}
}

// send sends a request as a program of another site does.
func send(t *testing.T, method, to string) (status int, contentType, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, to, strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Origin", "https://app.example")
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Header.Get("Content-Type"), string(text)
}

// Forms from other sites are refused. SAML messages and API requests from other sites are not.
func TestCrossSiteFormsAreRefused(t *testing.T) {
	r := doortest.New(t, t.TempDir())
	r.Create("demo")
	for path, refused := range map[string]bool{
		"/okta/demo/login/login.htm":           true,
		"/sigma/demo/login":                    true,
		"/labs/demo/reset":                     true,
		"/sigma/demo/api/v2/saml2/assert":      false,
		"/sigma/demo/scim/v2/Users":            false,
		"/okta/demo/app/sigmaonaws/x/sso/saml": false,
		"/okta/demo/app/sigmaonaws/x/slo/saml": false,
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.HTTP.URL+path, strings.NewReader("a=b"))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", "https://evil.example")
		req.Header.Set("Sec-Fetch-Site", "cross-site")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if got := strings.Contains(string(body), "sent from another site"); got != refused {
			t.Errorf("%s: %s, refused %v", path, resp.Status, got)
		}
	}
}

func TestPagesHaveSecurityHeadersAndTheTrainingMark(t *testing.T) {
	r := doortest.New(t, t.TempDir())
	r.Create("demo")
	v := r.Browser()
	for _, path := range []string{"/", "/labs/demo", "/labs/demo/windows", "/labs/demo/mail", "/labs/demo/reset",
		"/okta/demo/login/login.htm", "/sigma/demo/login"} {
		resp, err := v.Client.Get(v.Base + path)
		if err != nil {
			t.Fatal(err)
		}
		header := resp.Header
		status, body, _ := v.Read(resp, nil)
		if status != 200 || !strings.Contains(body, "Training stand-in") || !strings.Contains(body, "<title>[Training] ") {
			t.Errorf("%s: %d, marked as a stand-in: %v", path, status, strings.Contains(body, "Training stand-in"))
		}
		csp := header.Get("Content-Security-Policy")
		if strings.Contains(csp, "unsafe") || !strings.Contains(csp, "default-src 'none'") ||
			header.Get("X-Robots-Tag") != "noindex" || header.Get("Referrer-Policy") != "same-origin" {
			t.Errorf("%s: %v", path, header)
		}
	}
}

func TestLabsByHostName(t *testing.T) {
	r := doortest.New(t, t.TempDir())
	r.Create("demo", "other")
	proxy, err := url.Parse(r.HTTP.URL)
	if err != nil {
		t.Fatal(err)
	}
	// Like an SDK whose proxy is this server: no DNS lookup is made.
	client := &http.Client{Transport: &http.Transport{Proxy: http.ProxyURL(proxy)}}
	resp, err := client.Get("http://demo.okta.test/login/login.htm")
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if resp.StatusCode != 200 || !strings.Contains(string(body), "Sign In") {
		t.Errorf("%s %.200s", resp.Status, body)
	}
	resp, err = client.Get("http://elsewhere.example/login/login.htm")
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("a host without a lab: %s", resp.Status)
	}
}

// A form of another site comes without the cookie that identifies the browser. The response must not replace the cookie.
func TestFormOfAnotherSiteKeepsTheBrowser(t *testing.T) {
	r := doortest.New(t, t.TempDir())
	r.Create("demo")
	for origin, marked := range map[string]bool{"https://idp.example": false, "null": false, r.HTTP.URL: true, "": true} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.HTTP.URL+"/sigma/demo/api/v2/saml2/assert", strings.NewReader("SAMLResponse=x"))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if origin != "" {
			req.Header.Set("Origin", origin)
		}
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if set := strings.Contains(strings.Join(resp.Header.Values("Set-Cookie"), " "), "understudy_browser="); set != marked {
			t.Errorf("a form of %q: a new identifier %t", origin, set)
		}
	}
}

// Pages submit forms to their own server only. The page that carries a SAML message posts to the app, wherever that is.
func TestFormsLeadToTheirOwnServer(t *testing.T) {
	r := doortest.New(t, t.TempDir())
	r.Create("demo")
	app := r.ConnectSAML("demo")
	v := r.Browser()
	v.SignIn("/okta/demo")
	policy := func(path string) string {
		resp, err := v.Client.Get(v.Base + path)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != http.StatusOK {
			t.Errorf("%s: %v %s", path, err, resp.Status)
		}
		_, targets, _ := strings.Cut(resp.Header.Get("Content-Security-Policy"), "form-action ")
		return targets
	}
	for _, path := range []string{"/", "/labs/demo", "/okta/demo/admin/users",
		"/okta/demo/login/login.htm?prompt=login", "/sigma/demo/login", "/labs/demo/reset"} {
		if got := policy(path); got != "'self'" {
			t.Errorf("%s: form-action %q", path, got)
		}
	}
	if got := policy("/okta/demo" + app.SSOPath()); got != "'self' https: http:" {
		t.Errorf("the page with a SAML response: form-action %q", got)
	}
}
