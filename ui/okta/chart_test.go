package okta

import (
	"testing"
	"time"
)

func TestBarLabelShowsTheHourOfShortBars(t *testing.T) {
	start := time.Date(2023, 5, 1, 13, 0, 0, 0, time.UTC)
	hour := LogBar{Start: start, End: start.Add(time.Hour)}
	if got, want := barLabel(hour), "1 May 13:00"; got != want {
		t.Errorf("label of an hour is %q, want %q", got, want)
	}
	day := LogBar{Start: start, End: start.Add(24 * time.Hour)}
	if got, want := barLabel(day), "1 May"; got != want {
		t.Errorf("label of a day is %q, want %q", got, want)
	}
}

// The label at the right end of the axis is where the last bar ends, not where it starts.
func TestChartEndIsTheEndOfTheLastBar(t *testing.T) {
	start := time.Date(2023, 5, 1, 0, 0, 0, 0, time.UTC)
	bars := []LogBar{{Start: start, End: start.AddDate(0, 0, 1)}, {Start: start.AddDate(0, 0, 1), End: start.AddDate(0, 0, 2)}}
	if got, want := chartEnd(bars), "3 May"; got != want {
		t.Errorf("chart ends at %q, want %q", got, want)
	}
	if got := chartEnd(nil); got != "" {
		t.Errorf("an empty chart ends at %q", got)
	}
}
