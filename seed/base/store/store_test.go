package store_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

var schema = fstest.MapFS{"001.sql": {Data: []byte(`CREATE TABLE note (id TEXT PRIMARY KEY, text TEXT NOT NULL);`)}}

func open(t *testing.T, path string, o store.Options) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := db.Migrate(t.Context(), "test", schema); err != nil {
		t.Fatal(err)
	}
	return db
}

func addRow(ctx context.Context, db *store.DB, text string) (id string, err error) {
	err = db.Write(ctx, func(tx *store.Tx) error {
		id = tx.ID("00u")
		return tx.Exec(`INSERT INTO note (id, text) VALUES ($1, $2)`, id, text)
	})
	return id, err
}

func countRows(t *testing.T, db *store.DB) (n int) {
	t.Helper()
	err := db.Read(t.Context(), func(tx *store.Tx) error { return tx.QueryRow(`SELECT count(*) FROM note`).Scan(&n) })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestIdentifiersRepeatForASeedAndSurviveReopening(t *testing.T) {
	ids := func(seed string) (list []string) {
		path := filepath.Join(t.TempDir(), "lab.db")
		for range 2 {
			db := open(t, path, store.Options{Seed: seed})
			for range 3 {
				id, err := addRow(t.Context(), db, "x")
				if err != nil {
					t.Fatal(err)
				}
				list = append(list, id)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
		}
		return list
	}
	first, again, other := ids("demo"), ids("demo"), ids("other")
	for i := range first {
		if len(first[i]) != 20 || first[i] != again[i] || first[i] == other[i] {
			t.Errorf("id %d: %s, again %s, other seed %s", i, first[i], again[i], other[i])
		}
	}
}

func TestFailedWriteRollsBackAndReleasesTheConnection(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "lab.db"), store.Options{})
	boom := errors.New("boom")
	ran := false
	err := db.Write(t.Context(), func(tx *store.Tx) error {
		tx.AfterCommit(func() { ran = true })
		if err := tx.Exec(`INSERT INTO note (id, text) VALUES ('a', 'b')`); err != nil {
			return err
		}
		return boom
	})
	if !errors.Is(err, boom) || ran || countRows(t, db) != 0 {
		t.Fatalf("err %v, AfterCommit ran: %v, %d rows", err, ran, countRows(t, db))
	}
	ctx, cancel := context.WithCancel(t.Context())
	err = db.Write(ctx, func(tx *store.Tx) error {
		cancel()
		return tx.Exec(`INSERT INTO note (id, text) VALUES ('a', 'b')`)
	})
	if err == nil || countRows(t, db) != 0 {
		t.Fatalf("a cancelled write returned %v and left %d rows", err, countRows(t, db))
	}
}

func TestPanicInAWriteRollsBackAndRunsNoAfterCommit(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "lab.db"), store.Options{})
	ran := false
	func() {
		defer func() { _ = recover() }()
		_ = db.Write(t.Context(), func(tx *store.Tx) error {
			tx.AfterCommit(func() { ran = true })
			_ = tx.Exec(`INSERT INTO note (id, text) VALUES ('a', 'b')`)
			panic("boom")
		})
	}()
	if ran || countRows(t, db) != 0 {
		t.Errorf("AfterCommit ran: %v, %d rows", ran, countRows(t, db))
	}
}

func TestRestoreReplacesEverythingAndEndsOlderRequests(t *testing.T) {
	dir := t.TempDir()
	template := open(t, filepath.Join(dir, "template.db"), store.Options{})
	if _, err := addRow(t.Context(), template, "from the template"); err != nil {
		t.Fatal(err)
	}
	if err := template.Close(); err != nil {
		t.Fatal(err)
	}
	db := open(t, filepath.Join(dir, "lab.db"), store.Options{})
	for range 3 {
		if _, err := addRow(t.Context(), db, "mine"); err != nil {
			t.Fatal(err)
		}
	}
	before := db.Pin(t.Context())
	if err := db.Restore(t.Context(), filepath.Join(dir, "template.db")); err != nil {
		t.Fatal(err)
	}
	if n := countRows(t, db); n != 1 {
		t.Errorf("%d rows after the reset, want the one of the template", n)
	}
	if _, err := addRow(before, db, "late"); !errors.Is(err, store.ErrReset) || !problem.Is(err, problem.Unavailable) {
		t.Errorf("a request that began before the reset got %v", err)
	}
	if _, err := addRow(db.Pin(t.Context()), db, "new"); err != nil {
		t.Errorf("a request that began after the reset got %v", err)
	}
}

