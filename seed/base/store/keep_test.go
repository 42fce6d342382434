package store_test

import (
	"errors"
	"path/filepath"
	"testing"

	"understudy/seed/base/store"
)

type countKey struct{}

// keptNotes is a kept count of the notes, with the number of times that it was loaded.
type keptNotes struct{ loads int }

func (k *keptNotes) in(tx *store.Tx) (int, error) {
	return store.Keep(tx, countKey{}, func() (n int, err error) {
		k.loads++
		return n, tx.QueryRow(`SELECT count(*) FROM note`).Scan(&n)
	})
}

func (k *keptNotes) read(t *testing.T, db *store.DB) (n int) {
	t.Helper()
	if err := db.Read(t.Context(), func(tx *store.Tx) (err error) { n, err = k.in(tx); return err }); err != nil {
		t.Fatal(err)
	}
	return n
}

// A kept value is loaded again after each change that it depends on, and after no other.
func TestAKeptValueIsLoadedAgainWhenItsTableChanges(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "lab.db"), store.Options{Seed: "a"})
	if err := db.Migrate(t.Context(), "families", families); err != nil {
		t.Fatal(err)
	}
	write := func(statement string) {
		t.Helper()
		if err := db.Write(t.Context(), func(tx *store.Tx) error { return tx.Exec(statement) }); err != nil {
			t.Fatal(err)
		}
	}
	saved, err := db.Serialize(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	failed := errors.New("failed")
	for _, step := range []struct {
		name        string
		change      func()
		loads, want int
	}{
		{"the first time", func() {}, 1, 0},
		{"nothing happens", func() {}, 0, 0},
		{"its table changes", func() { write(`INSERT INTO note (id, text) VALUES ('1', '')`) }, 1, 1},
		{"another table changes", func() { write(`INSERT INTO word VALUES ('a')`) }, 0, 1},
		{"the lab is restored", func() { restore(t, db, saved) }, 1, 0},
		{"a transaction reads its own change and is rolled back", func() {
			var inside keptNotes
			err := db.Write(t.Context(), func(tx *store.Tx) error {
				if err := tx.Exec(`INSERT INTO note (id, text) VALUES ('2', '')`); err != nil {
					return err
				}
				if n, err := inside.in(tx); n != 1 || err != nil {
					t.Errorf("inside the transaction: %d notes, error %v", n, err)
				}
				return failed
			})
			if !errors.Is(err, failed) {
				t.Fatal(err)
			}
		}, 1, 0},
	} {
		var k keptNotes
		step.change()
		if n := k.read(t, db); n != step.want || k.loads != step.loads {
			t.Errorf("%s: %d notes after %d loads, want %d after %d", step.name, n, k.loads, step.want, step.loads)
		}
	}
}

// Reading a kept value counts as reading the tables that it was loaded from.
func TestAKeptValueIsRecordedAsRead(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "lab.db"), store.Options{Seed: "a"})
	for _, name := range []string{"loaded", "kept"} {
		mark := db.Mark()
		ctx, reads := store.RecordReads(t.Context())
		var k keptNotes
		if err := db.Read(ctx, func(tx *store.Tx) error { _, err := k.in(tx); return err }); err != nil {
			t.Fatal(err)
		}
		if db.ChangedSince(mark, reads) {
			t.Errorf("%s: changed although nothing happened", name)
		}
		if name == "loaded" {
			continue
		}
		if k.loads != 0 {
			t.Fatal("the value was not kept")
		}
		if err := db.Write(t.Context(), func(tx *store.Tx) error {
			return tx.Exec(`INSERT INTO note (id, text) VALUES ('1', '')`)
		}); err != nil {
			t.Fatal(err)
		}
		if !db.ChangedSince(mark, reads) {
			t.Errorf("%s: the change of the table was not noticed", name)
		}
	}
}

// An error is not kept.
func TestAnErrorIsNotKept(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "lab.db"), store.Options{Seed: "a"})
	failed := errors.New("failed")
	for _, want := range []error{failed, nil} {
		err := db.Read(t.Context(), func(tx *store.Tx) error {
			_, err := store.Keep(tx, countKey{}, func() (int, error) { return 0, want })
			return err
		})
		if !errors.Is(err, want) {
			t.Errorf("error %v, want %v", err, want)
		}
	}
}
