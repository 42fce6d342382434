package lab

import (
	"compress/gzip"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"understudy/idp"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
	"understudy/sp"
)

// An exported lab is one file: the SQLite file compressed with gzip, with transferMark as the comment of the gzip header.
const (
	transferMark = "understudy lab 1"
	// TransferExtension is the extension of exported labs.
	TransferExtension = ".understudy"
	// TransferMaximum is the largest size of the database in an exported file, in bytes.
	TransferMaximum = 512 << 20
)

// Export writes the lab as it is now to w, as one file.
func (r *Registry) Export(ctx context.Context, name string, w io.Writer) error {
	l, release, err := r.Acquire(ctx, name)
	if err != nil {
		return err
	}
	defer release()
	data, err := l.DB.Serialize(ctx)
	if err != nil {
		return fmt.Errorf("export %s: %w", name, err)
	}
	zip := gzip.NewWriter(w)
	zip.Name, zip.Comment = name+".db", transferMark
	if _, err := zip.Write(data); err != nil {
		return fmt.Errorf("export %s: %w", name, err)
	}
	return zip.Close()
}

func damaged(what string) error {
	return problem.InvalidField("file", "This file cannot be imported: "+what+" Nothing was changed.")
}

// Import creates a lab from an exported file. Invalid at the field file when the file is damaged, is no lab, or comes from a
// newer program; Invalid at the field name, or Conflict, when the name is not valid or is taken. An error changes nothing.
func (r *Registry) Import(ctx context.Context, name string, from io.Reader) error {
	if !validName.MatchString(name) {
		return errLabName
	}
	scratch, err := os.MkdirTemp(filepath.Join(r.dir, "templates"), "import-*")
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	path := filepath.Join(scratch, "lab.db")
	if err := unpack(path, from); err != nil {
		return err
	}
	if err := inspect(ctx, path); err != nil {
		return err
	}
	l, err := open(ctx, name, path, r.config) // applies missing migrations
	if err != nil {
		return damaged("it does not hold a whole lab.")
	}
	complete, err := l.complete(ctx, filepath.Join(scratch, "empty.db"))
	if err := errors.Join(err, l.close()); err != nil {
		return fmt.Errorf("import: %w", err)
	}
	if !complete {
		return damaged("it does not hold a whole lab.")
	}
	return r.settle(name, path)
}

// complete reports whether the lab has every table and column of an empty lab, which it creates at the path empty, and whether
// its view can be read.
func (l *Lab) complete(ctx context.Context, empty string) (bool, error) {
	if err := migrateFile(ctx, empty); err != nil {
		return false, err
	}
	db, err := store.Open(ctx, empty, store.Options{})
	if err != nil {
		return false, err
	}
	needed, err := columns(ctx, db)
	if err := errors.Join(err, db.Close()); err != nil {
		return false, err
	}
	there, err := columns(ctx, l.DB)
	if err != nil {
		return false, err
	}
	for _, column := range needed {
		if _, found := slices.BinarySearch(there, column); !found {
			return false, nil
		}
	}
	_, err = l.View(ctx)
	return err == nil, nil
}

// columns returns the columns of all tables as table.column, sorted.
func columns(ctx context.Context, db *store.DB) (list []string, err error) {
	err = db.Read(ctx, func(tx *store.Tx) error {
		list, err = store.List(tx, store.Text,
			`SELECT t.name || '.' || c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' ORDER BY 1`)
		return err
	})
	return list, err
}

// settle links a finished file to a lab's name in one step, so that a crash leaves no incomplete lab.
func (r *Registry) settle(name, path string) error {
	err := os.Link(path, r.path(name))
	if errors.Is(err, fs.ErrExist) {
		return problem.New(problem.Conflict, "There is already a lab named "+name+".")
	}
	if err != nil {
		return fmt.Errorf("make lab %s: %w", name, err)
	}
	return nil
}

func unpack(path string, from io.Reader) (err error) {
	zip, err := gzip.NewReader(from)
	if err != nil || zip.Comment != transferMark {
		return damaged("it was not exported from a lab.")
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	n, err := io.Copy(file, io.LimitReader(zip, TransferMaximum+1))
	switch {
	case err != nil:
		return damaged("it is incomplete, or its checksum is wrong.")
	case n > TransferMaximum:
		return damaged("it is too large.")
	}
	return nil
}

// inspect checks a file before it is opened for writing: that it is an undamaged database, that it is a lab's, and that it has no
// migration which this program does not know.
func inspect(ctx context.Context, path string) (err error) {
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?mode=ro&immutable=1")
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var verdict string
	if err := db.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&verdict); err != nil || verdict != "ok" {
		return damaged("the database in it is damaged.")
	}
	var about int
	if err := db.QueryRowContext(ctx, `SELECT count(*) FROM lab_about`).Scan(&about); err != nil || about != 1 {
		return damaged("the database in it is not a lab's.")
	}
	rows, err := db.QueryContext(ctx, `SELECT room, name FROM lab_migrations`)
	if err != nil {
		return damaged("the database in it is not a lab's.")
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	known := map[string]fs.FS{"lab": migrations(), idp.MigrationSet: idp.Migrations(), sp.MigrationSet: sp.Migrations()}
	for rows.Next() {
		var room, migration string
		if err := rows.Scan(&room, &migration); err != nil {
			return damaged("the database in it is not a lab's.")
		}
		files, ours := known[room]
		if ours {
			_, err = fs.Stat(files, migration)
		}
		if !ours || err != nil {
			return damaged("it was made by a newer version of this program.")
		}
	}
	return rows.Err()
}

// ExportName returns the file name of an exported lab.
func ExportName(name string) string {
	return strings.TrimSuffix(name, TransferExtension) + TransferExtension
}
