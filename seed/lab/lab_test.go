package lab

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"understudy/idp"
	"understudy/seed/base/problem"
	"understudy/seed/scenario"
)

// rig is a server with labs, as the serve command makes one.
type rig struct {
	t        testing.TB
	registry *Registry
	server   *httptest.Server
}

func newRig(t testing.TB, dir string) *rig {
	t.Helper()
	return newRigWith(t, dir, func(transport http.RoundTripper) http.RoundTripper { return transport })
}

// newRigWith lets a test stand between provisioning and the network.
func newRigWith(t testing.TB, dir string, carry func(http.RoundTripper) http.RoundTripper) *rig {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	r := &rig{t: t, server: httptest.NewUnstartedServer(nil)}
	var err error
	r.registry, err = OpenRegistry(dir, Config{Keys: NewKeyPool(ctx, 1), Transport: carry(Egress{Own: r.server.Listener.Addr()}.Transport())})
	if err != nil {
		t.Fatal(err)
	}
	door, err := NewDoor(r.registry, DoorOptions{})
	if err != nil {
		t.Fatal(err)
	}
	r.server.Config.Handler = door
	r.server.Start()
	t.Cleanup(func() {
		r.server.Close()
		if err := r.registry.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

func starter(t testing.TB) scenario.Scenario {
	t.Helper()
	s, err := scenario.Load(scenario.Starter)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (r *rig) create(names ...string) {
	r.t.Helper()
	for _, name := range names {
		if err := r.registry.Create(r.t.Context(), name, starter(r.t)); err != nil {
			r.t.Fatal(err)
		}
	}
}

// visitor is one browser.
type visitor struct {
	t      testing.TB
	client *http.Client
	base   string
}

func (r *rig) visitor() *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		r.t.Fatal(err)
	}
	return &visitor{t: r.t, client: &http.Client{Jar: jar}, base: r.server.URL}
}

// get gives the status, the text and the path at the end of all redirects.
func (v *visitor) get(path string) (int, string, string) {
	v.t.Helper()
	resp, err := v.client.Get(v.base + path)
	return v.read(resp, err)
}

func (v *visitor) post(path string, form url.Values) (int, string, string) {
	v.t.Helper()
	resp, err := v.client.PostForm(v.base+path, form)
	return v.read(resp, err)
}

func (v *visitor) read(resp *http.Response, err error) (int, string, string) {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return resp.StatusCode, string(body), resp.Request.URL.Path
}

// signIn signs the Okta administrator in, at a half's prefix such as /okta/demo.
func (v *visitor) signIn(prefix string) {
	v.t.Helper()
	status, body, path := v.post(prefix+"/login/login.htm", url.Values{
		"username": {"ada.okafor@brightwater.example"}, "password": {"Prompt-Corner-24"}, "fromURI": {"/admin/dashboard"},
	})
	if status != http.StatusOK || !strings.HasSuffix(path, "/admin/dashboard") {
		v.t.Fatalf("sign-in ends at %s with %d: %.300s", path, status, body)
	}
}

func TestRegistryMakesOpensResetsAndDeletesLabs(t *testing.T) {
	r := newRig(t, t.TempDir())
	ctx := t.Context()
	r.create("demo")
	if err := r.registry.Create(ctx, "demo", starter(t)); !problem.Is(err, problem.Conflict) {
		t.Errorf("a second demo: %v", err)
	}
	for _, name := range []string{"", "Demo", "a~2", "../x", "-a", strings.Repeat("a", 41), "a/b"} {
		if err := r.registry.Create(ctx, name, starter(t)); !problem.Is(err, problem.Invalid) {
			t.Errorf("a lab named %q: %v", name, err)
		}
	}
	l, release, err := r.registry.Acquire(ctx, "demo")
	if err != nil {
		t.Fatal(err)
	}
	first := newGroup(t, l, "Mine")
	release()
	if err := r.registry.CloseIdle(0); err != nil || r.registry.OpenCount() != 0 {
		t.Errorf("closing idle labs: %v, %d open", err, r.registry.OpenCount())
	}
	l, release, err = r.registry.Acquire(ctx, "demo")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Org.Group(ctx, first); err != nil {
		t.Errorf("a closed lab lost a group: %v", err)
	}
	if err := r.registry.Reset(ctx, "demo"); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Org.Group(ctx, first); !problem.Is(err, problem.NotFound) {
		t.Errorf("after the reset: %v", err)
	}
	if again := newGroup(t, l, "Mine"); again != first {
		t.Errorf("a reset lab gives the identifier %s, before it gave %s", again, first)
	}
	if err := r.registry.Delete(ctx, "demo"); !problem.Is(err, problem.Conflict) {
		t.Errorf("deleting a lab in use: %v", err)
	}
	release()
	if err := r.registry.Delete(ctx, "demo"); err != nil || r.registry.Exists("demo") {
		t.Errorf("deleting: %v", err)
	}
}

func newGroup(t *testing.T, l *Lab, name string) string {
	t.Helper()
	g, err := l.Org.CreateGroup(t.Context(), idp.System(idp.Client{}), name, "")
	if err != nil {
		t.Fatal(err)
	}
	return g.ID
}

func TestASecondServerOnTheDirectoryIsRefused(t *testing.T) {
	dir := t.TempDir()
	newRig(t, dir)
	if _, err := OpenRegistry(dir, Config{}); err != ErrInUse {
		t.Errorf("got %v", err)
	}
}

// Ten labs at once: nothing of one can be reached with another's cookies, identifiers or addresses.
func TestLabsAreApart(t *testing.T) {
	r := newRig(t, t.TempDir())
	var names []string
	for n := range 10 {
		names = append(names, fmt.Sprintf("lab%d", n))
	}
	r.create(names...)
	groups := map[string]string{} // lab → id of its own group
	visitors := map[string]*visitor{}
	var wait sync.WaitGroup
	var mu sync.Mutex
	for _, name := range names {
		wait.Go(func() {
			v := r.visitor()
			v.signIn("/okta/" + name)
			v.post("/okta/"+name+"/admin/groups/new", url.Values{"name": {"Secret of " + name}})
			l, release, err := r.registry.Acquire(t.Context(), name)
			if err != nil {
				t.Error(err)
				return
			}
			defer release()
			page, err := l.Org.Groups(t.Context(), idp.GroupQuery{Text: "Secret of"})
			if err != nil || len(page.Items) != 1 || page.Items[0].Name != "Secret of "+name {
				t.Errorf("%s has %v, %v", name, page.Items, err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			groups[name], visitors[name] = page.Items[0].ID, v
		})
	}
	wait.Wait()
	if t.Failed() {
		return
	}
	for i, name := range names {
		other := names[(i+1)%len(names)]
		v := visitors[name]
		// Its cookie, sent by hand to the other lab, opens nothing there.
		u, _ := url.Parse(v.base + "/okta/" + name + "/")
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, v.base+"/okta/"+other+"/admin/group/"+groups[other], nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, cookie := range v.client.Jar.Cookies(u) {
			req.AddCookie(cookie)
		}
		resp, err := http.DefaultClient.Do(req)
		if _, body, path := v.read(resp, err); strings.Contains(body, "Secret of") || !strings.Contains(path, "/login/") {
			t.Errorf("%s's cookie opens %s at %s", name, other, path)
		}
		// The other lab's identifier leads nowhere here.
		if status, body, _ := v.get("/okta/" + name + "/admin/group/" + groups[other]); status != http.StatusNotFound || strings.Contains(body, "Secret of") {
			t.Errorf("%s shows %s's group: %d", name, other, status)
		}
		// And the browser itself sends nothing to the other lab.
		if _, body, _ := v.get("/okta/" + other + "/admin/groups"); strings.Contains(body, "Secret of") {
			t.Errorf("%s's browser sees %s's groups", name, other)
		}
	}
}

func TestWindowsAreBrowserIdentitiesOfTheirOwn(t *testing.T) {
	r := newRig(t, t.TempDir())
	r.create("demo")
	v := r.visitor()
	v.signIn("/okta/demo~2")
	if _, _, path := v.get("/okta/demo~2/admin/users"); path != "/okta/demo~2/admin/users" {
		t.Errorf("in its own window the visitor ends at %s", path)
	}
	for _, prefix := range []string{"/okta/demo", "/okta/demo~3", "/okta/demo~22"} {
		if _, _, path := v.get(prefix + "/admin/users"); path != prefix+"/login/login.htm" {
			t.Errorf("window 2's session is good at %s", path)
		}
	}
}

// A request that began before a reset must see the lab before it or an apology, never a mixture; sessions end.
func TestAResetEndsSessionsAndLeavesNoRequestBetween(t *testing.T) {
	r := newRig(t, t.TempDir())
	r.create("demo")
	var wait sync.WaitGroup
	stop := make(chan struct{})
	for range 4 {
		wait.Go(func() {
			v := r.visitor()
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				default:
				}
				status, body, _ := v.get("/okta/demo/admin/users")
				if status >= 500 && status != http.StatusServiceUnavailable {
					t.Errorf("during a reset: %d %.200s", status, body)
				}
				if strings.Contains(body, "Sign In") {
					if status, body, _ := v.post("/okta/demo/login/login.htm", url.Values{"username": {"ada.okafor@brightwater.example"}, "password": {"Prompt-Corner-24"}}); status >= 500 && status != http.StatusServiceUnavailable {
						t.Errorf("sign-in during a reset: %d %.200s", status, body)
					}
				}
			}
		})
	}
	for range 20 {
		if err := r.registry.Reset(t.Context(), "demo"); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	wait.Wait()
	v := r.visitor()
	v.signIn("/okta/demo")
	if status, _, path := v.post("/labs/demo/reset", nil); status != http.StatusOK || path != "/labs/demo" {
		t.Errorf("reset by the button ends at %s with %d", path, status)
	}
	if _, _, path := v.get("/okta/demo/admin/users"); !strings.Contains(path, "/login/") {
		t.Errorf("the session outlived the reset: %s", path)
	}
}

func TestWhatIsNotBuiltSaysSoInTheDoorsOwnStyle(t *testing.T) {
	r := newRig(t, t.TempDir())
	r.create("demo")
	v := r.visitor()
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
		{"/okta/other/", "text/html", "There is no lab of that name here.", 404},
	}
	for _, tt := range tests {
		resp, err := v.client.Get(v.base + tt.path)
		if err != nil {
			t.Fatal(err)
		}
		contentType := resp.Header.Get("Content-Type")
		status, body, _ := v.read(resp, nil)
		if status != tt.status || !strings.HasPrefix(contentType, tt.contentType) || !strings.Contains(strings.ToLower(body), strings.ToLower(tt.want)) {
			t.Errorf("%s: %d %s %.300s", tt.path, status, contentType, body)
		}
	}
}

// Forms from other sites are refused; what other sites must be able to send is not.
func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	r := newRig(t, t.TempDir())
	r.create("demo")
	for path, refused := range map[string]bool{
		"/okta/demo/login/login.htm":           true,
		"/sigma/demo/login":                    true,
		"/labs/demo/reset":                     true,
		"/sigma/demo/api/v2/saml2/assert":      false,
		"/sigma/demo/scim/v2/Users":            false,
		"/okta/demo/app/sigmaonaws/x/sso/saml": false,
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.server.URL+path, strings.NewReader("a=b"))
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

func TestPagesCarryTheirSafeguards(t *testing.T) {
	r := newRig(t, t.TempDir())
	r.create("demo")
	v := r.visitor()
	for _, path := range []string{"/", "/labs/demo", "/labs/demo/windows", "/labs/demo/mail", "/labs/demo/reset", "/okta/demo/login/login.htm", "/sigma/demo/login"} {
		resp, err := v.client.Get(v.base + path)
		if err != nil {
			t.Fatal(err)
		}
		header := resp.Header
		status, body, _ := v.read(resp, nil)
		if status != 200 || !strings.Contains(body, "Training stand-in") || !strings.Contains(body, "<title>[Training] ") {
			t.Errorf("%s: %d, marked as a stand-in: %v", path, status, strings.Contains(body, "Training stand-in"))
		}
		csp := header.Get("Content-Security-Policy")
		if strings.Contains(csp, "unsafe") || !strings.Contains(csp, "default-src 'none'") || header.Get("X-Robots-Tag") != "noindex" || header.Get("Referrer-Policy") != "same-origin" {
			t.Errorf("%s: %v", path, header)
		}
	}
}

func TestHostFormAndWholeURLRequestLines(t *testing.T) {
	r := newRig(t, t.TempDir())
	r.create("demo", "other")
	proxy, err := url.Parse(r.server.URL)
	if err != nil {
		t.Fatal(err)
	}
	// As an SDK does whose proxy is this server: no DNS is asked.
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
	if resp.StatusCode != http.StatusNotFound {
		t.Errorf("a host of nobody: %s", resp.Status)
	}
}

func TestReservedLogins(t *testing.T) {
	allow := ReservedLogins([]string{"corp.invalid"})
	for login, ok := range map[string]bool{
		"a@example.com": true, "a@x.test": true, "a@b.c.example": true, "a@corp.invalid": true, "ada": true,
		"a@gmail.com": false, "a@example.com.evil.net": false, "a@notexample.com": false, "A@EXAMPLE.ORG": true,
	} {
		if err := allow(login); (err == nil) != ok {
			t.Errorf("%s: %v", login, err)
		}
	}
}

func BenchmarkCreateLab(b *testing.B) {
	r := newRig(b, b.TempDir())
	r.create("warm")
	for n := range b.N {
		if err := r.registry.Create(b.Context(), fmt.Sprintf("lab%d", n), starter(b)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkResetLab(b *testing.B) {
	r := newRig(b, b.TempDir())
	r.create("demo")
	for range b.N {
		if err := r.registry.Reset(b.Context(), "demo"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFirstPageOfAClosedLab(b *testing.B) {
	r := newRig(b, b.TempDir())
	r.create("demo")
	v := r.visitor()
	for range b.N {
		b.StopTimer()
		if err := r.registry.CloseIdle(-time.Hour); err != nil || r.registry.OpenCount() != 0 {
			b.Fatal(err, r.registry.OpenCount())
		}
		b.StartTimer()
		if status, _, _ := v.get("/okta/demo/login/login.htm"); status != 200 {
			b.Fatal(status)
		}
	}
}