func TestClockCanBeMovedAndStopped(t *testing.T) {
	wall := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	path := filepath.Join(t.TempDir(), "lab.db")
	o := store.Options{Wall: func() time.Time { return wall }}
	db := open(t, path, o)
	if err := db.SetClock(t.Context(), 48*time.Hour, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if got := db.Now(); !got.Equal(wall.Add(48 * time.Hour)) {
		t.Errorf("the moved clock is %v", got)
	}
	frozen := wall.Add(-time.Hour)
	if err := db.SetClock(t.Context(), 0, frozen); err != nil {
		t.Fatal(err)
	}
	_ = db.Close()
	if got := open(t, path, o).Now(); !got.Equal(frozen) {
		t.Errorf("the stopped clock is %v after reopening", got)
	}
}

// writeLater adds a row by a deferred write.
func writeLater(t *testing.T, ctx context.Context, db *store.DB, text string, affectsChecks bool) {
	t.Helper()
	db.WriteLater(ctx, store.DeferredWrite{
		Write: func(tx *store.Tx) (bool, error) {
			return affectsChecks, tx.Exec(`INSERT INTO note (id, text) VALUES ($1, $1)`, text)
		},
		Failed: func(err error) { t.Errorf("deferred write %s: %v", text, err) },
	})
}

func TestDeferredWritesJoinTheNextTransactionOrAFlush(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lab.db")
	db := open(t, path, store.Options{})
	before := db.Version()
	writeLater(t, t.Context(), db, "a", true)
	writeLater(t, t.Context(), db, "b", false)
	if err := db.Flush(t.Context()); err != nil || countRows(t, db) != 2 {
		t.Fatalf("err %v, %d rows after the flush, want 2", err, countRows(t, db))
	}
	if got := db.Version(); got != before+1 {
		t.Errorf("version %d after two deferred writes in one transaction, want %d", got, before+1)
	}
	writeLater(t, t.Context(), db, "c", false)
	if _, err := addRow(t.Context(), db, "mine"); err != nil || countRows(t, db) != 4 {
		t.Fatalf("err %v, %d rows after another write, want 4", err, countRows(t, db))
	}
	writeLater(t, t.Context(), db, "d", true)
	boom := errors.New("boom")
	if err := db.Write(t.Context(), func(*store.Tx) error { return boom }); !errors.Is(err, boom) {
		t.Fatal(err)
	}
	if err := db.Flush(t.Context()); err != nil || countRows(t, db) != 5 {
		t.Fatalf("err %v, %d rows, want 5: the failed write also discarded a deferred write", err, countRows(t, db))
	}
	writeLater(t, t.Context(), db, "e", true)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if n := countRows(t, open(t, path, store.Options{})); n != 6 {
		t.Errorf("%d rows after closing, want 6", n)
	}
}

func TestDeferredWriteIsFlushedAndWakesWaiters(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "lab.db"), store.Options{})
	version, activity := db.Version(), db.Activity()
	writeLater(t, t.Context(), db, "a", false)
	if _, err := db.WaitActivity(t.Context(), activity); err != nil {
		t.Fatal(err)
	}
	if db.Version() != version {
		t.Error("a deferred write that affects no check changed the version")
	}
	writeLater(t, t.Context(), db, "b", true)
	if _, err := db.WaitChange(t.Context(), version); err != nil {
		t.Fatal(err)
	}
	if n := countRows(t, db); n != 2 {
		t.Errorf("%d rows, want 2", n)
	}
}

func TestDeferredWriteFromBeforeTheResetIsDropped(t *testing.T) {
	dir := t.TempDir()
	template := open(t, filepath.Join(dir, "template.db"), store.Options{})
	if err := template.Close(); err != nil {
		t.Fatal(err)
	}
	db := open(t, filepath.Join(dir, "lab.db"), store.Options{})
	before := db.Pin(t.Context())
	writeLater(t, before, db, "waiting", true)
	if err := db.Restore(t.Context(), filepath.Join(dir, "template.db")); err != nil {
		t.Fatal(err)
	}
	writeLater(t, before, db, "late", true)
	if err := db.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := countRows(t, db); n != 0 {
		t.Errorf("%d rows after the reset, want none", n)
	}
}

func TestFailedDeferredWriteDoesNotFailTheTransaction(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "lab.db"), store.Options{})
	var failed error
	db.WriteLater(t.Context(), store.DeferredWrite{
		Write:  func(tx *store.Tx) (bool, error) { return true, tx.Exec(`INSERT INTO nowhere VALUES (1)`) },
		Failed: func(err error) { failed = err },
	})
	writeLater(t, t.Context(), db, "a", true)
	if _, err := addRow(t.Context(), db, "mine"); err != nil || failed == nil || countRows(t, db) != 2 {
		t.Errorf("err %v, deferred write failed with %v, %d rows, want 2", err, failed, countRows(t, db))
	}
}
