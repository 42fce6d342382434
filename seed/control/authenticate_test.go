package control_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"understudy/idp"
	"understudy/idp/provision"
	"understudy/seed/base/waittest"
	"understudy/seed/control/api"
	"understudy/seed/control/client"
	"understudy/seed/door"
	"understudy/seed/server"
)

// ask sends a request with headers as they are and returns the status. target may be a whole URL, as it is sent to a proxy.
func ask(t *testing.T, s *server.Server, method, target string, headers ...string) int {
	t.Helper()
	address := strings.TrimPrefix(s.URL, "http://")
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	text := method + " " + target + " HTTP/1.1\r\nConnection: close\r\n"
	if !strings.Contains(strings.Join(headers, "\n"), "Host: ") {
		text += "Host: " + address + "\r\n"
	}
	for _, h := range headers {
		text += h + "\r\n"
	}
	if _, err := io.WriteString(conn, text+"\r\n"); err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	return answer.StatusCode
}

const labsPath = "/control/v1/labs"

// Without a token, only a program on this machine reaches the API: nothing that a proxy passes on, and no page.
func TestOnlyLocalProgramsNeedNoToken(t *testing.T) {
	t.Parallel()
	s := start(t, func(c *server.Config) { c.AllowHost = []string{"alias.example"} })
	if status := ask(t, s, "GET", labsPath); status != http.StatusOK {
		t.Errorf("a local program: %d", status)
	}
	if status := ask(t, s, "GET", labsPath, "Sec-Fetch-Mode: cors", "User-Agent: node"); status != http.StatusOK {
		t.Errorf("a program in Node: %d", status)
	}
	token := "Authorization: Bearer " + s.Token
	for _, header := range []string{
		"X-Forwarded-For: 127.0.0.1", "X-Forwarded-Proto: http", "X-Forwarded-Anything: 1", "Forwarded: for=127.0.0.1", "Via: 1.1 proxy",
		"X-Real-IP: 127.0.0.1", "X-Original-URL: /a", "X-Original-For: 1.2.3.4", "X-Scheme: https", "X-Amzn-Trace-Id: 1", "X-Amz-Cf-Id: 1",
		"X-Envoy-External-Address: 1.2.3.4", "X-Cluster-Client-IP: 1.2.3.4", "X-Client-IP: 1.2.3.4", "True-Client-IP: 1.2.3.4", "Client-IP: 1.2.3.4",
		"Fastly-Client-IP: 1.2.3.4", "Fastly-SSL: 1", "Fly-Client-IP: 1.2.3.4", "Fly-Region: ams", "Tailscale-User-Login: ann", "CDN-Loop: cloudflare",
		"X-ProxyUser-Ip: 1.2.3.4", "X-Azure-ClientIP: 1.2.3.4", "X-Vercel-Id: 1", "X-Cloud-Trace-Context: 1", "Sec-Fetch-Mode: navigate",
		"CloudFront-Viewer-Address: 1.2.3.4", "X-Remote-Addr: 1.2.3.4", "DO-Connecting-IP: 1.2.3.4", "CF-Connecting-IP: 1.2.3.4", "Referer: http://evil.example/", "Sec-Fetch-Site: none", "Sec-Fetch-Dest: document",
		"Origin: " + s.URL, "Host: alias.example",
	} {
		if status := ask(t, s, "GET", labsPath, header); status != http.StatusUnauthorized {
			t.Errorf("with %s and no token: %d", header, status)
		}
		if status := ask(t, s, "GET", labsPath, header, token); status != http.StatusOK {
			t.Errorf("with %s and the token: %d", header, status)
		}
	}
	if status := ask(t, s, "GET", s.URL+labsPath); status != http.StatusUnauthorized {
		t.Errorf("a whole URL, as through a proxy: %d", status)
	}
	if status := ask(t, s, "POST", labsPath, token, "Origin: http://evil.example", "Sec-Fetch-Site: cross-site", "Content-Length: 0"); status != http.StatusForbidden {
		t.Errorf("a page of another site: %d", status)
	}
	for _, wrong := range []string{"Bearer " + s.Token + "x", "Bearer ", "Basic aW5zdHJ1Y3RvcjpzZWNyZXQ=", "Nonsense"} {
		if status := ask(t, s, "GET", labsPath, "Authorization: "+wrong); status != http.StatusUnauthorized {
			t.Errorf("%s: %d", wrong, status)
		}
	}
}

// Behind a proxy, and on a server with a workshop, everybody needs a token, for every operation except the document.
func TestSharedServersAlwaysAskForAToken(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*server.Config){
		"behind a proxy":        func(c *server.Config) { c.TrustProxy = true },
		"with a public address": func(c *server.Config) { c.Advertise = []string{"https://labs.example.org"} },
		"with a workshop":       func(c *server.Config) { c.Workshop = &server.Workshop{Labs: 2} },
	} {
		s := start(t, change)
		tried := 0
		for _, r := range s.Door.Routes() {
			path, ours := strings.CutPrefix(r.Path, "/control/v1")
			if !ours || r.Half != "" {
				continue
			}
			tried++
			path = "/control/v1" + strings.NewReplacer(":name", "demo", ":id", "1").Replace(path)
			want := http.StatusUnauthorized
			switch {
			case strings.HasSuffix(path, "/openapi.json"):
				want = http.StatusOK
			case strings.HasSuffix(path, "/tokens") && s.Workshop == nil:
				want = http.StatusNotFound
			}
			if status := ask(t, s, r.Method, path, "Content-Length: 0"); status != want {
				t.Errorf("%s: %s %s without a token: %d", name, r.Method, path, status)
			}
		}
		if tried < 30 {
			t.Errorf("%s: only %d operations were tried", name, tried)
		}
	}
}

