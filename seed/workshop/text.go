package workshop

import (
	"strconv"
	"time"
)

// timeLeft returns how long the timer still runs: "12 minutes left". It is empty when no timer runs.
func (s State) timeLeft(now time.Time) string {
	switch left := s.Timer.Sub(now); {
	case s.Timer.IsZero():
		return ""
	case left <= 0:
		return "Time is up"
	default:
		return count(int(left.Round(time.Minute)/time.Minute), "minute") + " left"
	}
}

// duration writes a length of time in its largest unit: "20 seconds", "13 minutes", "2 hours".
func duration(d time.Duration) string {
	switch {
	case d < time.Minute:
		return count(int(d/time.Second), "second")
	case d < time.Hour:
		return count(int(d/time.Minute), "minute")
	}
	return count(int(d/time.Hour), "hour")
}

// ago writes how long ago something was: "13 minutes ago", or "now" for less than 10 seconds.
func ago(d time.Duration) string {
	if d < 10*time.Second {
		return "now"
	}
	return duration(d) + " ago"
}

// count writes a number with its noun: "1 minute", "2 minutes".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// The console shows times for each attendee. They are in whole minutes, so that the page does not change every few seconds.

// roughly is ago in whole minutes.
func roughly(d time.Duration) string {
	if d < time.Minute {
		return "now"
	}
	return duration(d) + " ago"
}

// lasting says how long something has lasted, in whole minutes: "for 13 minutes".
func lasting(d time.Duration) string {
	if d < time.Minute {
		return "for less than a minute"
	}
	return "for " + duration(d)
}

// span writes a length of time with two units: "2 min 30 s", "1 h 5 min".
func span(d time.Duration) string {
	switch d = d.Round(time.Second); {
	case d < time.Minute:
		return strconv.Itoa(int(d/time.Second)) + " s"
	case d < time.Hour:
		return strconv.Itoa(int(d/time.Minute)) + " min " + strconv.Itoa(int(d%time.Minute/time.Second)) + " s"
	}
	return strconv.Itoa(int(d/time.Hour)) + " h " + strconv.Itoa(int(d%time.Hour/time.Minute)) + " min"
}
