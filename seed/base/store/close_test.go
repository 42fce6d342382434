package store

import (
	"errors"
	"path/filepath"
	"testing"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"

	"understudy/seed/base/waittest"
)

// endless is a statement that does not end by itself.
const endless = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n`

// A transaction that does not end holds the file's only connection. Close interrupts it, in the first statement and in those
// that follow.
func TestCloseInterruptsATransactionThatDoesNotEnd(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]func(tx *Tx) error{
		"one endless statement": func(tx *Tx) error { var n int; return tx.QueryRow(endless).Scan(&n) },
		"endless statements": func(tx *Tx) error {
			for { // until the transaction is cancelled
				if err := tx.Exec(`INSERT INTO t VALUES (1)`); err != nil {
					return err
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "lab.db")
			db, err := Open(t.Context(), path, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := db.Write(t.Context(), func(tx *Tx) error { return tx.Exec(`CREATE TABLE t (i)`) }); err != nil {
				t.Fatal(err)
			}
			running, failed := make(chan struct{}), make(chan error, 1)
			go func() {
				failed <- db.Write(t.Context(), func(tx *Tx) error {
					if err := tx.Exec(`INSERT INTO t VALUES (0)`); err != nil {
						return err
					}
					close(running)
					return body(tx)
				})
			}()
			<-running
			waittest.Ends(t, "the file to close", func() {
				if err := db.Close(); err != nil { // it gives up after closeLimit
					t.Fatal(err)
				}
			})
			if err := <-failed; err == nil {
				t.Error("the transaction has succeeded")
			}
			if err := db.Read(t.Context(), func(*Tx) error { return nil }); !errors.Is(err, ErrClosed) {
				t.Errorf("a read after Close: %v", err)
			}
			assertRows(t, path, 0)
		})
	}
}

// The interrupter calls SQLite with the handle that the driver keeps in a private field. A driver whose field has changed is refused.
func TestInterrupterHasTheHandleOfTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lab.db")
	db, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	thread := libc.NewTLS()
	defer thread.Close()
	schema, err := libc.CString("main")
	if err != nil {
		t.Fatal(err)
	}
	defer libc.Xfree(thread, schema)
	if name := libc.GoString(sqlite3.Xsqlite3_db_filename(thread, db.interrupt.handle, schema)); name != path {
		t.Errorf("the handle is that of %q, want %q", name, path)
	}
	for _, driver := range []any{&struct{ handle uintptr }{1}, &struct{ db int }{1}, &struct{ db any }{1}} {
		if err := new(interrupter).attach(driver); err == nil {
			t.Errorf("the driver %T is accepted", driver)
		}
	}
}

// assertRows checks how many rows the table t of a file has.
func assertRows(t *testing.T, path string, want int) {
	t.Helper()
	db, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var n int
	err = db.Read(t.Context(), func(tx *Tx) error { return tx.QueryRow(`SELECT count(*) FROM t`).Scan(&n) })
	if err := errors.Join(err, db.Close()); err != nil || n != want {
		t.Errorf("%d rows, want %d: %v", n, want, err)
	}
}
