package main

import (
	"os"
	"path/filepath"
	"testing"

	"understudy/seed/script"
)

// The longest test of all stands in the first file: tests that run beside one another begin in this order.
func TestBrowserPlayerWalksTheQuickstart(t *testing.T) {
	t.Parallel()
	axe, err := os.ReadFile(filepath.Join("..", "..", "seed", "script", "axe", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	report := play(t, script.Options{URL: start(t).url, Player: script.PlayerBrowser, Axe: string(axe), AxeNarrow: true, FailureDir: t.TempDir()})
	for _, v := range report.Violations {
		t.Error(v)
	}
}
