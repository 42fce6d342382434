package workshop

import (
	"fmt"
	"net"
	"testing"
	"time"

	"understudy/seed/base/attempt"
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

// The console says why an attendee is stuck: it shows a known mistake, or else the check that has not passed.
func TestConsoleShowsWhyAnAttendeeIsStuck(t *testing.T) {
	guideScript, err := script.Quickstart()
	if err != nil {
		t.Fatal(err)
	}
	w := &Workshop{Config: Config{Guide: guide.New(t.Context(), guide.One{Script: guideScript}, nil, &net.TCPAddr{})}}
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	at := func(since time.Duration, missed ...string) Row {
		return Row{
			Attendee: Attendee{Joined: now.Add(-since)}, Current: "5.1", Awaits: "The app is assigned.", Missed: missed,
		}
	}
	if v := w.rowView(at(time.Minute), now); v.Stuck || v.Awaits != "" {
		t.Errorf("one minute at a step: %+v", v)
	}
	if v := w.rowView(at(6*time.Minute), now); !v.Stuck || v.Awaits != "The app is assigned." || v.Since != "for 6 minutes" {
		t.Errorf("six minutes at a step: %+v", v)
	}
	if v := w.rowView(at(time.Minute, "The group has another name."), now); !v.Stuck || v.Awaits != "" || len(v.Missed) != 1 {
		t.Errorf("a mistake: %+v", v)
	}
	if v := w.rowView(Row{Attendee: Attendee{Joined: now.Add(-time.Hour)}}, now); v.Stuck {
		t.Errorf("finished: %+v", v)
	}
}
