package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"understudy/seed/base/problem"
)

// Tx is a transaction with the lab's time and identifiers. It is valid until the function that received it returns.
type Tx struct {
	ctx         context.Context
	uncancelled context.Context // ctx without its cancellation
	conn        *sql.Conn
	reading     bool
	db          *DB
	now         time.Time
	counter     int64 // number of identifiers that were issued; loaded on first use
	loaded      bool
	after       []func()
	reads       *Reads // nil unless the context records what it reads
}

// Row is a row of a result, as *sql.Row and *sql.Rows are.
type Row interface{ Scan(dest ...any) error }

// Context returns the context of the transaction.
func (tx *Tx) Context() context.Context { return tx.ctx }

// Now returns the lab's time at the start of the transaction, in UTC, truncated to milliseconds.
func (tx *Tx) Now() time.Time {
	tx.reads.noteTime()
	return tx.now
}

// AfterCommit calls f after the transaction has committed and released the connection. f is not called if it rolls back.
func (tx *Tx) AfterCommit(f func()) { tx.after = append(tx.after, f) }

// Exec runs a statement that returns no rows.
func (tx *Tx) Exec(query string, args ...any) error {
	_, err := tx.exec(query, args)
	return err
}

// Change runs a statement and returns the number of rows that it inserted, updated or deleted.
func (tx *Tx) Change(query string, args ...any) (int64, error) {
	result, err := tx.exec(query, args)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// deleteAtMost limits the rows that DeleteExpired looks at. It is more than one request adds, so that tables do not
// grow, and small enough that no request becomes slow.
const deleteAtMost = 8

// DeleteExpired deletes rows whose column expires_ms is before the given time, among the oldest rows of the table. Expired
// rows can therefore remain for a while; queries must ignore them.
func (tx *Tx) DeleteExpired(table string, before time.Time) error {
	return tx.Exec(fmt.Sprintf(`DELETE FROM %s WHERE rowid IN (SELECT rowid FROM %s ORDER BY rowid LIMIT %d) AND expires_ms < $1`,
		table, table, deleteAtMost), Millis(before))
}

// Insert runs a statement that inserts one row, and returns its rowid.
func (tx *Tx) Insert(query string, args ...any) (int64, error) {
	result, err := tx.exec(query, args)
	if err != nil {
		return 0, err
	}
	return result.LastInsertId()
}

var errReading = errors.New("write statement in a read transaction")

func (tx *Tx) exec(query string, args []any) (sql.Result, error) {
	if tx.reading {
		return nil, errReading
	}
	compiled, err := tx.db.statements.use(tx.uncancelled, tx.conn, query)
	if err != nil {
		return nil, err
	}
	if compiled != nil {
		return compiled.ExecContext(tx.statementContext(), args...)
	}
	return tx.conn.ExecContext(tx.statementContext(), query, args...)
}

// statementContext returns the context of the next statement. No statement starts after the caller has gone away, or after
// Close has interrupted the transaction. A running statement is not cancelled by the caller: statements are short, and watching
// for the cancellation of each costs more.
func (tx *Tx) statementContext() context.Context {
	if tx.ctx.Err() != nil {
		return tx.ctx
	}
	if tx.db.interrupt.requested.Load() {
		return ended
	}
	return tx.uncancelled
}

// QueryRow runs a query for one row. Scan returns sql.ErrNoRows if there is none.
func (tx *Tx) QueryRow(query string, args ...any) Row {
	tx.reads.noteQuery(tx, query)
	compiled, err := tx.db.statements.use(tx.uncancelled, tx.conn, query)
	if err == nil && compiled != nil {
		return compiled.QueryRowContext(tx.statementContext(), args...)
	}
	return tx.conn.QueryRowContext(tx.statementContext(), query, args...) // reports a syntax error as well
}

func (tx *Tx) query(query string, args []any) (*sql.Rows, error) {
	tx.reads.noteQuery(tx, query)
	compiled, err := tx.db.statements.use(tx.uncancelled, tx.conn, query)
	if err != nil {
		return nil, err
	}
	if compiled != nil {
		return compiled.QueryContext(tx.statementContext(), args...)
	}
	return tx.conn.QueryContext(tx.statementContext(), query, args...)
}

// Each calls f for every row of a query. f must not use tx, because the rows occupy the connection.
func (tx *Tx) Each(query string, args []any, f func(Row) error) (err error) {
	rows, err := tx.query(query, args)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// List returns all rows of a query. scan must not use tx, because the rows occupy the connection.
func List[T any](tx *Tx, scan func(Row) (T, error), query string, args ...any) ([]T, error) {
	var list []T
	err := tx.Each(query, args, func(r Row) error {
		item, err := scan(r)
		list = append(list, item)
		return err
	})
	return list, err
}

// ListPage returns at most limit rows of a query, starting at offset (from 0), and the number of all rows. The query
// count is run only if the page is not the last one: most lists have one page.
func ListPage[T any](tx *Tx, scan func(Row) (T, error), query, count string, limit, offset int, args ...any) (
	list []T, total int, err error) {
	list, err = List(tx, scan, fmt.Sprintf("%s LIMIT %d OFFSET %d", query, limit, offset), args...)
	if err != nil || len(list) < limit && (len(list) > 0 || offset == 0) {
		return list, offset + len(list), err
	}
	err = tx.QueryRow(count, args...).Scan(&total)
	return list, total, err
}

// One returns the first row of a query. Without a row, the error is a NotFound problem with the sentence notFound.
func One[T any](tx *Tx, notFound string, scan func(Row) (T, error), query string, args ...any) (T, error) {
	item, err := scan(tx.QueryRow(query, args...))
	if errors.Is(err, sql.ErrNoRows) {
		var zero T
		return zero, problem.New(problem.NotFound, notFound)
	}
	return item, err
}

// Text scans the only column of a row as text.
func Text(r Row) (text string, err error) {
	err = r.Scan(&text)
	return text, err
}

// Exists reports whether a query returns a row.
func (tx *Tx) Exists(query string, args ...any) (bool, error) {
	var one int
	err := tx.QueryRow(`SELECT 1 FROM (`+query+`) LIMIT 1`, args...).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// ID returns the next identifier in the format of Okta: 20 characters, of which the first are the prefix of the kind
// ("00u" is a user, "0oa" an app, "00g" a group) and the others are base 62.
func (tx *Tx) ID(prefix string) string { return prefix + tx.ShortID(20-len(prefix)) }

// ShortID returns the next identifier of n base-62 characters (n up to 32).
func (tx *Tx) ShortID(n int) string {
	sum := tx.nextSum()
	letters := make([]byte, n)
	for i := range letters {
		letters[i] = base62[int(sum[i])%len(base62)]
	}
	return string(letters)
}

// Digits returns the next identifier of n decimal digits (n up to 32).
func (tx *Tx) Digits(n int) string {
	sum := tx.nextSum()
	digits := make([]byte, n)
	for i := range digits {
		digits[i] = '0' + sum[i]%10
	}
	return string(digits)
}

// RandomDigits returns n random decimal digits, for identifiers that must never be issued twice, not even after the lab went back
// to a checkpoint. In a lab that was opened as repeatable they come from the seed.
func (tx *Tx) RandomDigits(n int) string {
	if tx.db.repeatable {
		return tx.Digits(n)
	}
	digits := make([]byte, n)
	_, _ = rand.Read(digits) // crypto/rand.Read never returns an error
	for i, b := range digits {
		digits[i] = '0' + b%10
	}
	return string(digits)
}

// UUID returns the next identifier in the format of a version 4 UUID (RFC 9562).
func (tx *Tx) UUID() string {
	b := tx.nextSum()
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// nextSum returns the next value of the lab's source of identifiers, a hash of seed and counter. A lab that is used in
// the same way twice gets the same identifiers.
func (tx *Tx) nextSum() [sha256.Size]byte {
	if !tx.loaded {
		tx.counter, tx.loaded = tx.issuedIDs(), true
	}
	tx.counter++
	return sha256.Sum256(binary.BigEndian.AppendUint64([]byte(tx.db.seed+"\x00"), uint64(tx.counter)))
}

// issuedIDs returns the number of identifiers that were issued before.
func (tx *Tx) issuedIDs() (n int64) {
	if tx.db.issued != unknownIDs {
		return tx.db.issued
	}
	// An error is not lost: the statement of saveIDs fails as well.
	_ = tx.QueryRow(`SELECT id_counter FROM lab_state WHERE id = 1`).Scan(&n)
	return n
}

// saveIDs stores the counter of identifiers, if the transaction issued any.
func (tx *Tx) saveIDs() error {
	if !tx.loaded {
		return nil
	}
	return tx.Exec(`UPDATE lab_state SET id_counter = $1 WHERE id = 1`, tx.counter)
}

// Secret returns n random bytes in base64url, for session tokens and similar values. In a lab that was opened as repeatable
// they come from the seed.
func (tx *Tx) Secret(n int) string {
	b := make([]byte, n)
	if tx.db.repeatable {
		for at := 0; at < n; {
			sum := tx.nextSum()
			at += copy(b[at:], sum[:])
		}
		return base64.RawURLEncoding.EncodeToString(b)
	}
	_, _ = rand.Read(b) // crypto/rand.Read never returns an error
	return base64.RawURLEncoding.EncodeToString(b)
}

// Hash returns the form in which a token is stored: its SHA-256 in base64url. It is too fast for passwords.
func Hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// Millis returns the form in which a time is stored: Unix milliseconds, or 0 for the zero time.
func Millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// Time is the inverse of Millis, in UTC.
func Time(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
