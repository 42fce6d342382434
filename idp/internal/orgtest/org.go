// Package orgtest serves an org for tests, and drives its pages with a browser that runs no scripts. Tests name links,
// buttons and fields by their labels, as a person does.
//
// Files:
//
//   - org.go: the served org, its starter content, and its mailbox
//   - browser.go: the browser, its pages and forms
//   - html.go: how links, buttons and fields are found by name
//
// Start reading at [Open] and [Browser].
package orgtest

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/labstack/echo/v4"

	"understudy/idp"
	"understudy/seed/base/address"
	"understudy/seed/base/store"
)

// Lab is an org that is served at /okta/demo, and at /okta/demo~2 in window 2.
type Lab struct {
	Org *idp.Org
	DB  *store.DB
	URL string // of the server, without a trailing slash
}

// Open creates an org from seed and serves it with the handlers that mount adds.
func Open(t *testing.T, seed idp.Seed, options idp.Options, mount func(*echo.Echo)) *Lab {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "lab.db"), store.Options{Seed: "demo"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if options.Keys == nil {
		options.Keys = keys
	}
	org, err := idp.Open(t.Context(), db, options)
	if err != nil {
		t.Fatal(err)
	}
	e := echo.New()
	mount(e)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		serve(w, r, org, e)
	}))
	t.Cleanup(server.Close)
	lab := &Lab{Org: org, DB: db, URL: server.URL}
	ctx := address.With(t.Context(), lab.address(0))
	if err := org.Populate(ctx, seed); err != nil {
		t.Fatal(err)
	}
	return lab
}

func (l *Lab) address(window int) address.Address {
	return addressAt(l.URL, window)
}

// addressAt returns the address of the org on a server with this origin.
func addressAt(origin string, window int) address.Address {
	return address.Address{Origin: origin, Prefix: "/okta/demo", Window: window, Lab: "demo",
		Peers: map[string]string{"sigma": origin + "/sigma/demo"}}
}

// serve does what the HTTP front door (seed/door) does: it removes the prefix from the path and puts the org and its
// address into the request context.
func serve(w http.ResponseWriter, r *http.Request, org *idp.Org, handler http.Handler) {
	rest, ok := strings.CutPrefix(r.URL.Path, "/okta/demo")
	if !ok {
		http.NotFound(w, r)
		return
	}
	window := 0
	if strings.HasPrefix(rest, "~") {
		number, after, _ := strings.Cut(rest[1:], "/")
		window, _ = strconv.Atoi(number)
		rest = "/" + after
	}
	if rest == "" {
		rest = "/"
	}
	r = r.WithContext(idp.With(address.With(r.Context(), addressAt("http://"+r.Host, window)), org))
	r.URL.Path, r.URL.RawPath = rest, ""
	handler.ServeHTTP(w, r)
}

// keys returns the same key in all tests of a package, because generating a key is slow.
func keys(context.Context) (*rsa.PrivateKey, error) { return oneKey() }

var oneKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

// The logins and the password of [Starter].
const (
	AdminLogin = "okta.admin@example.com"
	EvaLogin   = "eva.ember@example.com"
	Password   = "Training-2026"
)

// Starter returns a small org: an administrator, Eva Ember, and the group Marketing with Eva in it.
func Starter() idp.Seed {
	return idp.Seed{
		Name: "Training Company", Subdomain: "trial-demo",
		Users: []idp.SeedUser{
			{FirstName: "Ola", LastName: "Admin", Login: AdminLogin, Email: AdminLogin, Password: Password, Admin: true},
			{FirstName: "Eva", LastName: "Ember", Login: EvaLogin, Email: EvaLogin, Password: Password},
		},
		Groups: []idp.SeedGroup{{Name: "Marketing", Description: "The marketing team", Members: []string{EvaLogin}}},
	}
}

// Context returns a context like that of a request, for calls of the org outside a request.
func (l *Lab) Context(t *testing.T) context.Context {
	t.Helper()
	return idp.With(address.With(t.Context(), l.address(0)), l.Org)
}

// MailedLink returns the newest link in the lab's mailbox that begins with prefix, as a path within the org.
func (l *Lab) MailedLink(t *testing.T, prefix string) string {
	t.Helper()
	var emails []store.Mail
	err := l.DB.Read(t.Context(), func(tx *store.Tx) (err error) {
		emails, err = tx.Mailbox(20)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, email := range emails {
		if _, after, ok := strings.Cut(email.Body, prefix); ok {
			return prefix + strings.Fields(after)[0]
		}
	}
	t.Fatalf("no email has a link %s…: %+v", prefix, emails)
	return ""
}
