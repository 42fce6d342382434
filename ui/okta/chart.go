package okta

import (
	"time"

	"understudy/ui/kit"
)

// chartBars labels each bar with its start, in UTC.
func chartBars(list []LogBar) (bars []kit.Bar) {
	for _, b := range list {
		bars = append(bars, kit.Bar{Label: barLabel(b), Value: b.Count})
	}
	return bars
}

// chartEnd labels the right end of the axis with the end of the last bar.
func chartEnd(list []LogBar) string {
	if len(list) == 0 {
		return ""
	}
	last := list[len(list)-1]
	return barLabel(LogBar{Start: last.End, End: last.End.Add(last.End.Sub(last.Start))})
}

// barLabel is the start of a bar in UTC: a day if the bar covers a day or more, otherwise day and time.
func barLabel(b LogBar) string {
	if b.End.Sub(b.Start) >= 24*time.Hour {
		return b.Start.UTC().Format("2 Jan")
	}
	return b.Start.UTC().Format("2 Jan 15:04")
}
