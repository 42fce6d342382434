// Package orgtest opens an org behind a small front door, and a browser without scripts that works in it as a person
// does: by the names of links, buttons and fields.
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

// Lab is an org that is served under /okta/demo, and under /okta/demo~2 as window 2.
type Lab struct {
	Org *idp.Org
	DB  *store.DB
	URL string // of the server, without a slash at its end
}

// Open populates a new org from seed and serves it through the doors that mount adds.
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
	return address.Address{Origin: l.URL, Prefix: "/okta/demo", Window: window, Lab: "demo", Peers: map[string]string{"sigma": l.URL + "/sigma/demo"}}
}

// serve does what the real front door does: it takes the prefix off and tells the doors where they are reached.
func serve(w http.ResponseWriter, r *http.Request, org *idp.Org, doors http.Handler) {
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
	a := address.Address{Origin: "http://" + r.Host, Prefix: "/okta/demo", Window: window, Lab: "demo",
		Peers: map[string]string{"sigma": "http://" + r.Host + "/sigma/demo"}}
	r = r.WithContext(idp.With(address.With(r.Context(), a), org))
	r.URL.Path, r.URL.RawPath = rest, ""
	doors.ServeHTTP(w, r)
}

// keys hands out one key to all tests of a package: making one takes long, and no test looks at whose it is.
func keys(context.Context) (*rsa.PrivateKey, error) { return oneKey() }

var oneKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

// The password and names of [Starter].
const (
	AdminLogin = "okta.admin@example.com"
	EvaLogin   = "eva.ember@example.com"
	Password   = "Training-2026"
)

// Starter is a small org: an administrator, a person, and a group.
func Starter() idp.Seed {
	return idp.Seed{
		Name: "Training Company", Subdomain: "trial-demo",
		Users: []idp.SeedUser{
			{FirstName: "Ola", LastName: "Admin", Login: AdminLogin, Email: AdminLogin, Password: Password, Admin: true},
			{FirstName: "Eva", LastName: "Ember", Login: EvaLogin, Email: EvaLogin, Password: Password},
		},
		Groups: []idp.SeedGroup{{Name: "Marketing", Description: "People of marketing", Members: []string{EvaLogin}}},
	}
}

// Context is a context as the front door makes it, for calls of the org without a request.
func (l *Lab) Context(t *testing.T) context.Context {
	t.Helper()
	return idp.With(address.With(t.Context(), l.address(0)), l.Org)
}

// MailedLink is the path, within the half, of the newest link in the lab's mailbox that begins with prefix.
func (l *Lab) MailedLink(t *testing.T, prefix string) string {
	t.Helper()
	var mails []store.Mail
	err := l.DB.Read(t.Context(), func(tx *store.Tx) (err error) {
		mails, err = tx.Mailbox(20)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, mail := range mails {
		if _, after, ok := strings.Cut(mail.Body, prefix); ok {
			return prefix + strings.Fields(after)[0]
		}
	}
	t.Fatalf("no mail holds a link %s…: %+v", prefix, mails)
	return ""
}
