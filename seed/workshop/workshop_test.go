package workshop

import (
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"understudy/seed/base/attempt"
	"understudy/seed/fault"
	"understudy/seed/guide"
	"understudy/seed/script"
)

// Strangers empty neither the bucket of a known person nor, with an address of their own, that of others. Nobody gains guesses with
// what they can make themselves, such as cookies.
func TestGuessesOfStrangersLockNobodyElseOut(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	w := &Workshop{Config: Config{Labs: 40}, attempts: attempt.New(func() time.Time { return now })}
	wrong := func(kind string, n int, g func(i int) Guesser) (allowed int) {
		for i := range n {
			if w.count(kind, g(i), false) == nil {
				allowed++
			}
		}
		return allowed
	}
	room, known := "192.168.1.20", Guesser{Address: "192.168.1.20", Known: "lab-01/1"}
	if n := wrong(guessPIN, 100, func(i int) Guesser { return Guesser{Address: room, Form: fmt.Sprint("B", i)} }); n != 5 {
		t.Errorf("%d guesses at once from one address, want 5", n)
	}
	if n := wrong(guessCode, 100, func(i int) Guesser { return Guesser{Address: room, Form: fmt.Sprint("B", i)} }); n != 10 {
		t.Errorf("%d guesses of the code at once from one address, want a quarter of 40 people", n)
	}
	if n := wrong(guessPIN, 1, func(int) Guesser { return known }); n != 1 {
		t.Error("a known person at the same address is locked out")
	}
	if n := wrong(guessPIN, 1, func(int) Guesser { return Guesser{Address: "192.168.1.21"} }); n != 1 {
		t.Error("another address is locked out")
	}
	if n := wrong(guessPIN, 1000, func(i int) Guesser { return Guesser{Address: fmt.Sprintf("2001:db8::%x", i)} }); n != 5 {
		t.Errorf("%d guesses of one IPv6 network, want 5", n)
	}
	// Five guesses of each address would be 5,000. The shared bucket holds 120; then each address has one.
	if n := wrong(guessPIN, 5000, func(i int) Guesser { return Guesser{Address: fmt.Sprintf("10.0.%d.%d", i/5/200, i/5%200)} }); n > 120+1000 {
		t.Errorf("%d guesses of 1,000 addresses", n)
	}
	for i := range 1000 {
		if err := w.count(guessPIN, Guesser{Address: "192.168.1.22"}, true); err != nil {
			t.Fatalf("right guess %d of a newcomer, while 1,000 addresses guess: %v", i, err)
		}
	}
	if n := wrong(guessPIN, 100, func(int) Guesser { return known }); n != 4 {
		t.Errorf("the known person has %d more guesses, want 4", n)
	}
	now = now.Add(13 * time.Second)
	if n := wrong(guessPIN, 1, func(int) Guesser { return known }); n != 1 {
		t.Error("the known person may not guess again after 13 seconds")
	}
}

// Strangers at any number of addresses make a bounded number of guesses of the instructor password and of the join code. An instructor
// who has signed in before has guesses of their own.
func TestGuessesOfManyAddressesAreBoundedInTotal(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	for kind, most := range map[string]int{guessPassword: 40, guessCode: 300} {
		w := &Workshop{Config: Config{Labs: 40}, attempts: attempt.New(func() time.Time { return now })}
		checked := 0
		for i := range 3000 {
			if w.count(kind, Guesser{Address: fmt.Sprintf("10.0.%d.%d", i/200, i%200)}, false) == nil {
				checked++
			}
		}
		if checked > most {
			t.Errorf("%s: %d guesses of 3,000 addresses, want at most %d", kind, checked, most)
		}
		if err := w.count(kind, Guesser{Address: "10.0.0.1", Known: knownInstructor}, true); err != nil {
			t.Errorf("%s: the instructor is locked out: %v", kind, err)
		}
	}
}

