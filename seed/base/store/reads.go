package store

import (
	"context"
	"database/sql"
	"errors"
	"regexp"
	"sync"

	"modernc.org/sqlite"
)

// Reads are the tables that the transactions of a context have read. With them, a caller that keeps a result finds out
// whether the result is out of date; see [DB.ChangedSince].
type Reads struct {
	mu        sync.Mutex
	tables    map[string]bool
	rows      map[tableRow]bool // single rows, of tables that were not read otherwise; nil if a row counts as its whole table
	readClock bool              // a transaction asked for the time, so the result changes even if no table does
}

// tableRow is a row of a table, by its rowid.
type tableRow struct {
	table string
	id    int64
}

func newReads() *Reads { return &Reads{tables: map[string]bool{}} }

type readsKey struct{}

// RecordReads returns a context whose transactions record the tables that they read.
func RecordReads(ctx context.Context) (context.Context, *Reads) {
	reads := newReads()
	return context.WithValue(ctx, readsKey{}, reads), reads
}

func readsFrom(ctx context.Context) *Reads {
	reads, _ := ctx.Value(readsKey{}).(*Reads)
	return reads
}

func (r *Reads) noteTime() {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.readClock = true
}

// add records what others have read as well.
func (r *Reads) add(others *Reads) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.readClock = r.readClock || others.readClock
	for table := range others.tables {
		r.tables[table] = true
	}
	for row := range others.rows {
		if r.rows == nil {
			r.tables[row.table] = true
		} else {
			r.rows[row] = true
		}
	}
}

// narrow replaces tables by the rows that were read of them.
func (r *Reads) narrow(tables []string, ids []int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, table := range tables {
		delete(r.tables, table)
		r.rows[tableRow{table, ids[i]}] = true
	}
}

var identifier = regexp.MustCompile(`[A-Za-z_][A-Za-z_0-9]*`)

// noteQuery records the tables whose names occur in a query. A name can also be that of a column, or occur in a text: too
// many tables make a result look out of date more often than it is, which is harmless.
func (r *Reads) noteQuery(tx *Tx, query string) {
	if r == nil {
		return
	}
	named := tx.db.tables.namedIn(tx, query)
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, table := range named {
		r.tables[table] = true
	}
}

// tableChanges counts the changes of each table of a file. The holder of the connection stamps a table with the number of
// the transaction that changes it.
type tableChanges struct {
	mu      sync.Mutex
	ended   uint64              // transactions and restores that have ended
	changed map[string]uint64   // by table: the last transaction that changed a row
	rows    map[tableRow]uint64 // of watched rows: the last transaction that can have changed the row
	all     uint64              // the last restore, which changed everything
	names   map[string]bool     // of all tables; nil until they are needed
	inQuery map[string][]string // by query: the tables whose names occur in it
}

// namedIn returns the tables whose names occur in a query; all words of the query if the names cannot be read.
func (c *tableChanges) namedIn(tx *Tx, query string) (named []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if named, found := c.inQuery[query]; found {
		return named
	}
	if c.names == nil {
		c.names = tableNames(tx)
	}
	for _, word := range identifier.FindAllString(query, -1) {
		if c.names == nil || c.names[word] {
			named = append(named, word)
		}
	}
	if c.names == nil {
		return named
	}
	if c.inQuery == nil || len(c.inQuery) >= maxTexts {
		c.inQuery = map[string][]string{}
	}
	c.inQuery[query] = named
	return named
}

func tableNames(tx *Tx) map[string]bool {
	rows, err := tx.conn.QueryContext(tx.uncancelled, `SELECT name FROM sqlite_master WHERE type = 'table'`)
	if err != nil {
		return nil
	}
	defer func() { _ = rows.Close() }()
	names := map[string]bool{}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil
		}
		names[name] = true
	}
	if rows.Err() != nil {
		return nil
	}
	return names
}

// stamp records that the running transaction changes a row of a table. The rowid can change, too.
func (c *tableChanges) stamp(table string, before, after int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changed[table] = c.ended + 1
	for _, id := range [2]int64{before, after} {
		if _, watched := c.rows[tableRow{table, id}]; watched {
			c.rows[tableRow{table, id}] = c.ended + 1
		}
	}
}

// watch begins to count the changes of rows. Until then, each change of their table can have been one of the row.
func (c *tableChanges) watch(tables []string, ids []int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.rows == nil {
		c.rows = map[tableRow]uint64{}
	}
	for i, table := range tables {
		if _, watched := c.rows[tableRow{table, ids[i]}]; !watched {
			c.rows[tableRow{table, ids[i]}] = c.changed[table]
		}
	}
}

// unwatch ends the counting of single rows. What was read of them counts as reading their tables.
func (c *tableChanges) unwatch() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.rows = nil
}

// forgetQueries frees what namedIn has learned, which it can learn again.
func (c *tableChanges) forgetQueries() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.names, c.inQuery = nil, nil
}

// rowChanged returns the last transaction that can have changed a row.
func (c *tableChanges) rowChanged(row tableRow) uint64 {
	if changed, watched := c.rows[row]; watched {
		return changed
	}
	return c.changed[row.table]
}

// end ends the running transaction. It makes no difference whether the transaction was committed.
func (c *tableChanges) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended++
}

// replaceAll records that the whole content was replaced.
func (c *tableChanges) replaceAll() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended++
	c.all, c.names, c.inQuery, c.rows = c.ended, nil, nil, nil
	clear(c.changed)
}

// hooker is the part of the driver's connection that reports each changed row, also of cascades and of tables without rowid
// (SQLite's pre-update hook).
type hooker interface {
	RegisterPreUpdateHook(f sqlite.PreUpdateHookFn)
}

// watchTables begins to count the changes of the tables.
func (c *tableChanges) watchTables(conn *sql.Conn) error {
	c.changed = map[string]uint64{}
	return conn.Raw(func(driver any) error {
		h, ok := driver.(hooker)
		if !ok {
			return errors.New("the driver reports no changed rows")
		}
		h.RegisterPreUpdateHook(func(row sqlite.SQLitePreUpdateData) {
			c.stamp(row.TableName, row.OldRowID, row.NewRowID)
		})
		return nil
	})
}

// Mark returns a point in the history of the file, for [DB.ChangedSince]. Take it before reading.
func (db *DB) Mark() uint64 {
	db.tables.mu.Lock()
	defer db.tables.mu.Unlock()
	return db.tables.ended
}

// ChangedSince reports whether something that was read may have changed since a mark: one of its tables or rows, or, if the
// reader asked for the time, anything at all.
func (db *DB) ChangedSince(mark uint64, reads *Reads) bool {
	db.tables.mu.Lock()
	defer db.tables.mu.Unlock()
	reads.mu.Lock()
	defer reads.mu.Unlock()
	if db.tables.all > mark || reads.readClock && db.tables.ended > mark {
		return true
	}
	for table := range reads.tables {
		if db.tables.changed[table] > mark {
			return true
		}
	}
	for row := range reads.rows {
		if db.tables.rowChanged(row) > mark {
			return true
		}
	}
	return false
}
