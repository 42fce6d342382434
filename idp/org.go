package idp

import (
	"context"
	"crypto/rsa"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"time"

	"understudy/idp/catalog"
	"understudy/seed/base/attempt"
	"understudy/seed/base/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Options configures an org.
type Options struct {
	// Keys returns an RSA key of 2048 bits for a new app. It is slow and is never called in a transaction.
	Keys func(context.Context) (*rsa.PrivateKey, error)
	// Wake is called after a commit that queued provisioning jobs; nil if no runner is started.
	Wake func()
	// AllowLogin returns an error for a login or email address that must not be used in a lab; nil allows all.
	AllowLogin func(login string) error
	// Catalog returns the app catalog, which may have got entries since the last call; nil for the program's own catalog.
	Catalog func() *catalog.Catalog
}

// Org is one Okta org. Handlers read and change the org only through its methods, each of which is one transaction.
type Org struct {
	db      *store.DB
	options Options
	catalog *catalog.Catalog // of the program
	signIns *attempt.SignIns
	keys    sync.Map // cache of parsed signing keys: *rsa.PrivateKey by PKCS #8 bytes
	entries sync.Map // cache of parsed catalog entries of apps: catalog.Entry by text
}

// Migrate brings the tables of this package in a lab's file up to date.
func Migrate(ctx context.Context, db *store.DB) error {
	return db.Migrate(ctx, MigrationSet, Migrations())
}

// MigrationSet is the name under which a lab's file records the applied migrations of this package.
const MigrationSet = "idp"

// Migrations returns the SQL files that create the okta_* tables, in the order of their names.
func Migrations() fs.FS {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return files
}

// Open migrates the file and returns the org in it. A new file gets an org that contains only the group Everyone.
func Open(ctx context.Context, db *store.DB, o Options) (*Org, error) {
	if err := Migrate(ctx, db); err != nil {
		return nil, fmt.Errorf("open org: %w", err)
	}
	entries, err := catalog.Embedded()
	if err != nil {
		return nil, err
	}
	org := &Org{db: db, options: o, catalog: entries, signIns: attempt.NewSignIns()}
	if err := db.Write(ctx, createOrg); err != nil {
		return nil, fmt.Errorf("create org: %w", err)
	}
	return org, nil
}

// Settings describes the org.
type Settings struct {
	ID        string
	Name      string // the company's name, in the header of the Admin Console
	Subdomain string // first label of the org's host name; also the common name of its certificates
	Created   time.Time
	labels    map[string]string // wordings of the lab's scenario
}

// Settings returns the settings of the org.
func (o *Org) Settings(ctx context.Context) (s Settings, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		s, err = settings(tx)
		return err
	})
	return s, err
}

func settings(tx *store.Tx) (s Settings, err error) {
	var created int64
	var labels string
	err = tx.QueryRow(`SELECT id, name, subdomain, created_ms, labels FROM okta_org`).Scan(&s.ID, &s.Name, &s.Subdomain, &created, &labels)
	if err != nil {
		return s, err
	}
	s.Created = store.Time(created)
	return s, json.Unmarshal([]byte(labels), &s.labels)
}

// createOrg writes the org and the group Everyone unless they exist.
func createOrg(tx *store.Tx) error {
	there, err := tx.Exists(`SELECT 1 FROM okta_org`)
	if err != nil || there {
		return err
	}
	now := store.Millis(tx.Now())
	if err := tx.Exec(`INSERT INTO okta_org (id, name, subdomain, created_ms) VALUES ($1, $2, $3, $4)`,
		tx.ID("00o"), "Training Company", "trial-understudy", now); err != nil {
		return err
	}
	return tx.Exec(`INSERT INTO okta_groups (id, type, name, description, created_ms, updated_ms, membership_ms)
		VALUES ($1, $2, 'Everyone', 'All users in your organization', $3, $3, $3)`, tx.ID("00g"), BuiltIn, now)
}

// Now returns the time of the lab's clock.
func (o *Org) Now() time.Time { return o.db.Now() }

type contextKey struct{}

// With adds the org to the context of a request.
func With(ctx context.Context, o *Org) context.Context {
	return context.WithValue(ctx, contextKey{}, o)
}

// From returns the org of the current request; nil if there is none.
func From(ctx context.Context) *Org {
	o, _ := ctx.Value(contextKey{}).(*Org)
	return o
}

// Page is one page of a list.
type Page[T any] struct {
	Items  []T
	Total  int // items on all pages
	Number int // from 1
	Size   int
}

// Pages returns the number of pages, at least 1.
func (p Page[T]) Pages() int {
	if p.Size <= 0 || p.Total <= p.Size {
		return 1
	}
	return (p.Total + p.Size - 1) / p.Size
}

// window returns the page number, LIMIT and OFFSET of a page as requested. A size outside 1 to 500 becomes usual.
func window(number, size, usual int) (n, limit, offset int) {
	if size <= 0 || size > 500 {
		size = usual
	}
	number = max(number, 1)
	return number, size, (number - 1) * size
}

// maxSearchWords keeps a query below SQLite's limit for the depth of an expression, which is 1,000.
const maxSearchWords = 20

// searchWords returns the words of a search text, at most maxSearchWords. Further words do not narrow the search.
func searchWords(text string) []string {
	words := strings.Fields(text)
	return words[:min(len(words), maxSearchWords)]
}

// containing returns the LIKE pattern, with the escape character \, of texts that contain text. The column must be in lower
// case.
func containing(text string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(text)) + "%"
}
