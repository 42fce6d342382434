package workshop

import (
	"fmt"
	"net"
	"testing"
	"time"

	"understudy/seed/guide"
	"understudy/seed/script"
)

func TestWrongGuessesAreLimitedAndRightOnesAreNot(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	limits := newAttemptLimits(func() time.Time { return now })
	for i := range 300 { // a workshop behind one router
		attempt, err := limits.take("code 10.0.0.1")
		if err != nil {
			t.Fatalf("right code number %d is refused", i+1)
		}
		attempt.refund()
	}
	allowed := func() (n int) {
		for range 100 {
			if _, err := limits.take("pin 10.0.0.1"); err == nil {
				n++
			}
		}
		return n
	}
	if n := allowed(); n != 5 {
		t.Errorf("%d guesses at once, want 5", n)
	}
	now = now.Add(time.Minute)
	if n := allowed(); n != 5 {
		t.Errorf("%d guesses one minute later, want 5", n)
	}
	now = now.Add(13 * time.Second)
	if n := allowed(); n != 1 {
		t.Errorf("%d guesses 13 seconds later, want 1", n)
	}
	if _, err := limits.take("pin 10.0.0.2"); err != nil {
		t.Error("another client is limited, too")
	}
	for i := range 3 * maxAttemptKeys {
		if _, err := limits.take(fmt.Sprint(i)); err != nil || len(limits.byKey) > maxAttemptKeys {
			t.Fatal(i, err, len(limits.byKey))
		}
	}
}

// A right guess that takes a while to check, such as a bcrypt hash, is refunded although other guesses came meanwhile.
func TestRefundAfterOtherGuesses(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	limits := newAttemptLimits(func() time.Time { return now })
	for i := range 300 {
		slow, err := limits.take("password 10.0.0.1")
		if err != nil {
			t.Fatalf("right password number %d is refused", i+1)
		}
		now = now.Add(60 * time.Millisecond)
		fast, err := limits.take("password 10.0.0.1")
		if err != nil {
			t.Fatalf("right password number %d at the same time is refused", i+1)
		}
		fast.refund()
		slow.refund()
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

func TestNicknamesAreNotFormulasInCSV(t *testing.T) {
	for nickname, want := range map[string]string{
		`=HYPERLINK("http://x","y")`: `'=HYPERLINK("http://x","y")`,
		"+1":                         "'+1",
		"-1":                         "'-1",
		"@SUM(A1)":                   "'@SUM(A1)",
		"＝1":                         "'＝1",
		"Ann":                        "Ann",
		"a=b":                        "a=b",
		"":                           "",
	} {
		if got := csvCell(nickname); got != want {
			t.Errorf("%q: %q, want %q", nickname, got, want)
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
