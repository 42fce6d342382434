package lab_test

import (
	"crypto/sha256"
	"fmt"
	"slices"
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
		r, err := lab.OpenRegistry(t.TempDir(), lab.Config{Keys: lab.NewRepeatableKeys("pictures"), Pictures: pictures})
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
	keys := lab.NewRepeatableKeys("a")
	var moduli []string
	for range 2 {
		key, err := keys.Take(t.Context())
		if err != nil || key.N.BitLen() != 2048 {
			t.Fatalf("a key has %d bits: %v", key.N.BitLen(), err)
		}
		moduli = append(moduli, fmt.Sprintf("%x", sha256.Sum256(key.N.Bytes()))[:16])
	}
	if want := []string{"7fade3984f15ef0a", "ccc624cd179c4a43"}; !slices.Equal(moduli, want) { // the same in each process
		t.Errorf("keys of the seed differ from those of other processes: %q, want %q", moduli, want)
	}
}
