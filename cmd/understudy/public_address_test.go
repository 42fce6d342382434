package main

import (
	"html"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"understudy/seed/base/problem"
	"understudy/seed/fault"
	"understudy/seed/scenario"
	"understudy/seed/script"
	"understudy/seed/script/player"
	"understudy/sp"
	"understudy/static"
)

const (
	publicOkta  = "https://brightwater.okta.example"
	publicSigma = "https://app.sigma.example/brightwater"
)

func startPublic(t *testing.T) *running {
	t.Helper()
	return startWith(t, serveCommand{publicFlags: publicFlags{PublicOkta: publicOkta, PublicSigma: publicSigma}})
}

// The quickstart with its sign-ons and its provisioning works in a lab with public addresses, although no name server knows
// them. No page of either product shows the address of the server.
func TestQuickstartWorksWithPublicAddresses(t *testing.T) {
	t.Parallel()
	s := startPublic(t)
	host := strings.TrimPrefix(s.url, "http://")
	report := play(t, player.Options{URL: s.url, PageSeen: func(step *script.Step, has func(string) bool) {
		if has(host) {
			t.Errorf("a page of step %s shows the address of the server", step.ID)
		}
	}})
	for variable, base := range map[string]string{
		"sso-url": publicOkta, "account-url": publicSigma, "scim-url": publicSigma,
	} {
		if value := report.Copied[variable]; !strings.HasPrefix(value, base) {
			t.Errorf("the copied %s is %q; want an address below %s; copied: %v", variable, value, base, report.Copied)
		}
	}
}

// get requests a path of the server with another Host header.
func get(t *testing.T, s *running, host, path string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Host = host
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

func TestServerAnswersForThePublicAddressesOfALab(t *testing.T) {
	t.Parallel()
	s := startPublic(t)
	for round, closed := range []bool{false, true} {
		if closed { // a lab that is not open is found, too
			if err := s.Registry.CloseIdle(0); err != nil {
				t.Fatal(err)
			}
		}
		for _, c := range []struct {
			host, path string
			status     int
			text       string
		}{
			{"brightwater.okta.example", "/login/login.htm", http.StatusOK, `action="/login/login.htm"`},
			{"BRIGHTWATER.okta.example:443", "/login/login.htm", http.StatusOK, `action="/login/login.htm"`},
			{"app.sigma.example", "/brightwater/login", http.StatusOK, `"/brightwater/login"`},
			{"app.sigma.example", "/brightwater" + sp.EntityIDPath, http.StatusOK, publicSigma},
			{"app.sigma.example", "/sigma/demo/login", http.StatusOK, `"/sigma/demo/login"`},
			{"app.sigma.example", "/other/login", http.StatusNotFound, ""},
			{"brightwater.okta.example", "/labs/demo", http.StatusOK, "demo"},
			{"app.sigma.example", static.Path("kit.css"), http.StatusOK, ""},
			{"brightwater.okta.example", static.Path("kit.css"), http.StatusOK, ""},
			{"demo.okta.test", "/login/login.htm", http.StatusOK, `action="/login/login.htm"`},
			{"demo.okta.test", static.Path("kit.css"), http.StatusOK, ""},
			{"other.okta-test.example", "/login/login.htm", http.StatusMisdirectedRequest, "does not answer"},
			{"app.sigma.example:9999", "/brightwater/login", http.StatusMisdirectedRequest, "does not answer"},
		} {
			if status, body := get(t, s, c.host, c.path); status != c.status || !strings.Contains(body, c.text) {
				t.Errorf("round %d: %s%s: %d, without %q: %.600s", round, c.host, c.path, status, c.text, body)
			}
		}
	}
}

// Labs that share a public address are told apart by path; under the address itself they cannot be.
func TestLabsThatShareAPublicAddress(t *testing.T) {
	t.Parallel()
	s := startPublic(t)
	starter, err := scenario.Load(scenario.Starter)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Registry.Create(t.Context(), "second", starter); err != nil {
		t.Fatal(err)
	}
	if status, body := get(t, s, "app.sigma.example", "/brightwater/login"); status != http.StatusMisdirectedRequest || !strings.Contains(body, "{lab}") {
		t.Errorf("under the shared address: %d %s", status, body)
	}
	play(t, player.Options{URL: s.url, Lab: "second"})

	own := scenario.PublicAddresses{Okta: "https://{lab}.okta.example", Sigma: "https://sigma.example/{lab}"}
	if err := s.Registry.SetPublicAddresses(t.Context(), "second", own); err != nil {
		t.Fatal(err)
	}
	for host, path := range map[string]string{"app.sigma.example": "/brightwater/login", "sigma.example": "/second/login", "second.okta.example": "/login/login.htm"} {
		if status, _ := get(t, s, host, path); status != http.StatusOK {
			t.Errorf("%s%s: %d", host, path, status)
		}
	}
	if err := s.Registry.ResetTo(t.Context(), "second", "", false); err != nil {
		t.Fatal(err)
	}
	if status, _ := get(t, s, "sigma.example", "/second/login"); status != http.StatusOK {
		t.Errorf("after a reset: %d", status)
	}
}

func TestPublicAddressesThatCannotBe(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ okta, sigma, want string }{
		{"brightwater.okta.example", "", "public-okta"},
		{"https://brightwater.okta.example/", "", "public-okta"},
		{"https://user@brightwater.example", "", "public-okta"},
		{"https://brightwater.example?x=1", "", "public-okta"},
		{"https://Brightwater.example", "", "public-okta"},
		{"javascript://x/%0aalert(1)", "", "public-okta"},
		{"https://x.example/\"><script>", "", "public-okta"},
		{"https://dev-1.okta.com", "", "real product"},
		{"", "https://app.sigmacomputing.com/x", "real product"},
		{"", "https://app.example/sigma/demo", "this server uses"},
		{"https://x.example", "https://x.example/sub", "told apart"},
		{"https://x.example/a", "https://x.example/a", "told apart"},
	} {
		err := scenario.PublicAddresses{Okta: c.okta, Sigma: c.sigma}.Check()
		if !problem.Is(err, problem.Invalid) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q and %q: %v; want an error with %q", c.okta, c.sigma, err, c.want)
		}
	}
	good := scenario.PublicAddresses{Okta: "https://{lab}.okta.example", Sigma: "http://app.sigma.example:8080/brightwater/{lab}"}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
}

// Every fault starts in a lab with public addresses, and is fixed by undoing it.
func TestFaultsStartInALabWithPublicAddresses(t *testing.T) {
	t.Parallel()
	l := newLearner(t, startPublic(t))
	l.post("/labs/demo/guide/bring", url.Values{"step": {"10.1"}})
	faults, err := fault.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faults {
		l.sees(l.post("/labs/demo/faults/start", url.Values{"fault": {f.ID}}), html.EscapeString(f.Symptom), "Not fixed yet")
		l.post("/labs/demo/faults/undo", nil)
	}
}
