package provision

import (
	"testing"

	"understudy/idp/job"
)

func TestEveryKindOfJobHasAnAction(t *testing.T) {
	for _, kind := range job.Types {
		if actions[kind.Kind] == nil {
			t.Errorf("no action for %s", kind.Kind)
		}
	}
	if len(actions) != len(job.Types) {
		t.Errorf("%d actions for %d kinds of job", len(actions), len(job.Types))
	}
}
