package logfilter_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"understudy/idp/logfilter"
	"understudy/seed/base/problem"
)

// The tests of idp check which events a filter finds, because only idp has a log.
func TestParse(t *testing.T) {
	const (
		eventType = "coalesce(lower(json_extract(event, '$.eventType')) = $1, 0)"
		result    = "coalesce(lower(json_extract(event, '$.outcome.result')) = $2, 0)"
	)
	for text, want := range map[string]struct {
		sql  string
		args []any
	}{
		"": {"1", nil},
		`Maya 50%`: {`lower(event) LIKE $1 ESCAPE '\' AND lower(event) LIKE $2 ESCAPE '\'`,
			[]any{"%maya%", `%50\%%`}},
		`eventType eq "A.b"`:         {eventType, []any{"a.b"}},
		`eventType eq a`:             {eventType, []any{"a"}},
		`not eventType eq "a"`:       {"NOT (" + eventType + ")", []any{"a"}},
		`eventType ne "a"`:           {"NOT " + eventType, []any{"a"}},
		`not not (eventType eq "a")`: {"NOT (NOT (" + eventType + "))", []any{"a"}},
		`not eventType eq "a" and outcome.result eq "B"`: {"(NOT (" + eventType + ") AND " + result + ")",
			[]any{"a", "b"}},
		`not (eventType eq "a" or outcome.result eq "B")`: {"NOT ((" + eventType + " OR " + result + "))", []any{"a", "b"}},
		`client.userAgent.os pr`:                          {"coalesce(json_extract(event, '$.client.userAgent.os') IS NOT NULL, 0)", nil},
		`eventType eq "1" and true eq "\""`:               {"", nil},
	} {
		c, err := logfilter.Parse(text)
		if want.sql == "" {
			if !problem.Is(err, problem.Invalid) {
				t.Errorf("%s: %v, want an invalid filter", text, err)
			}
			continue
		}
		if err != nil || c.SQL != want.sql || !slices.Equal(c.Args, want.args) {
			t.Errorf("%s:\n got  %s %q %v\n want %s %q", text, c.SQL, c.Args, err, want.sql, want.args)
		}
	}
}

// Every parameter of a condition has an argument, and typed text never becomes part of the SQL.
func FuzzParse(f *testing.F) {
	for _, text := range []string{`maya's "two words"`, `not eventType eq 'x' or target.id pr`,
		`published gt "2026-11-02T10:00:00Z"`, `uuid eq "'; DROP"`, `((not`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := logfilter.Parse(text)
		if err != nil {
			if !problem.Is(err, problem.Invalid) {
				t.Fatal(err)
			}
			return
		}
		for i := range c.Args {
			if !strings.Contains(c.SQL, fmt.Sprintf("$%d", i+1)) {
				t.Errorf("%q: no $%d in %s", text, i+1, c.SQL)
			}
		}
		if strings.Contains(c.SQL, "DROP") {
			t.Errorf("%q is in the SQL: %s", text, c.SQL)
		}
	})
}
