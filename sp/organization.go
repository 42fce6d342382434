package sp

import (
	"context"
	"crypto/rsa"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync/atomic"
	"time"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Options are what an organization needs from outside.
type Options struct {
	Keys func(context.Context) (*rsa.PrivateKey, error) // hands out RSA-2048 keys; for signing AuthnRequests
}

// Organization is one Sigma organization: the handle through which every door reads and changes it.
type Organization struct {
	db   *store.DB
	keys func(context.Context) (*rsa.PrivateKey, error)

	certificate atomic.Pointer[readCertificate] // the last that was read
}

// Migrate brings the half's tables in a lab's file up to date.
func Migrate(ctx context.Context, db *store.DB) error {
	return db.Migrate(ctx, MigrationSet, Migrations())
}

// MigrationSet is the name under which a lab file records the migrations of this package.
const MigrationSet = "sp"

// Migrations are the half's tables.
func Migrations() fs.FS {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return files
}

// Open brings the tables up to date and gives the organization in a lab's file.
func Open(ctx context.Context, db *store.DB, o Options) (*Organization, error) {
	if err := Migrate(ctx, db); err != nil {
		return nil, fmt.Errorf("open the Sigma half: %w", err)
	}
	org := &Organization{db: db, keys: o.Keys}
	if err := db.Write(ctx, org.found); err != nil {
		return nil, fmt.Errorf("open the Sigma half: %w", err)
	}
	return org, nil
}

type contextKey struct{}

// With puts the organization into the context of a request; the front door does this.
func With(ctx context.Context, o *Organization) context.Context {
	return context.WithValue(ctx, contextKey{}, o)
}

// From gives the organization of the current request; nil outside one.
func From(ctx context.Context) *Organization {
	o, _ := ctx.Value(contextKey{}).(*Organization)
	return o
}

// BaseURL is the canonical URL of the organization, without a trailing slash: "http://localhost:8080/sigma/demo". Methods
// that send an email take it for the links.
type BaseURL string

// url returns the canonical URL of a path: "/profile".
func (b BaseURL) url(path string) string { return string(b) + path }

// Site is what Administration > Account shows of the organization.
type Site struct {
	ID        string // organizationId, a UUID
	Name      string // Organization name
	Cloud     string // AWS, Azure, GCP: chosen at creation and fixed
	Region    string // "US West"
	CreatedAt time.Time
}

// Site gives the organization's own particulars. The sign-in page shows the name, so no actor is asked for.
func (o *Organization) Site(ctx context.Context) (s Site, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		s, err = loadSite(tx)
		return err
	})
	return s, err
}

// RenameSite changes the organization name.
func (o *Organization) RenameSite(ctx context.Context, by Actor, name string) error {
	name = strings.TrimSpace(name)
	return o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		if err := v.requireAdmin("change the account settings"); err != nil {
			return err
		}
		if name == "" || len(name) > 100 {
			return problem.InvalidField("name", "Enter an organization name of at most 100 characters.")
		}
		old, err := loadSite(tx)
		if err != nil {
			return err
		}
		if err := tx.Exec(`UPDATE sigma_organization SET name = $1 WHERE id = 1`, name); err != nil {
			return err
		}
		return record(tx, by, Event{Type: AccessSigma, Name: "UPDATE_ORGANIZATION", Object: Object{"organization", old.ID, name},
			Detail: map[string]string{"before": old.Name}})
	})
}

func loadSite(tx *store.Tx) (s Site, err error) {
	var created int64
	err = tx.QueryRow(`SELECT organization_id, name, cloud, region, created_ms FROM sigma_organization WHERE id = 1`).
		Scan(&s.ID, &s.Name, &s.Cloud, &s.Region, &created)
	s.CreatedAt = store.Time(created)
	return s, err
}

// found makes the organization's row and standard account types in a fresh file.
func (o *Organization) found(tx *store.Tx) error {
	have, err := tx.Exists(`SELECT 1 FROM sigma_organization`)
	if err != nil || have {
		return err
	}
	viewerID, err := addStandardTypes(tx)
	if err != nil {
		return err
	}
	return tx.Exec(`INSERT INTO sigma_organization (id, organization_id, name, cloud, region, created_ms, method, default_type_id)
		VALUES (1, $1, 'Sigma organization', 'AWS', 'US West', $2, $3, $4)`,
		tx.UUID(), store.Millis(tx.Now()), string(MethodPassword), viewerID)
}

// write runs a change in one transaction with the acting member judged as the transaction sees them. A refusal is
// recorded in the audit log although the change is rolled back.
func (o *Organization) write(ctx context.Context, by Actor, f func(*store.Tx, viewer) error) error {
	return o.keepRefusal(ctx, by, o.db.Write(ctx, admitted(by, f)))
}

// read runs a query in one transaction, as write does.
func (o *Organization) read(ctx context.Context, by Actor, f func(*store.Tx, viewer) error) error {
	return o.keepRefusal(ctx, by, o.db.Read(ctx, admitted(by, f)))
}

func admitted(by Actor, f func(*store.Tx, viewer) error) func(*store.Tx) error {
	return func(tx *store.Tx) error {
		v, err := admit(tx, by)
		if err != nil {
			return err
		}
		return f(tx, v)
	}
}

func (o *Organization) keepRefusal(ctx context.Context, by Actor, err error) error {
	refused, ok := errors.AsType[*refusal](err)
	if !ok {
		return err
	}
	return errors.Join(err, o.db.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		return record(tx, by, refused.event)
	}))
}
