package keytest_test

import (
	"testing"

	"understudy/seed/base/keytest"
)

// A source never repeats a key, and another source provides the same ones.
func TestSourcesShareKeysButRepeatNone(t *testing.T) {
	t.Parallel()
	first, second := keytest.Source(), keytest.Source()
	seen := map[string]bool{}
	for range 3 {
		a, err := first(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		b, err := second(t.Context())
		if err != nil || !a.Equal(b) {
			t.Errorf("the second source provides another key: %v", err)
		}
		if modulus := a.N.String(); seen[modulus] {
			t.Error("a key is repeated")
		} else {
			seen[modulus] = true
		}
	}
}