func TestNicknamesAreCleaned(t *testing.T) {
	for typed, want := range map[string]string{
		"  Ann \t Lee ":                  "Ann Lee",
		"\u202eevil\u202c":               "evil",
		"a\u200bb\u2066c\x00d\x1b[31m":   "abcd[31m",
		"\u200b \u200d":                  "",
		"👩‍🚀 Zoë":                        "👩‍🚀 Zoë",
		"مريم":                           "مريم",
		"می\u200cخواهم":                  "می\u200cخواهم",
		"<b>&amp;":                       "<b>&amp;",
		"123456789012345678901234567890": "123456789012345678901234567890",
	} {
		if got, err := cleanNickname(typed); err != nil || got != want {
			t.Errorf("%q: %q %v, want %q", typed, got, err, want)
		}
	}
	if _, err := cleanNickname("1234567890123456789012345678901"); err == nil {
		t.Error("a nickname of 31 characters is accepted")
	}
	for _, same := range []string{"ANN lee", "Ann\u200d Lee", "ann  lee", "Ann Lee\ufe0f"} {
		if nicknameKey(same) != nicknameKey("Ann Lee") {
			t.Errorf("%q does not count as Ann Lee: %q", same, nicknameKey(same))
		}
	}
}

func TestTimerText(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	for end, want := range map[time.Time]string{
		{}:                        "",
		now:                       "Time is up",
		now.Add(-time.Hour):       "Time is up",
		now.Add(time.Minute):      "1 minute left",
		now.Add(12 * time.Minute): "12 minutes left",
	} {
		if got := (State{Timer: end}).timeLeft(now); got != want {
			t.Errorf("%s: %q, want %q", end, got, want)
		}
	}
}

func TestDurationText(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 seconds", time.Second: "1 second", 59 * time.Second: "59 seconds",
		time.Minute: "1 minute", 13*time.Minute + 50*time.Second: "13 minutes", 5 * time.Hour: "5 hours",
	} {
		if got := duration(d); got != want {
			t.Errorf("%s: %q, want %q", d, got, want)
		}
	}
	if now, later := ago(9*time.Second), ago(10*time.Second); now != "now" || later != "10 seconds ago" {
		t.Errorf("%q and %q", now, later)
	}
}

// Away, stuck and working are three things, and the console says why somebody is stuck.
func TestWhatAttendeesDo(t *testing.T) {
	guideScript, err := script.Quickstart()
	if err != nil {
		t.Fatal(err)
	}
	faults, err := fault.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	w := &Workshop{Config: Config{
		Guide: guide.New(t.Context(), guide.One{Script: guideScript}, nil, &net.TCPAddr{}), Faults: faults,
	}}
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	row := func(change func(*Row)) Row {
		r := Row{Attendee: Attendee{Seen: now, Active: now}, Standing: Standing{Current: "5.1", Since: now.Add(-time.Minute), Awaits: "The app is assigned."}}
		change(&r)
		return r
	}
	for name, tt := range map[string]struct {
		row    Row
		state  Presence
		awaits string
	}{
		"one minute at a step":                        {row(func(*Row) {}), Working, ""},
		"six minutes at a step":                       {row(func(r *Row) { r.Since = now.Add(-6 * time.Minute) }), Stuck, "The app is assigned."},
		"a known mistake":                             {row(func(r *Row) { r.Mistakes = []string{"The group has another name."} }), Stuck, ""},
		"no page is visible":                          {row(func(r *Row) { r.Seen, r.Since = now.Add(-4*time.Minute), now.Add(-time.Hour) }), Away, ""},
		"a page is visible, but nobody does anything": {row(func(r *Row) { r.Active = now.Add(-11 * time.Minute) }), Away, ""},
		"away with a mistake":                         {row(func(r *Row) { r.Seen, r.Mistakes = now.Add(-4*time.Minute), []string{"A mistake."} }), Away, ""},
		"a lab that was just reset":                   {row(func(r *Row) { r.Current, r.Since = "0.1", now }), Working, ""},
		"finished, and away":                          {row(func(r *Row) { r.Current, r.Seen = "", now.Add(-time.Hour) }), Done, ""},
		"a damaged lab":                               {row(func(r *Row) { r.Problem = "The file is damaged." }), Unknown, ""},
		"a card that nobody has used":                 {row(func(r *Row) { r.Prepared, r.Seen = true, now.Add(-time.Hour) }), NotHere, ""},
	} {
		v := w.rowView(tt.row, now)
		if got := tt.row.Presence(now); got != tt.state || v.State != presencePills[tt.state] || v.Awaits != tt.awaits {
			t.Errorf("%s: %q, want %q: %+v", name, got, tt.state, v)
		}
	}
}

