// Package store is a lab's SQLite file: transactions that carry the lab's time and identifiers, migrations, and the
// mailbox into which both halves write.
//
// A lab has one connection, so a transaction has the file to itself. Never begin one inside another: it would wait for
// itself. Exported methods of a half begin the transaction; their unexported helpers take the *Tx.
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

// ErrReset answers a request that began before the lab was reset and asks for data afterwards: it would mix two worlds.
var ErrReset = &problem.Error{Kind: problem.Unavailable, Code: "LAB_RESET",
	Message: "This lab was reset while your request was under way. Open the page again."}

// Options say how a lab's file is opened.
type Options struct {
	Seed string           // identifiers repeat for a given seed; usually the lab's name
	Wall func() time.Time // the wall clock; time.Now when nil

	// Repeatable draws secrets from the seed as well, so that two labs which are walked the same way are alike to the last
	// byte, for pictures. Such a lab keeps no secret: never for people.
	Repeatable bool
	Statements *Budget // what may be kept compiled, together with other files; nil for as much as pays
}

// DB is one open lab file.
type DB struct {
	sql        *sql.DB
	conn       *sql.Conn // the file's only connection
	begin      *sql.Stmt
	commit     *sql.Stmt
	turn       chan struct{} // held by whoever uses the connection
	statements statements    // guarded by turn
	watched    bool          // a timer will look whether the statements are still needed; guarded by turn
	closed     bool          // guarded by turn
	path       string
	seed       string
	repeatable bool
	wall       func() time.Time
	generation atomic.Uint64
	changes    changes // what checks and guides follow
	everything changes // notes that are no news to them too
	notes      notes

	clock struct {
		sync.RWMutex
		offset time.Duration
		frozen time.Time // zero: the clock runs
	}
}

// Open opens the file, which is created when it is missing.
func Open(ctx context.Context, path string, o Options) (*DB, error) {
	if o.Wall == nil {
		o.Wall = time.Now
	}
	q := url.Values{"_pragma": {"busy_timeout(5000)", "locking_mode(EXCLUSIVE)", "journal_mode(WAL)", "synchronous(NORMAL)", "foreign_keys(1)", "cache_size(-384)", "temp_store(MEMORY)", "wal_autocheckpoint(2000)"}}
	pool, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+q.Encode())
	if err != nil {
		return nil, fmt.Errorf("open lab file: %w", err)
	}
	pool.SetMaxOpenConns(1)
	db := &DB{sql: pool, turn: make(chan struct{}, 1), path: path, seed: o.Seed, repeatable: o.Repeatable, wall: o.Wall, statements: statements{budget: o.Statements}}
	if _, err := pool.ExecContext(ctx, schema); err != nil {
		return nil, errors.Join(fmt.Errorf("open lab file: %w", err), pool.Close())
	}
	if err := db.connect(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open lab file: %w", err), pool.Close())
	}
	if err := db.loadClock(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func (db *DB) connect(ctx context.Context) (err error) {
	if db.conn, err = db.sql.Conn(ctx); err != nil {
		return err
	}
	if db.begin, err = db.conn.PrepareContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	db.commit, err = db.conn.PrepareContext(ctx, "COMMIT")
	return err
}

// Close checkpoints and closes the file. Transactions under way end first.
func (db *DB) Close() error {
	db.turn <- struct{}{}
	defer func() { <-db.turn }()
	if db.closed {
		return nil
	}
	err := db.settle(context.Background())
	db.closed = true
	return errors.Join(err, db.statements.forget(), db.begin.Close(), db.commit.Close(), db.conn.Close(), db.sql.Close())
}

// take waits for the connection; give must be called when done with it.
func (db *DB) take(ctx context.Context) (give func(), err error) {
	select {
	case db.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, fmt.Errorf("lab file: %w", ctx.Err())
	}
	if db.closed {
		<-db.turn
		return nil, fmt.Errorf("lab file: %w", sql.ErrConnDone)
	}
	return func() { <-db.turn }, nil
}

// Path is the file's path.
func (db *DB) Path() string { return db.path }

// Migrate applies the *.sql files of a room that this file has not seen yet, in order of their names, each in a
// transaction of its own. Migrations only go forward.
func (db *DB) Migrate(ctx context.Context, room string, files fs.FS) error {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return fmt.Errorf("migrate %s: %w", room, err)
	}
	var applied []string
	err = db.Read(ctx, func(tx *Tx) (err error) {
		applied, err = List(tx, Text,
			`SELECT name FROM lab_migrations WHERE room = $1`, room)
		return err
	})
	if err != nil {
		return fmt.Errorf("migrate %s: %w", room, err)
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
			return fmt.Errorf("migrate %s: %w", room, err)
		}
		err = db.Write(ctx, func(tx *Tx) error {
			if err := tx.Exec(string(text)); err != nil {
				return err
			}
			return tx.Exec(`INSERT INTO lab_migrations (room, name, applied_ms) VALUES ($1, $2, $3)`, room, name, db.wall().UnixMilli())
		})
		if err != nil {
			return fmt.Errorf("migrate %s/%s: %w", room, name, err)
		}
	}
	return nil
}

