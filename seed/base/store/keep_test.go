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

type rowKey string

// keptText is the text of one note, kept inside another kept value, with the number of times that both were loaded.
type keptText struct{ loads int }

func (k *keptText) in(tx *store.Tx) (string, error) {
	return store.Keep(tx, rowKey("outer"), func() (string, error) {
		return store.Keep(tx, rowKey("inner"), func() (string, error) {
			k.loads++
			return store.OneByRow(tx, []string{"note"}, "no note", store.Text, `SELECT n.rowid, n.text || (SELECT count(*) FROM word)
				FROM note n WHERE n.id = '1'`)
		})
	})
}

// A value that was loaded from one row is loaded again after each change of this row, and after no change of other rows.
func TestAKeptRowIsLoadedAgainWhenTheRowChanges(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "lab.db"), store.Options{Seed: "a"})
	if err := db.Migrate(t.Context(), "families", families); err != nil {
		t.Fatal(err)
	}
	var inside keptText // loads within the transactions below
	write := func(fails error, statements ...string) func() {
		return func() {
			t.Helper()
			err := db.Write(t.Context(), func(tx *store.Tx) error {
				for _, statement := range statements {
					if err := tx.Exec(statement); err != nil {
						return err
					}
				}
				if len(statements) > 1 { // the transaction reads its own change
					if _, err := inside.in(tx); err != nil {
						t.Error(err)
					}
				}
				return fails
			})
			if !errors.Is(err, fails) {
				t.Fatal(err)
			}
		}
	}
	write(nil, `INSERT INTO note (id, text) VALUES ('1', 'a'), ('2', 'b')`)()
	saved, err := db.Serialize(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	failed := errors.New("failed")
	for _, step := range []struct {
		name   string
		change func()
		loads  int
		want   string
	}{
		{"the first time", func() {}, 1, "a0"},
		{"another row changes", write(nil, `UPDATE note SET text = 'c' WHERE id = '2'`), 0, "a0"},
		{"another row is added", write(nil, `INSERT INTO note (id, text) VALUES ('3', 'd')`), 0, "a0"},
		{"another row is deleted", write(nil, `DELETE FROM note WHERE id = '3'`), 0, "a0"},
		{"the row changes", write(nil, `UPDATE note SET text = 'e' WHERE id = '1'`), 1, "e0"},
		{"another table of the query changes", write(nil, `INSERT INTO word VALUES ('x')`), 1, "e1"},
		{"a change of the row is rolled back", write(failed, `UPDATE note SET text = 'f' WHERE id = '1'`), 1, "e1"},
		{"a change is read and rolled back", write(failed, `UPDATE note SET text = 'g' WHERE id = '1'`, `SELECT 1`), 1, "e1"},
		{"the row gets another rowid", write(nil, `UPDATE note SET rowid = 77, text = 'h' WHERE id = '1'`), 1, "h1"},
		{"the row changes under its new rowid", write(nil, `UPDATE note SET text = 'i' WHERE id = '1'`), 1, "i1"},
		{"the row is replaced by another", write(nil, `DELETE FROM note WHERE id = '1'`, `INSERT INTO note (id, text) VALUES ('1', 'j')`), 1, "j1"},
		{"many other values are kept", func() { keepMany(t, db) }, 1, "j1"},
		{"a change is read before anything else and rolled back", func() {
			keepMany(t, db)
			write(failed, `UPDATE note SET text = 'k' WHERE id = '1'`, `SELECT 1`)()
		}, 1, "j1"},
		{"the lab is restored", func() { restore(t, db, saved) }, 1, "a0"},
	} {
		step.change()
		k := keptText{}
		var text string
		if err := db.Read(t.Context(), func(tx *store.Tx) (err error) { text, err = k.in(tx); return err }); err != nil {
			t.Fatal(err)
		}
		if text != step.want || k.loads != step.loads {
			t.Errorf("%s: %q after %d loads, want %q after %d", step.name, text, k.loads, step.want, step.loads)
		}
	}
	if inside.loads != 3 {
		t.Errorf("%d loads inside transactions, want 3", inside.loads)
	}
}

// keepMany keeps so many values that all others are dropped.
func keepMany(t *testing.T, db *store.DB) {
	t.Helper()
	err := db.Read(t.Context(), func(tx *store.Tx) error {
		for i := range 100 {
			if _, err := store.Keep(tx, i, func() (int, error) { return i, nil }); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
