package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"

	"modernc.org/sqlite"
)

// backuper is the part of the driver's connection that copies whole databases (SQLite's Online Backup and Serialization
// interfaces).
type backuper interface {
	NewRestore(srcURI string) (*sqlite.Backup, error)
	Serialize() ([]byte, error)
}

// Restore replaces the whole content of the file by the database at path, atomically. From then on, transactions of
// contexts that were pinned before return [ErrReset].
func (db *DB) Restore(ctx context.Context, path string) (err error) {
	release, err := db.acquire(ctx)
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	defer release()
	if err := db.statements.closeAll(); err != nil {
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
	db.tables.replaceAll()
	db.issued = unknownIDs
	db.generation.Add(1) // queued writes are about the lab before the reset
	var offset int64
	var frozen sql.NullInt64
	row := conn.QueryRowContext(ctx, `SELECT offset_ms, frozen_ms FROM lab_state WHERE id = 1`)
	if err := row.Scan(&offset, &frozen); err != nil {
		return fmt.Errorf("restore: read clock: %w", err)
	}
	db.setClock(offset, frozen)
	db.announce(true)
	return nil
}

// Serialize returns the whole database as the content of a file; [ErrReset] if the lab was reset since ctx was pinned.
func (db *DB) Serialize(ctx context.Context) (data []byte, err error) {
	release, err := db.acquire(ctx)
	if err != nil {
		return nil, fmt.Errorf("serialize: %w", err)
	}
	defer release()
	if db.Stale(ctx) {
		return nil, ErrReset
	}
	if err := db.flush(ctx); err != nil {
		return nil, fmt.Errorf("serialize: %w", err)
	}
	err = db.conn.Raw(func(c any) error {
		data, err = c.(backuper).Serialize()
		return err
	})
	return data, err
}
