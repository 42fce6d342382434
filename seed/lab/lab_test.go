package lab_test

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"understudy/idp"
	"understudy/seed/base/problem"
	"understudy/seed/door/doortest"
	"understudy/seed/lab"
)

func TestRegistryCreatesOpensResetsAndDeletesLabs(t *testing.T) {
	r := doortest.New(t, t.TempDir())
	ctx := t.Context()
	r.Create("demo")
	if err := r.Registry.Create(ctx, "demo", doortest.Starter(t)); !problem.Is(err, problem.Conflict) {
		t.Errorf("creating a lab whose name is taken: %v", err)
	}
	for _, name := range []string{"", "Demo", "a~2", "../x", "-a", strings.Repeat("a", 41), "a/b"} {
		if err := r.Registry.Create(ctx, name, doortest.Starter(t)); !problem.Is(err, problem.Invalid) {
			t.Errorf("creating a lab named %q: %v", name, err)
		}
	}
	l, release, err := r.Registry.Acquire(ctx, "demo")
	if err != nil {
		t.Fatal(err)
	}
	first := newGroup(t, l, "Mine")
	release()
	if err := r.Registry.CloseIdle(0); err != nil || r.Registry.OpenCount() != 0 {
		t.Errorf("closing idle labs: %v, %d open", err, r.Registry.OpenCount())
	}
	l, release, err = r.Registry.Acquire(ctx, "demo")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Org.Group(ctx, first); err != nil {
		t.Errorf("the group is missing after the lab was closed and opened: %v", err)
	}
	if err := r.Registry.ResetTo(ctx, "demo", "", lab.EndSessions); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Org.Group(ctx, first); !problem.Is(err, problem.NotFound) {
		t.Errorf("after the reset: %v", err)
	}
	if again := newGroup(t, l, "Mine"); again != first {
		t.Errorf("the reset lab assigns the identifier %s, the lab before the reset %s", again, first)
	}
	release()
	if err := r.Registry.Delete(ctx, "demo"); err != nil || r.Registry.Exists("demo") {
		t.Errorf("deleting: %v", err)
	}
	if err := r.Registry.Delete(ctx, "demo"); !problem.Is(err, problem.NotFound) {
		t.Errorf("deleting a lab that does not exist: %v", err)
	}
}

// The files of a lab look like those that a killed server leaves behind. Only the latter are removed at the next start.
func TestLabsNamedLikeUnfinishedFilesSurviveARestart(t *testing.T) {
	dir := t.TempDir()
	names := []string{"making-1", "new", "new-1", "new-lab"}
	t.Run("first start", func(t *testing.T) { doortest.New(t, dir).Create(names...) })
	unfinished := filepath.Join(dir, "labs", "new-123456789")
	if err := os.WriteFile(unfinished, []byte("half a lab"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := doortest.New(t, dir)
	if list, err := r.Registry.List(); err != nil || !slices.Equal(list, names) {
		t.Errorf("after the restart there are %q, %v", list, err)
	}
	if _, err := os.Stat(unfinished); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the unfinished file: %v", err)
	}
}

func newGroup(t *testing.T, l *lab.Lab, name string) string {
	t.Helper()
	g, err := l.Org.CreateGroup(t.Context(), idp.System(idp.Client{}), name, "")
	if err != nil {
		t.Fatal(err)
	}
	return g.ID
}

func TestRegistryRefusesADirectoryInUse(t *testing.T) {
	dir := t.TempDir()
	doortest.New(t, dir)
	if _, err := lab.OpenRegistry(dir, lab.Config{}); err != lab.ErrInUse {
		t.Errorf("got %v", err)
	}
}

// With ten labs at once, the cookies, identifiers and addresses of one lab give no access to another.
func TestLabsAreIsolated(t *testing.T) {
	r := doortest.New(t, t.TempDir())
	var names []string
	for n := range 10 {
		names = append(names, fmt.Sprintf("lab%d", n))
	}
	r.Create(names...)
	groups := map[string]string{} // lab → id of its own group
	visitors := map[string]*doortest.Browser{}
	var wait sync.WaitGroup
	var mu sync.Mutex
	for _, name := range names {
		wait.Go(func() {
			v := r.Browser()
			v.SignIn("/okta/" + name)
			v.Post("/okta/"+name+"/admin/groups/new", url.Values{"name": {"Secret of " + name}})
			l, release, err := r.Registry.Acquire(t.Context(), name)
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
		// The cookie of one lab, sent to the other, gives no access there.
		u, _ := url.Parse(v.Base + "/okta/" + name + "/")
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, v.Base+"/okta/"+other+"/admin/group/"+groups[other], nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, cookie := range v.Client.Jar.Cookies(u) {
			req.AddCookie(cookie)
		}
		resp, err := http.DefaultClient.Do(req)
		if _, body, path := v.Read(resp, err); strings.Contains(body, "Secret of") || !strings.Contains(path, "/login/") {
			t.Errorf("%s's cookie opens %s at %s", name, other, path)
		}
		// An identifier of the other lab does not exist in this one.
		if status, body, _ := v.Get("/okta/" + name + "/admin/group/" + groups[other]); status != http.StatusNotFound || strings.Contains(body, "Secret of") {
			t.Errorf("%s shows %s's group: %d", name, other, status)
		}
		// The browser sends no cookie to the other lab.
		if _, body, _ := v.Get("/okta/" + other + "/admin/groups"); strings.Contains(body, "Secret of") {
			t.Errorf("%s's browser sees %s's groups", name, other)
		}
	}
}

// A request that began before a reset sees the lab as it was before the reset, or an error, never a mixture. Sessions end.
func TestResetEndsSessionsAndIsAtomic(t *testing.T) {
	r := doortest.New(t, t.TempDir())
	r.Create("demo")
	var wait sync.WaitGroup
	stop := make(chan struct{})
	for range 4 {
		wait.Go(func() {
			v := r.Browser()
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				default:
				}
				status, body, _ := v.Get("/okta/demo/admin/users")
				if status >= 500 && status != http.StatusServiceUnavailable {
					t.Errorf("during a reset: %d %.200s", status, body)
				}
				if strings.Contains(body, "Sign In") {
					form := url.Values{"username": {"ada.okafor@brightwater.example"}, "password": {"Prompt-Corner-24"}}
					status, body, _ := v.Post("/okta/demo/login/login.htm", form)
					if status >= 500 && status != http.StatusServiceUnavailable {
						t.Errorf("sign-in during a reset: %d %.200s", status, body)
					}
				}
			}
		})
	}
	for range 20 {
		if err := r.Registry.ResetTo(t.Context(), "demo", "", lab.EndSessions); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	wait.Wait()
	v := r.Browser()
	v.SignIn("/okta/demo")
	if status, _, path := v.Post("/labs/demo/reset", nil); status != http.StatusOK || path != "/labs/demo" {
		t.Errorf("the reset form ends at %s with %d", path, status)
	}
	if _, _, path := v.Get("/okta/demo/admin/users"); !strings.Contains(path, "/login/") {
		t.Errorf("the session is valid after the reset: %s", path)
	}
}

func TestReservedLogins(t *testing.T) {
	allow := lab.ReservedLogins([]string{"corp.invalid"})
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
	r := doortest.New(b, b.TempDir())
	r.Create("warm")
	for n := range b.N {
		if err := r.Registry.Create(b.Context(), fmt.Sprintf("lab%d", n), doortest.Starter(b)); err != nil {
			b.Fatal(err)
		}
	}
}
