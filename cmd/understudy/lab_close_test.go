package main

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"understudy/idp"
	"understudy/seed/base/store"
	"understudy/seed/base/waittest"
	"understudy/seed/lab"
)

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
	reader := bufio.NewReader(connection)
	for _, want := range []string{"HTTP/1.1 100 Continue\r\n", "\r\n"} {
		if line, err := reader.ReadString('\n'); err != nil || line != want {
			v.Fatalf("%s: %q %v", path, line, err)
		}
	}
	if _, err := connection.Write([]byte("name=")); err != nil {
		v.Fatal(err)
	}
	v.uploads = append(v.uploads, &slowUpload{connection, reader})
}

// slowUpload is a form of which the server waits for the rest, at most 30 seconds.
type slowUpload struct {
	net.Conn
	answer *bufio.Reader
}

// wantsUploadsAwaited checks that the server still waits for the visitor's forms, so that nothing else has waited for them.
func (v *visitor) wantsUploadsAwaited() {
	v.Helper()
	for _, u := range v.uploads {
		if !u.isAwaited() {
			v.Error("the server has ended a slow form, for which nothing else should have waited")
		}
	}
}

func (u *slowUpload) isAwaited() bool {
	_ = u.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
	_, err := u.answer.ReadByte()
	return errors.Is(err, os.ErrDeadlineExceeded)
}

// ended waits for the end of the connection and returns what the server has answered.
func (u *slowUpload) ended() string {
	answer, _ := io.ReadAll(u.answer) // a server that ends resets the connection
	return string(answer)
}

// A lab is closed and deleted, whatever holds it.
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
			waittest.Ends(t, "the lab to be deleted", func() {
				if err := s.Registry.Delete(t.Context(), "demo"); err != nil {
					t.Fatal(err)
				}
			})
			v.wantsUploadsAwaited()
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
	waittest.Ends(t, "the wipe", func() {
		ada.wants(http.StatusOK, "Nobody has joined yet")(ada.post("/instructor/wipe", url.Values{"sure": {"true"}}))
	})
	ben.wantsUploadsAwaited()
	if names, err := s.Registry.List(); err != nil || len(names) > 0 {
		t.Errorf("labs are left: %v %v", names, err)
	}
	ann.join("Ann") // the place is free again
}

// SIGTERM ends the process, whatever clients do. The process does not wait until a slow client has used up its time.
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
	waittest.Ends(t, "the server to end", func() {
		if err := p.cmd.Wait(); err != nil {
			t.Errorf("the server ended with %v", err)
		}
	})
	for _, u := range v.uploads {
		if answer := u.ended(); strings.Contains(answer, "408 Request Timeout") {
			t.Errorf("the server waited for a slow form: %s", answer)
		}
	}
}
