package store

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	_ "modernc.org/sqlite" // the driver named "sqlite"

	"understudy/seed/base/problem"
)

//go:embed schema.sql
var schema string

// ErrReset is the error of a transaction whose context was pinned before the lab was reset: it would mix old and new data.
var ErrReset = &problem.Error{Kind: problem.Unavailable, Code: "LAB_RESET",
	Message: "This lab was reset while your request was running. Open the page again."}

// Options are the settings with which a lab's file is opened.
type Options struct {
	Seed string           // the source of identifiers, usually the lab's name; the same seed gives the same identifiers
	Wall func() time.Time // the wall clock; nil is time.Now

	// Repeatable takes secrets from the seed as well, so that two labs with the same actions have identical files.
	// The pictures of the guide need this. The secrets can be guessed, so people must not use such a lab.
	Repeatable bool
	Statements *Budget // limits compiled statements, together with other files; nil is no limit
}

// DB is one open lab file. It is safe for concurrent use; transactions run one after the other.
type DB struct {
	sql        *sql.DB
	conn       *sql.Conn // the file's only connection
	begin      *sql.Stmt
	commit     *sql.Stmt
	lock       chan struct{}     // of capacity 1: full while a goroutine uses the connection
	ending     chan struct{}     // closed when Close is called
	end        sync.Once         // closes ending
	interrupt  interrupter       // ends a running transaction that Close waits for
	statements statements        // guarded by lock
	kept       map[any]keptValue // see Keep; guarded by lock
	issued     int64             // number of identifiers that were issued, or unknownIDs; guarded by lock
	releasing  bool              // a timer will release idle statements; guarded by lock
	used       time.Time         // when the connection was last used; guarded by lock
	closed     bool              // guarded by lock
	damaged    atomic.Bool       // a transaction has failed because the file is damaged
	path       string
	seed       string
	repeatable bool
	wall       func() time.Time
	generation atomic.Uint64 // counts the resets
	version    counter       // changes that checks of the guide may depend on
	activity   counter       // all changes
	deferred   deferredWrites
	tables     tableChanges

	clock struct {
		sync.RWMutex
		offset time.Duration
		frozen time.Time // zero while the clock runs
	}
}

// unknownIDs is the value of DB.issued until a transaction has issued an identifier.
const unknownIDs = -1

// pragmas configure the connection. The exclusive lock keeps other processes out. The cache is 384 KiB, because hundreds of
// labs are open at once.
var pragmas = []string{"busy_timeout(5000)", "locking_mode(EXCLUSIVE)", "journal_mode(WAL)", "synchronous(NORMAL)",
	"foreign_keys(1)", "cache_size(-384)", "temp_store(MEMORY)", "wal_autocheckpoint(2000)"}

