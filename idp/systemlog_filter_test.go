package idp_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"understudy/idp"
	"understudy/seed/base/problem"
)

// logged returns a world whose System Log has four events, one per hour from 09:00:
//
//	A  user.session.start       Maya    FAILURE INVALID_CREDENTIALS
//	B  user.session.start       Maya    SUCCESS
//	C  group.lifecycle.create   Ada     SUCCESS  on the group "Élan 50%"
//	D  group.user_membership.add Ada    SUCCESS  of Noor in that group
func logged(t testing.TB) *world {
	t.Helper()
	w := open(t)
	group := idp.LogTarget{ID: "00gelan", Type: "UserGroup", AlternateID: "unknown", DisplayName: "Élan 50%"}
	for _, e := range []struct {
		actor idp.Actor
		event idp.Event
	}{
		{w.user(maya).Actor(client), idp.Event{Type: "user.session.start", Result: "FAILURE",
			Reason: "INVALID_CREDENTIALS", Debug: map[string]string{"mark": "A"}}},
		{w.user(maya).Actor(client), idp.Event{Type: "user.session.start", Debug: map[string]string{"mark": "B"}}},
		{w.admin, idp.Event{Type: "group.lifecycle.create", Targets: []idp.LogTarget{group},
			Debug: map[string]string{"mark": "C"}}},
		{w.admin, idp.Event{Type: "group.user_membership.add", Targets: []idp.LogTarget{w.user(noor).Target(), group},
			Debug: map[string]string{"mark": "D"}}},
	} {
		w.must(w.Record(w.ctx(), e.actor, e.event))
		w.later(time.Hour)
	}
	return w
}

// found returns the marks of the events that a search finds, oldest first.
func (w *world) found(q idp.LogQuery) (marks string, err error) {
	q.Ascending = true
	page, err := w.Log(w.ctx(), q)
	for _, e := range page.Events {
		marks += e.Debug.Data["mark"]
	}
	return marks, err
}

func TestLogFilter(t *testing.T) {
	w := logged(t)
	for text, want := range map[string]string{
		"":                                  "ABCD",
		`eventType eq "user.session.start"`: "AB",
		`EVENTTYPE EQ "USER.SESSION.START"`: "AB",
		`eventType ne "user.session.start"`: "CD",
		`eventType co "session"`:            "AB",
		`eventType sw "group."`:             "CD",
		`eventType sw "lifecycle"`:          "",
		`eventType ew ".create"`:            "C",
		`eventType ew "group"`:              "",
		`outcome.result eq FAILURE`:         "A",
		`outcome.reason pr`:                 "A",
		`not (outcome.reason pr)`:           "BCD",
		`not outcome.reason pr`:             "BCD",

		// A comparison with a missing attribute is false, and "not" negates it.
		`outcome.reason eq "INVALID_CREDENTIALS"`:       "A",
		`outcome.reason ne "INVALID_CREDENTIALS"`:       "BCD",
		`not (outcome.reason eq "INVALID_CREDENTIALS")`: "BCD",
		`not (not (outcome.reason pr))`:                 "A",

		// A comparison with an attribute of targets is true if it is true for any target.
		`target.id eq "00gelan"`:               "CD",
		`target.displayName eq "Élan 50%"`:     "CD",
		`target.displayName co "éLAN"`:         "CD",
		`target.displayName co "50%"`:          "CD",
		`target.displayName co "5%0"`:          "",
		`target.displayName co "_lan"`:         "",
		`target.type eq "User"`:                "D",
		`target.type pr`:                       "CD",
		`target.type ne "User"`:                "ABC",
		`actor.alternateId sw "maya"`:          "AB",
		`actor.displayName eq "Ada Admin"`:     "CD",
		`client.ipAddress eq "192.0.2.7"`:      "ABCD",
		`transaction.id eq "request1"`:         "ABCD",
		`actor.displayName eq "say \"hello\""`: "",

		`eventType eq "user.session.start" and outcome.result eq "SUCCESS"`:                     "B",
		`outcome.result eq "FAILURE" or target.type eq "User"`:                                  "AD",
		`outcome.result eq "FAILURE" or eventType sw "group." and target.type eq "User"`:        "AD", // "and" takes precedence
		`(outcome.result eq "FAILURE" or eventType sw "group.") and actor.alternateId sw "ada"`: "CD",
		`not (outcome.result eq "FAILURE" or target.type eq "User")`:                            "BC",
		`not outcome.result eq "FAILURE" and eventType sw "user."`:                              "B",
		`(((eventType eq "group.lifecycle.create")))`:                                           "C",
		"eventType eq\t\"group.lifecycle.create\"\n":                                            "C",
		`severity eq "INFO" AND NOT (eventType sw "user.")`:                                     "CD",

		// Times and texts can be ordered.
		`published gt "2026-11-02T10:00:00.000Z"`:                                     "CD",
		`published ge "2026-11-02T10:00:00.000Z"`:                                     "BCD",
		`published lt "2026-11-02T10:00:00.000Z"`:                                     "A",
		`published le "2026-11-02T10:00:00.000Z"`:                                     "AB",
		`published eq "2026-11-02T10:00:00.000Z"`:                                     "B",
		`published ge "2026-11-02T10:00:00Z" and published lt "2026-11-02T12:00:00Z"`: "BC",
		`eventType gt "group.lifecycle.create"`:                                       "ABD",
		`outcome.reason lt "Z"`:                                                       "A",

		// All plain words must occur somewhere in the event.
		`maya`:            "AB",
		`maya success`:    "B",
		`"Élan 50%"`:      "CD",
		`nothing of this`: "",
		`eq`:              "ABCD",
	} {
		t.Run(text, func(t *testing.T) {
			got, err := w.found(idp.LogQuery{Text: text})
			if err != nil || got != want {
				t.Errorf("finds %q, want %q; %v", got, want, err)
			}
		})
	}
}

