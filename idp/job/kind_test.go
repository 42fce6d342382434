package job_test

import (
	"slices"
	"strings"
	"testing"

	"understudy/idp/job"
)

func TestTypes(t *testing.T) {
	seen := map[job.Kind]bool{}
	for _, kind := range job.Types {
		if seen[kind.Kind] {
			t.Errorf("%s is in the table twice", kind.Kind)
		}
		seen[kind.Kind] = true
		if kind.Kind.Type().Kind != kind.Kind {
			t.Errorf("Type of %s returns the type of %s", kind.Kind, kind.Kind.Type().Kind)
		}
		if kind.Subject == 0 || kind.FailedEvent == "" || kind.RetryEvent == "" {
			t.Errorf("%s has an empty column: %+v", kind.Kind, kind)
		}
		if !slices.Contains(job.Tasks, kind.Task) {
			t.Errorf("%s: its task %q is not listed in Tasks", kind.Kind, kind.Task.Title)
		}
	}
	if unknown := job.Kind("user.hire").Type(); unknown != (job.Type{}) {
		t.Errorf("an unknown kind has the type %+v", unknown)
	}
}

func TestFailureSentence(t *testing.T) {
	for kind, want := range map[job.Kind]string{
		job.CreateUser:  "Automatic provisioning of user Maya to app Sigma failed: ",
		job.RenameGroup: "Unable to update Group Push mapping target App group Maya: ",
		job.ImportUsers: "Import from app Sigma failed: ",
	} {
		if got := kind.Type().FailureSentence("Maya", "Sigma"); got != want {
			t.Errorf("%s: %q, want %q", kind, got, want)
		}
	}
	for _, kind := range job.Types {
		if got := kind.FailureSentence("Maya", "Sigma"); strings.ContainsAny(got, "{}") {
			t.Errorf("%s: %q has a placeholder left", kind.Kind, got)
		}
	}
}
