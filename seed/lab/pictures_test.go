package lab_test

import (
	"testing"
	"time"

	"understudy/seed/base/store"
	"understudy/seed/lab"
	"understudy/seed/scenario"
)

// Two labs opened for pictures agree in time, identifiers, secrets and keys; a lab for people never shares a secret.
func TestLabsForPicturesAreAlike(t *testing.T) {
	t.Parallel()
	clock := func() time.Time { return time.Date(2026, 11, 2, 9, 30, 0, 0, time.UTC) }
	drawn := func(pictures func() time.Time) string {
		r, err := lab.OpenRegistry(t.TempDir(), lab.Config{Keys: lab.NewRepeatableKeys(t.Context(), "pictures"), Pictures: pictures})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = r.Close() }()
		starter, err := scenario.Load(scenario.Starter)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Create(t.Context(), "demo", starter); err != nil {
			t.Fatal(err)
		}
		l, release, err := r.Acquire(t.Context(), "demo")
		if err != nil {
			t.Fatal(err)
		}
		defer release()
		var got string
		err = l.DB.Write(t.Context(), func(tx *store.Tx) error {
			got = tx.ID("00u") + " " + tx.Secret(48) + " " + tx.Now().String()
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if first, second := drawn(clock), drawn(clock); first != second {
		t.Errorf("%s\n%s", first, second)
	}
	if first, second := drawn(nil), drawn(nil); first == second {
		t.Error("two labs for people drew the same secret")
	}
	first, err := lab.NewRepeatableKeys(t.Context(), "a").Take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	second, err := lab.NewRepeatableKeys(t.Context(), "a").Take(t.Context())
	if err != nil || !first.Equal(second) || first.N.BitLen() != 2048 {
		t.Errorf("keys of one seed differ, or have %d bits: %v", first.N.BitLen(), err)
	}
}
