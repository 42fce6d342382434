package fault

import "testing"

func TestEveryCardIsWhole(t *testing.T) {
	cards, err := Cards()
	if err != nil || len(cards) < 14 {
		t.Fatal(len(cards), err)
	}
	used := map[string]bool{}
	for _, c := range cards {
		if used[c.Change] {
			t.Errorf("%s breaks what another card breaks", c.ID)
		}
		used[c.Change] = true
	}
	for name := range changes {
		if !used[name] {
			t.Errorf("no card breaks %s", name)
		}
	}
}
