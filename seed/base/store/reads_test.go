package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"understudy/seed/base/store"
)

var families = fstest.MapFS{"001.sql": {Data: []byte(`CREATE TABLE parent (id INTEGER PRIMARY KEY);
	CREATE TABLE child (parent INTEGER NOT NULL REFERENCES parent (id) ON DELETE CASCADE);
	CREATE TABLE word (word TEXT PRIMARY KEY) WITHOUT ROWID;`)}}

// The reads of a context are out of date when a table that they read has changed, but not when another table has changed.
func TestReadsKnowWhenTheirTablesChange(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lab.db")
	db := open(t, path, store.Options{Seed: "a"})
	if err := db.Migrate(t.Context(), "families", families); err != nil {
		t.Fatal(err)
	}
	write := func(statement string, args ...any) {
		t.Helper()
		if err := db.Write(t.Context(), func(tx *store.Tx) error { return tx.Exec(statement, args...) }); err != nil {
			t.Fatal(err)
		}
	}
	write(`INSERT INTO parent VALUES (1), (2)`)
	write(`INSERT INTO child VALUES (1), (2)`)
	saved, err := db.Serialize(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	count := func(table string) func(*store.Tx) error {
		return func(tx *store.Tx) error {
			var n int
			return tx.QueryRow(`SELECT count(*) FROM ` + table).Scan(&n)
		}
	}
	clock := func(tx *store.Tx) error { _ = tx.Now(); return nil }
	tests := []struct {
		name    string
		read    func(*store.Tx) error
		change  func()
		changed bool
	}{
		{"nothing happens", count("child"), func() {}, false},
		{"a row is added", count("child"), func() { write(`INSERT INTO child VALUES (2)`) }, true},
		{"a row of another table is added", count("child"), func() { write(`INSERT INTO parent VALUES (3)`) }, false},
		{"a row is changed", count("child"), func() { write(`UPDATE child SET parent = 2`) }, true},
		{"no row is changed", count("child"), func() { write(`UPDATE child SET parent = 2 WHERE parent = 7`) }, false},
		{"a cascade deletes rows", count("child"), func() { write(`DELETE FROM parent WHERE id = 2`) }, true},
		{"rows are added again", count("child"), func() { write(`INSERT INTO child VALUES (1), (3)`) }, true},
		{"all rows are deleted", count("child"), func() { write(`DELETE FROM child`) }, true},
		{"a table without rowid changes", count("word"), func() { write(`INSERT INTO word VALUES ('a') ON CONFLICT DO NOTHING`) }, true},
		{"a conflict does nothing", count("word"), func() { write(`INSERT INTO word VALUES ('a') ON CONFLICT DO NOTHING`) }, false},
		{"the clock was read and anything changes", clock, func() { write(`INSERT INTO word VALUES ('b')`) }, true},
		{"a deferred write", count("word"), func() {
			db.WriteLater(t.Context(), store.DeferredWrite{
				Write:  func(tx *store.Tx) (bool, error) { return false, tx.Exec(`DELETE FROM word`) },
				Failed: func(err error) { t.Error(err) },
			})
			if err := db.Flush(t.Context()); err != nil {
				t.Fatal(err)
			}
		}, true},
		{"the lab is restored", count("word"), func() { restore(t, db, saved) }, true},
	}
	for _, tt := range tests {
		mark := db.Mark()
		ctx, reads := store.RecordReads(t.Context())
		if err := db.Read(ctx, tt.read); err != nil {
			t.Fatal(err)
		}
		tt.change()
		if got := db.ChangedSince(mark, reads); got != tt.changed {
			t.Errorf("%s: changed %v, want %v", tt.name, got, tt.changed)
		}
		if db.ChangedSince(db.Mark(), reads) {
			t.Errorf("%s: still changed afterwards", tt.name)
		}
	}
}

// A transaction that is rolled back does not leave its tables marked as changed.
func TestARollbackLeavesNoTableMarkedAsChanged(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "lab.db"), store.Options{Seed: "a"})
	ctx, reads := store.RecordReads(t.Context())
	if err := db.Read(ctx, func(tx *store.Tx) error { return tx.QueryRow(`SELECT count(*) FROM note`).Scan(new(int)) }); err != nil {
		t.Fatal(err)
	}
	failed := errors.New("failed")
	err := db.Write(context.Background(), func(tx *store.Tx) error {
		return errors.Join(failed, tx.Exec(`INSERT INTO note (id, text) VALUES ('1', '')`))
	})
	if !errors.Is(err, failed) {
		t.Fatal(err)
	}
	if db.ChangedSince(db.Mark(), reads) {
		t.Error("the table is still marked as changed")
	}
}

func restore(t *testing.T, db *store.DB, content []byte) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "saved.db")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := db.Restore(t.Context(), path); err != nil {
		t.Fatal(err)
	}
}
