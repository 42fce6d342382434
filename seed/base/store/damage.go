package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// environment lists the result codes of SQLite that say something about the machine and not about the content of the file:
// another process, a full disk, a missing right, an interrupt.
var environment = map[int]bool{
	sqlite3.SQLITE_PERM: true, sqlite3.SQLITE_ABORT: true, sqlite3.SQLITE_BUSY: true, sqlite3.SQLITE_LOCKED: true,
	sqlite3.SQLITE_NOMEM: true, sqlite3.SQLITE_READONLY: true, sqlite3.SQLITE_INTERRUPT: true, sqlite3.SQLITE_IOERR: true,
	sqlite3.SQLITE_FULL: true, sqlite3.SQLITE_CANTOPEN: true, sqlite3.SQLITE_PROTOCOL: true, sqlite3.SQLITE_AUTH: true,
	sqlite3.SQLITE_NOLFS: true,
}

// resultCode returns the primary result code of an error of SQLite.
func resultCode(err error) (code int, ok bool) {
	failed, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return 0, false
	}
	return failed.Code() & 0xff, true
}

// IsCorrupt reports whether an error says that a file is no database, or a damaged one.
func IsCorrupt(err error) bool {
	code, ok := resultCode(err)
	return ok && (code == sqlite3.SQLITE_CORRUPT || code == sqlite3.SQLITE_NOTADB)
}

// IsContent reports whether opening a file failed because of its content: it is damaged, or its tables or rows are not those that
// this program writes. Errors of the machine, such as a full disk, are none.
func IsContent(err error) bool {
	code, ok := resultCode(err)
	return ok && !environment[code] || errors.Is(err, sql.ErrNoRows) || errors.Is(err, errNoFile)
}

// Damaged reports whether a transaction has found out that the file is damaged.
func (db *DB) Damaged() bool { return db.damaged.Load() }

// note remembers an error that says that the file is damaged.
func (db *DB) note(err error) {
	if err != nil && IsCorrupt(err) {
		db.damaged.Store(true)
	}
}

// CheckPages reads all pages of the file; an error says that it is damaged.
func (db *DB) CheckPages(ctx context.Context) error {
	return db.Read(ctx, func(tx *Tx) error {
		var verdict string
		if err := tx.QueryRow(`PRAGMA quick_check(1)`).Scan(&verdict); err != nil {
			return err
		}
		if verdict != "ok" {
			return fmt.Errorf("lab file: %s", verdict)
		}
		return nil
	})
}
