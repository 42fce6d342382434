package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"understudy/seed/server"
)

// openServer starts a server with the lab demo within the test's process.
func openServer(t *testing.T, change func(*serveCommand)) *running {
	t.Helper()
	command := &serveCommand{dataFlags: dataFlags{Data: t.TempDir()}, Addr: "127.0.0.1:0", Lab: "demo", IdleClose: defaultIdle}
	change(command)
	s, err := command.start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// send sends a request with a Host header and other headers, and returns the response with its text.
func send(t *testing.T, client *http.Client, method, to, host string, form url.Values, headers map[string]string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, to, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Host = host
	if method == http.MethodPost {
		req.Header.Set("Content-Type", urlencoded)
	}
	for name, value := range headers {
		req.Header.Set(name, value)
	}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(text)
}

// DNS rebinding: a page at evil.example whose name leads to this machine must not be taken for a page of this server.
func TestNoAddressRespondsForAForeignHost(t *testing.T) {
	s := openServer(t, func(c *serveCommand) { c.AllowHost = []string{"alias.example"} })
	for _, r := range s.Door.Routes() {
		if strings.HasPrefix(r.Method, "echo_") || r.Method == http.MethodConnect { // refused for every host
			continue
		}
		for _, host := range []string{"evil.example", "127.0.0.1:1", "evil.okta.test.example:80"} {
			resp, text := send(t, http.DefaultClient, r.Method, s.url+address(r, "demo"), host, nil, map[string]string{"Origin": "http://" + host})
			if resp.StatusCode != http.StatusMisdirectedRequest || r.Method != http.MethodHead && !strings.Contains(text, "--allow-host") {
				t.Errorf("%s %s for %s: %s %.100s", r.Method, r.Path, host, resp.Status, text)
			}
		}
	}
	for _, host := range []string{strings.TrimPrefix(s.url, "http://"), "alias.example", "demo.okta.test"} {
		if resp, _ := send(t, http.DefaultClient, http.MethodGet, s.url+"/okta/demo/login/login.htm", host, nil, nil); resp.StatusCode != http.StatusOK {
			t.Errorf("%s: %s", host, resp.Status)
		}
	}
}

// Emails, cards and SAML addresses have the public address, by whatever name the page was opened.
func TestAddressesFollowThePublicAddress(t *testing.T) {
	s := openServer(t, func(c *serveCommand) { c.Advertise = []string{"https://labs.example.org/"} })
	v := newVisitor(t, s)
	for _, host := range []string{"127.0.0.1:" + port(t, s), "localhost:" + port(t, s), "labs.example.org"} {
		_, text := send(t, v.client, http.MethodPost, s.url+"/okta/demo/signin/forgot-password", host,
			url.Values{"username": {"ada.okafor@brightwater.example"}}, nil)
		if strings.Contains(text, "There is no such") {
			t.Fatal(text)
		}
		if _, card := send(t, v.client, http.MethodGet, s.url+"/labs/demo", host, nil, nil); !strings.Contains(card, "https://labs.example.org/okta/demo") ||
			strings.Contains(card, "://"+host) && host != "labs.example.org" {
			t.Errorf("the card for %s names other addresses", host)
		}
		if _, metadata := send(t, v.client, http.MethodGet, s.url+"/sigma/demo/api/v2/saml2/metadata.xml", host, nil, nil); strings.Contains(metadata, "<") &&
			strings.Contains(metadata, "Location=") && !strings.Contains(metadata, `Location="https://labs.example.org/sigma/demo/`) {
			t.Errorf("the metadata for %s: %s", host, metadata)
		}
	}
	emails := 0
	for _, link := range regexp.MustCompile(`href="(/labs/demo/mail/\d+)"`).FindAllStringSubmatch(second(v.get("/labs/demo/mail")), -1) {
		emails++
		// The mailbox makes a link within this server of an address that begins with the public one.
		if _, text := v.get(link[1]); !strings.Contains(text, "/okta/demo/") || strings.Contains(text, "127.0.0.1:") || strings.Contains(text, "localhost:") {
			t.Errorf("an email leads elsewhere: %s", text)
		}
	}
	if emails != 3 {
		t.Errorf("%d emails were sent", emails)
	}
}

func second(_ int, text string) string { return text }

func port(t *testing.T, s *running) string {
	t.Helper()
	u, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	return u.Port()
}

func TestAdvertiseMustBeAnAddress(t *testing.T) {
	for text, ok := range map[string]bool{
		"https://labs.example.org": true, "http://10.0.0.5:8080/": true,
		"labs.example.org": false, "https://labs.example.org/path": false, "ftp://labs.example.org": false, "https://a@labs.example.org": false, "": false,
	} {
		if _, err := (server.Config{Advertise: []string{text}}).PublicHosts(nil); (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// Every cookie is Secure when the client's connection is encrypted, and only then: a browser drops it otherwise.
func TestCookiesAreSecureBehindTLS(t *testing.T) {
	serve := openServer(t, func(c *serveCommand) { c.TrustProxy = true })
	workshop := openWorkshop(t, t.TempDir(), 3)
	trusting := openWorkshopWith(t, func(c *workshopCommand) { c.TrustProxy = true })
	seen := map[string]bool{}
	for _, s := range []*running{serve, trusting, workshop} {
		for _, proto := range []string{"https", "http"} {
			wanted := proto == "https" && s != workshop // which trusts no proxy
			for _, c := range cookiesOf(t, s, proto) {
				seen[c.Name] = true
				if c.Secure != wanted {
					t.Errorf("%s over %s: Secure is %v", c.Name, proto, c.Secure)
				}
			}
		}
	}
	for _, name := range []string{"understudy_browser", "understudy_attendee", "understudy_instructor", "understudy_guide", "okta_sid", "sigma_sid"} {
		if !seen[name] {
			t.Errorf("the cookie %s was not seen, only %v", name, seen)
		}
	}
}

func openWorkshopWith(t *testing.T, change func(*workshopCommand)) *running {
	t.Helper()
	command := workshopCommand{dataFlags: dataFlags{Data: t.TempDir()}, Labs: 3, Code: "blue-lantern", Addr: "127.0.0.1:0"}
	change(&command)
	s, err := command.start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// cookiesOf does what sets cookies, and returns all of them.
func cookiesOf(t *testing.T, s *running, proto string) (all []*http.Cookie) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	name, headers := "demo", map[string]string{"X-Forwarded-Proto": proto}
	post := func(path string, form url.Values) {
		resp, _ := send(t, client, http.MethodPost, s.url+path, "", form, headers)
		all = append(all, resp.Cookies()...)
		for _, c := range resp.Cookies() {
			c.Secure = false // Go's jar would keep it back from this plain connection
			jar.SetCookies(resp.Request.URL, []*http.Cookie{{Name: c.Name, Value: c.Value, Path: c.Path, MaxAge: c.MaxAge}})
		}
		all = append(all[:len(all)-len(resp.Cookies())], resp.Cookies()...)
	}
	if s.Workshop != nil {
		name = "lab-01"
		post("/instructor", url.Values{"password": {s.Workshop.NewPassword()}})
		post("/join", url.Values{"code": {"blue-lantern"}})
	}
	post("/okta/"+name+"/login/login.htm", adaSignsIn())
	post("/sigma/"+name+"/login", mayaSignsIn())
	post("/labs/"+name+"/guide/show", url.Values{"shown": {"no"}})
	return all
}

// What a stranger sends is bounded wherever it is recorded, and names no address that the sender invented.
func TestWhatIsRecordedIsCut(t *testing.T) {
	s := openServer(t, func(*serveCommand) {})
	v := newVisitor(t, s)
	long := strings.Repeat("x", 15_000)
	headers := map[string]string{"User-Agent": long, "X-Forwarded-For": "198.51.100.7", "X-Real-Ip": "198.51.100.8", "Accept": long}
	for range 3 {
		send(t, v.client, http.MethodPost, s.url+"/okta/demo/login/login.htm", "",
			url.Values{"username": {long + "@brightwater.example"}, "password": {long}}, headers)
		send(t, v.client, http.MethodPost, s.url+"/sigma/demo/login", "", url.Values{"email": {long + "@brightwater.example"}, "password": {long}}, headers)
		send(t, v.client, http.MethodGet, s.url+"/sigma/demo/scim/v2/Users", "", nil, headers)
		send(t, v.client, http.MethodGet, s.url+"/okta/demo/"+long[:3000], "", nil, headers)
	}
	v.post("/okta/demo/login/login.htm", adaSignsIn())
	v.post("/sigma/demo/login", mayaSignsIn())
	for _, path := range []string{"/okta/demo/admin/reports/system-log", "/okta/demo/admin/reports/system-log.csv",
		"/sigma/demo/admin/audit-log", "/labs/demo/traffic"} {
		status, text := v.get(path)
		if status != http.StatusOK {
			t.Errorf("%s: status %d", path, status)
		}
		if strings.Contains(text, long[:1100]) {
			t.Errorf("%s has a text of more than 1,100 bytes", path)
		}
		if strings.Contains(text, "198.51.100.") {
			t.Errorf("%s believes X-Forwarded-For", path)
		}
	}
}

// One client cannot open any number of event streams.
func TestEventStreamsOfOneClientAreLimited(t *testing.T) {
	s := openServer(t, func(*serveCommand) {})
	refused := false
	for i := 0; i < 100 && !refused; i++ {
		path := []string{"/labs/demo/guide/events", "/labs/demo/traffic/events"}[i%2]
		resp, err := http.Get(s.url + path)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = resp.Body.Close() })
		refused = resp.StatusCode == http.StatusTooManyRequests
		if !refused && resp.StatusCode != http.StatusOK {
			t.Fatalf("stream %d: %s", i, resp.Status)
		}
	}
	if !refused {
		t.Error("100 streams are open")
	}
}