type generationKey struct{ db *DB }

// Pin ties a context to the lab as it is now: once the lab is reset, transactions begun with it answer [ErrReset].
func (db *DB) Pin(ctx context.Context) context.Context {
	return context.WithValue(ctx, generationKey{db}, db.generation.Load())
}

// Stale reports whether the lab was reset since the context was pinned to it.
func (db *DB) Stale(ctx context.Context) bool {
	g, pinned := ctx.Value(generationKey{db}).(uint64)
	return pinned && g != db.generation.Load()
}

// Write runs f in a transaction that may write. It commits when f returns nil.
func (db *DB) Write(ctx context.Context, f func(tx *Tx) error) error {
	return db.run(ctx, false, f)
}

// Read runs f, which sees one state of the lab and must not change it: nobody else has the connection meanwhile, and the
// file has no other.
func (db *DB) Read(ctx context.Context, f func(tx *Tx) error) error {
	return db.run(ctx, true, f)
}

func (db *DB) run(ctx context.Context, reading bool, f func(tx *Tx) error) (err error) {
	give, err := db.take(ctx)
	if err != nil {
		return err
	}
	tx := db.newTx(ctx, reading)
	whole := false // f came to its end: it did not panic
	defer func() {
		db.watchCalm()
		give()
		if whole && err == nil {
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
		whole = true
		return err
	}
	if _, err := db.commits(tx, f); err != nil {
		return err
	}
	whole = true
	db.noteChange(true)
	return nil
}

// newTx begins nothing yet. Statements, above all those that begin and end a transaction, must not be cut short by a caller
// that goes away, or the one connection would be handed on inside a transaction.
func (db *DB) newTx(ctx context.Context, reading bool) *Tx {
	return &Tx{ctx: ctx, steady: context.WithoutCancel(ctx), conn: db.conn, db: db, now: db.Now(), reading: reading}
}

// noteChange wakes those who wait for changes; of what is no news only those who follow everything.
func (db *DB) noteChange(news bool) {
	if news {
		db.changes.note()
	}
	db.everything.note()
}

// commits runs f within BEGIN and COMMIT, or ROLLBACK when it fails, and writes what was noted with it. It tells whether
// that is news.
func (db *DB) commits(tx *Tx, f func(tx *Tx) error) (news bool, err error) {
	if _, err := db.begin.ExecContext(tx.steady); err != nil {
		return false, fmt.Errorf("begin: %w", err)
	}
	committed := false
	defer func() {
		if !committed {
			_, _ = db.conn.ExecContext(tx.steady, "ROLLBACK")
		}
	}()
	if err := f(tx); err != nil {
		return false, err
	}
	if err := tx.saveIDs(); err != nil {
		return false, err
	}
	news = db.writeNotes(tx)
	if _, err := db.commit.ExecContext(tx.steady); err != nil {
		return false, fmt.Errorf("commit: %w", err)
	}
	committed = true
	return news, nil
}
