package moment_test

import (
	"testing"
	"time"

	"understudy/seed/base/moment"
)

func TestAt(t *testing.T) {
	now := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	for m, want := range map[moment.Moment]string{
		"-3d4h": "2026-03-07T08:00:00Z", "-0s": "2026-03-10T12:00:00Z", "-1m30s": "2026-03-10T11:58:30Z",
		"2023-05-01T10:00:00Z": "2023-05-01T10:00:00Z",
	} {
		at, err := m.At(now)
		if err != nil || at.Format(time.RFC3339) != want {
			t.Errorf("%s: %s, %v", m, at, err)
		}
		back, err := moment.Before(now, at).At(now)
		if err != nil || !back.Equal(at) {
			t.Errorf("%s: Before gives %s", m, moment.Before(now, at))
		}
	}
	for _, m := range []moment.Moment{"-", "3d", "-3x", "yesterday", "-4h3d"} {
		if _, err := m.At(now); err == nil {
			t.Errorf("%q was accepted", m)
		}
	}
	if at, err := moment.Moment("").At(now); err != nil || !at.IsZero() || moment.Before(now, at) != "" {
		t.Error("the empty moment is no time")
	}
}
