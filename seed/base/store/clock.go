package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Now returns the lab's time in UTC, truncated to milliseconds: the wall clock plus the lab's offset, or the instant at
// which the clock was stopped.
func (db *DB) Now() time.Time {
	db.clock.RLock()
	defer db.clock.RUnlock()
	if !db.clock.frozen.IsZero() {
		return db.clock.frozen
	}
	return db.wall().Add(db.clock.offset).UTC().Truncate(time.Millisecond)
}

// Clock returns the offset of the lab's clock from the wall clock, and the instant at which it was stopped, which is zero
// while the clock runs.
func (db *DB) Clock() (offset time.Duration, frozen time.Time) {
	db.clock.RLock()
	defer db.clock.RUnlock()
	return db.clock.offset, db.clock.frozen
}

// SetClock sets the offset of the lab's clock from the wall clock. If frozen is not zero, the clock stops at that instant.
func (db *DB) SetClock(ctx context.Context, offset time.Duration, frozen time.Time) error {
	err := db.Write(ctx, func(tx *Tx) error {
		return tx.Exec(`UPDATE lab_state SET offset_ms = $1, frozen_ms = $2 WHERE id = 1`,
			offset.Milliseconds(), sql.NullInt64{Int64: Millis(frozen), Valid: !frozen.IsZero()})
	})
	if err != nil {
		return fmt.Errorf("set clock: %w", err)
	}
	return db.loadClock(ctx)
}

func (db *DB) loadClock(ctx context.Context) error {
	var offset int64
	var frozen sql.NullInt64
	release, err := db.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	row := db.conn.QueryRowContext(ctx, `SELECT offset_ms, frozen_ms FROM lab_state WHERE id = 1`)
	if err := row.Scan(&offset, &frozen); err != nil {
		return fmt.Errorf("read clock: %w", err)
	}
	db.setClock(offset, frozen)
	return nil
}

func (db *DB) setClock(offset int64, frozen sql.NullInt64) {
	db.clock.Lock()
	defer db.clock.Unlock()
	db.clock.offset = time.Duration(offset) * time.Millisecond
	db.clock.frozen = Time(frozen.Int64)
}
