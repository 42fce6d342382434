package fault

import "testing"

// Each change belongs to exactly one fault. Load has validated the faults' texts and names.
func TestEachChangeBelongsToOneFault(t *testing.T) {
	faults, err := Load()
	if err != nil || len(faults) < 14 {
		t.Fatal(len(faults), err)
	}
	used := map[string]bool{}
	for _, f := range faults {
		if used[f.Change] {
			t.Errorf("%s uses the change %s of another fault", f.ID, f.Change)
		}
		used[f.Change] = true
	}
	for name := range changes {
		if !used[name] {
			t.Errorf("no fault uses the change %s", name)
		}
	}
}
