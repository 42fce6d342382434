package okta

import (
	"strconv"
	"time"
	"unicode/utf8"
)

// when is a time as pages print it, in the lab's time zone.
func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2 Jan 2006, 15:04:05 UTC")
}

// initial is the letter that stands for an app in place of a logo.
func initial(label string) string {
	r, _ := utf8.DecodeRuneInString(label)
	return string(r)
}

// plural is a number with its noun.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