// The instructor's password works as it is and in exchange for a token. Wrong ones are counted.
func TestInstructorsPasswordOpensTheAPI(t *testing.T) {
	t.Parallel()
	s := start(t, func(c *server.Config) { c.Workshop = &server.Workshop{Labs: 2} })
	byPassword := &client.Client{URL: s.URL, Password: s.Workshop.NewPassword()}
	if _, err := byPassword.Workshop(t.Context()); err != nil {
		t.Error(err)
	}
	var token api.Token
	nobody := &client.Client{URL: s.URL}
	if err := nobody.Do(t.Context(), "POST", "/tokens", api.Password{Password: s.Workshop.NewPassword()}, &token); err != nil {
		t.Fatal(err)
	}
	nobody.Token = token.Token
	if _, err := nobody.List(t.Context()); err != nil {
		t.Error(err)
	}
	statuses := map[int]int{}
	for range 20 {
		err := (&client.Client{URL: s.URL}).Do(t.Context(), "POST", "/tokens", api.Password{Password: "wrong-password"}, nil)
		if p, ok := err.(*api.Problem); ok { //nolint:errorlint // Do returns it unwrapped
			statuses[p.Status]++
		}
	}
	if statuses[401] == 0 || statuses[403] == 0 || statuses[401]+statuses[403] != 20 {
		t.Errorf("wrong passwords: %v", statuses)
	}
}

// A base URL of provisioning that leads to the control API is not called: the server's own requests reach only labs.
func TestProvisioningDoesNotReachTheAPI(t *testing.T) {
	t.Parallel()
	var reached atomic.Int64
	s := start(t, func(c *server.Config) {
		c.Wrap = func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.HasPrefix(r.URL.Path, "/control/") && r.Header.Get("User-Agent") != "test" {
					reached.Add(1)
				}
				next.ServeHTTP(w, r)
			})
		}
	})
	if status := ask(t, s, "POST", labsPath+"/demo/bring", "User-Agent: test", "Content-Type: application/json", "Content-Length: 14",
		"\r\n{\"step\":\"5.7\"}"); status != http.StatusOK {
		t.Fatal(status)
	}
	l, release, err := s.Registry.Acquire(t.Context(), "demo")
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	ctx := l.OktaContext(t.Context(), s.URL)
	app, found, err := l.ProvisionedApp(ctx)
	if err != nil || !found {
		t.Fatal(err, found)
	}
	for _, base := range []string{"/control/v1", "/control/v1/labs/demo", "/okta/../control/v1", "//control/v1", "/sigma/demo/scim/v2/../../../../control/v1"} {
		in, err := l.Org.Integration(ctx, app.ID)
		if err != nil {
			t.Fatal(err)
		}
		err = provision.From(ctx).TestCredentials(ctx, idp.Credentials{BaseURL: s.URL + base, Token: in.Token, ImportGroups: true})
		if err == nil {
			t.Errorf("the credentials for %s were accepted", base)
		}
	}
	if n := reached.Load(); n > 0 {
		t.Errorf("%d requests of provisioning reached the API", n)
	}
}

// A script of a guide that the server itself plays cannot call the API, whatever address a step visits.
func TestGuidesPlayerDoesNotReachTheAPI(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	if status := ask(t, s, "GET", labsPath, "Sec-Fetch-Site: none", "Sec-Fetch-Mode: navigate"); status != http.StatusUnauthorized {
		t.Errorf("a page that a player visits: %d", status)
	}
	if door.IsLocalProgram(context.Background()) {
		t.Error("a context without a request is a local program")
	}
}

// Tokens reach neither the log nor the recorded traffic.
func TestTokensAreNotRecorded(t *testing.T) { //nolint:paralleltest // it replaces the log of the process
	var log strings.Builder
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	t.Cleanup(func() { slog.SetDefault(before) })
	s := start(t, nil)
	c := &client.Client{URL: s.URL, Token: s.Token}
	if _, err := c.Bring(t.Context(), "demo", "5.4"); err != nil {
		t.Fatal(err)
	}
	k, err := c.SCIMToken(t.Context(), "demo", api.NewSCIMToken{})
	if err != nil || !scimWorks(t, k) {
		t.Fatal(err)
	}
	var traffic string
	waittest.Until(t, "the request with the SCIM token is recorded", func() (any, bool) {
		traffic = recorded(t, c, "demo")
		return traffic, strings.Contains(traffic, "Authorization: Bearer ••••")
	})
	for _, secret := range []string{s.Token, k.Token} {
		if strings.Contains(log.String(), secret) || strings.Contains(traffic, secret) {
			t.Error("a token is recorded")
		}
	}
}

// recorded returns the contents of all recorded messages of a lab.
func recorded(t *testing.T, c *client.Client, lab string) string {
	t.Helper()
	var traffic strings.Builder
	for _, m := range must[[]api.Message](t)(c.Traffic(t.Context(), lab, 0)) {
		fmt.Fprintln(&traffic, must[api.MessageContent](t)(c.Message(t.Context(), lab, m.ID)))
	}
	return traffic.String()
}
