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

	"understudy/seed/base/attempt"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Options are the dependencies of an organization.
type Options struct {
	Keys func(context.Context) (*rsa.PrivateKey, error) // returns a new RSA-2048 key, for signed AuthnRequests
}

// Organization is one Sigma organization in a lab file. Its methods are safe for concurrent use.
type Organization struct {
	db   *store.DB
	keys func(context.Context) (*rsa.PrivateKey, error)

	signIns *attempt.SignIns

	certificates atomic.Pointer[parsedCertificates] // the last ones that were parsed
}

// Migrate brings the tables of this package in a lab file up to date.
func Migrate(ctx context.Context, db *store.DB) error {
	return db.Migrate(ctx, MigrationSet, Migrations())
}

// MigrationSet is the name under which a lab file records the migrations of this package.
const MigrationSet = "sp"

// Migrations returns the SQL files that create the tables.
func Migrations() fs.FS {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return files
}

// Open brings the tables up to date and returns the organization of a lab file. It creates the organization in a new file.
func Open(ctx context.Context, db *store.DB, o Options) (*Organization, error) {
	if err := Migrate(ctx, db); err != nil {
		return nil, fmt.Errorf("open the Sigma half: %w", err)
	}
	org := &Organization{db: db, keys: o.Keys, signIns: attempt.NewSignIns()}
	if err := db.Write(ctx, org.create); err != nil {
		return nil, fmt.Errorf("open the Sigma half: %w", err)
	}
	return org, nil
}

type contextKey struct{}

// With returns a context with the organization. The front door calls it for each request.
func With(ctx context.Context, o *Organization) context.Context {
	return context.WithValue(ctx, contextKey{}, o)
}

// From returns the organization of a request; nil outside of a request.
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
	Cloud     string // AWS, Azure, GCP; cannot be changed
	Region    string // "US West"
	CreatedAt time.Time
}

// Site returns the organization's name and region. The sign-in page shows the name, so there is no actor.
func (o *Organization) Site(ctx context.Context) (s Site, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		s, err = loadSite(tx)
		return err
	})
	return s, err
}

// RenameSite changes the organization name. Admins only. Fields of an error: name.
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
		return record(tx, by, Event{Type: AccessSigma, Name: "UPDATE_ORGANIZATION",
			Object: Object{"organization", old.ID, name}, Detail: map[string]string{"before": old.Name}})
	})
}

func loadSite(tx *store.Tx) (s Site, err error) {
	var created int64
	err = tx.QueryRow(`SELECT organization_id, name, cloud, region, created_ms FROM sigma_organization WHERE id = 1`).
		Scan(&s.ID, &s.Name, &s.Cloud, &s.Region, &created)
	s.CreatedAt = store.Time(created)
	return s, err
}

// create inserts the organization and the standard account types into a new file.
func (o *Organization) create(tx *store.Tx) error {
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

// write runs a change in one transaction, with the actor's rights at that moment. If f refuses, the change is rolled back and
// the audit log gets the refusal.
func (o *Organization) write(ctx context.Context, by Actor, f func(*store.Tx, viewer) error) error {
	return o.recordRefusal(ctx, by, o.db.Write(ctx, withViewer(by, f)))
}

// read runs a query in one transaction. It records a refusal as write does.
func (o *Organization) read(ctx context.Context, by Actor, f func(*store.Tx, viewer) error) error {
	return o.recordRefusal(ctx, by, o.db.Read(ctx, withViewer(by, f)))
}

// withViewer loads the actor's rights before f.
func withViewer(by Actor, f func(*store.Tx, viewer) error) func(*store.Tx) error {
	return func(tx *store.Tx) error {
		v, err := loadViewer(tx, by)
		if err != nil {
			return err
		}
		return f(tx, v)
	}
}

// recordRefusal writes the event of a refusal to the audit log and returns err.
func (o *Organization) recordRefusal(ctx context.Context, by Actor, err error) error {
	refused, ok := errors.AsType[*refusal](err)
	if !ok {
		return err
	}
	return errors.Join(err, o.db.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		return record(tx, by, refused.event)
	}))
}
