package okta

import (
	"strconv"
	"time"
)

// when is a time as pages print it, in the lab's time zone.
func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2 Jan 2006, 15:04:05 UTC")
}

// plural is a number with its noun.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// barLabel names a bar of a count over time by when it begins.
func barLabel(b LogBar) string {
	if b.End.Sub(b.Start) >= 24*time.Hour {
		return b.Start.UTC().Format("2 Jan")
	}
	return b.Start.UTC().Format("2 Jan 15:04")
}
