package script_test

import (
	"encoding/json"
	"testing"
)

func TestStepWithoutDoneIsDone(t *testing.T) {
	step := parse(t, guide("id: 1\nsee: A")).Steps()[0]
	if done, err := step.Evaluate(nil); !done || err != nil {
		t.Errorf("%t, %v", done, err)
	}
	step = parse(t, guide("id: 1\nsee: A\ndone: len(okta.users) == 1")).Steps()[0]
	var view map[string]any
	if err := json.Unmarshal([]byte(`{"okta":{"users":[{}]}}`), &view); err != nil {
		t.Fatal(err)
	}
	if done, err := step.Evaluate(view); !done || err != nil {
		t.Errorf("%t, %v", done, err)
	}
}
