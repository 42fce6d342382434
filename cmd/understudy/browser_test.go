package main

import (
	"os"
	"path/filepath"
	"testing"

	"understudy/seed/script/player"
)

// The longest test of all stands in the first file: tests that run beside one another begin in this order.
func TestBrowserPlayerWalksTheQuickstart(t *testing.T) {
	t.Parallel()
	axe, err := os.ReadFile(filepath.Join("..", "..", "seed", "script", "player", "axe", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	report := play(t, player.Options{URL: start(t).url, Player: player.PlayerBrowser, Axe: string(axe), AxeNarrow: true, FailureDir: t.TempDir()})
	for _, v := range report.Violations {
		t.Error(v)
	}
}