func TestLogFilterRefused(t *testing.T) {
	w := logged(t)
	for text, says := range map[string]string{
		`eventType eq`:                          "at the end of",
		`eventType eq "a" and`:                  "at the end of",
		`(eventType eq "a"`:                     "at the end of",
		`not` + ` (eventType eq "a"`:            "at the end of",
		`eventType eq "a")`:                     `Unexpected text before ")"`,
		`eventType eq "a" eventType eq "b"`:     `Unexpected text before "eventType`,
		`event.type eq "a"`:                     `no attribute "event.type"`,
		`eventType eqq "a" and actor.id eq "b"`: `before "eqq`,
		`eventType eq "a" or and actor.id pr`:   `no attribute "and"`,
		`published gt "yesterday"`:              "yesterday",
		strings.Repeat("(", 60) + `eventType eq "a"` + strings.Repeat(")", 60): "nested deeper than 50 levels",
		strings.Repeat("maya ", 2000):                                          "too long",
		`eventType pr` + strings.Repeat(` and eventType pr`, 700):              "too long",
		strings.Repeat("not ", 60) + `eventType eq "a"`:                        "nested deeper than 50 levels",
	} {
		t.Run(text[:min(len(text), 40)], func(t *testing.T) {
			_, err := w.found(idp.LogQuery{Text: text})
			wantProblem(t, err, problem.Invalid, "filter")
			if !strings.Contains(err.Error(), says) {
				t.Errorf("%v does not say %s", err, says)
			}
			if _, err := w.LogCounts(w.ctx(), idp.LogQuery{Text: text}, 4); !problem.Is(err, problem.Invalid) {
				t.Errorf("the count over time: %v", err)
			}
		})
	}
}

func TestLogPages(t *testing.T) {
	w := logged(t)
	at := func(hour int) time.Time { return time.Date(2026, 11, 2, hour, 0, 0, 0, time.UTC) }
	if got, err := w.found(idp.LogQuery{Since: at(10), Until: at(11)}); got != "BC" || err != nil {
		t.Errorf("from ten to eleven: %q, %v", got, err)
	}
	for _, ascending := range []bool{true, false} {
		var marks, after string
		for range 3 {
			page, err := w.Log(w.ctx(), idp.LogQuery{Limit: 3, After: after, Ascending: ascending, Text: `eventType pr`})
			w.must(err)
			if page.Total != 4 {
				t.Errorf("total %d", page.Total)
			}
			for _, e := range page.Events {
				marks += e.Debug.Data["mark"]
			}
			if after = page.Next; after == "" {
				break
			}
		}
		if want := map[bool]string{true: "ABCD", false: "DCBA"}[ascending]; marks != want {
			t.Errorf("page by page %q, want %q", marks, want)
		}
	}
	_, err := w.Log(w.ctx(), idp.LogQuery{After: "x' OR 1"})
	wantProblem(t, err, problem.Invalid, "after")

	counts, err := w.LogCounts(w.ctx(), idp.LogQuery{Since: at(9), Until: at(13)}, 4)
	w.must(err)
	for i, b := range counts {
		if b.Count != 1 || !b.Start.Equal(at(9+i)) {
			t.Errorf("bar %d: %+v", i, b)
		}
	}
	if len(counts) != 4 {
		t.Errorf("%d bars", len(counts))
	}
}

// Any search gives a page or a problem at the field filter. Quoted text never becomes part of the SQL.
func FuzzLogFilter(f *testing.F) {
	for _, text := range []string{
		`eventType eq "user.session.start" and outcome.result eq "FAILURE"`,
		`not (target.id pr) or actor.id sw "00u"`, `published gt "2026-11-02T10:00:00Z"`,
		`maya "two words"`, `eventType eq "a`, `(((`, `"\`,
		`eventType eq "'; DROP TABLE okta_log; --"`, "eventType co \"\x00%_\\\"", `$1 ? :x @y`, `eventType eq é"é"é`,
	} {
		f.Add(text)
	}
	w := logged(f)
	f.Fuzz(func(t *testing.T, text string) {
		page, err := w.Log(t.Context(), idp.LogQuery{Text: text})
		if err != nil {
			wantProblem(t, err, problem.Invalid, "filter")
			return
		}
		if page.Total > 4 || page.Total != len(page.Events) {
			t.Errorf("%s: total %d, %d events", strconv.Quote(text), page.Total, len(page.Events))
		}
	})
}
