package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync"
	"testing"

	"understudy/seed/base/waittest"
)

// writer is a browser that is signed in as the Okta administrator.
type writer struct {
	client *http.Client
	base   string
}

func newWriter(t *testing.T, base string) *writer {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	w := &writer{client: &http.Client{Jar: jar, Timeout: waittest.Deadline}, base: base + "/okta/demo"}
	resp, err := w.client.PostForm(w.base+"/login/login.htm", url.Values{"username": {"ada.okafor@brightwater.example"}, "password": {"Prompt-Corner-24"}})
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("sign-in: %s", resp.Status)
	}
	return w
}

// addGroup reports whether the server acknowledged a new group.
func (w *writer) addGroup(name string) bool {
	direct := *w.client
	direct.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := direct.PostForm(w.base+"/admin/groups/new", url.Values{"name": {name}})
	if err != nil {
		return false
	}
	_ = resp.Body.Close()
	return resp.StatusCode == http.StatusSeeOther
}

// The process is killed while four people write. After the next start each acknowledged change is there.
func TestKillDuringWritesLosesNothingAcknowledged(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	acknowledged := map[string]bool{}
	for round := range 3 {
		p := serve(t, "--data", dir)
		admin := newWriter(t, p.url)
		for name := range acknowledged {
			resp, err := admin.client.Get(admin.base + "/admin/groups?q=" + url.QueryEscape(name))
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(resp.Body)
			_ = resp.Body.Close()
			if err != nil || !strings.Contains(string(body), ">"+name+"<") {
				t.Fatalf("round %d: the group %s was acknowledged and is gone", round, name)
			}
		}
		enough := make(chan struct{})
		var mu sync.Mutex
		var writers sync.WaitGroup
		for n := range 4 {
			writers.Go(func() {
				for i := 0; ; i++ {
					name := fmt.Sprintf("r%d-w%d-n%d", round, n, i)
					if !admin.addGroup(name) {
						return // the server was killed
					}
					mu.Lock()
					acknowledged[name] = true
					if len(acknowledged) == (round+1)*40 {
						close(enough)
					}
					mu.Unlock()
				}
			})
		}
		<-enough
		p.kill()
		writers.Wait()
	}
	if len(acknowledged) < 120 {
		t.Errorf("only %d writes were acknowledged", len(acknowledged))
	}
}