func TestNaturalOrder(t *testing.T) {
	names := []string{"lab-100", "lab-2", "Ann 10", "ann 9", "lab-02", "", "7", "lab-10", "lab-9", "Ann", "lab"}
	slices.SortFunc(names, compareNatural)
	if got := strings.Join(names, ","); got != ",7,Ann,ann 9,Ann 10,lab,lab-02,lab-2,lab-9,lab-10,lab-100" {
		t.Error(got)
	}
}

func FuzzNaturalOrder(f *testing.F) {
	f.Add("lab-2", "lab-10", "lab-010")
	f.Add("a1b2", "a01b02", "a1b")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		if compareNatural(a, a) != 0 || compareNatural(a, b) != -compareNatural(b, a) {
			t.Errorf("%q and %q have no order", a, b)
		}
		if compareNatural(a, b) < 0 && compareNatural(b, c) < 0 && compareNatural(a, c) >= 0 {
			t.Errorf("%q, %q, %q: the order is not transitive", a, b, c)
		}
	})
}

// The filters, the search and the orders of the console.
func TestConsoleQueries(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	at := func(lab, nickname string, done int, since time.Duration, change func(*Row)) Row {
		r := Row{
			Attendee: Attendee{Lab: lab, Nickname: nickname, Seen: now, Active: now},
			Standing: Standing{Done: done, Current: "5.1", Since: now.Add(-since)},
		}
		change(&r)
		return r
	}
	none := func(*Row) {}
	rows := []Row{
		at("lab-01", "Zoë", 9, time.Minute, none),
		at("lab-02", "Ben 10", 3, 7*time.Minute, none),
		at("lab-03", "Ben 9", 5, time.Second, func(r *Row) { r.Hand = now }),
		at("lab-04", "Ann", 4, time.Hour, func(r *Row) { r.Seen = now.Add(-time.Hour) }),
		at("lab-05", "Eve", 60, time.Hour, func(r *Row) { r.Current, r.Fault = "", "clock-off" }),
	}
	for _, tt := range []struct {
		q    Query
		want string
	}{
		{Query{}, "1 2 3 4 5"}, {Query{Filter: "stuck"}, "2"}, {Query{Filter: "away"}, "4"}, {Query{Filter: "working"}, "1 3"},
		{Query{Filter: "done"}, "5"}, {Query{Filter: "hand"}, "3"}, {Query{Filter: "fault"}, "5"}, {Query{Filter: "prepared"}, ""},
		{Query{Search: " BEN "}, "2 3"}, {Query{Search: "zoË"}, "1"}, {Query{Search: "lab-04"}, "4"}, {Query{Search: "5.1"}, "1 2 3 4"},
		{Query{Order: "name"}, "4 3 2 5 1"}, {Query{Order: "progress"}, "2 4 3 1 5"}, {Query{Order: "time"}, "4 2 1 3 5"},
		{Query{Order: "need"}, "3 2 1 4 5"}, {Query{Filter: "working", Search: "ben"}, "3"},
	} {
		var got []string
		for _, r := range pick(rows, tt.q, now) {
			got = append(got, strings.TrimPrefix(r.Lab, "lab-0"))
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%+v: %v, want %s", tt.q, got, tt.want)
		}
	}
}
