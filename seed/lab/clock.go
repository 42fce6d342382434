package lab

import (
	"strconv"
	"time"
)

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
