// Package moment is the form in which scenarios write times: "-3d4h" is three days and four hours before the lab is created, and
// "2023-05-01T10:00:00Z" is a fixed time (RFC 3339).
package moment

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Moment is a time in a scenario. The empty text is no time.
type Moment string

var relative = regexp.MustCompile(`^-(?:(\d{1,5})d)?(?:(\d{1,7})h)?(?:(\d{1,8})m)?(?:(\d{1,9})s)?$`)

var units = [4]time.Duration{24 * time.Hour, time.Hour, time.Minute, time.Second}

// At returns the moment for a lab that is created at a time. The empty moment is the zero time.
func (m Moment) At(created time.Time) (time.Time, error) {
	if m == "" {
		return time.Time{}, nil
	}
	if found := relative.FindStringSubmatch(string(m)); found != nil && len(m) > 1 {
		for i, text := range found[1:] {
			if n, err := strconv.Atoi(text); err == nil {
				created = created.Add(-time.Duration(n) * units[i])
			}
		}
		return created, nil
	}
	at, err := time.Parse(time.RFC3339, string(m))
	if err != nil {
		return at, fmt.Errorf("%q is not a time: write -3d4h (before the lab is created) or 2023-05-01T10:00:00Z", string(m))
	}
	return at, nil
}

// Before returns a time as a moment before another one, in whole seconds; empty for the zero time (1970 in a lab's file).
func Before(created, at time.Time) Moment {
	if at.Unix() <= 0 {
		return ""
	}
	rest := created.Sub(at).Round(time.Second)
	if rest < 0 {
		return Moment(at.UTC().Format(time.RFC3339))
	}
	var b strings.Builder
	for i, unit := range units {
		if n := rest / unit; n > 0 {
			fmt.Fprintf(&b, "%d%c", n, "dhms"[i])
			rest -= n * unit
		}
	}
	if b.Len() == 0 {
		return "-0s"
	}
	return Moment("-" + b.String())
}
