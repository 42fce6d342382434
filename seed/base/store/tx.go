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

// Tx is a transaction with the lab's time and identifiers.
type Tx struct {
	ctx     context.Context
	steady  context.Context // ctx without its end
	conn    *sql.Conn
	reading bool
	db      *DB
	now     time.Time
	counter int64 // identifiers given out so far; loaded on first use
	loaded  bool
	after   []func()
}

// Row is what a scan function reads from.
type Row interface{ Scan(dest ...any) error }

// Context is the context that the transaction was begun with.
func (tx *Tx) Context() context.Context { return tx.ctx }

// Now is the lab's time, the same throughout the transaction, in UTC and whole milliseconds.
func (tx *Tx) Now() time.Time { return tx.now }

// AfterCommit runs f once the transaction has committed; never when it has not.
func (tx *Tx) AfterCommit(f func()) { tx.after = append(tx.after, f) }

// Exec runs a statement that returns no rows.
func (tx *Tx) Exec(query string, args ...any) error {
	_, err := tx.exec(query, args)
	return err
}

// Change runs a statement and gives the number of rows that it changed.
func (tx *Tx) Change(query string, args ...any) (int64, error) {
	result, err := tx.exec(query, args)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// sweepAtMost is how many rows a sweep looks at: more than one change adds, so that tables do not grow, and few enough that
// no change becomes slower by what came before it.
const sweepAtMost = 8

// Sweep deletes the oldest rows of a table as far as their expires_ms is before a time. What has expired and is still
// there must be harmless.
func (tx *Tx) Sweep(table string, before time.Time) error {
	return tx.Exec(fmt.Sprintf(`DELETE FROM %s WHERE rowid IN (SELECT rowid FROM %s ORDER BY rowid LIMIT %d) AND expires_ms < $1`,
		table, table, sweepAtMost), Millis(before))
}

// Insert runs a statement that inserts one row, and gives the row's number.
func (tx *Tx) Insert(query string, args ...any) (int64, error) {
	result, err := tx.exec(query, args)
	if err != nil {
		return 0, err
	}
	return result.LastInsertId()
}

var errReading = errors.New("a change while reading")

func (tx *Tx) exec(query string, args []any) (sql.Result, error) {
	if tx.reading {
		return nil, errReading
	}
	compiled, err := tx.db.statements.use(tx.steady, tx.conn, query)
	if err != nil {
		return nil, err
	}
	if compiled != nil {
		return compiled.ExecContext(tx.running(), args...)
	}
	return tx.conn.ExecContext(tx.running(), query, args...)
}

// running is the context of the next statement. A caller that has gone away gets no further one; one that is under way is
// short enough to be ended in peace, which costs less than to watch over each.
func (tx *Tx) running() context.Context {
	if tx.ctx.Err() != nil {
		return tx.ctx
	}
	return tx.steady
}

// QueryRow runs a query for one row; Scan gives sql.ErrNoRows when there is none.
func (tx *Tx) QueryRow(query string, args ...any) Row {
	compiled, err := tx.db.statements.use(tx.steady, tx.conn, query)
	if err == nil && compiled != nil {
		return compiled.QueryRowContext(tx.running(), args...)
	}
	return tx.conn.QueryRowContext(tx.running(), query, args...) // a text that cannot be compiled says so here
}

func (tx *Tx) query(query string, args []any) (*sql.Rows, error) {
	compiled, err := tx.db.statements.use(tx.steady, tx.conn, query)
	if err != nil {
		return nil, err
	}
	if compiled != nil {
		return compiled.QueryContext(tx.running(), args...)
	}
	return tx.conn.QueryContext(tx.running(), query, args...)
}

// Each calls f for every row of a query. f must not use tx: the rows hold the connection.
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

// List reads all rows of a query. scan must not use tx: the rows hold the connection.
func List[T any](tx *Tx, scan func(Row) (T, error), query string, args ...any) ([]T, error) {
	var list []T
	err := tx.Each(query, args, func(r Row) error {
		item, err := scan(r)
		list = append(list, item)
		return err
	})
	return list, err
}

// ListPage reads limit rows of a query from offset on, and tells how many it has in all. They are counted, by the query
// count, only where the page does not end the list: few lists have more than one.
func ListPage[T any](tx *Tx, scan func(Row) (T, error), query, count string, limit, offset int, args ...any) (list []T, total int, err error) {
	list, err = List(tx, scan, fmt.Sprintf("%s LIMIT %d OFFSET %d", query, limit, offset), args...)
	if err != nil || len(list) < limit && (len(list) > 0 || offset == 0) {
		return list, offset + len(list), err
	}
	err = tx.QueryRow(count, args...).Scan(&total)
	return list, total, err
}

// One reads the only row of a query; a NotFound problem with the given sentence when there is none.
func One[T any](tx *Tx, notFound string, scan func(Row) (T, error), query string, args ...any) (T, error) {
	item, err := scan(tx.QueryRow(query, args...))
	if errors.Is(err, sql.ErrNoRows) {
		var zero T
		return zero, problem.New(problem.NotFound, notFound)
	}
	return item, err
}

// Text scans a row's only column as text.
func Text(r Row) (text string, err error) {
	err = r.Scan(&text)
	return text, err
}

// Exists reports whether a query gives a row.
func (tx *Tx) Exists(query string, args ...any) (bool, error) {
	var one int
	err := tx.QueryRow(`SELECT 1 FROM (`+query+`) LIMIT 1`, args...).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// ID gives the next identifier of Okta's shape: the kind's prefix ("00u", "0oa", "00g") and base-62 letters, 20 in all.
func (tx *Tx) ID(prefix string) string { return prefix + tx.ShortID(20-len(prefix)) }

// ShortID gives the next identifier of n base-62 letters (n up to 32).
func (tx *Tx) ShortID(n int) string {
	sum := tx.nextSum()
	letters := make([]byte, n)
	for i := range letters {
		letters[i] = base62[int(sum[i])%len(base62)]
	}
	return string(letters)
}

// Digits gives the next identifier of n decimal digits (n up to 32).
func (tx *Tx) Digits(n int) string {
	sum := tx.nextSum()
	digits := make([]byte, n)
	for i := range digits {
		digits[i] = '0' + sum[i]%10
	}
	return string(digits)
}

// UUID gives the next identifier in UUID form (version 4 bits).
func (tx *Tx) UUID() string {
	b := tx.nextSum()
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// nextSum is the next value of the lab's identifier source: a hash of seed and counter, so that a lab which is walked
// the same way twice gives the same identifiers.
func (tx *Tx) nextSum() [sha256.Size]byte {
	if !tx.loaded {
		// A failure shows at commit: the statement there fails as well.
		_ = tx.QueryRow(`SELECT id_counter FROM lab_state WHERE id = 1`).Scan(&tx.counter)
		tx.loaded = true
	}
	tx.counter++
	return sha256.Sum256(binary.BigEndian.AppendUint64([]byte(tx.db.seed+"\x00"), uint64(tx.counter)))
}

func (tx *Tx) saveIDs() error {
	if !tx.loaded {
		return nil
	}
	return tx.Exec(`UPDATE lab_state SET id_counter = $1 WHERE id = 1`, tx.counter)
}

// Secret gives n random bytes in base64url, for session tokens and the like. It never repeats, whatever the lab, unless
// the lab was opened as repeatable.
func (tx *Tx) Secret(n int) string {
	b := make([]byte, n)
	if tx.db.repeatable {
		for at := 0; at < n; {
			sum := tx.nextSum()
			at += copy(b[at:], sum[:])
		}
		return base64.RawURLEncoding.EncodeToString(b)
	}
	_, _ = rand.Read(b) // crypto/rand.Read never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

// Hash gives the form in which a secret token is stored: its SHA-256, base64url. Only for random tokens, not passwords.
func Hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// Millis is how a time is stored; 0 for the zero time.
func Millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// Time turns stored milliseconds back into a time in UTC; the zero time for 0.
func Time(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
