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
	life     context.Context
	end      context.CancelCauseFunc // ends life, and with it the contexts of the lab's requests
	closing  sync.Once

	public atomic.Pointer[scenario.PublicAddresses] // of this lab, with its name in place of {lab}

	places func(ctx context.Context, link string) ([]Place, bool) // Registry.Places; nil outside of a registry

	viewReads []atomic.Pointer[store.Reads] // by part of the view: the tables that it was last read from

	resetAt   atomic.Int64 // wall clock, Unix nanoseconds; 0 when no page needs to say that the lab was reset
	restoring sync.RWMutex // held for writing while the file is replaced and the kept sessions are written back
}

// validName matches names that work in paths, host names and file names alike.
var validName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$`)

// IsValidName reports whether a lab can have a name.
func IsValidName(name string) bool { return validName.MatchString(name) }

// open opens the lab's file and both halves on it. Provisioning jobs run only after start.
func open(ctx context.Context, name, path string, c Config) (_ *Lab, err error) {
	options := store.Options{Seed: name, Statements: c.statements}
	if c.Pictures != nil {
		options.Wall, options.Repeatable = c.Pictures, true
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
	l := &Lab{Name: name, DB: db, places: c.places, viewReads: make([]atomic.Pointer[store.Reads], len(viewParts))}
	if err := l.useSeed(ctx); err != nil {
		return nil, err
	}
	l.life, l.end = context.WithCancelCause(context.Background())
	transport := http.DefaultTransport
	if c.Transport != nil {
		transport = c.Transport(l)
	}
	runner := provision.New(provision.Config{Transport: transport, Pin: db.Pin, Log: c.Log})
	org, err := idp.Open(ctx, db, idp.Options{Keys: c.Keys.Take, AllowLogin: c.AllowLogin, Wake: runner.Wake, Catalog: c.Catalog})
	if err != nil {
		return nil, err
	}
	organization, err := sp.Open(ctx, db, sp.Options{Keys: c.Keys.Take})
	if err != nil {
		return nil, err
	}
	l.Org, l.Organization, l.Runner = org, organization, runner
	if err := l.loadPublic(ctx); err != nil {
		return nil, err
	}
	l.touch()
	return l, nil
}

func (l *Lab) touch() { l.lastUsed.Store(time.Now().UnixNano()) }

// start starts the provisioning jobs. Jobs that an earlier process left run first.
func (l *Lab) start() { l.Runner.Start(l.Org) }

// stopTime is how long the closing of a lab waits for its provisioning jobs.
const stopTime = 3 * time.Second

// close ends the lab within a bounded time, whatever holds it: requests, provisioning jobs or a statement.
func (l *Lab) close() (err error) {
	l.closing.Do(func() {
		l.end(errClosing)
		stopped := make(chan struct{})
		go func() {
			l.Runner.Stop()
			close(stopped)
		}()
		isStopped := func() bool {
			select {
			case <-stopped:
				return true
			case <-time.After(stopTime):
				return false
			}
		}
		inTime := isStopped()
		err = l.DB.Close() // interrupts the statement of a job
		if !inTime && !isStopped() {
			err = errors.Join(err, fmt.Errorf("lab %s: provisioning did not stop", l.Name))
		}
	})
	return err
}

// EndsWithLab returns a context that ends, too, when the lab is closed, with a cause that tells the person so.
func (l *Lab) EndsWithLab(parent context.Context) (ctx context.Context, release func()) {
	ctx, cancel := context.WithCancelCause(parent)
	stop := context.AfterFunc(l.life, func() { cancel(context.Cause(l.life)) })
	return ctx, func() { stop(); cancel(nil) }
}

// OnClose calls f when the lab is closed, unless stop is called before.
func (l *Lab) OnClose(f func()) (stop func() bool) { return context.AfterFunc(l.life, f) }

// record stores later, in a batch, that something happened in the lab: a page was opened or a message was sent. Only guide and
// traffic pages read such records, with readRecords. The writes of the halves never wait for them. failure is the log message of
// a failed write; write reports whether it stored something new.
func (l *Lab) record(ctx context.Context, failure string, log *slog.Logger, write func(tx *store.Tx) (affectsChecks bool, err error)) {
	l.DB.WriteLater(ctx, store.DeferredWrite{Write: write, Failed: func(err error) { log.Warn(failure, "lab", l.Name, "error", err) }})
}

// readRecords is DB.Read after all records are written.
func (l *Lab) readRecords(ctx context.Context, f func(tx *store.Tx) error) error {
	if err := l.DB.Flush(ctx); err != nil {
		return err
	}
	return l.DB.Read(ctx, f)
}

// Identities returns the people of the lab card, with the passwords that the scenario gave them.
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

// populate fills an empty lab with a scenario.
func (l *Lab) populate(ctx context.Context, o origin) error {
	s := o.scenario
	if err := s.Public.Check(); err != nil {
		return fmt.Errorf("scenario %s: public: %w", s.Name, err)
	}
	if err := l.Org.Populate(ctx, s.Okta); err != nil {
		return fmt.Errorf("scenario %s: okta: %w", s.Name, err)
	}
	sigma := s.Sigma
	if err := l.useApps(ctx, &sigma); err != nil {
		return err
	}
	if err := l.Organization.Populate(ctx, sigma); err != nil {
		return fmt.Errorf("scenario %s: sigma: %w", s.Name, err)
	}
	if err := l.linkHalves(ctx); err != nil {
		return err
	}
	if err := l.recordInitial(ctx); err != nil {
		return fmt.Errorf("scenario %s: %w", s.Name, err)
	}
	return l.writeOrigin(ctx, o)
}
