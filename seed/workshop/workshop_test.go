package workshop

import (
	"fmt"
	"net"
	"testing"
	"time"

	"understudy/seed/guide"
	"understudy/seed/script"
)

func TestGuessesAreSlowedDownAndRightOnesAreNot(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	g := newGuesses(func() time.Time { return now })
	for i := range 300 { // a room behind one router
		if err := g.allow("code 10.0.0.1"); err != nil {
			t.Fatalf("the %dth who knows the code is refused", i+1)
		}
		g.forgive("code 10.0.0.1")
	}
	right := func() (n int) {
		for range 100 {
			if g.allow("pin 10.0.0.1") == nil {
				n++
			}
		}
		return n
	}
	if n := right(); n != 5 {
		t.Errorf("%d guesses at once", n)
	}
	now = now.Add(time.Minute)
	if n := right(); n != 5 {
		t.Errorf("%d guesses a minute later", n)
	}
	now = now.Add(13 * time.Second)
	if n := right(); n != 1 {
		t.Errorf("%d guesses thirteen seconds later", n)
	}
	if err := g.allow("pin 10.0.0.2"); err != nil {
		t.Error("somebody else is slowed down too")
	}
	g.forgive("pin of nobody")
	for i := range 3 * guessersCounted {
		if err := g.allow(fmt.Sprint(i)); err != nil || len(g.byKey) > guessersCounted {
			t.Fatal(i, err, len(g.byKey))
		}
	}
}

func TestNicknamesAreShownAsTheyLook(t *testing.T) {
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
		if got, err := nicknameOf(typed); err != nil || got != want {
			t.Errorf("%q: %q %v", typed, got, err)
		}
	}
	if _, err := nicknameOf("1234567890123456789012345678901"); err == nil {
		t.Error("31 letters are taken")
	}
	for _, same := range []string{"ANN lee", "Ann\u200d Lee", "ann  lee", "Ann Lee\ufe0f"} {
		if nameKey(same) != nameKey("Ann Lee") {
			t.Errorf("%q is another than Ann Lee: %q", same, nameKey(same))
		}
	}
}

func TestNicknamesAreNoFormulas(t *testing.T) {
	for nickname, want := range map[string]string{
		`=HYPERLINK("http://x","y")`: `'=HYPERLINK("http://x","y")`, "+1": "'+1", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "＝1": "'＝1", "Ann": "Ann", "a=b": "a=b", "": "",
	} {
		if got := csvCell(nickname); got != want {
			t.Errorf("%q: %q", nickname, got)
		}
	}
}

func TestTimerSaysWhenTimeIsUp(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	for until, want := range map[time.Time]string{{}: "", now: "Time is up", now.Add(-time.Hour): "Time is up", now.Add(time.Minute): "1 minute left", now.Add(12 * time.Minute): "12 minutes left"} {
		if got := (State{Timer: until}).timeLeft(now); got != want {
			t.Errorf("%s: %q", until, got)
		}
	}
}

// The console says why somebody is stuck: a known mistake, or else the check that is not met.
func TestConsoleSaysWhatSomebodyIsStuckAt(t *testing.T) {
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
		return Row{Seat: Seat{Joined: now.Add(-since)}, Current: "5.1", Awaits: "The app is assigned.", Missed: missed}
	}
	if v := w.row(at(time.Minute), now); v.Stuck || v.Awaits != "" {
		t.Errorf("a minute at a step: %+v", v)
	}
	if v := w.row(at(6*time.Minute), now); !v.Stuck || v.Awaits != "The app is assigned." {
		t.Errorf("six minutes at a step: %+v", v)
	}
	if v := w.row(at(time.Minute, "The group has another name."), now); !v.Stuck || v.Awaits != "" || len(v.Missed) != 1 {
		t.Errorf("a mistake: %+v", v)
	}
	if v := w.row(Row{Seat: Seat{Joined: now.Add(-time.Hour)}}, now); v.Stuck {
		t.Errorf("through: %+v", v)
	}
}
