package lab

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"slices"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"understudy/idp"
	"understudy/seed/base/store"
	"understudy/sp"
)

// valueMaximum is the largest value or row of an imported file, in bytes: the table of a workbook, which has at most 500,000
// characters, and some more. Pages show values whole, so a file of large values would make large pages.
const valueMaximum = 3 << 20

var (
	errDamagedFile = damaged("the database in it is damaged.")
	errNotALab     = damaged("the database in it is not a lab's.")
	errNotWhole    = damaged("it does not hold a whole lab.")
	errNewer       = damaged("it was made by a newer version of this program.")
)

// copyLab creates a lab's file at target with the tables that the lab in the file source has, made by this program's own
// migrations, and copies the rows of these tables. The file source is not trusted, and is only read.
func copyLab(ctx context.Context, source, target string) error {
	applied, err := inspect(ctx, source)
	if err != nil {
		return err
	}
	if err := createTables(ctx, target, applied); err != nil {
		return errNotWhole // the applied migrations do not form a lab of any version
	}
	db, conn, err := openForImport(ctx, target, "rwc")
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	err = copyTables(ctx, conn, source)
	return errors.Join(err, conn.Close(), db.Close())
}

// openForImport opens a file with the one connection that import uses, in which no value may exceed valueMaximum. Mode is "ro" or
// "rwc" (SQLite's URI parameter). Foreign keys and constraints are checked at the end, not at each row.
func openForImport(ctx context.Context, path, mode string) (db *sql.DB, conn *sql.Conn, err error) {
	query := url.Values{"mode": {mode}, "_pragma": {"foreign_keys(0)"}}
	if mode == "ro" {
		query.Set("immutable", "1")
		query["_pragma"] = []string{"ignore_check_constraints(1)", "cell_size_check(1)"}
	}
	if db, err = sql.Open("sqlite", fileURL(path)+"?"+query.Encode()); err != nil {
		return nil, nil, err
	}
	if conn, err = db.Conn(ctx); err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	if _, err := sqlite.Limit(conn, sqlite3.SQLITE_LIMIT_LENGTH, valueMaximum); err != nil {
		return nil, nil, errors.Join(err, conn.Close(), db.Close())
	}
	return db, conn, nil
}

func fileURL(path string) string { return "file:" + (&url.URL{Path: path}).EscapedPath() }

// inspect checks that a file is an undamaged database, that it is a lab's, and that it has no migration which this program does
// not know. It returns the names of the applied migrations by migration set.
func inspect(ctx context.Context, path string) (applied map[string][]string, err error) {
	db, conn, err := openForImport(ctx, path, "ro")
	if err != nil {
		return nil, errDamagedFile
	}
	defer func() { err = errors.Join(err, conn.Close(), db.Close()) }()
	var verdict string
	if err := conn.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&verdict); err != nil {
		return nil, refusal(err)
	}
	if verdict != "ok" {
		return nil, errDamagedFile
	}
	for _, table := range []string{"lab_about", "lab_migrations"} {
		if known, err := isPlainTable(ctx, conn, "main", table); err != nil || !known {
			return nil, errNotALab
		}
	}
	var about int
	if err := conn.QueryRowContext(ctx, `SELECT count(*) FROM lab_about`).Scan(&about); err != nil || about != 1 {
		return nil, errNotALab
	}
	return appliedMigrations(ctx, conn)
}

