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

// Nobody locks others out: strangers empty neither the bucket of a known browser nor, with an address of their own, that of others.
func TestGuessesOfStrangersLockNobodyElseOut(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	w := &Workshop{attempts: attempt.New(func() time.Time { return now })}
	allowed := func(guessers ...Guesser) (n int) {
		for _, g := range guessers {
			if _, err := w.guess("pin", g); err == nil {
				n++
			}
		}
		return n
	}
	times := func(n int, g func(i int) Guesser) (list []Guesser) {
		for i := range n {
			list = append(list, g(i))
		}
		return list
	}
	room := "192.168.1.20"
	if n := allowed(times(100, func(int) Guesser { return Guesser{Address: room} })...); n != 5 {
		t.Errorf("%d guesses at once from one address, want 5", n)
	}
	if n := allowed(Guesser{Address: room, Browser: "ANN", Known: true}); n != 1 {
		t.Error("a known browser at the same address is locked out")
	}
	if n := allowed(Guesser{Address: room, Browser: "NEW"}); n != 1 {
		t.Error("a browser that has just opened the start page at the same address is locked out")
	}
	if n := allowed(Guesser{Address: "192.168.1.21"}); n != 1 {
		t.Error("another address is locked out")
	}
	if n := allowed(times(100, func(int) Guesser { return Guesser{Address: room, Browser: "NEW"} })...); n > 3 {
		t.Errorf("%d more guesses of one browser", n)
	}
	if n := allowed(times(1000, func(i int) Guesser { return Guesser{Address: room, Browser: fmt.Sprint("B", i)} })...); n > 40 {
		t.Errorf("%d guesses of one address with invented browsers", n)
	}
	if n := allowed(times(1000, func(i int) Guesser { return Guesser{Address: fmt.Sprintf("2001:db8::%x", i)} })...); n > 5 {
		t.Errorf("%d guesses of one IPv6 network", n)
	}
	if n := allowed(times(1000, func(i int) Guesser { return Guesser{Address: fmt.Sprintf("10.0.%d.%d", i/200, i%200)} })...); n > 120 {
		t.Errorf("%d guesses of strangers in the whole workshop, want at most 120", n)
	}
	if n := allowed(times(100, func(int) Guesser { return Guesser{Address: room, Browser: "ANN", Known: true} })...); n != 4 {
		t.Errorf("the known browser has %d more guesses, want 4", n)
	}
	now = now.Add(13 * time.Second)
	if n := allowed(Guesser{Address: room, Browser: "ANN", Known: true}); n != 1 {
		t.Error("the known browser may not guess again after 13 seconds")
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
	guidePanel, err := guide.New(t.Context(), guideScript, nil, &net.TCPAddr{})
	if err != nil {
		t.Fatal(err)
	}
	w := &Workshop{Config: Config{Guide: guidePanel}}
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