// Open opens the file at path. It creates the file if it does not exist.
func Open(ctx context.Context, path string, o Options) (*DB, error) {
	if o.Wall == nil {
		o.Wall = time.Now
	}
	if err := prepareFile(path); err != nil {
		return nil, fmt.Errorf("open lab file: %w", err)
	}
	q := url.Values{"_pragma": pragmas}
	pool, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+q.Encode())
	if err != nil {
		return nil, fmt.Errorf("open lab file: %w", err)
	}
	pool.SetMaxOpenConns(1)
	db := &DB{sql: pool, lock: make(chan struct{}, 1), ending: make(chan struct{}), path: path, seed: o.Seed, repeatable: o.Repeatable, wall: o.Wall,
		statements: statements{budget: o.Statements}, issued: unknownIDs}
	if _, err := pool.ExecContext(ctx, schema); err != nil {
		err = errors.Join(fmt.Errorf("open lab file: %w", err), pool.Close())
		return nil, explainOpen(path, err)
	}
	if err := db.connect(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open lab file: %w", err), pool.Close())
	}
	if err := db.loadClock(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// connect takes the only connection out of the pool and compiles BEGIN and COMMIT.
func (db *DB) connect(ctx context.Context) (err error) {
	if db.conn, err = db.sql.Conn(ctx); err != nil {
		return err
	}
	if err := db.conn.Raw(db.interrupt.attach); err != nil {
		return err
	}
	if err := db.tables.watchTables(db.conn); err != nil {
		return err
	}
	if db.begin, err = db.conn.PrepareContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	db.commit, err = db.conn.PrepareContext(ctx, "COMMIT")
	return err
}

// ErrClosed is the error of a transaction that begins after Close was called.
var ErrClosed = fmt.Errorf("lab file: %w", sql.ErrConnDone)

const (
	closeGrace = 2 * time.Second // before Close interrupts a running transaction
	closeLimit = 3 * time.Second // from then until Close gives up
)

// Close waits for a running transaction, executes the queued writes and closes the file. A transaction that takes longer than
// closeGrace is interrupted and rolled back. A second call does nothing.
func (db *DB) Close() error {
	db.end.Do(func() { close(db.ending) })
	if !db.lockWithin(closeGrace) && !db.interrupt.until(closeLimit, db.lockWithin) {
		return errors.New("lab file: a transaction does not end, so the file stays open")
	}
	defer func() { <-db.lock }()
	if db.closed {
		return nil
	}
	err := db.flush(context.Background())
	db.closed = true
	db.interrupt.detach()
	return errors.Join(err, db.statements.closeAll(), db.begin.Close(), db.commit.Close(), db.conn.Close(), db.sql.Close())
}

// lockWithin waits for the connection and reports whether it has become free in time.
func (db *DB) lockWithin(limit time.Duration) bool {
	select {
	case db.lock <- struct{}{}:
		return true
	case <-time.After(limit):
		return false
	}
}

// acquire waits for the connection. The caller must call release. It fails if ctx ends first or the file is closed.
func (db *DB) acquire(ctx context.Context) (release func(), err error) {
	select {
	case <-db.ending:
		return nil, ErrClosed
	default:
	}
	select {
	case db.lock <- struct{}{}:
	case <-ctx.Done():
		return nil, fmt.Errorf("lab file: %w", ctx.Err())
	case <-db.ending:
		return nil, ErrClosed
	}
	if db.closed {
		<-db.lock
		return nil, ErrClosed
	}
	return func() { <-db.lock }, nil
}

// SetSeed replaces the source of identifiers; see [Options].
func (db *DB) SetSeed(ctx context.Context, seed string) error {
	release, err := db.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	db.seed = seed
	return nil
}

// Repeatable reports whether the file was opened as repeatable; see [Options].
func (db *DB) Repeatable() bool { return db.repeatable }

// Path returns the path of the file.
func (db *DB) Path() string { return db.path }

// Migrate applies the *.sql files of a package that were not applied to this file yet, ordered by name, each in its own
// transaction. There are no down migrations. owner is the name of the package: "lab", "idp" or "sp". Its column is named room,
// because files of older versions have that column.
func (db *DB) Migrate(ctx context.Context, owner string, files fs.FS) error {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return fmt.Errorf("migrate %s: %w", owner, err)
	}
	var applied []string
	err = db.Read(ctx, func(tx *Tx) (err error) {
		applied, err = List(tx, Text,
			`SELECT name FROM lab_migrations WHERE room = $1`, owner)
		return err
	})
	if err != nil {
		return fmt.Errorf("migrate %s: %w", owner, err)
	}
	seen := map[string]bool{}
	for _, name := range applied {
		seen[name] = true
	}
	for _, name := range names {
		if seen[name] {
			continue
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return fmt.Errorf("migrate %s: %w", owner, err)
		}
		err = db.Write(ctx, func(tx *Tx) error {
			if err := tx.Exec(string(text)); err != nil {
				return err
			}
			return tx.Exec(`INSERT INTO lab_migrations (room, name, applied_ms) VALUES ($1, $2, $3)`,
				owner, name, db.wall().UnixMilli())
		})
		if err != nil {
			return fmt.Errorf("migrate %s/%s: %w", owner, name, err)
		}
	}
	return nil
}

// generationKey is the context key under which Pin stores the generation of a lab.
type generationKey struct{ db *DB }

