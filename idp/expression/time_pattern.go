package expression

import (
	"errors"
	"strings"
	"time"
)

// pattern is a time format in the letters of Joda-Time: "yyyy-MM-dd'T'HH:mm".
// Source: the documentation of Joda-Time, DateTimeFormat.
type pattern []patternPart

// patternPart is a literal text, or the Go layout of a field.
type patternPart struct {
	text  string
	field bool
}

const maxPattern = 200 // bytes

// patternFields returns the Go layout of a field by its letter, for one letter, two letters, and so on. More letters are as
// many as the last.
var patternFields = map[byte][]string{
	'y': {"2006", "06", "2006"}, 'Y': {"2006", "06", "2006"}, 'x': {"2006", "06", "2006"},
	'M': {"1", "01", "Jan", "January"}, 'd': {"2", "02"}, 'D': {"002"},
	'E': {"Mon", "Mon", "Mon", "Monday"}, 'a': {"PM"},
	'H': {"15"}, 'h': {"3", "03"}, 'm': {"4", "04"}, 's': {"5", "05"}, 'S': {".0", ".00", ".000", ".0000"},
	'Z': {"-0700", "-07:00"}, 'z': {"MST"},
}

var errPattern = errors.New("the time format is not supported. Use a format such as yyyy-MM-dd HH:mm:ss")

// parsePattern reads a format.
func parsePattern(text string) (p pattern, err error) {
	if len(text) > maxPattern {
		return nil, errPattern
	}
	for i := 0; i < len(text); {
		c := text[i]
		n := 1
		switch {
		case c == '\'':
			var literal string
			if literal, n = quoted(text[i:]); n == 0 {
				return nil, errPattern
			}
			p = append(p, patternPart{text: literal})
		case c != '_' && isLetter(c):
			n = length(text[i:], func(other byte) bool { return other == c })
			layouts := patternFields[c]
			if layouts == nil {
				return nil, errPattern
			}
			p = append(p, patternPart{layouts[min(n, len(layouts))-1], true})
		default:
			p = append(p, patternPart{text: text[i : i+1]})
		}
		i += n
	}
	return p, nil
}

// quoted reads a literal text in single quotation marks; two of them are one. n is its length with the marks; 0 if the end
// is missing.
func quoted(text string) (literal string, n int) {
	if strings.HasPrefix(text, "''") {
		return "'", 2
	}
	end := strings.IndexByte(text[1:], '\'')
	if end < 0 {
		return "", 0
	}
	return text[1 : end+1], end + 2
}

// format writes a time.
func (p pattern) format(t time.Time) string {
	var b strings.Builder
	for _, part := range p {
		switch {
		case !part.field:
			b.WriteString(part.text)
		case part.text[0] == '.': // Go needs the full stop, the format may have another sign
			b.WriteString(t.Format(part.text)[1:])
		default:
			b.WriteString(t.Format(part.text))
		}
	}
	return b.String()
}

// parse reads a time, in UTC unless it has a time zone.
func (p pattern) parse(text string) (time.Time, error) {
	layout, err := p.layout()
	if err != nil {
		return time.Time{}, err
	}
	t, err := time.Parse(layout, strings.TrimSpace(text))
	if err != nil {
		return t, errors.New("“" + clip(text) + "” does not have the time format")
	}
	return t, nil
}

// layout returns the pattern as a layout of Go. Literal texts with letters or digits could be taken for fields, so only T, Z
// and signs are possible.
func (p pattern) layout() (string, error) {
	var b strings.Builder
	for i, part := range p {
		if !part.field && strings.Trim(part.text, "TZ -:/.,()") != "" {
			return "", errPattern
		}
		text := part.text
		if part.field && text[0] == '.' {
			if i == 0 || (p[i-1].text != "." && p[i-1].text != ",") {
				return "", errPattern
			}
			text = text[1:]
		}
		b.WriteString(text)
	}
	return b.String(), nil
}
