package main

import (
	"bufio"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"understudy/idp"
	"understudy/seed/base/store"
	"understudy/seed/lab"
)

// closeLimit is the longest time that closing a lab may take, whatever holds it.
const closeLimit = 15 * time.Second

// openStream opens an event stream and returns when its first bytes have arrived.
func (v *visitor) openStream(path string) {
	v.Helper()
	resp, err := v.client.Get(v.url + path)
	if err != nil {
		v.Fatal(err)
	}
	v.Cleanup(func() { _ = resp.Body.Close() })
	if line, err := bufio.NewReader(resp.Body).ReadString('\n'); err != nil || !strings.HasPrefix(line, "event") {
		v.Fatalf("%s: %q %v", path, line, err)
	}
}

// beginUpload sends the head of a form and the first of its bytes, and no more. It returns when a handler waits for the rest: the
// server answers "100 Continue" when the handler begins to read (RFC 9110, section 10.1.1).
func (v *visitor) beginUpload(path string) {
	v.Helper()
	target, err := url.Parse(v.url)
	if err != nil {
		v.Fatal(err)
	}
	connection, err := net.Dial("tcp", target.Host)
	if err != nil {
		v.Fatal(err)
	}
	v.Cleanup(func() { _ = connection.Close() })
	cookies := ""
	for _, k := range v.client.Jar.Cookies(target) {
		cookies += k.String() + "; "
	}
	head := "POST " + path + " HTTP/1.1\r\nHost: " + target.Host + "\r\nCookie: " + cookies +
		"\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n"
	if _, err := connection.Write([]byte(head)); err != nil {
		v.Fatal(err)
	}
	if line, err := bufio.NewReader(connection).ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") {
		v.Fatalf("%s: %q %v", path, line, err)
	}
	if _, err := connection.Write([]byte("name=")); err != nil {
		v.Fatal(err)
	}
}

// A lab is closed and deleted within a bounded time, whatever holds it.
func TestLabIsDeletedWhateverHoldsIt(t *testing.T) {
	t.Parallel()
	for name, hold := range map[string]func(t *testing.T, s *running, v *visitor){
		"the guide's event stream":   func(_ *testing.T, _ *running, v *visitor) { v.openStream("/labs/demo/guide/events") },
		"the traffic's event stream": func(_ *testing.T, _ *running, v *visitor) { v.openStream("/labs/demo/traffic/events") },
		"a slow form of Okta":        func(_ *testing.T, _ *running, v *visitor) { v.beginUpload("/okta/demo/login/login.htm") },
		"a slow form of Sigma":       func(_ *testing.T, _ *running, v *visitor) { v.beginUpload("/sigma/demo/login") },
		"a slow form of the lab":     func(_ *testing.T, _ *running, v *visitor) { v.beginUpload("/labs/demo/windows/name") },
		"an endless statement":       func(t *testing.T, s *running, _ *visitor) { runEndlessStatement(t, s) },
		"code that never lets go": func(t *testing.T, s *running, _ *visitor) {
			if _, _, err := s.Registry.Acquire(t.Context(), "demo"); err != nil {
				t.Fatal(err)
			}
		},
		"a provisioning job without a response": waitForProvisioning,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			v := newVisitor(t, s)
			v.wants(http.StatusOK)(v.post("/okta/demo/login/login.htm", adaSignsIn()))
			hold(t, s, v)
			began := time.Now()
			if err := s.Registry.Delete(t.Context(), "demo"); err != nil {
				t.Fatal(err)
			}
			if took := time.Since(began); took > closeLimit {
				t.Errorf("closing took %s", took)
			}
			if status, _ := v.get("/labs/demo"); status != http.StatusNotFound {
				t.Errorf("the deleted lab answers %d", status)
			}
		})
	}
}

func runEndlessStatement(t *testing.T, s *running) {
	l, release, err := s.Registry.Acquire(t.Context(), "demo")
	if err != nil {
		t.Fatal(err)
	}
	running := make(chan struct{})
	go func() {
		defer release()
		_ = l.DB.Read(t.Context(), func(tx *store.Tx) error {
			close(running)
			var n int
			return tx.QueryRow(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n`).Scan(&n)
		})
	}()
	<-running
}

// waitForProvisioning lets Sigma's directory answer an hour late, and returns when a job waits for that response.
func waitForProvisioning(t *testing.T, s *running, v *visitor) {
	v.wants(http.StatusOK)(v.post("/labs/demo/guide/bring", url.Values{"step": {"9.2"}}))
	l, release, err := s.Registry.Acquire(t.Context(), "demo")
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	if err := l.InjectFault(t.Context(), lab.InjectedFault{Delay: time.Hour, Requests: 2}); err != nil {
		t.Fatal(err)
	}
	bob, err := l.Org.User(t.Context(), "bob.stone@brightwater.example")
	if err != nil {
		t.Fatal(err)
	}
	bob.Profile["lastName"] = "Stone-Field"
	if _, err := l.Org.UpdateProfile(t.Context(), idp.System(idp.Client{}), bob.ID, bob.Profile); err != nil {
		t.Fatal(err)
	}
	// until the job counts its request as affected, which changes the version
	for version, left := l.DB.Version(), 2; left == 2; {
		err := l.DB.Read(t.Context(), func(tx *store.Tx) error { return tx.QueryRow(`SELECT remaining FROM lab_injected_fault`).Scan(&left) })
		if err == nil && left == 2 {
			version, err = l.DB.WaitChange(t.Context(), version)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// A workshop ends at once while people have pages open.
func TestWipeWorksWhilePagesAreOpen(t *testing.T) {
	t.Parallel()
	s := openWorkshop(t, t.TempDir(), 3)
	ann, ben, ada := newVisitor(t, s), newVisitor(t, s), newVisitor(t, s)
	ann.join("Ann")
	ben.join("Ben")
	ada.instructs(s)
	ann.openStream("/labs/lab-01/guide/events")
	ann.openStream("/labs/lab-01/traffic/events")
	ben.openStream("/labs/lab-02/guide/events")
	ben.beginUpload("/okta/lab-02/login/login.htm")
	ada.openStream("/labs/lab-02/guide/events")
	began := time.Now()
	ada.wants(http.StatusOK, "Nobody has joined yet")(ada.post("/instructor/wipe", url.Values{"sure": {"true"}}))
	if took := time.Since(began); took > closeLimit {
		t.Errorf("the wipe took %s", took)
	}
	if names, err := s.Registry.List(); err != nil || len(names) > 0 {
		t.Errorf("labs are left: %v %v", names, err)
	}
	ann.join("Ann") // the place is free again
}

// SIGTERM ends the process within a bounded time, whatever clients do.
func TestTerminationTakesABoundedTime(t *testing.T) {
	t.Parallel()
	p := serve(t, "--data", t.TempDir())
	v := newVisitor(t, &running{url: p.url})
	v.openStream("/labs/demo/guide/events")
	v.openStream("/labs/demo/traffic/events")
	v.beginUpload("/okta/demo/login/login.htm")
	v.beginUpload("/labs/demo/windows/name")
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- p.cmd.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("the server ended with %v", err)
		}
	case <-time.After(2 * closeLimit):
		t.Fatal("the server did not end")
	}
}