// Pin returns a context for the present state of the lab: once the lab is reset, its transactions return [ErrReset].
func (db *DB) Pin(ctx context.Context) context.Context {
	return db.PinTo(ctx, db.generation.Load())
}

// PinTo is [DB.Pin] for the state with a number from [DB.Generation].
func (db *DB) PinTo(ctx context.Context, generation uint64) context.Context {
	return context.WithValue(ctx, generationKey{db}, generation)
}

// Generation returns the number of the state that the context is pinned to, or of the present state. Each reset gives the lab
// the next number, which is not stored.
func (db *DB) Generation(ctx context.Context) uint64 {
	if generation, pinned := ctx.Value(generationKey{db}).(uint64); pinned {
		return generation
	}
	return db.generation.Load()
}

// Stale reports whether the lab was reset since the context was pinned to it.
func (db *DB) Stale(ctx context.Context) bool {
	g, pinned := ctx.Value(generationKey{db}).(uint64)
	return pinned && g != db.generation.Load()
}

// Write runs f in a transaction that may write. It commits if f returns nil, and rolls back if f fails or panics.
func (db *DB) Write(ctx context.Context, f func(tx *Tx) error) error {
	return db.run(ctx, false, f)
}

// Read runs f, which must not write. f sees one state of the lab, because it holds the only connection; there is no BEGIN.
func (db *DB) Read(ctx context.Context, f func(tx *Tx) error) error {
	return db.run(ctx, true, f)
}

func (db *DB) run(ctx context.Context, reading bool, f func(tx *Tx) error) (err error) {
	release, err := db.acquire(ctx)
	if err != nil {
		return err
	}
	tx := db.newTx(ctx, reading)
	finished := false // f returned: it did not panic
	defer func() {
		db.releaseWhenIdle()
		release()
		if finished && err == nil {
			for _, after := range tx.after {
				after()
			}
		}
	}()
	if db.Stale(ctx) {
		return ErrReset
	}
	if tx.reading {
		err = f(tx)
		finished = true
		db.note(err)
		return err
	}
	if _, err := db.inTransaction(tx, f); err != nil {
		return ExplainFull(err)
	}
	finished = true
	db.announce(true)
	return nil
}

// newTx returns a Tx without executing BEGIN. Besides ctx, the Tx has a context that is never cancelled: if BEGIN, COMMIT or ROLLBACK were interrupted
// because the caller goes away, the next user of the connection would be inside that caller's transaction.
func (db *DB) newTx(ctx context.Context, reading bool) *Tx {
	return &Tx{
		ctx: ctx, uncancelled: context.WithoutCancel(ctx), conn: db.conn, db: db, now: db.Now(), reading: reading, reads: readsFrom(ctx),
	}
}

// announce counts a change and wakes the goroutines that wait for it. A change that affects no check counts only as activity.
func (db *DB) announce(affectsChecks bool) {
	if affectsChecks {
		db.version.increment()
	}
	db.activity.increment()
}

// inTransaction runs f and the deferred writes between BEGIN and COMMIT, or ROLLBACK if f fails. It reports whether one
// of the deferred writes affects a check.
func (db *DB) inTransaction(tx *Tx, f func(tx *Tx) error) (affectsChecks bool, err error) {
	defer func() { db.note(err) }()
	if _, err := db.begin.ExecContext(tx.uncancelled); err != nil {
		return false, fmt.Errorf("begin: %w", err)
	}
	defer db.tables.end()
	committed := false
	defer func() {
		if !committed {
			_, _ = db.conn.ExecContext(tx.uncancelled, "ROLLBACK")
		}
	}()
	if err := f(tx); err != nil {
		return false, err
	}
	if err := tx.saveIDs(); err != nil {
		return false, err
	}
	affectsChecks = db.writeDeferred(tx)
	if _, err := db.commit.ExecContext(tx.uncancelled); err != nil {
		return false, fmt.Errorf("commit: %w", err)
	}
	committed = true
	if tx.loaded {
		db.issued = tx.counter
	}
	return affectsChecks, nil
}
