// Package past invents plausible times for the history of a new lab: weekdays, during working hours. The same name gives the same
// times, relative to now.
//
// Start reading in Day.
package past

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"time"
)

// Working hours in UTC, from the start of the first hour to the end of the last one.
const (
	firstHour = 7
	hours     = 10
)

// Day returns a time on the weekday that is days before now, or on the Friday before. Without days it returns now.
func Day(name string, now time.Time, days int) time.Time {
	if days <= 0 {
		return now
	}
	return during(random(name), now, days)
}

// Moments returns count times in the last days before today, oldest first.
func Moments(name string, now time.Time, days, count int) []time.Time {
	if days <= 0 {
		return nil
	}
	r := random(name)
	var list []time.Time
	for range count {
		list = append(list, during(r, now, 1+r.IntN(days)))
	}
	slices.SortFunc(list, time.Time.Compare)
	return list
}

// Count returns a number from least to most.
func Count(name string, least, most int) int { return least + random(name+" count").IntN(most-least+1) }

func random(name string) *rand.Rand {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // a hash never fails
	return rand.New(rand.NewPCG(h.Sum64(), 1))
}

func during(r *rand.Rand, now time.Time, days int) time.Time {
	day := now.UTC().Truncate(24*time.Hour).AddDate(0, 0, -days)
	for day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
		day = day.AddDate(0, 0, -1)
	}
	return day.Add(firstHour*time.Hour + time.Duration(r.Int64N(int64(hours*time.Hour))))
}
