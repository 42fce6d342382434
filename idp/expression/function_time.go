package expression

import (
	"errors"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // time zones for computers that have no list of them, such as Windows
)

// isoTime is how times are written: RFC 3339 with milliseconds.
const isoTime = "2006-01-02T15:04:05.000Z07:00"

// windowsEpoch is the beginning of Windows timestamps, which count intervals of 100 nanoseconds.
var windowsEpoch = time.Date(1601, 1, 1, 0, 0, 0, 0, time.UTC).Unix()

const perSecond = 10_000_000 // Windows intervals

var timeFunctions = map[string]function{
	"Time.now":                  {0, 2, textType, timeNow, checkNow},
	"Time.fromWindowsToIso8601": {1, 1, textType, fromStamp(windowsTime), nil},
	"Time.fromUnixToIso8601":    {1, 1, textType, fromStamp(func(n int64) time.Time { return time.Unix(n, 0) }), nil},
	"Time.fromStringToIso8601":  {2, 2, textType, fromString, checkReading},
	"Time.fromIso8601ToWindows": {1, 1, textType, toStamp(windowsStamp), nil},
	"Time.fromIso8601ToUnix":    {1, 1, textType, toStamp(time.Time.Unix), nil},
	"Time.fromIso8601ToString":  {2, 2, textType, toString, checkWriting},
}

// timeNow takes a time zone and a format, both optional.
func timeNow(e *evaluation, args []any) (any, error) {
	now := e.subject.Now.UTC()
	if len(args) > 0 {
		zone, err := zoneOf(textOf(args[0]))
		if err != nil {
			return nil, err
		}
		now = now.In(zone)
	}
	if len(args) < 2 {
		return now.Format(isoTime), nil
	}
	return formatTime(now, textOf(args[1]))
}

func zoneOf(name string) (*time.Location, error) {
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		return nil, errors.New("there is no time zone “" + clip(name) + "”")
	}
	return zone, nil
}

func formatTime(t time.Time, format string) (any, error) {
	pattern, err := parsePattern(format)
	if err != nil {
		return nil, err
	}
	return pattern.format(t), nil
}

func windowsTime(n int64) time.Time {
	return time.Unix(windowsEpoch+n/perSecond, n%perSecond*100)
}

func windowsStamp(t time.Time) int64 {
	return (t.Unix()-windowsEpoch)*perSecond + int64(t.Nanosecond())/100
}

// fromStamp adapts a function that reads a number of time units. A missing number has no value.
func fromStamp(read func(int64) time.Time) func(*evaluation, []any) (any, error) {
	return func(_ *evaluation, args []any) (any, error) {
		text := strings.TrimSpace(textOf(args[0]))
		if text == "" {
			return nil, nil
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, errors.New("“" + clip(text) + "” is not a timestamp")
		}
		return writeISO(read(n))
	}
}

// writeISO refuses years that RFC 3339 cannot write.
func writeISO(t time.Time) (any, error) {
	if t = t.UTC(); t.Year() < 0 || t.Year() > 9999 {
		return nil, errors.New("the time is out of range")
	}
	return t.Format(isoTime), nil
}

// toStamp adapts a function that gives a number of time units. A missing time has no value.
func toStamp(write func(time.Time) int64) func(*evaluation, []any) (any, error) {
	return func(_ *evaluation, args []any) (any, error) {
		if isEmpty(args[0]) {
			return nil, nil
		}
		t, err := readISO(textOf(args[0]))
		if err != nil {
			return nil, err
		}
		return strconv.FormatInt(write(t), 10), nil
	}
}

// readISO reads a time as RFC 3339 writes it, or a date.
func readISO(text string) (time.Time, error) {
	text = strings.TrimSpace(text)
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, errors.New("“" + clip(text) + "” is not a time of ISO 8601, such as 2026-01-31T08:00:00.000Z")
}

func fromString(_ *evaluation, args []any) (any, error) {
	if isEmpty(args[0]) {
		return nil, nil
	}
	pattern, err := parsePattern(textOf(args[1]))
	if err != nil {
		return nil, err
	}
	t, err := pattern.parse(textOf(args[0]))
	if err != nil {
		return nil, err
	}
	return writeISO(t)
}

func toString(_ *evaluation, args []any) (any, error) {
	if isEmpty(args[0]) {
		return nil, nil
	}
	t, err := readISO(textOf(args[0]))
	if err != nil {
		return nil, err
	}
	return formatTime(t, textOf(args[1]))
}

func checkNow(args []*node) string {
	if zone, literal := textLiteral(args, 0); literal {
		if _, err := zoneOf(zone); err != nil {
			return err.Error()
		}
	}
	return checkWriting(args)
}

// checkWriting checks the format in the second argument.
func checkWriting(args []*node) string {
	format, literal := textLiteral(args, 1)
	if !literal {
		return ""
	}
	if _, err := parsePattern(format); err != nil {
		return err.Error()
	}
	return ""
}

// checkReading also refuses formats that can be written, but not read.
func checkReading(args []*node) string {
	if reason := checkWriting(args); reason != "" {
		return reason
	}
	format, literal := textLiteral(args, 1)
	if !literal {
		return ""
	}
	pattern, err := parsePattern(format)
	if err == nil {
		_, err = pattern.layout()
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// textLiteral returns an argument that is a quoted text.
func textLiteral(args []*node, i int) (text string, literal bool) {
	if i >= len(args) || args[i].kind != literalNode {
		return "", false
	}
	text, literal = args[i].value.(string)
	return text, literal
}
