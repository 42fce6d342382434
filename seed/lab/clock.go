package lab

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"understudy/seed/base/problem"
)

// MaxDaysAhead is how many days the lab's clock can be ahead. Ten years let every certificate expire.
const MaxDaysAhead = 3660

// MoveClock moves the lab's clock ahead of the wall clock, or back to it. Invalid at the field ahead.
func (l *Lab) MoveClock(ctx context.Context, ahead time.Duration) error {
	if ahead < 0 || ahead > MaxDaysAhead*24*time.Hour {
		return problem.InvalidField("ahead", fmt.Sprintf("The clock can be 0 to %d days ahead. The clock was not changed.", MaxDaysAhead))
	}
	return l.DB.SetClock(ctx, ahead, time.Time{})
}

// ClockMark says how the lab's clock differs from the wall clock; empty when it does not.
func (l *Lab) ClockMark() string {
	offset, frozen := l.DB.Clock()
	switch days := int(offset / (24 * time.Hour)); {
	case !frozen.IsZero():
		return "stopped"
	case offset == 0:
		return ""
	case days == 1:
		return "1 day ahead"
	case days > 1:
		return strconv.Itoa(days) + " days ahead"
	}
	return "moved"
}
