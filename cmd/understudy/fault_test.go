package main

import (
	"html"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"understudy/seed/fault"
	"understudy/seed/script"
	"understudy/seed/script/player"
)

// Each card breaks what it says, people see what it says, an administrator mends it, and the card notices.
func TestFaultCardsAreSeenAndMended(t *testing.T) {
	cards, err := fault.Cards()
	if err != nil {
		t.Fatal(err)
	}
	for _, card := range cards {
		t.Run(card.ID, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			l := newLearner(t, s)
			guideScript := guideUntil(t, "9.8", "faults.md", "f."+card.ID+".seen", "f."+card.ID+".mend")
			report, err := player.Play(t.Context(), guideScript, player.Options{URL: s.url, BeforeStep: func(next *script.Step) {
				if next.ID != "20.1" {
					return
				}
				l.sees(l.post("/labs/demo/faults/play", url.Values{"card": {card.ID}}), "Not mended yet", html.EscapeString(card.Symptom))
			}})
			if err != nil {
				t.Fatal(err)
			}
			for _, played := range report.Steps {
				if played.Failure != nil {
					t.Fatal(played.Failure)
				}
			}
			l.sees(l.get("/okta/demo/login/login.htm"), "The fault is mended.")
			l.sees(l.post("/labs/demo/faults/away", nil), "Draw a card")
			l.lacks(l.get("/okta/demo/login/login.htm"), `aria-label="Fault card"`)
		})
	}
}

// Taken back, a card leaves nothing behind.
func TestFaultCardsCanBeTakenBack(t *testing.T) {
	t.Parallel()
	cards, err := fault.Cards()
	if err != nil {
		t.Fatal(err)
	}
	l := newLearner(t, start(t))
	l.post("/labs/demo/guide/bring", url.Values{"step": {"10.1"}})
	before := l.get("/labs/demo/view")
	for _, card := range cards {
		l.sees(l.post("/labs/demo/faults/play", url.Values{"card": {card.ID}}), "Not mended yet")
		l.sees(l.get("/labs/demo"), "A fault card is in play")
		l.sees(l.get("/sigma/demo/login"), "A fault card is in play.", html.EscapeString(card.Symptom))
		l.sees(l.post("/labs/demo/faults/back", nil), "Draw a card")
		if after := l.get("/labs/demo/view"); after != before {
			t.Errorf("%s left something behind: %s", card.ID, firstDifference(before, after))
		}
	}
}

func TestFaultCardsRefuseWhatTheyCannotBreak(t *testing.T) {
	l := newLearner(t, start(t))
	for _, form := range []url.Values{{"card": {"foreign-certificate"}}, {}} {
		resp, err := l.client.PostForm(l.server.url+"/labs/demo/faults/play", form)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusConflict {
			t.Errorf("%v: %s", form, resp.Status)
		}
	}
	l.lacks(l.get("/labs/demo/faults"), "Not mended yet")
}

// A double click, or an instructor and an attendee at the same moment, break one thing, not two: only one could be taken back.
func TestOneFaultCardAtATime(t *testing.T) {
	t.Parallel()
	l := newLearner(t, start(t))
	l.post("/labs/demo/guide/bring", url.Values{"step": {"10.1"}})
	for range 5 {
		statuses := make(chan int, 2)
		for _, card := range []string{"wrong-acs", "wrong-audience"} {
			go func() {
				resp, err := l.client.PostForm(l.server.url+"/labs/demo/faults/play", url.Values{"card": {card}})
				if err != nil {
					t.Error(err)
					statuses <- 0
					return
				}
				_ = resp.Body.Close()
				statuses <- resp.StatusCode
			}()
		}
		if a, b := <-statuses, <-statuses; a+b != http.StatusOK+http.StatusConflict {
			t.Fatalf("two cards at once: %d and %d", a, b)
		}
		l.sees(l.post("/labs/demo/faults/back", nil), "Draw a card")
	}
}

func TestDrawnFaultCardKeepsItsNameToItself(t *testing.T) {
	t.Parallel()
	l := newLearner(t, start(t))
	l.post("/labs/demo/guide/bring", url.Values{"step": {"10.1"}})
	page := l.post("/labs/demo/faults/play", nil)
	l.sees(page, "What people report", "Not mended yet", "The cause, and how to mend it")
	head, _, _ := strings.Cut(page, "<details")
	cards, err := fault.Cards()
	if err != nil {
		t.Fatal(err)
	}
	for _, card := range cards {
		if strings.Contains(head, card.Title) {
			t.Errorf("the page tells %q at once", card.Title)
		}
	}
	resp, err := l.client.PostForm(l.server.url+"/labs/demo/faults/play", url.Values{"card": {"clock-off"}})
	if err != nil || resp.StatusCode != http.StatusConflict {
		t.Fatal(err, resp.Status)
	}
	_ = resp.Body.Close()
}

// firstDifference is where two texts part.
func firstDifference(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	return a[max(i-80, 0):min(i+120, len(a))] + "\n≠ " + b[max(i-80, 0):min(i+120, len(b))]
}

// Chromium shows the list, a card in play and the notice; axe judges them, wide and narrow.
func TestFaultCardsAreAccessible(t *testing.T) {
	t.Parallel()
	axe, err := os.ReadFile(filepath.Join("..", "..", "seed", "script", "player", "axe", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	l := newLearner(t, start(t))
	l.post("/labs/demo/guide/bring", url.Values{"step": {"9.8"}})
	const pages = `id: fault-pages
summary: pages of the fault cards

# Pages of the fault cards

## Pages
Duration: 1

<!-- script
id: 1.1
as: okta-admin
do:
  - visit: "{okta}/../../labs/demo"
  - click: Fault cards
  - see: Draw a card
  - click: {name: Play, in: Two clocks}
  - see: Not mended yet
  - click: A first hint
  - visit: "{okta}/"
  - see: A fault card is in play.
  - click: Open the card
  - click: Take the card back
see: Draw a card
-->
`
	playScript(t, pages, player.Options{URL: l.server.url, Player: player.PlayerBrowser, ShowGuide: true, Axe: string(axe), AxeNarrow: true, FailureDir: t.TempDir()})
}
