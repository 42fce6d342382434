package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"

	"modernc.org/sqlite"
)

// backuper is the part of the driver's connection that copies whole databases.
type backuper interface {
	NewRestore(srcURI string) (*sqlite.Backup, error)
	Serialize() ([]byte, error)
}

// Restore replaces everything in the file with the database at path, in one step that a reader sees either not at all
// or whole. Transactions of contexts pinned before it answer [ErrReset] from now on.
func (db *DB) Restore(ctx context.Context, path string) (err error) {
	give, err := db.take(ctx)
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	defer give()
	if err := db.statements.forget(); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	conn := db.conn
	err = conn.Raw(func(c any) error {
		b, err := c.(backuper).NewRestore("file:" + (&url.URL{Path: path}).EscapedPath() + "?mode=ro&immutable=1")
		if err != nil {
			return err
		}
		for more := true; more && err == nil; {
			more, err = b.Step(-1)
		}
		return errors.Join(err, b.Finish())
	})
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	db.generation.Add(1) // what was noted of the lab until now is no longer about it
	var offset int64
	var frozen sql.NullInt64
	row := conn.QueryRowContext(ctx, `SELECT offset_ms, frozen_ms FROM lab_state WHERE id = 1`)
	if err := row.Scan(&offset, &frozen); err != nil {
		return fmt.Errorf("restore: read clock: %w", err)
	}
	db.setClock(offset, frozen)
	db.changes.note()
	db.everything.note()
	return nil
}

// Serialize gives the whole database as the bytes of a file.
func (db *DB) Serialize(ctx context.Context) (data []byte, err error) {
	give, err := db.take(ctx)
	if err != nil {
		return nil, fmt.Errorf("serialize: %w", err)
	}
	defer give()
	if err := db.settle(ctx); err != nil {
		return nil, fmt.Errorf("serialize: %w", err)
	}
	err = db.conn.Raw(func(c any) error {
		data, err = c.(backuper).Serialize()
		return err
	})
	return data, err
}
