// Package idp is the Okta half of a lab: one Okta org with its people, groups, apps, assignments, sessions and System
// Log. It holds the rules and their SQL; the folders below it are doors that turn one wire style into calls on [Org].
//
// Words are Okta's (developer.okta.com/docs/api): user, group, app instance, app user, session, System Log event.
package idp

import (
	"context"
	"crypto/rsa"
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"time"

	"understudy/idp/catalog"
	"understudy/seed/base/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Options say what an org needs from its surroundings.
type Options struct {
	// Keys hands out RSA-2048 keys for new apps. It is never called inside a transaction, as making a key is slow.
	Keys func(context.Context) (*rsa.PrivateKey, error)
	// Wake is told, after the commit, that there are provisioning jobs to run; nil when nobody runs them.
	Wake func()
	// AllowLogin refuses user names outside the domains that may be used here; nil allows all.
	AllowLogin func(login string) error
}

// Org is one Okta org: the handle through which every door reads and changes it.
type Org struct {
	db      *store.DB
	options Options
	catalog *catalog.Catalog
	keys    sync.Map // *rsa.PrivateKey by PKCS #8: signing keys that were read before
}

// Migrate brings the half's tables in a lab's file up to date.
func Migrate(ctx context.Context, db *store.DB) error {
	return db.Migrate(ctx, MigrationSet, Migrations())
}

// MigrationSet is the name under which a lab's file records the applied migrations of this package.
const MigrationSet = "idp"

// Migrations gives the SQL files that create the okta_* tables, in the order of their names.
func Migrations() fs.FS {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return files
}

// Open migrates the file and gives the org in it; a new file gets an org with the group Everyone and nobody in it.
func Open(ctx context.Context, db *store.DB, o Options) (*Org, error) {
	if err := Migrate(ctx, db); err != nil {
		return nil, fmt.Errorf("open org: %w", err)
	}
	entries, err := catalog.Embedded()
	if err != nil {
		return nil, err
	}
	org := &Org{db: db, options: o, catalog: entries}
	if err := db.Write(ctx, founded); err != nil {
		return nil, fmt.Errorf("found org: %w", err)
	}
	return org, nil
}

// Settings describe the org itself.
type Settings struct {
	ID        string
	Name      string // the company, as in the Admin Console's header
	Subdomain string // first label of the org's address; also the common name of its certificates
	Created   time.Time
}

// Settings gives the org's own settings.
func (o *Org) Settings(ctx context.Context) (s Settings, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		s, err = settings(tx)
		return err
	})
	return s, err
}

func settings(tx *store.Tx) (s Settings, err error) {
	var created int64
	err = tx.QueryRow(`SELECT id, name, subdomain, created_ms FROM okta_org`).Scan(&s.ID, &s.Name, &s.Subdomain, &created)
	s.Created = store.Time(created)
	return s, err
}

// founded writes the org and its group Everyone unless they are there.
func founded(tx *store.Tx) error {
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

// Now is the lab's time, for doors that show or judge times.
func (o *Org) Now() time.Time { return o.db.Now() }

type contextKey struct{}

// With puts the org into the context of a request; the front door does this.
func With(ctx context.Context, o *Org) context.Context {
	return context.WithValue(ctx, contextKey{}, o)
}

// From gives the org of the current request; nil outside one.
func From(ctx context.Context) *Org {
	o, _ := ctx.Value(contextKey{}).(*Org)
	return o
}

// Page is one page of a list that the store has sorted and cut.
type Page[T any] struct {
	Items  []T
	Total  int // over all pages
	Number int // from 1
	Size   int
}

// Pages is how many pages there are, at least one.
func (p Page[T]) Pages() int {
	if p.Size <= 0 || p.Total <= p.Size {
		return 1
	}
	return (p.Total + p.Size - 1) / p.Size
}

// window turns a page number and size as asked for into what SQL needs, with sane bounds.
func window(number, size, usual int) (n, limit, offset int) {
	if size <= 0 || size > 500 {
		size = usual
	}
	number = max(number, 1)
	return number, size, (number - 1) * size
}

// containing gives the LIKE pattern, with the escape character \, of texts that contain text. The column must be in lower
// case.
func containing(text string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(text)) + "%"
}
