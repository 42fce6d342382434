package lab

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"sync"
	"sync/atomic"
	"time"

	"understudy/idp"
	"understudy/idp/provision"
	"understudy/seed/base/store"
	"understudy/seed/scenario"
	"understudy/sp"
)

// Lab is one open lab.
type Lab struct {
	Name         string
	DB           *store.DB
	Org          *idp.Org
	Organization *sp.Organization
	Runner       *provision.Runner // carries the org's provisioning jobs

	users    int          // requests and jobs under way; guarded by the registry's mutex
	lastUsed atomic.Int64 // wall clock, Unix nanoseconds
	closing  sync.Once

	resetAt   atomic.Int64 // wall clock, Unix nanoseconds; 0 when the last reset was taken back, or nobody need be told any more
	restoring sync.RWMutex // held while the file is replaced, and until those who stay signed in are so again
}

// validName matches names that work in paths, host names and file names alike.
var validName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$`)

// IsValidName reports whether a lab can have a name.
func IsValidName(name string) bool { return validName.MatchString(name) }

// open opens the lab's file and both halves on it. Provisioning jobs begin to run with start.
func open(ctx context.Context, name, path string, c Config) (_ *Lab, err error) {
	options := store.Options{Seed: name, Statements: c.statements}
	if !c.Pictures.IsZero() {
		options.Wall, options.Repeatable = func() time.Time { return c.Pictures }, true
	}
	db, err := store.Open(ctx, path, options)
	if err != nil {
		return nil, fmt.Errorf("lab %s: %w", name, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("lab %s: %w", name, err), db.Close())
		}
	}()
	if err := db.Migrate(ctx, "lab", migrations()); err != nil {
		return nil, err
	}
	l := &Lab{Name: name, DB: db}
	transport := http.DefaultTransport
	if c.Transport != nil {
		transport = c.Transport(l)
	}
	runner := provision.New(provision.Config{Transport: transport, Pin: db.Pin, Log: c.Log})
	org, err := idp.Open(ctx, db, idp.Options{Keys: c.Keys.Take, AllowLogin: c.AllowLogin, Wake: runner.Wake})
	if err != nil {
		return nil, err
	}
	organization, err := sp.Open(ctx, db, sp.Options{Keys: c.Keys.Take})
	if err != nil {
		return nil, err
	}
	l.Org, l.Organization, l.Runner = org, organization, runner
	l.touch()
	return l, nil
}

func (l *Lab) touch() { l.lastUsed.Store(time.Now().UnixNano()) }

// start begins to run provisioning jobs, those first that an earlier process left.
func (l *Lab) start() { l.Runner.Start(l.Org) }

// restore puts another file in the place of the lab's, and whoever was signed in is so no more. No provisioning job runs
// meanwhile: one that was under way would act on a lab that it was not made in. What the file has queued is run from then on.
func (l *Lab) restore(ctx context.Context, path string) error {
	l.restoring.Lock()
	defer l.restoring.Unlock()
	l.Runner.Stop()
	defer l.start()
	if err := l.DB.Restore(ctx, path); err != nil {
		return err
	}
	l.resetAt.Store(time.Now().UnixNano())
	return nil
}

// restoreCarrying is restore for those who are signed in: they stay so where the file knows them.
func (l *Lab) restoreCarrying(ctx context.Context, path string) error {
	l.restoring.Lock()
	defer l.restoring.Unlock()
	l.Runner.Stop() // which can take a moment, in which somebody signs in
	defer l.start()
	oktaSessions, err := l.Org.CarrySessions(ctx)
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	sigmaSessions, err := l.Organization.CarrySessions(ctx)
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	if err := l.DB.Restore(ctx, path); err != nil {
		return err
	}
	l.resetAt.Store(0) // what was lost in a reset is there again, or lost to something that says so itself
	return errors.Join(oktaSessions(ctx), sigmaSessions(ctx))
}

// ResetAt returns the wall-clock time of the last reset that signed people out; zero (1970) when there was none, or when a
// checkpoint from before it was restored.
func (l *Lab) ResetAt() time.Time { return time.Unix(0, l.resetAt.Load()) }

// ErrReset says that a lab was reset while it was being looked at or changed.
var ErrReset = store.ErrReset

// Pinned ties a person's request to the lab as it is once no swap is under way: between the two halves of one, who stays
// signed in would be taken for a stranger.
func (l *Lab) Pinned(ctx context.Context) context.Context {
	l.restoring.RLock()
	defer l.restoring.RUnlock()
	return l.DB.Pin(ctx)
}

func (l *Lab) close() (err error) {
	l.closing.Do(func() {
		l.Runner.Stop()
		err = l.DB.Close()
	})
	return err
}

// note writes down something that happened in the lab: that a page was opened, or a message sent. Only the guide and the
// traffic pages read such notes, with readNotes, and what the halves themselves store never waits among them.
func (l *Lab) note(ctx context.Context, otherwise string, log *slog.Logger, write func(tx *store.Tx) (news bool, err error)) {
	l.DB.WriteLater(ctx, store.DeferredWrite{Write: write, Failed: func(err error) { log.Warn(otherwise, "lab", l.Name, "error", err) }})
}

// readNotes is DB.Read for what may have been noted a moment ago.
func (l *Lab) readNotes(ctx context.Context, f func(tx *store.Tx) error) error {
	if err := l.DB.Flush(ctx); err != nil {
		return err
	}
	return l.DB.Read(ctx, f)
}

// Identities lists who can sign in where, with the passwords that the scenario gave them.
func (l *Lab) Identities(ctx context.Context) (list []scenario.Identity, err error) {
	var card string
	err = l.DB.Read(ctx, func(tx *store.Tx) error {
		return tx.QueryRow(`SELECT card FROM lab_about WHERE id = 1`).Scan(&card)
	})
	if err != nil {
		return nil, fmt.Errorf("lab card: %w", err)
	}
	return list, json.Unmarshal([]byte(card), &list)
}

// plant fills an empty lab with a scenario.
func (l *Lab) plant(ctx context.Context, s scenario.Scenario) error {
	if err := l.Org.Populate(ctx, s.Okta); err != nil {
		return fmt.Errorf("scenario %s: okta: %w", s.Name, err)
	}
	if err := l.Organization.Populate(ctx, s.Sigma); err != nil {
		return fmt.Errorf("scenario %s: sigma: %w", s.Name, err)
	}
	card, err := json.Marshal(s.Identities)
	if err != nil {
		return err
	}
	return l.DB.Write(ctx, func(tx *store.Tx) error {
		return tx.Exec(`INSERT INTO lab_about (id, scenario, card) VALUES (1, $1, $2)`, s.Name, string(card))
	})
}
