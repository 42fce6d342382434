package player_test

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"understudy/seed/script/browsertest"
	"understudy/seed/script/player"
)

// The browser player passes the same cases as the HTTP player.
func TestBrowserPlayerPlaysEveryVerb(t *testing.T) {
	t.Parallel()
	s, steps := verbSite(t)
	report := s.play(t, player.Options{Player: player.PlayerBrowser, KeepGoing: true, FailureDir: t.TempDir()}, steps...)
	for i, name := range names(verbCases) {
		if failure := report.Steps[i].Failure; failure != nil {
			t.Errorf("%s: %v", name, failure)
		}
	}
}

func TestBrowserPlayerTakesPictures(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.page("/long", "Long", `<p>Top</p><div id="gap"></div><p>Bottom</p><style>#gap { block-size: 2000px }</style>`)
	shots, failures := filepath.Join(t.TempDir(), "shots"), filepath.Join(t.TempDir(), "failures")
	report := s.play(t, player.Options{Player: player.PlayerBrowser, ShotDir: shots, FailureDir: failures},
		"id: 1\ndo:\n  - visit: \"{okta}/other\"\n  - shot: between\n  - visit: \"{okta}/long\"\nsee: Bottom\nshot: end",
		"id: 2\ndo:\n  - click: Save",
		"id: 3\nsee: Bottom",
	)
	if first := report.Steps[0]; first.Status != player.Passed || len(first.Notes) > 0 {
		t.Errorf("step 1: %s %v %q", first.Status, first.Failure, first.Notes)
	}
	between, end := height(t, filepath.Join(shots, "between.png")), height(t, filepath.Join(shots, "end.png"))
	if end <= 2000 || between >= end {
		t.Errorf("heights %d and %d", between, end)
	}
	failure := report.Steps[1].Failure
	if failure == nil {
		t.Fatal("step 2 did not fail")
	}
	if failure.Picture != filepath.Join(failures, "step-2.png") || failure.Title != "Long" ||
		!strings.Contains(failure.Error(), failure.Picture) {
		t.Errorf("got %v", failure)
	}
	if height(t, failure.Picture) == 0 {
		t.Error("the picture is empty")
	}
	if report.Steps[2].Status != player.NotPlayed {
		t.Errorf("step 3: %s", report.Steps[2].Status)
	}
}

// height is the height of a picture.
func height(t *testing.T, file string) int {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.DecodeConfig(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	return picture.Height
}

// axe-core judges each page once, at both widths. The report names the step and the element.
func TestBrowserPlayerReportsViolations(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.page("/bad", "Bad", `<img src="data:," id="bare"><p>Here</p>`)
	o := player.Options{Player: player.PlayerBrowser, Axe: browsertest.Axe, AxeNarrow: true, FailureDir: t.TempDir()}
	report := s.play(t, o,
		"id: 1\ndo:\n  - visit: \"{okta}/other\"\nsee: You went on.",
		"id: 2\ndo:\n  - visit: \"{okta}/bad\"\n  - see: Here\nsee: Bad",
	)
	widths := map[int]int{}
	for _, v := range report.Violations {
		if v.Step != "2" || v.URL != "/bad" || v.Rule != "image-alt" || !strings.Contains(v.String(), "#bare") {
			t.Errorf("got %v", v)
		}
		widths[v.Width]++
	}
	if len(widths) != 2 || widths[1280] != 1 || widths[320] != 1 {
		t.Errorf("got violations by width %v, want one at 1280 and one at 320", widths)
	}
}
