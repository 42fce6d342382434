package main

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"understudy/seed/fault"
	"understudy/seed/script/browsertest"
	"understudy/seed/script/player"
)

// Each fault breaks what its file says, people see its symptom, an administrator fixes it, and the fault notices the fix.
func TestFaultsAreSeenAndFixed(t *testing.T) {
	t.Parallel()
	faults, err := fault.Load()
	if err != nil {
		t.Fatal(err)
	}
	s := start(t)
	l := newLearner(t, s)
	var sequels []sequel
	for _, f := range faults {
		sequels = append(sequels, sequel{
			name:  "fault " + f.ID,
			steps: guideUntil(t, "9.8", "faults.md", "f."+f.ID+".seen", "f."+f.ID+".fix"),
			before: func() {
				l.sees(l.post("/labs/demo/faults/start", url.Values{"fault": {f.ID}}), "Not fixed yet", html.EscapeString(f.Symptom))
			},
			after: func() {
				l.sees(l.get("/okta/demo/login/login.htm"), "The problem is fixed.")
				l.sees(l.post("/labs/demo/faults/finish", nil), "Start a random fault")
				l.lacks(l.get("/okta/demo/login/login.htm"), `aria-label="Fault"`)
			},
		})
	}
	playSequels(t, s, "9.8", player.Options{}, sequels)
}

// An undone fault leaves no trace in the lab.
func TestFaultsCanBeUndone(t *testing.T) {
	t.Parallel()
	faults, err := fault.Load()
	if err != nil {
		t.Fatal(err)
	}
	l := newLearner(t, start(t))
	l.post("/labs/demo/guide/bring", url.Values{"step": {"10.1"}})
	before := l.get("/labs/demo/view")
	for _, f := range faults {
		l.sees(l.post("/labs/demo/faults/start", url.Values{"fault": {f.ID}}), "Not fixed yet")
		l.sees(l.get("/labs/demo"), "A fault is active")
		l.sees(l.get("/sigma/demo/login"), "A fault is active.", html.EscapeString(f.Symptom))
		l.sees(l.post("/labs/demo/faults/undo", nil), "Start a random fault")
		if after := l.get("/labs/demo/view"); after != before {
			t.Errorf("the lab differs after the fault %s was removed: %s", f.ID, firstDifference(before, after))
		}
	}
}

func TestFaultsRefuseToStartInAFreshLab(t *testing.T) {
	l := newLearner(t, start(t))
	for _, form := range []url.Values{{"fault": {"foreign-certificate"}}, {}} {
		resp, err := l.client.PostForm(l.server.url+"/labs/demo/faults/start", form)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusConflict {
			t.Errorf("%v: %s", form, resp.Status)
		}
	}
	l.lacks(l.get("/labs/demo/faults"), "Not fixed yet")
}

// A double click, or an instructor and an attendee at the same moment, start one fault, not two. Only one could be undone.
func TestOneFaultAtATime(t *testing.T) {
	t.Parallel()
	l := newLearner(t, start(t))
	l.post("/labs/demo/guide/bring", url.Values{"step": {"10.1"}})
	for range 5 {
		statuses := make(chan int, 2)
		for _, id := range []string{"wrong-acs", "wrong-audience"} {
			go func() {
				resp, err := l.client.PostForm(l.server.url+"/labs/demo/faults/start", url.Values{"fault": {id}})
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
			t.Fatalf("two faults at once: %d and %d", a, b)
		}
		l.sees(l.post("/labs/demo/faults/undo", nil), "Start a random fault")
	}
}

func TestRandomFaultDoesNotRevealItsTitle(t *testing.T) {
	t.Parallel()
	l := newLearner(t, start(t))
	l.post("/labs/demo/guide/bring", url.Values{"step": {"10.1"}})
	page := l.post("/labs/demo/faults/start", nil)
	l.sees(page, "What people report", "Not fixed yet", "The cause, and how to fix it")
	head, _, _ := strings.Cut(page, "<details")
	faults, err := fault.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faults {
		if strings.Contains(head, f.Title) {
			t.Errorf("the page reveals %q", f.Title)
		}
	}
	resp, err := l.client.PostForm(l.server.url+"/labs/demo/faults/start", url.Values{"fault": {"clock-off"}})
	if err != nil || resp.StatusCode != http.StatusConflict {
		t.Fatal(err, resp.Status)
	}
	_ = resp.Body.Close()
}

// firstDifference returns the surroundings of the first difference of two texts.
func firstDifference(a, b string) string {
	i := 0
	// until the texts differ
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	return a[max(i-80, 0):min(i+120, len(a))] + "\n≠ " + b[max(i-80, 0):min(i+120, len(b))]
}

// Chromium shows the list, an active fault and the notice. axe checks them in wide and narrow windows.
func TestFaultsAreAccessible(t *testing.T) {
	t.Parallel()
	l := newLearner(t, start(t))
	l.post("/labs/demo/guide/bring", url.Values{"step": {"9.8"}})
	const pages = `id: fault-pages
summary: pages of the faults

# Pages of the faults

## Pages
Duration: 1

<!-- script
id: 1.1
as: okta-admin
do:
  - visit: "{okta}/../../labs/demo"
  - click: Faults
  - see: Start a random fault
  - click: {name: Start, in: Two clocks}
  - see: Not fixed yet
  - click: First hint
  - visit: "{okta}/"
  - see: A fault is active.
  - click: Open the fault
  - click: Undo the fault
see: Start a random fault
-->
`
	playScript(t, pages, player.Options{
		URL: l.server.url, Player: player.PlayerBrowser, ShowGuide: true, Axe: browsertest.Axe, AxeNarrow: true, FailureDir: t.TempDir(),
	})
}

// A page that stays open learns that the fault is fixed, without a visit to the page of the faults. So does the troubleshooting guide.
func TestOpenPagesLearnThatAFaultIsFixed(t *testing.T) {
	t.Parallel()
	l := newLearner(t, start(t))
	l.post("/labs/demo/guide/bring", url.Values{"step": {"10.1"}})
	l.post("/labs/demo/faults/start", url.Values{"fault": {"clock-off"}})
	page := l.get("/okta/demo/login/login.htm")
	l.sees(page, "A fault is active.", `data-live="/labs/demo/faults?notice=yes"`, "live.js")
	l.lacks(page, "The problem is fixed.")
	l.post("/labs/demo/clock/synchronize", nil)
	l.sees(l.get("/labs/demo/faults?notice=yes"), "The problem is fixed.", `href="/labs/demo/faults"`)
	l.sees(l.get("/labs/demo/view"), `"id":"clock-off","isActive":true,"isFixed":true`)
}
