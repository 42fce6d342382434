package store_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"understudy/seed/problem"
	"understudy/seed/store"
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

func addNote(ctx context.Context, db *store.DB, text string) (id string, err error) {
	err = db.Write(ctx, func(tx *store.Tx) error {
		id = tx.ID("00u")
		return tx.Exec(`INSERT INTO note (id, text) VALUES ($1, $2)`, id, text)
	})
	return id, err
}

func countNotes(t *testing.T, db *store.DB) (n int) {
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
				id, err := addNote(t.Context(), db, "x")
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

func TestAFailedWriteLeavesNothingAndGivesTheConnectionBack(t *testing.T) {
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
	if !errors.Is(err, boom) || ran || countNotes(t, db) != 0 {
		t.Fatalf("err %v, after-commit ran %v, notes %d", err, ran, countNotes(t, db))
	}
	ctx, cancel := context.WithCancel(t.Context())
	err = db.Write(ctx, func(tx *store.Tx) error {
		cancel()
		return tx.Exec(`INSERT INTO note (id, text) VALUES ('a', 'b')`)
	})
	if err == nil || countNotes(t, db) != 0 {
		t.Fatalf("a cancelled write answered %v and left %d notes", err, countNotes(t, db))
	}
}

func TestAPanicInAWriteLeavesNothingAndNobodyThinksItWasDone(t *testing.T) {
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
	if ran || countNotes(t, db) != 0 {
		t.Errorf("after-commit ran %v, notes %d", ran, countNotes(t, db))
	}
}

func TestRestoreReplacesEverythingAndRefusesRequestsFromBefore(t *testing.T) {
	dir := t.TempDir()
	template := open(t, filepath.Join(dir, "template.db"), store.Options{})
	if _, err := addNote(t.Context(), template, "from the template"); err != nil {
		t.Fatal(err)
	}
	if err := template.Close(); err != nil {
		t.Fatal(err)
	}
	db := open(t, filepath.Join(dir, "lab.db"), store.Options{})
	for range 3 {
		if _, err := addNote(t.Context(), db, "mine"); err != nil {
			t.Fatal(err)
		}
	}
	before := db.Pin(t.Context())
	if err := db.Restore(t.Context(), filepath.Join(dir, "template.db")); err != nil {
		t.Fatal(err)
	}
	if n := countNotes(t, db); n != 1 {
		t.Errorf("%d notes after the reset, want the template's one", n)
	}
	if _, err := addNote(before, db, "late"); !errors.Is(err, store.ErrReset) || !problem.Is(err, problem.Unavailable) {
		t.Errorf("a request from before the reset got %v", err)
	}
	if _, err := addNote(db.Pin(t.Context()), db, "new"); err != nil {
		t.Errorf("a request after the reset got %v", err)
	}
}

func TestClockMovesAndStops(t *testing.T) {
	wall := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	path := filepath.Join(t.TempDir(), "lab.db")
	o := store.Options{Wall: func() time.Time { return wall }}
	db := open(t, path, o)
	if err := db.SetClock(t.Context(), 48*time.Hour, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if got := db.Now(); !got.Equal(wall.Add(48 * time.Hour)) {
		t.Errorf("moved clock says %v", got)
	}
	frozen := wall.Add(-time.Hour)
	if err := db.SetClock(t.Context(), 0, frozen); err != nil {
		t.Fatal(err)
	}
	_ = db.Close()
	if got := open(t, path, o).Now(); !got.Equal(frozen) {
		t.Errorf("frozen clock says %v after reopening", got)
	}
}