// isPlainTable reports whether a schema of the connection has a table of that name, and no view or virtual table.
func isPlainTable(ctx context.Context, conn *sql.Conn, schema, table string) (plain bool, err error) {
	err = conn.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM `+schema+`.sqlite_schema WHERE type = 'table' AND name = $1
		AND sql LIKE 'CREATE TABLE%')`, table).Scan(&plain)
	return plain, err
}

// appliedMigrations returns the migrations that a file lists; an error if this program does not know one of them.
func appliedMigrations(ctx context.Context, conn *sql.Conn) (applied map[string][]string, err error) {
	rows, err := conn.QueryContext(ctx, `SELECT DISTINCT room, name FROM lab_migrations`)
	if err != nil {
		return nil, errNotALab
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	applied = map[string][]string{}
	for rows.Next() {
		var set, name string
		if err := rows.Scan(&set, &name); err != nil {
			return nil, errNotALab
		}
		files, ours := migrationSets()[set]
		if !ours || !fs.ValidPath(name) {
			return nil, errNewer
		}
		if _, err := fs.Stat(files, name); err != nil {
			return nil, errNewer
		}
		applied[set] = append(applied[set], name)
	}
	return applied, rows.Err()
}

// migrationSets returns the migrations of all packages by the names under which a lab's file records them.
func migrationSets() map[string]fs.FS {
	return map[string]fs.FS{"lab": migrations(), idp.MigrationSet: idp.Migrations(), sp.MigrationSet: sp.Migrations()}
}

// selection is some of the files of a folder.
type selection struct {
	fs.FS
	names []string
}

// ReadDir implements fs.ReadDirFS, which fs.Glob uses.
func (s selection) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(s.FS, name)
	return slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return !slices.Contains(s.names, e.Name()) }), err
}

// createTables creates a file to which exactly the given migrations are applied.
func createTables(ctx context.Context, path string, applied map[string][]string) error {
	db, err := store.Open(ctx, path, store.Options{})
	if err != nil {
		return err
	}
	for _, set := range []string{"lab", idp.MigrationSet, sp.MigrationSet} {
		err = errors.Join(err, db.Migrate(ctx, set, selection{migrationSets()[set], applied[set]}))
	}
	return errors.Join(err, db.Close())
}

// copyTables copies the rows of all tables of a connection's file from another file, and checks them.
func copyTables(ctx context.Context, conn *sql.Conn, source string) error {
	if _, err := conn.ExecContext(ctx, `ATTACH $1 AS source`, fileURL(source)+"?mode=ro&immutable=1"); err != nil {
		return errDamagedFile
	}
	tables, err := texts(ctx, conn, `SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`)
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	if _, err := conn.ExecContext(ctx, `BEGIN`); err != nil {
		return fmt.Errorf("import: %w", err)
	}
	for _, table := range tables {
		if err := copyTable(ctx, conn, table); err != nil {
			return refusal(err)
		}
	}
	if err := copySequences(ctx, conn); err != nil {
		return refusal(err)
	}
	if err := checkRows(ctx, conn); err != nil {
		return refusal(err)
	}
	_, err = conn.ExecContext(ctx, `COMMIT`)
	return err
}

// refusal returns the problem that a failed copy shows.
func refusal(err error) error {
	failed, ok := errors.AsType[*sqlite.Error](err)
	switch {
	case errors.Is(err, context.DeadlineExceeded), ok && failed.Code()&0xff == sqlite3.SQLITE_INTERRUPT:
		return damaged("reading it takes too long.")
	case !ok:
		return err
	}
	switch failed.Code() & 0xff { // the primary result code
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return errDamagedFile
	case sqlite3.SQLITE_TOOBIG:
		return damaged("a value in it is too large.")
	}
	return errNotWhole
}

// texts returns the only column of a query.
func texts(ctx context.Context, conn *sql.Conn, query string, args ...any) (list []string, err error) {
	rows, err := conn.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		list = append(list, text)
	}
	return list, rows.Err()
}

// copyTable copies the rows of one table. The table of the source must have all its columns, and none of them generated. Names
// of tables and columns are those of this program's migrations.
func copyTable(ctx context.Context, conn *sql.Conn, table string) error {
	if plain, err := isPlainTable(ctx, conn, "source", table); err != nil || !plain {
		return errors.Join(err, errNotWhole)
	}
	const stored = `SELECT name FROM pragma_table_xinfo($1, $2) WHERE hidden = 0`
	columns, err := texts(ctx, conn, stored, table, "main")
	if err != nil {
		return err
	}
	there, err := texts(ctx, conn, stored, table, "source")
	if err != nil {
		return err
	}
	for _, column := range columns {
		if !slices.Contains(there, column) {
			return errNotWhole
		}
	}
	list := `"` + strings.Join(columns, `", "`) + `"`
	if _, err := conn.ExecContext(ctx, `DELETE FROM main.`+table); err != nil { // what migrations inserted
		return err
	}
	if _, err := conn.ExecContext(ctx, fmt.Sprintf(`INSERT INTO main.%s (%s) SELECT %s FROM source.%s`, table, list, list, table)); err != nil {
		return err
	}
	return checkTypes(ctx, conn, table)
}

// copySequences copies the highest row identifiers that the tables with AUTOINCREMENT have ever had.
func copySequences(ctx context.Context, conn *sql.Conn) error {
	var kept bool
	err := conn.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM source.sqlite_schema WHERE name = 'sqlite_sequence' AND type = 'table')`).Scan(&kept)
	if err != nil || !kept {
		return err
	}
	_, err = conn.ExecContext(ctx, `UPDATE main.sqlite_sequence SET seq = max(seq, coalesce(
		(SELECT max(s.seq) FROM source.sqlite_sequence s WHERE s.name = main.sqlite_sequence.name AND typeof(s.seq) = 'integer'
			AND s.seq BETWEEN 0 AND 1000000000000), 0))`)
	return err
}

// checkTypes checks that each value of a table has the type of its column: SQLite stores any value in any column.
func checkTypes(ctx context.Context, conn *sql.Conn, table string) error {
	columns, err := texts(ctx, conn, `SELECT '(typeof("' || name || '") NOT IN (''null'', ' || CASE type
			WHEN 'INTEGER' THEN '''integer''' WHEN 'REAL' THEN '''real''' WHEN 'BLOB' THEN '''blob''' ELSE '''text''' END || '))'
		FROM pragma_table_info($1, 'main')`, table)
	if err != nil {
		return err
	}
	var wrong bool
	err = conn.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM main.`+table+` WHERE `+strings.Join(columns, " OR ")+`)`).Scan(&wrong)
	if err == nil && wrong {
		return errNotWhole
	}
	return err
}

// rowChecks are queries that find rows which no lab has: rows that refer to a missing row, a clock that is off by centuries, and
// password hashes whose comparison takes hours (bcrypt's cost).
var rowChecks = []string{
	`SELECT 1 FROM pragma_foreign_key_check`,
	`SELECT 1 FROM lab_state WHERE abs(offset_ms) > 3155760000000 OR frozen_ms NOT BETWEEN 0 AND 7258118400000 OR id_counter < 0`,
	`SELECT 1 FROM okta_users WHERE CAST(substr(password_hash, 5, 2) AS INTEGER) > 12`,
	`SELECT 1 FROM okta_users, json_each(password_history) h WHERE CAST(substr(h.value, 5, 2) AS INTEGER) > 12`,
	`SELECT 1 FROM sigma_members WHERE CAST(substr(password_hash, 5, 2) AS INTEGER) > 12`,
}

func checkRows(ctx context.Context, conn *sql.Conn) error {
	for _, query := range rowChecks {
		var found bool
		if err := conn.QueryRowContext(ctx, `SELECT EXISTS (`+query+`)`).Scan(&found); err != nil {
			return err
		}
		if found {
			return errNotWhole
		}
	}
	return nil
}
