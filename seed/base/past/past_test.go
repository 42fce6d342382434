package past_test

import (
	"slices"
	"testing"
	"time"

	"understudy/seed/base/past"
)

func TestTimesAreInWorkingHoursAndRepeat(t *testing.T) {
	now := time.Date(2026, 11, 30, 11, 0, 0, 0, time.UTC) // a Monday
	list := past.Moments("ada", now, 60, 200)
	if !slices.Equal(list, past.Moments("ada", now, 60, 200)) {
		t.Error("the same name gives other times")
	}
	for _, at := range append(list, past.Day("bo", now, 1), past.Day("bo", now, 2), past.Day("bo", now, 300)) {
		if at.Weekday() == time.Saturday || at.Weekday() == time.Sunday || at.Hour() < 7 || at.Hour() > 16 || !at.Before(now) {
			t.Errorf("%s is not in working hours of a day before", at)
		}
	}
	if past.Day("bo", now, 0) != now || len(past.Moments("bo", now, 0, 9)) != 0 {
		t.Error("no days ago is not now")
	}
}
